/* The rules of the order book: what is believed, what counts as a change, what is passed on. */
#include "services/order-ingest/domain.h"

#include <stdio.h>
#include <string.h>

#define LAST_SECOND INT64_C(253402300799) /* the end of the year 9999 */

bool ingest_time_holds(int64_t seconds)
{
    return seconds >= 0 && seconds <= LAST_SECOND;
}

static bool times_hold(const struct channel_order *order)
{
    return ingest_time_holds(order->created_at) && ingest_time_holds(order->updated_at) &&
           ingest_time_holds(order->paid_at) && ingest_time_holds(order->ready_at) &&
           ingest_time_holds(order->collected_at) && ingest_time_holds(order->delivered_at) &&
           ingest_time_holds(order->cancelled_at) && ingest_time_holds(order->ship_by);
}

bool ingest_key_names(struct sp_text key, int64_t shop_id, struct sp_text id)
{
    char wanted[SP_KEY_BYTES + 1];
    int size = snprintf(wanted, sizeof wanted, "%lld-%.*s", (long long)shop_id, SP_FMT(id));
    return size > 0 && (size_t)size < sizeof wanted && sp_text_is(key, wanted);
}

/* Units apart are some of the line's, and the line's first is none of them. */
static bool apart_holds(const struct channel_line *line)
{
    int64_t rest = line->units;
    for (size_t i = 0; i < line->apart_count; i++) {
        int64_t units = line->apart[i].units;
        if (units < 1 || units >= rest)
            return false;
        rest -= units;
    }
    return true;
}

static bool seen_before(const struct channel_order *order, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (order->lines[i].line == order->lines[at].line)
            return true;
    }
    return false;
}

enum sp_result ingest_check_order(const struct channel_order *order, struct sp_error *err)
{
    if (!ingest_key_names(order->head.key, order->shop_id, order->channel_order_id))
        return sp_fail(err, SP_REJECT, "the key %.*s is not that of order %.*s of shop %lld",
                       SP_FMT(order->head.key), SP_FMT(order->channel_order_id),
                       (long long)order->shop_id);
    if (!times_hold(order))
        return sp_fail(err, SP_REJECT, "order %.*s has a time that cannot be",
                       SP_FMT(order->head.key));
    int64_t highest =
        0; /* lines come in ascending order; only a strange order costs the walk back */
    for (size_t i = 0; i < order->lines_count; i++) {
        const struct channel_line *line = &order->lines[i];
        if (line->units < 0 || line->units > INGEST_LINE_UNITS)
            return sp_fail(err, SP_REJECT, "order %.*s, line %lld: %lld units",
                           SP_FMT(order->head.key), (long long)line->line, (long long)line->units);
        if (!apart_holds(line))
            return sp_fail(err, SP_REJECT, "order %.*s, line %lld: units apart are not of its own",
                           SP_FMT(order->head.key), (long long)line->line);
        if (line->line < 1 || (line->line <= highest && seen_before(order, i)))
            return sp_fail(err, SP_REJECT, "order %.*s has line number %lld twice, or below 1",
                           SP_FMT(order->head.key), (long long)line->line);
        highest = line->line > highest ? line->line : highest;
    }
    return SP_OK;
}

struct sp_text ingest_cause(const struct channel_order *order)
{
    static const char *const initiators[] = {"SELLER", "BUYER", "SYSTEM"};
    if (!sp_text_is(order->status, "CANCELLED"))
        return SP_TEXT("");
    if (order->collected_at > 0)
        return SP_TEXT("COLLECTED");
    for (size_t i = 0; i < SP_COUNT(initiators); i++) {
        if (sp_text_is(order->cancel_initiator, initiators[i]))
            return sp_text_of(initiators[i]);
    }
    return SP_TEXT("");
}

int64_t ingest_shop_of(struct sp_text key)
{
    int64_t shop_id = MANUAL_SHOP;
    const char *dash = key.size == 0 ? NULL : memchr(key.data, '-', key.size);
    if (dash == NULL ||
        !sp_text_to_int((struct sp_text){key.data, (size_t)(dash - key.data)}, &shop_id))
        return MANUAL_SHOP;
    return shop_id;
}

int64_t ingest_time_us(int64_t seconds)
{
    return ingest_time_holds(seconds) ? seconds * 1000000 : 0;
}

int64_t ingest_units(const struct channel_order *order)
{
    int64_t units = 0;
    for (size_t i = 0; i < order->lines_count; i++) {
        int64_t of_line = order->lines[i].units;
        if (of_line > 0 && of_line <= INGEST_LINE_UNITS)
            units += of_line; /* 2,000 lines of a million fit */
    }
    return units;
}

struct sp_text ingest_cut(struct sp_text text, size_t most)
{
    if (text.size <= most)
        return text;
    size_t size = most;
    while (size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    return (struct sp_text){text.data, size};
}

static bool is_cancelled(struct sp_text status)
{
    return sp_text_is(status, "CANCELLED");
}

/* Those that are not cancelled. */
static int64_t live_units(const struct channel_line *line)
{
    int64_t like_first = line->units, live = 0;
    for (size_t i = 0; i < line->apart_count; i++) {
        like_first -= line->apart[i].units;
        live += is_cancelled(line->apart[i].status) ? 0 : line->apart[i].units;
    }
    return live + (is_cancelled(line->status) ? 0 : like_first);
}

static void record_line(const struct channel_line *line, struct recorded_line *recorded)
{
    int64_t live = live_units(line);
    *recorded = (struct recorded_line){
        .line = line->line,
        .sku_id = line->sku_id,
        .product_id = line->product_id,
        .units = live,
        .cancelled = live == 0 && is_cancelled(line->status),
        .product_name = ingest_cut(line->product_name, INGEST_NAME_BYTES),
        .seller_sku = line->seller_sku,
    };
}

void ingest_record(const struct channel_order *order, int64_t rev, struct sp_arena *arena,
                   struct order_recorded *recorded)
{
    struct recorded_line *lines = sp_arena_array(arena, order->lines_count, sizeof *lines);
    for (size_t i = 0; i < order->lines_count; i++)
        record_line(&order->lines[i], &lines[i]);
    *recorded = (struct order_recorded){
        .head = order->head,
        .shop_id = order->shop_id,
        .channel_status = order->status,
        .created_at = order->created_at,
        .paid_at = order->paid_at,
        .collected_at = order->collected_at,
        .delivered_at = order->delivered_at,
        .cancelled_at = order->cancelled_at,
        .cancel_initiator = order->cancel_initiator,
        .ship_by = order->ship_by,
        .is_cod = order->is_cod,
        .is_sample = order->is_sample,
        .fulfilled_by_channel = order->fulfilled_by_channel,
        .buyer_wants_cancel = order->buyer_wants_cancel,
        .is_manual = order->shop_id == MANUAL_SHOP,
        .lines = lines,
        .lines_count = order->lines_count,
    };
    recorded->head.rev = rev;
}

int64_t ingest_recheck_s(int64_t tries)
{
    enum { FIRST_S = 15, MOST_S = 6 * 3600 };
    int64_t wait_s = FIRST_S;
    for (int64_t i = 1; i < tries && wait_s < MOST_S; i++)
        wait_s *= 2;
    return wait_s < MOST_S ? wait_s : MOST_S;
}
