/* A marketplace for tests: the sandbox as a process of its own, and the connector's way to a
 * connected shop. */
#ifndef SAMPAN_TESTS_MARKET_H
#define SAMPAN_TESTS_MARKET_H

#include "tests/support/database.h"

/* The connector as the tests run it. */
extern const struct sp_service market_connector;

/* Starts a sandbox with so many products and orders of its own; it ends with the test.  Returns its
 * address. */
const char *market_open(int products);
/* The same with orders of the past, spread evenly over so many days. */
struct market_past {
    int orders, days;
};
const char *market_open_with(int products, const struct market_past *past);
/* Settings that lead a connector to the sandbox. */
char *const *market_settings(void);
/* Settings that lead it to a marketplace that gives this `data` to whoever asks for whatever: for
 * what the sandbox never says.  It ends with the test. */
char *const *market_canned(const char *data);

/* Control calls of the sandbox; the answer lives until the process ends.  Aborts unless the answer
 * is 2xx. */
const char *market_post(const char *path, const char *body);
const char *market_get(const char *path);
/* Orders are made; returns the id of the first. */
const char *market_order(const char *body);

/* Agrees on the consent page; gives the parameters the browser comes back with. */
void market_consent(const char *consent_url, const char **code, const char **state);

/* From nothing to a confirmed shop with this history ({"kind":"none"}); returns the shop's id as
 * text. */
const char *market_connect(struct sp_worker *worker, const char *history);
/* A worker with a shop, without history, of a market with so many products; all was read once. */
struct sp_worker *market_shop(int products);
/* The same up to the choice; returns the id of the connection. */
const char *market_begin(struct sp_worker *worker);
const char *market_shop_id(struct sp_worker *worker, const char *connect_id);

/* Runs a job until it has nothing more to do. */
void market_run(struct sp_worker *worker, const char *job);
/* A webhook of the marketplace, signed; returns the answer's status. */
int market_webhook(struct sp_worker *worker, const char *body);

/* A member of a JSON document, as text. */
const char *market_member(const char *document, const char *name);
/* The text that stands behind another, up to the next quote. */
const char *market_after(const char *document, const char *before);

#endif
