/* What a seller changes of a connected shop, in the database. */
#ifndef SAMPAN_CONNECTOR_SETTINGS_STORE_H
#define SAMPAN_CONNECTOR_SETTINGS_STORE_H

#include "services/connector/shop_store.h"

struct shop_settings {
    struct sp_text alias; /* empty: stays */
    bool has_warehouse, has_reserve;
    int64_t warehouse_id; /* 0: none */
    bool reserve_unpaid;
};

/* Changes what is given, and notes each thing that is another now.  SP_REJECT: no such connected
 * shop. */
enum sp_result store_change_shop(struct sp_ctx *ctx, struct shop_key shop, struct sp_text person,
                                 const struct shop_settings *settings) SP_MUST_USE;

/* Begins to load what was created in a span that ends at `until_s`, and notes it; what is older
 * than the shop's history so far belongs to it from now on when the span reaches up to now.  False
 * in `begun` while such a load is under way already.  SP_REJECT: no such connected shop. */
struct shop_history {
    int64_t from_s, until_s;
    bool begun;
};
enum sp_result store_begin_history(struct sp_ctx *ctx, struct shop_key shop, struct sp_text person,
                                   struct shop_history *history) SP_MUST_USE;

#endif
