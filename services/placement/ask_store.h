/* What the gateway's questions and commands read and write. */
#ifndef SAMPAN_PLACEMENT_ASK_STORE_H
#define SAMPAN_PLACEMENT_ASK_STORE_H

#include "services/placement/store.h"

/* Questions: one statement that builds the whole document.  NULL when it failed. */
const struct sp_rows *store_ask_wallet(struct sp_ctx *ctx, int64_t account_id);
/* Newest first, older than `before` (0: from the newest). */
const struct sp_rows *store_ask_entries(struct sp_ctx *ctx, int64_t account_id, int64_t before,
                                        int64_t limit);
const struct sp_rows *store_ask_settings(struct sp_ctx *ctx, int64_t account_id);
/* Changes of the accounts since the snapshot `since` (empty: none, only where to go on from). */
const struct sp_rows *store_ask_changes(struct sp_ctx *ctx, const int64_t accounts[], size_t count,
                                        struct sp_text since);
void store_prune_changes(struct sp_ctx *ctx);

/* Who has the order's goods back, since when; no row: nobody said so. */
const struct sp_rows *store_ask_returned(struct sp_ctx *ctx, const struct order_ref *ref);
struct returned_form {
    struct order_ref order;
    struct sp_text user, note;
};
void store_note_returned(struct sp_ctx *ctx, const struct returned_form *form);

struct settings_form {
    int64_t account_id;
    bool auto_place;
    int64_t surcharge_minor, shipping_minor;
    struct sp_text surcharge_per; /* unit, line */
    struct sp_text user;
};
void store_save_settings(struct sp_ctx *ctx, const struct settings_form *form);

#endif
