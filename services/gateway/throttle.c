#include "services/gateway/throttle.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t free_tries;
    int64_t longest_s;
} kinds[THROTTLE_KINDS] = {
    [THROTTLE_ADDRESS] = {"address", 30, 900},
    [THROTTLE_LOGIN] = {"login", 5, 300},
};

enum { SECOND_US = 1000000 };

const char *throttle_kind_name(enum throttle_kind kind)
{
    return kinds[kind].name;
}

int64_t throttle_delay_s(enum throttle_kind kind, int64_t tries)
{
    int64_t beyond = tries - kinds[kind].free_tries;
    if (beyond < 0)
        return 0;
    if (beyond >= 30) /* beyond any longest delay; the shift stays small */
        return kinds[kind].longest_s;
    int64_t delay_s = INT64_C(1) << beyond;
    return delay_s < kinds[kind].longest_s ? delay_s : kinds[kind].longest_s;
}

int64_t throttle_wait_s(const struct throttle *throttle, int64_t now_us)
{
    if (throttle->blocked_until_us <= now_us)
        return 0;
    return (throttle->blocked_until_us - now_us + SECOND_US - 1) / SECOND_US;
}

struct throttle throttle_count(enum throttle_kind kind, struct throttle before, int64_t now_us)
{
    bool forgotten = now_us - before.last_us >= THROTTLE_FORGET_US;
    int64_t tries = (forgotten ? 0 : before.tries) + 1;
    int64_t delay_s = throttle_delay_s(kind, tries);
    return (struct throttle){
        .tries = tries,
        .last_us = now_us,
        .blocked_until_us = delay_s == 0 ? 0 : now_us + delay_s * SECOND_US,
    };
}

void throttle_network(struct sp_text address, char network[THROTTLE_SUBJECT_BYTES])
{
    (void)snprintf(network, THROTTLE_SUBJECT_BYTES, "%.*s", SP_FMT(address));
    unsigned char bytes[16];
    if (inet_pton(AF_INET6, network, bytes) != 1)
        return;
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (memcmp(bytes, mapped, sizeof mapped) == 0) {
        (void)inet_ntop(AF_INET, bytes + 12, network, THROTTLE_SUBJECT_BYTES);
        return;
    }
    memset(bytes + 8, 0, 8);
    (void)inet_ntop(AF_INET6, bytes, network, THROTTLE_SUBJECT_BYTES);
}
