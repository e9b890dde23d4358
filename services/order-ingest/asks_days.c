/* Certificates of a shop's days. */
#include "services/order-ingest/asks.h"
#include "services/order-ingest/day_store.h"

enum sp_result ask_certificates(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer)
{
    struct list_page page;
    struct sp_error why;
    int64_t shop_id = 0;
    if (ingest_read_page(ask, &page, &why) != SP_OK ||
        ingest_read_id(ask, "id", &shop_id, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return ingest_answer_document(
        ctx, store_list_certificates(ctx, ask->account_id, shop_id, &page), answer);
}
