/* How failed tries to sign in slow down the next ones.  Pure.
 *
 * A try is counted before the password is looked at, so that many at once gain nothing.  A login
 * has 5 free tries, then must wait 1, 2, 4 … 300 s after each; a network has 30, up to 900 s, since
 * many people may share it.  An hour without tries forgets all. */
#ifndef GATEWAY_THROTTLE_H
#define GATEWAY_THROTTLE_H

#include "common/base.h"

enum throttle_kind { THROTTLE_ADDRESS, THROTTLE_LOGIN, THROTTLE_KINDS };
enum { THROTTLE_SUBJECT_BYTES = 160 };

#define THROTTLE_FORGET_US (INT64_C(3600) * 1000000)

/* What is remembered of one subject; microseconds since 1970, 0: never. */
struct throttle {
    int64_t tries;
    int64_t last_us;
    int64_t blocked_until_us;
};

const char *throttle_kind_name(enum throttle_kind kind);

/* How long a subject must wait after its `tries`th try in a row, in seconds. */
int64_t throttle_delay_s(enum throttle_kind kind, int64_t tries);

/* How long before the next try is allowed, in whole seconds, rounded up; 0: now. */
int64_t throttle_wait_s(const struct throttle *throttle, int64_t now_us);

/* The same subject after one more try. */
struct throttle throttle_count(enum throttle_kind kind, struct throttle before, int64_t now_us);

/* The network of a numeric address: IPv4 whole, IPv6 its /64.  Anything else as it is, cut. */
void throttle_network(struct sp_text address, char network[THROTTLE_SUBJECT_BYTES]);

#endif
