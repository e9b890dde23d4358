/* Sends webhooks: one thread, several calls in flight, retried after growing delays, at least once.
 */
#ifndef SANDBOX_NOTIFIER_H
#define SANDBOX_NOTIFIER_H

#include "common/base.h"
#include "services/sandbox/notice_faults.h"
#include "services/sandbox/truth.h"

struct notifier;

enum notifier_limits {
    NOTICES_WAITING = 200000, /* beyond it new ones are dropped: a client has to poll as well */
    NOTICES_AT_ONCE = 64,     /* taken together; the HTTP client has 16 of them in flight */
    NOTICE_TIMEOUT_MS = 3000, /* as documented */
    NOTICE_RETRIES = 4,
    NOTICE_TRIES = 20, /* remembered */
    NOTICE_BODY = 400, /* … of each at most */
};

struct notifier_options {
    const char *app_key, *app_secret; /* copied */
    uint64_t seed;
    int64_t first_retry_ms; /* the others are 15, 90 and 360 times as long, as TikTok's 2 minutes,
                               30 minutes, 3 hours and 12 hours */
    struct truth *truth;
};

struct notifier_counts {
    uint64_t queued, delivered, failed_tries, given_up, dropped;
    uint64_t lost, forged, forged_taken; /* on purpose; forged ones that were answered with 200 */
    size_t waiting;
};

void notifier_open(struct notifier **notifier, const struct notifier_options *options);
void notifier_close(struct notifier **notifier); /* what waits is lost */

/* Queues one notice; both texts are copied.  From any thread; never blocks. */
void notifier_put(struct notifier *notifier, const char *url, struct sp_text body);
void notifier_set_faults(struct notifier *notifier, const struct notice_faults *faults);
struct notice_faults notifier_faults(struct notifier *notifier); /* as they stand */
struct notifier_counts notifier_count(struct notifier *notifier);

/* One try to tell somebody. */
struct notice_try {
    int64_t at;      /* seconds, of the caller's clock */
    int nth, status; /* 0: no answer */
    bool forged;
    char body[NOTICE_BODY]; /* empty when it is longer */
};
/* The last ones, the newest first; how many there are. */
size_t notifier_tries(struct notifier *notifier, struct notice_try tries[NOTICE_TRIES]);

/* Delay before try `failed` + 1, in ms; -1 when there is none. */
int64_t notifier_retry_after(int64_t first_retry_ms, int failed);

#endif
