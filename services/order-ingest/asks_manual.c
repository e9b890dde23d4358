/* Orders made by hand: adding one, changing it, cancelling it, and who it is for. */
#include "services/order-ingest/asks.h"

#include <string.h>

#include "services/order-ingest/buyer.h"
#include "services/order-ingest/cancel_rules.h"
#include "services/order-ingest/handlers.h"
#include "services/order-ingest/manual.h"
#include "services/order-ingest/manual_store.h"

static struct manual_origin origin_of(const struct sp_ask *ask)
{
    return (struct manual_origin){ask->account_id, ask->user, ask->trace};
}

/* ---- adding, changing -------------------------------------------------------------------------
 */

static enum sp_result read_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct manual_order *order, struct sp_answer *answer)
{
    struct sp_json body;
    struct sp_error why;
    if (sp_json_parse(ask->body, &body, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "BODY_NOT_JSON", "%s", why.text);
    manual_read(body, sp_ctx_arena(ctx), order);
    struct manual_fault fault = manual_check(order);
    if (fault.code == NULL)
        return SP_OK;
    if (fault.line == 0)
        return sp_answer_problem(answer, 422, fault.code, "%s", fault.detail);
    return sp_answer_problem(answer, 422, fault.code, "line %zu: %s", fault.line, fault.detail);
}

static enum sp_result answer_refusal(const char *code, struct sp_answer *answer)
{
    if (strcmp(code, "NOT_FOUND") == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
    if (strcmp(code, "REFERENCE_TAKEN") == 0)
        return sp_answer_problem(answer, 409, "REFERENCE_TAKEN",
                                 "another order has this reference");
    if (strcmp(code, "DELETED") == 0)
        return sp_answer_problem(answer, 409, "ORDER_DELETED", "the order is deleted: restore it");
    return sp_answer_problem(answer, 409, "ORDER_NOT_OPEN",
                             "the order is placed, cancelled or shipped");
}

static enum sp_result save(struct sp_ctx *ctx, const struct sp_ask *ask, struct manual_case *of,
                           struct sp_answer *answer)
{
    struct manual_origin origin = origin_of(ask);
    enum sp_result result = manual_save(ctx, &origin, of, 1);
    if (result != SP_OK)
        return result;
    if (of->code != NULL)
        return answer_refusal(of->code, answer);
    answer->status = strcmp(of->result, "CREATED") == 0 ? 201 : 200;
    sp_buffer_printf(&answer->body, "{\"id\":\"%.*s\",\"result\":\"%s\"}", SP_FMT(of->key),
                     of->result);
    return SP_OK;
}

enum sp_result ask_add_order(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct manual_order order;
    enum sp_result result = read_order(ctx, ask, &order, answer);
    struct manual_case of = {.order = &order, .wish = MANUAL_ADD};
    return result == SP_OK ? save(ctx, ask, &of, answer) : result;
}

enum sp_result ask_change_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct manual_order order;
    enum sp_result result = read_order(ctx, ask, &order, answer);
    if (result != SP_OK)
        return result;
    if (!sp_text_equal(manual_key(order.reference, sp_ctx_arena(ctx)), sp_ask_param(ask, "id")))
        return sp_answer_problem(answer, 422, "REFERENCE_BAD", "an order keeps its reference");
    struct manual_case of = {.order = &order, .wish = MANUAL_CHANGE};
    return save(ctx, ask, &of, answer);
}

/* ---- cancelling -------------------------------------------------------------------------------
 */

static enum sp_result find_order(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 const struct sp_rows **rows, int64_t *now,
                                 struct sp_answer *answer)
{
    struct sp_text key = sp_ask_param(ask, "id");
    *rows = store_lock_manual(ctx, ask->account_id, &key, 1, now);
    if (*rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    return sp_rows_count(*rows) == 1
               ? SP_OK
               : sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such order");
}

static enum sp_result cancel(struct sp_ctx *ctx, const struct sp_ask *ask,
                             const struct sp_rows *rows, struct sp_text reason, int64_t now)
{
    struct manual_past past = store_manual_past(rows, 0);
    struct manual_origin origin = origin_of(ask);
    struct channel_order order;
    if (store_manual_order(ctx, rows, 0, &order) != SP_OK)
        return SP_REJECT;
    manual_cancel(&order, reason, now, sp_ctx_arena(ctx));
    manual_stamp(ctx, &origin, &past, now, &order);
    store_note_manual(ctx, ask->account_id, origin.user, &order, 1);
    return ingest_take_orders(ctx, &order, 1);
}

enum sp_result ingest_cancel_manual(struct sp_ctx *ctx, const struct sp_ask *ask,
                                    struct sp_text reason, struct sp_answer *answer)
{
    const struct sp_rows *rows;
    int64_t now = 0;
    enum sp_result result = find_order(ctx, ask, &rows, &now, answer);
    if (result != SP_OK)
        return result;
    if (!cancel_is_own_reason(reason))
        return sp_answer_problem(answer, 422, "REASON_WANTED",
                                 "cancelling takes one of the reasons that are offered");
    struct manual_past past = store_manual_past(rows, 0);
    const char *refusal = manual_cancel_refusal(&past);
    if (refusal != NULL && refusal[0] != '\0')
        return answer_refusal(refusal, answer);
    answer->status = 200;
    sp_buffer_put_string(&answer->body, "{\"state\":\"ACCEPTED\"}");
    return refusal == NULL ? cancel(ctx, ask, rows, reason, now) : SP_OK;
}

/* ---- who it is for ----------------------------------------------------------------------------
 */

/* Whoever may see orders may see that: the seller wrote it down himself. */
enum sp_result ask_customer(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct sp_text order_id = sp_ask_param(ask, "id");
    struct sp_json customer;
    if (!manual_is(order_id))
        return sp_answer_problem(answer, 404, "NOT_FOUND", "the order was not made by hand");
    const struct sp_rows *rows = store_read_customer(ctx, ask->account_id, order_id);
    if (rows == NULL)
        return sp_db_failure(sp_ctx_db(ctx));
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "nothing is kept of this buyer");
    if (sp_row_null(rows, 0, 0))
        return sp_answer_problem(answer, 404, "ERASED", "this buyer was erased");
    answer->status = 200;
    bool open =
        ingest_open_buyer(ctx, ask->account_id, order_id, sp_row_text(rows, 0, 0), &customer);
    sp_buffer_put_text(&answer->body,
                       open ? customer.raw : SP_TEXT("{\"problem\":\"UNREADABLE\"}"));
    return SP_OK;
}
