/* The whole sandbox: its shops, the seller's grant, ordered faults, what it tells and what it
 * notes. Everything here belongs to the loop's thread. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "common/base.h"
#include "services/sandbox/clock.h"
#include "services/sandbox/drips.h"
#include "services/sandbox/faults.h"
#include "services/sandbox/grants.h"
#include "services/sandbox/invoices.h"
#include "services/sandbox/life.h"
#include "services/sandbox/limits.h"
#include "services/sandbox/midnights.h"
#include "services/sandbox/notifier.h"
#include "services/sandbox/shop.h"
#include "services/sandbox/traffic.h"
#include "services/sandbox/truth.h"

enum { SANDBOX_SHOPS = 8 };

/* As set; the texts must live as long as the sandbox. */
struct sandbox_options {
    uint64_t seed;
    uint32_t shops, warehouses;
    size_t products;    /* of a shop without invoices */
    size_t orders;      /* that the first shop has from the start, unless from invoices */
    int64_t order_days; /* over so many days */
    const char *app_key, *app_secret, *service_id, *redirect_url;
    const char *webhook_url; /* empty: none unless a shop registers one */
    const char *invoices;    /* path, may be empty */
    const char *truth_log;   /* path, may be empty */
    const char *scenario;    /* path, may be empty */
    const char *cancel_word; /* what webhooks say of a cancelled order */
    int64_t hold_s;          /* ON_HOLD lasts that long */
    int64_t label_lag_s;     /* a label is ready so long after shipping */
    int64_t first_retry_ms;
    int64_t timeout_fault_ms; /* how long a call hit by FAULT_TIMEOUT waits */
    struct grant_lives lives;
    bool accepts_zero;        /* stock of 0 may be set */
    int64_t calls_per_minute; /* to each address and shop; 0: any number */
};

struct scenario;

struct sandbox {
    struct sandbox_options options;
    struct shop shops[SANDBOX_SHOPS];
    uint32_t shop_count;
    struct grants grants;
    struct faults faults;
    struct limits limits;
    struct drips drips;
    struct traffic traffic;
    struct clock clock;
    struct midnights midnights;
    struct schedule schedule;
    struct life life;
    struct scenario *scenario; /* or NULL */
    struct truth *truth;
    struct notifier *notifier; /* NULL: nothing is sent */
    struct invoices_report invoices;
    int64_t started;         /* seconds */
    uint64_t calls, notices; /* Open API calls served; webhooks made */
};

/* Opens the truth log and fills the shops.  SP_REJECT when a file cannot be used. */
enum sp_result sandbox_open(struct sandbox **sandbox, const struct sandbox_options *options,
                            struct sp_error *err) SP_MUST_USE;
void sandbox_close(struct sandbox **sandbox);
/* Back to the state after the start: orders, stock, grant, faults.  SP_REJECT as above. */
enum sp_result sandbox_reset(struct sandbox *sandbox, struct sp_error *err) SP_MUST_USE;

/* The seller ends the authorization; who wanted to be told is told before. */
void sandbox_revoke(struct sandbox *sandbox);
/* No more faults, of calls and of webhooks. */
void sandbox_clear_faults(struct sandbox *sandbox);

/* The stamp of what happens now, seconds: the caller's time, and never goes back; see clock.h. */
int64_t sandbox_now(struct sandbox *sandbox);
/* The present of the sandbox's own clock, seconds: what lives and ends are measured by. */
int64_t sandbox_clock(const struct sandbox *sandbox);
/* A moment of that clock as the caller is told it. */
int64_t sandbox_told(const struct sandbox *sandbox, int64_t at);

#endif
