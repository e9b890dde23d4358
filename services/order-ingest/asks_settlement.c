/* What was settled, what it was for, and what nobody can explain: lists, a report, a file. */
#include "services/order-ingest/asks.h"

#include "services/order-ingest/settlement_store.h"

enum { USUAL_DAYS = 31, CSV_LINES = 1000 };
#define DAY_US INT64_C(86400000000)

#define CSV_HEAD                                                                                   \
    "settled_at,shop_id,statement_id,order_id,kind,state,payment,currency,expected_minor,"         \
    "revenue_minor,shipping_minor,fee_minor,tax_minor,adjustment_minor,unexplained_minor,"         \
    "settled_minor,reserve_minor\r\n"

static enum sp_result read_time(const struct sp_ask *ask, const char *name, int64_t otherwise_us,
                                int64_t *us, struct sp_error *err)
{
    struct sp_text text = sp_ask_param(ask, name);
    *us = otherwise_us;
    if (text.size > 0 && ingest_read_time(text, us) != SP_OK)
        return sp_fail(err, SP_REJECT, "%s is a time like 2026-11-21T22:30:00Z", name);
    return SP_OK;
}

static enum sp_result read_filter(const struct sp_ask *ask, struct settlement_filter *filter,
                                  struct sp_error *err)
{
    int64_t now_us = sp_now_us();
    *filter = (struct settlement_filter){.state = sp_ask_param(ask, "state")};
    enum sp_result result = read_time(ask, "until", now_us, &filter->until_us, err);
    if (result == SP_OK)
        result =
            read_time(ask, "from", filter->until_us - USUAL_DAYS * DAY_US, &filter->from_us, err);
    if (result == SP_OK)
        result = ingest_read_id(ask, "shop", &filter->shop_id, err);
    return result == SP_OK ? ingest_read_page(ask, &filter->page, err) : result;
}

static enum sp_result answer_filtered(
    struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer,
    const struct sp_rows *(*store)(struct sp_ctx *, int64_t, const struct settlement_filter *))
{
    struct settlement_filter filter;
    struct sp_error why;
    if (read_filter(ask, &filter, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(ctx, store(ctx, ask->account_id, &filter), answer);
}

enum sp_result ask_settlements(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    return answer_filtered(ctx, ask, answer, store_list_settlements);
}

enum sp_result ask_settlement_report(struct sp_ctx *ctx, const struct sp_ask *ask,
                                     struct sp_answer *answer)
{
    return answer_filtered(ctx, ask, answer, store_settlement_report);
}

enum sp_result ask_settlement_csv(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct settlement_filter filter;
    struct sp_error why;
    if (read_filter(ask, &filter, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    filter.page.limit = CSV_LINES;
    const char *heading = filter.page.first ? CSV_HEAD : "";
    return ingest_answer_csv(ctx, store_settlement_csv(ctx, ask->account_id, &filter), heading,
                             answer);
}
