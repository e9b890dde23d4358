/* Buyers: who may see one is noted when he does; who wants to be forgotten is. */
#include "services/order-ingest/asks.h"

#include <string.h>

#include "common/crypto.h"
#include "services/order-ingest/buyer.h"
#include "services/order-ingest/domain.h"
#include "services/order-ingest/person_rules.h"
#include "services/order-ingest/person_store.h"
#include "services/order-ingest/return_rules.h"

enum { WALK_BUYERS = 2000, ERASE_ORDERS = 5000, REASON_MOST = 500 };

/* Not a command: the answer of one is stored to be given again, and nothing of a person may be. */
enum sp_result ask_buyer(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_text order_id = sp_ask_param(ask, "id");
    struct sp_json buyer;
    const struct sp_rows *rows = store_look_at_buyer(ctx, ask, order_id);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "nothing is kept of this buyer");
    if (sp_row_null(rows, 0, 0))
        return sp_answer_problem(answer, 404, "ERASED", "this buyer was erased");
    answer->status = 200;
    bool open = ingest_open_buyer(ctx, ask->account_id, order_id, sp_row_text(rows, 0, 0), &buyer);
    sp_buffer_put_text(&answer->body, open ? buyer.raw : SP_TEXT("{\"problem\":\"UNREADABLE\"}"));
    return SP_OK;
}

/* ---- erasing ---------------------------------------------------------------------------------
 */

/* Orders of a person, as they are found. */
struct search {
    const struct person_wish *wish;
    int64_t account_id, held;
    struct sp_text *orders;
    size_t count;
    struct sp_buffer erased; /* all that is sealed of them */
};

static bool is_wished(struct sp_ctx *ctx, const struct search *search, struct sp_text order_id,
                      struct sp_text sealed)
{
    struct sp_json buyer;
    return search->wish->order_id.size > 0 ||
           (ingest_open_buyer(ctx, search->account_id, order_id, sealed, &buyer) &&
            person_is_wished(buyer, search->wish, sp_ctx_arena(ctx)));
}

/* SP_REJECT: more than one command may erase. */
static enum sp_result add(struct sp_ctx *ctx, struct search *search, struct sp_text order_id,
                          struct sp_text sealed)
{
    sp_buffer_put_text(&search->erased, sealed);
    for (size_t i = 0; i < search->count; i++) {
        if (sp_text_equal(search->orders[i], order_id))
            return SP_OK;
    }
    if (search->count == ERASE_ORDERS)
        return SP_REJECT;
    search->orders[search->count++] = sp_arena_copy(sp_ctx_arena(ctx), order_id);
    return SP_OK;
}

static enum sp_result search_buyers(struct sp_ctx *ctx, struct search *search)
{
    struct sp_text after = {0};
    size_t found = WALK_BUYERS;
    while (found == WALK_BUYERS) {
        const struct sp_rows *rows =
            store_walk_buyers(ctx, search->account_id, search->wish->order_id, after, WALK_BUYERS);
        if (rows == NULL)
            return sp_db_failure(sp_ctx_db(ctx));
        found = sp_rows_count(rows);
        for (size_t i = 0; i < found; i++) {
            struct sp_text order_id = sp_row_text(rows, i, 0), sealed = sp_row_text(rows, i, 1);
            after = order_id;
            if (!is_wished(ctx, search, order_id, sealed))
                continue;
            search->held++;
            if (add(ctx, search, order_id, sealed) != SP_OK)
                return SP_REJECT;
        }
    }
    return SP_OK;
}

/* Empty when the fact cannot be read any more: then only its order names who is in it. */
static struct sp_text sealed_in(struct sp_ctx *ctx, struct sp_text body)
{
    struct channel_order order = {.shop_id = 0};
    size_t count = 0;
    bool readable =
        sp_parcel_open(&body, &count, NULL) == SP_OK && count == 1 &&
        sp_message_decode(&channel_order_message, &body, &order, sp_ctx_arena(ctx), NULL) == SP_OK;
    return readable ? order.buyer_sealed : (struct sp_text){0};
}

static enum sp_result search_letters(struct sp_ctx *ctx, struct search *search)
{
    const struct sp_rows *rows =
        store_walk_letters(ctx, search->account_id, search->wish->order_id);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    for (size_t i = 0; i < sp_rows_count(rows); i++) {
        struct sp_text order_id = sp_row_text(rows, i, 0);
        struct sp_text sealed = sealed_in(ctx, sp_row_text(rows, i, 1));
        if (is_wished(ctx, search, order_id, sealed) && add(ctx, search, order_id, sealed) != SP_OK)
            return SP_REJECT;
    }
    return SP_OK;
}

static enum sp_result search_all(struct sp_ctx *ctx, struct search *search,
                                 struct sp_answer *answer)
{
    struct sp_text order_id = search->wish->order_id;
    const struct sp_rows *known =
        order_id.size == 0 ? NULL : store_find_order(ctx, search->account_id, order_id);
    if (sp_rows_count(known) > 0)
        search->orders[search->count++] = order_id;
    enum sp_result result = search_buyers(ctx, search);
    if (result == SP_OK)
        result = search_letters(ctx, search);
    if (result == SP_REJECT && search->count == ERASE_ORDERS)
        return sp_answer_problem(answer, 422, "TOO_MANY", "more than %d orders", ERASE_ORDERS);
    if (result == SP_OK && search->count == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "nothing is kept of such a buyer");
    return result;
}

/* The orders whose facts went with the person are fetched anew. */
static enum sp_result want_orders(struct sp_ctx *ctx, int64_t account_id, struct sp_text keys)
{
    struct order_wanted *wanted = sp_arena_array(sp_ctx_arena(ctx), ERASE_ORDERS, sizeof *wanted);
    size_t count = 0;
    struct word_list list;
    if (ingest_read_words(keys, ERASE_ORDERS, sp_ctx_arena(ctx), &list) != SP_OK)
        return SP_REJECT;
    for (size_t i = 0; i < list.count; i++) {
        int64_t shop_id = ingest_shop_of(list.words[i]);
        if (shop_id == 0)
            continue; /* a letter with a key of nobody's making */
        wanted[count++] = (struct order_wanted){
            .head = {.account_id = account_id,
                     .key =
                         sp_arena_printf(sp_ctx_arena(ctx), "%.*s/erased", SP_FMT(list.words[i])),
                     .rev = sp_rev_floor(ctx) + sp_now_us() / 1000000},
            .shop_id = shop_id,
            .channel_order_id = return_channel_id(list.words[i]),
            .reason = SP_TEXT("person"),
        };
    }
    return sp_emit(ctx, &order_wanted_message, wanted, count);
}

static enum sp_result erase(struct sp_ctx *ctx, const struct sp_ask *ask, struct search *search,
                            struct sp_text reason, struct sp_answer *answer)
{
    uint8_t digest[SP_SHA256_BYTES];
    enum sp_result result = search_all(ctx, search, answer);
    if (result != SP_OK)
        return result;
    sp_sha256(sp_buffer_text(&search->erased), digest);
    const struct person_wish *wish = search->wish;
    struct erasure erasure = {
        .account_id = ask->account_id,
        .user = ask->user,
        .reason = reason,
        .by_what = wish->order_id.size > 0 ? "ORDER"
                   : wish->phone.size > 0  ? "PHONE"
                                           : "EMAIL",
        .orders = search->orders,
        .order_count = search->count,
        .held = search->held,
        .digest = {(const char *)digest, sizeof digest},
    };
    const struct sp_rows *rows = store_erase(ctx, &erasure);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return want_orders(ctx, ask->account_id, sp_row_text(rows, 0, 1));
}

enum sp_result ask_erase_buyer(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct sp_arena *arena = sp_ctx_arena(ctx);
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    struct person_wish wish = {.order_id = sp_json_text(sp_json_get(body, "order_id"), arena),
                               .phone = sp_json_text(sp_json_get(body, "phone"), arena),
                               .email = sp_json_text(sp_json_get(body, "email"), arena)};
    struct sp_text reason = sp_json_text(sp_json_get(body, "reason"), arena);
    if (reason.size == 0 || reason.size > REASON_MOST)
        return sp_answer_problem(answer, 422, "REASON_WANTED", "a reason of at most %d bytes",
                                 REASON_MOST);
    if (person_check_wish(&wish, &why) != SP_OK)
        return sp_answer_problem(answer, 422, "PERSON_WANTED", "%s", why.text);
    struct search search = {.wish = &wish,
                            .account_id = ask->account_id,
                            .orders = sp_arena_array(arena, ERASE_ORDERS, sizeof(struct sp_text))};
    enum sp_result result = erase(ctx, ask, &search, reason, answer);
    sp_buffer_free(&search.erased);
    return result;
}

/* ---- lists -----------------------------------------------------------------------------------
 */

enum sp_result ask_buyer_accesses(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct list_page page;
    struct sp_error why;
    if (ingest_read_page(ask, &page, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(
        ctx, store_list_accesses(ctx, ask->account_id, sp_ask_param(ask, "order"), &page), answer);
}

enum sp_result ask_erasures(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct list_page page;
    struct sp_error why;
    if (ingest_read_page(ask, &page, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store_list_erasures(ctx, ask->account_id, &page), answer);
}
