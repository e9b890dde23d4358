/* What a list of products may be asked: filter, search, cursor. */
#include "services/product-mapper/query.h"

enum sp_result mapper_read_query(const struct sp_ask *ask, struct list_query *query,
                                 struct sp_error *err)
{
    struct sp_text limit = sp_ask_param(ask, "limit"), shop = sp_ask_param(ask, "shop");
    *query = (struct list_query){
        .limit = LIST_USUAL,
        .state = sp_ask_param(ask, "state"),
        .q = sp_ask_param(ask, "q"),
        .after = sp_ask_param(ask, "cursor"),
    };
    if (limit.size > 0 &&
        (!sp_text_to_int(limit, &query->limit) || query->limit < 1 || query->limit > LIST_MOST))
        return sp_fail(err, SP_REJECT, "limit is a number from 1 to %d", LIST_MOST);
    if (shop.size > 0 && !sp_text_to_int(shop, &query->shop_id))
        return sp_fail(err, SP_REJECT, "shop is not a number");
    if (query->q.size > SEARCH_BYTES)
        return sp_fail(err, SP_REJECT, "q has at most %d bytes", SEARCH_BYTES);
    return SP_OK;
}
