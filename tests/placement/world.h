/* A small world for placement's tests: an account with a wallet, a warehouse, variants with costs,
 * orders as inventory tells of them, and inventory's answers. */
#ifndef SAMPAN_TESTS_PLACEMENT_WORLD_H
#define SAMPAN_TESTS_PLACEMENT_WORLD_H

#include "common/worker.h"
#include "proto/messages.h"
#include "tests/support/database.h"

enum { ACCOUNT = 1, SHOP = 3, WAREHOUSE = 10, VARIANTS = 5, MOST_LINES = 4, SURCHARGE = 69 };

extern const struct sp_service placement_service;

/* Keys are "3-<number>".  Variant n costs n × 100. */
struct world_order {
    int64_t number, rev;
    const char *status; /* NULL: AWAITING_SHIPMENT */
    struct {
        int64_t variant, units;
        int64_t missing;
        const char *problem, *supply; /* NULL: none, STOCKED */
        int64_t warehouse;            /* 0: WAREHOUSE */
        bool cancelled;
    } lines[MOST_LINES]; /* none: one unit of variant 1 */
    int64_t created_at;  /* 0: number */
    int64_t collected_at, delivered_at;
    int64_t account; /* 0: ACCOUNT */
    bool unpaid, wants_cancel, by_channel, manual, deleted;
};

/* Inventory's word on "3-<number>/<attempt>/1". */
struct world_answer {
    int64_t number, attempt, rev;
    const char *answer; /* NULL: ACCEPTED */
    const char *reason;
    int64_t issued_at, cancelled_at, purchased_at, inspected_at;
};

/* Account, shop, warehouse, variants 1 to VARIANTS; auto-place is off, the wallet empty. */
struct sp_worker *world_open(const char *currency);
void world_account(struct sp_worker *worker, int64_t account_id, const char *currency);
void world_variant(struct sp_worker *worker, int64_t variant_id, int64_t rev, int64_t cost_minor,
                   const char *currency);
void world_warehouse(struct sp_worker *worker, int64_t warehouse_id, int64_t rev, bool approved);
void world_top_up(struct sp_worker *worker, int64_t amount_minor);
/* Saves the settings: surcharge SURCHARGE per unit, no shipping. */
void world_auto_place(struct sp_worker *worker, bool on);

struct order_allocated world_message(const struct world_order *order);
void world_feed(struct sp_worker *worker, const struct world_order orders[], size_t count);
void world_hear(struct sp_worker *worker, const struct world_answer *answer);
/* The job that evaluates drafts anew, both rounds, until nothing is left. */
void world_settle(struct sp_worker *worker);

const char *world_stage(struct sp_worker *worker, int64_t number);
/* The codes of the open conditions, ordered: "A,B"; "" when there are none. */
const char *world_open_codes(struct sp_worker *worker, int64_t number);
int64_t world_balance(struct sp_worker *worker);
/* Everything that must not depend on how often or in which order facts came, as one text. */
const char *world_rows(struct sp_worker *worker);
/* Asserts that the books are right: never negative, sum of entries = balance = what was funded less
 * what was charged, each placed order charged once. */
void world_check(struct sp_worker *worker);
size_t world_emitted(struct sp_worker *worker, const struct sp_message *message);

#endif
