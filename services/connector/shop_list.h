/* The shops that a grant covers, as the marketplace lists them. */
#ifndef SAMPAN_CONNECTOR_SHOP_LIST_H
#define SAMPAN_CONNECTOR_SHOP_LIST_H

#include "services/connector/call.h"
#include "services/connector/connect_store.h"

void shop_list_ask(struct tiktok_call *call, struct sp_text token, int64_t now_s);
/* How many there are; those that cannot be called are left out.  Texts in the arena. */
size_t shop_list_read(struct sp_json data, struct sp_arena *arena,
                      struct connect_shop shops[CONNECT_SHOPS]);

#endif
