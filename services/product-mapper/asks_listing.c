/* Listings and their SKUs, as people see them. */
#include "services/product-mapper/asks.h"

#include "services/product-mapper/relink.h"

enum sp_result ask_listings(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct list_query query;
    struct sp_error why;
    if (mapper_read_query(ask, &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_list_listings(ctx, ask->account_id, &query), answer);
}

enum sp_result ask_listing_counts(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    struct list_query query;
    struct sp_error why;
    if (mapper_read_query(ask, &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_count_listings(ctx, ask->account_id, query.shop_id),
                                  answer);
}

enum sp_result ask_skus(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct key_list keys;
    struct sp_error why;
    if (mapper_read_keys(ask, sp_ctx_arena(ctx), &keys, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    return mapper_answer_document(ctx, store_list_skus(ctx, ask->account_id, keys), answer);
}
