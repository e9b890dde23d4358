/* What a list of products may be asked: filter, search, cursor.  Pure. */
#ifndef MAPPER_QUERY_H
#define MAPPER_QUERY_H

#include "common/service.h"

enum { LIST_MOST = 200, LIST_USUAL = 50, SEARCH_BYTES = 200 };

struct list_query {
    int64_t limit, shop_id;         /* shop_id 0: any */
    struct sp_text state, q, after; /* empty: any, all, from the beginning */
};

/* SP_REJECT says what is wrong. */
enum sp_result mapper_read_query(const struct sp_ask *ask, struct list_query *query,
                                 struct sp_error *err) SP_MUST_USE;

#endif
