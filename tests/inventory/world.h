/* A small world for inventory's tests: an account with a shop and a warehouse, orders of variants,
 * the line. */
#ifndef SAMPAN_TESTS_INVENTORY_WORLD_H
#define SAMPAN_TESTS_INVENTORY_WORLD_H

#include "common/worker.h"
#include "proto/messages.h"
#include "tests/support/database.h"

enum { ACCOUNT = 1, SHOP = 3, MOST_PARTS = 4 };

extern const struct sp_service inventory_service;

/* An order of one line for each entry with a variant; keys are "3-<number>". */
struct world_order {
    int64_t number, rev;
    const char *status; /* NULL: AWAITING_SHIPMENT */
    struct {
        int64_t variant, units;
    } lines[MOST_PARTS];
    int64_t created_at; /* 0: number */
    const char *supply; /* NULL: STOCKED */
    bool deleted;
};

struct sp_worker *world_open(void);
/* Makes warehouse 1 of the account (called "W1", …) and returns its id. */
int64_t world_warehouse(struct sp_worker *worker, const char *name, int64_t priority);
void world_variant(struct sp_worker *worker, int64_t variant_id, const char *sku);
void world_shop(struct sp_worker *worker, int64_t rev, int64_t warehouse_id, bool reserve_unpaid);
/* Adjusts stock and runs the jobs. */
void world_stock(struct sp_worker *worker, int64_t warehouse_id, int64_t variant_id, int64_t delta);
void world_feed(struct sp_worker *worker, const struct world_order orders[], size_t count);
/* Runs serve-waiting and heal-shops until nothing is left. */
void world_settle(struct sp_worker *worker);
/* The struct of the message, valid until the next 4,096 calls. */
struct order_mapped world_message(const struct world_order *order);

/* One figure of warehouse × variant: "on_hand", "reserved", "pending_out", "waiting". */
int64_t world_figure(struct sp_worker *worker, const char *figure, int64_t variant_id);
/* Asserts that inventory.check finds nothing. */
void world_check(struct sp_worker *worker);

#endif
