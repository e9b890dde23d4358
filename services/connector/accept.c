/* What was read from the marketplace becomes facts. */
#include "services/connector/accept.h"

#include "common/crypto.h"
#include "common/log.h"
#include "common/metrics.h"
#include "services/connector/access.h"
#include "services/connector/content.h"
#include "services/connector/fetch_store.h"
#include "services/connector/listing_json.h"
#include "services/connector/stock_store.h"

static struct sp_metric accepted =
    SP_METRIC_COUNTER("sampan_connector_accepted_total", "Facts emitted of what was read", "kind");
static struct sp_metric left_out = SP_METRIC_COUNTER(
    "sampan_connector_left_out_total", "Things read that could not be made facts", "kind");
static struct sp_metric delay = SP_METRIC_HISTOGRAM(
    "sampan_connector_delay_seconds", "From the marketplace's update to our fact", NULL);

static const char *keep_reason(struct sp_ctx *ctx, const struct sp_error *err)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "%s", err->text).data;
}

/* SP_REJECT: it cannot become a fact. */
static enum sp_result read_order(struct sp_ctx *ctx, struct sp_json json,
                                 struct accept_order *order, struct sp_error *err)
{
    enum sp_result result = tiktok_read_order(json, sp_ctx_arena(ctx), &order->order, err);
    if (result != SP_OK)
        return result;
    struct channel_order fact = order->order.fact;
    fact.head = content_head(order->from.shop.account_id, fact.channel_order_id);
    return content_hash(&channel_order_message, &fact, order->order.buyer, &order->hash, err);
}

void accept_read_orders(struct sp_ctx *ctx, struct sp_json array, const struct accept_source *from,
                        size_t most, struct accept_list *list)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    struct sp_error err;
    for (size_t i = 0; !walk.object && i < most && sp_json_next(&walk, NULL, &element); i++) {
        struct accept_order *order = &list->orders[list->count];
        *order = (struct accept_order){.from = *from};
        if (read_order(ctx, element, order, &err) == SP_OK) {
            list->count++;
            continue;
        }
        struct sp_text id = order->order.fact.channel_order_id;
        list->refused[list->refused_count++] = (struct accept_refusal){
            from->shop, tiktok_is_id(id) ? id : (struct sp_text){0}, keep_reason(ctx, &err)};
    }
}

static enum sp_result read_listing(struct sp_ctx *ctx, struct sp_json json,
                                   struct accept_listing *listing, struct sp_error *err)
{
    enum sp_result result = tiktok_read_listing(json, sp_ctx_arena(ctx), &listing->fact, err);
    if (result != SP_OK)
        return result;
    struct channel_listing fact = listing->fact;
    fact.head = content_head(listing->from.shop.account_id, fact.product_id);
    return content_hash(&channel_listing_message, &fact, (struct sp_text){0}, &listing->hash, err);
}

void accept_leave_out(const char *kind, const struct sp_error *err)
{
    sp_metric_add(&left_out, kind, 1);
    sp_log(SP_ERROR, "left-out", "kind", kind, "reason", err->text, NULL);
}

void accept_count(const char *kind, size_t facts)
{
    sp_metric_add(&accepted, kind, (int64_t)facts);
}

enum sp_result accept_read_listing(struct sp_ctx *ctx, struct sp_json json,
                                   struct accept_listing *listing)
{
    struct sp_error err;
    enum sp_result result = read_listing(ctx, json, listing, &err);
    if (result != SP_OK)
        accept_leave_out("listing", &err);
    return result;
}

size_t accept_read_listings(struct sp_ctx *ctx, struct sp_json array,
                            const struct accept_source *from, struct accept_listing listings[],
                            size_t most)
{
    struct sp_json_walk walk = sp_json_each(array);
    struct sp_json element;
    size_t count = 0;
    while (!walk.object && count < most && sp_json_next(&walk, NULL, &element)) {
        struct accept_listing *listing = &listings[count];
        *listing = (struct accept_listing){.from = *from};
        if (accept_read_listing(ctx, element, listing) == SP_OK)
            count++;
    }
    return count;
}

struct sp_text accept_key(struct sp_ctx *ctx, struct shop_key shop, struct sp_text id)
{
    return sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s", (long long)shop.shop_id, SP_FMT(id));
}

struct seen_item accept_item(const struct accept_source *from, struct sp_text id, int64_t updated_s,
                             size_t at)
{
    return (struct seen_item){
        .at = at,
        .shop = from->shop,
        .id = id,
        .updated_s = updated_s > 0 ? updated_s : 1,
        .began_us = from->began_us,
        .always = from->always,
    };
}

/* ---- orders
 * -------------------------------------------------------------------------------------------- */

/* The letter asks for the order once more, under a key of its own: what order-ingest wants under
 * the order's key has revisions of its own.  It says nothing that changes, so that an order that is
 * refused again is the same letter; and may be replayed as often, so its last claim is forgotten.
 */
static enum sp_result bury(struct sp_ctx *ctx, const struct accept_refusal *refusal)
{
    struct order_wanted letter = {
        .head = {.account_id = refusal->shop.account_id,
                 .key = sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s/unread",
                                        (long long)refusal->shop.shop_id, SP_FMT(refusal->id)),
                 .rev = 1},
        .shop_id = refusal->shop.shop_id,
        .channel_order_id = refusal->id,
        .reason = SP_TEXT("letter")};
    sp_metric_add(&left_out, "order", 1);
    store_forget_wanted(ctx, &letter.head);
    return sp_bury(ctx, &order_wanted_message, &letter, refusal->reason);
}

static enum sp_result bury_refused(struct sp_ctx *ctx, const struct accept_list *list)
{
    enum sp_result result = SP_OK;
    for (size_t i = 0; i < list->refused_count && result == SP_OK; i++)
        result = bury(ctx, &list->refused[i]);
    return result;
}

static void order_items(const struct accept_list *list, struct seen_item items[])
{
    for (size_t i = 0; i < list->count; i++) {
        const struct accept_order *order = &list->orders[i];
        const struct channel_order *fact = &order->order.fact;
        items[i] = accept_item(&order->from, fact->channel_order_id, fact->updated_at, i);
        items[i].hash = order->hash;
        items[i].known_only = !order->from.always && fact->created_at < order->from.orders_from_s;
    }
}

static struct channel_order order_fact(struct sp_ctx *ctx, const struct accept_order *order,
                                       int64_t rev)
{
    struct channel_order fact = order->order.fact;
    fact.head.account_id = order->from.shop.account_id;
    fact.head.key = accept_key(ctx, order->from.shop, fact.channel_order_id);
    fact.head.rev = rev;
    sp_random(fact.head.trace, sizeof fact.head.trace);
    fact.head.trace[0] = (uint8_t)order->from.way;
    fact.shop_id = order->from.shop.shop_id;
    if (order->order.buyer.size > 0)
        fact.buyer_sealed =
            seal_buyer(ctx, fact.head.account_id, fact.head.key, order->order.buyer);
    return fact;
}

/* Only what is news: history that is loaded is old on purpose. */
static void add_delay(const struct accept_order *order, struct shop_more *more)
{
    int64_t late_us = sp_now_us() - order->order.fact.updated_at * 1000000;
    if (order->from.always || late_us < 0)
        return;
    sp_metric_observe_us(&delay, NULL, late_us);
    more->has_news = true;
    if (late_us / 1000 > more->delay_ms)
        more->delay_ms = late_us / 1000;
}

static void add_order(const struct seen_item *item, const struct accept_list *list,
                      struct shop_more *more)
{
    if (!item->accepted)
        return;
    more->orders += item->first;
    add_delay(&list->orders[item->at], more);
}

/* What each shop has more: orders of the list or, without one, listings. */
static void count_more(struct sp_ctx *ctx, const struct seen_item items[], size_t count,
                       const struct accept_list *list)
{
    struct shop_more more = {0};
    for (size_t i = 0; i < count; i++) {
        if (list != NULL)
            add_order(&items[i], list, &more);
        else
            more.listings += items[i].accepted && items[i].first;
        if (i + 1 < count && items[i + 1].shop.shop_id == items[i].shop.shop_id)
            continue;
        store_count_more(ctx, items[i].shop, &more);
        more = (struct shop_more){0};
    }
}

enum sp_result accept_orders(struct sp_ctx *ctx, const struct accept_list *list)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct seen_item *items = sp_arena_array(arena, list->count + 1, sizeof *items);
    struct channel_order *facts = sp_arena_array(arena, list->count + 1, sizeof *facts);
    size_t item_count = list->count, fact_count = 0;
    enum sp_result result = bury_refused(ctx, list);
    order_items(list, items);
    if (result == SP_OK && item_count > 0)
        result = store_claim_orders(ctx, items, &item_count);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < item_count; i++) {
        if (!items[i].accepted)
            continue;
        facts[fact_count++] = order_fact(ctx, &list->orders[items[i].at], items[i].rev);
    }
    if (fact_count == 0)
        return SP_OK;
    count_more(ctx, items, item_count, list);
    accept_count("order", fact_count);
    return sp_emit(ctx, &channel_order_message, facts, fact_count);
}

/* ---- listings
 * ------------------------------------------------------------------------------------------ */

enum sp_result accept_listings(struct sp_ctx *ctx, const struct accept_listing listings[],
                               size_t count)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct seen_item *items = sp_arena_array(arena, count + 1, sizeof *items);
    struct channel_listing *facts = sp_arena_array(arena, count + 1, sizeof *facts);
    size_t item_count = count, fact_count = 0;
    for (size_t i = 0; i < count; i++) {
        items[i] = accept_item(&listings[i].from, listings[i].fact.product_id,
                               listings[i].fact.updated_at, i);
        items[i].hash = listings[i].hash;
    }
    if (item_count == 0)
        return SP_OK;
    enum sp_result result = store_claim_listings(ctx, items, &item_count);
    if (result != SP_OK)
        return result;
    for (size_t i = 0; i < item_count; i++) {
        if (!items[i].accepted)
            continue;
        struct channel_listing *fact = &facts[fact_count++];
        const struct accept_listing *listing = &listings[items[i].at];
        *fact = listing->fact;
        fact->head.account_id = listing->from.shop.account_id;
        fact->head.key = accept_key(ctx, listing->from.shop, fact->product_id);
        fact->head.rev = items[i].rev;
        fact->shop_id = listing->from.shop.shop_id;
    }
    if (fact_count == 0)
        return SP_OK;
    store_shown_stock(ctx, facts, fact_count);
    count_more(ctx, items, item_count, NULL);
    accept_count("listing", fact_count);
    return sp_emit(ctx, &channel_listing_message, facts, fact_count);
}
