/* A connected shop in a fresh database, without a marketplace: for tests of statements and
 * messages. */
#ifndef SAMPAN_TESTS_CONNECTOR_SHOP_H
#define SAMPAN_TESTS_CONNECTOR_SHOP_H

#include "proto/messages.h"
#include "tests/connector/market.h"

/* A worker whose marketplace does not answer (a port nobody listens on). */
struct sp_worker *shop_worker(void);
/* Another one on the same database. */
struct sp_worker *shop_second_worker(void);
/* Shop 1 of account 1 (channel shop 7490), CONNECTED, with grant 1 and its two streams. */
void shop_insert(struct sp_worker *worker);
/* Such a worker with such a shop. */
struct sp_worker *shop_begin(void);

/* Runs a function in a transaction and commits; the result of whichever failed. */
enum sp_result shop_run(struct sp_worker *worker, enum sp_result (*work)(struct sp_ctx *ctx));

#endif
