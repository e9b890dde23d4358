/* How failed tries slow down the next ones. */
#include <criterion/criterion.h>

#include "services/gateway/throttle.h"

#define SECOND_US INT64_C(1000000)

static const int64_t now_us = INT64_C(1700000000) * 1000000;

static struct throttle tried(enum throttle_kind kind, int tries)
{
    struct throttle throttle = {0};
    for (int i = 0; i < tries; i++)
        throttle = throttle_count(kind, throttle, now_us);
    return throttle;
}

Test(throttle, a_login_has_five_free_tries)
{
    for (int tries = 0; tries < 5; tries++) {
        struct throttle throttle = tried(THROTTLE_LOGIN, tries);
        cr_expect_eq(throttle_wait_s(&throttle, now_us), 0, "%d", tries);
    }
    struct throttle throttle = tried(THROTTLE_LOGIN, 5);
    cr_expect_eq(throttle_wait_s(&throttle, now_us), 1);
}

Test(throttle, delays_double_up_to_the_longest)
{
    int64_t before = 0;
    for (int64_t tries = 5; tries < 100; tries++) {
        int64_t delay = throttle_delay_s(THROTTLE_LOGIN, tries);
        cr_expect(delay == before * 2 || delay == 1 || delay == 300, "%lld", (long long)tries);
        cr_expect_geq(delay, before);
        before = delay;
    }
    cr_expect_eq(throttle_delay_s(THROTTLE_LOGIN, INT64_MAX), 300);
    cr_expect_eq(throttle_delay_s(THROTTLE_ADDRESS, INT64_MAX), 900);
}

Test(throttle, a_network_has_more_free_tries_than_a_login)
{
    cr_expect_eq(throttle_delay_s(THROTTLE_ADDRESS, 29), 0);
    cr_expect_eq(throttle_delay_s(THROTTLE_ADDRESS, 30), 1);
}

Test(throttle, waiting_is_told_in_whole_seconds_rounded_up)
{
    struct throttle throttle = tried(THROTTLE_LOGIN, 7); /* 4 s */
    cr_expect_eq(throttle_wait_s(&throttle, now_us), 4);
    cr_expect_eq(throttle_wait_s(&throttle, now_us + 1), 4);
    cr_expect_eq(throttle_wait_s(&throttle, now_us + 3 * SECOND_US), 1);
    cr_expect_eq(throttle_wait_s(&throttle, now_us + 4 * SECOND_US - 1), 1);
    cr_expect_eq(throttle_wait_s(&throttle, now_us + 4 * SECOND_US), 0);
}

Test(throttle, an_hour_without_tries_forgets)
{
    struct throttle throttle = tried(THROTTLE_LOGIN, 20);
    struct throttle soon =
        throttle_count(THROTTLE_LOGIN, throttle, now_us + THROTTLE_FORGET_US - 1);
    struct throttle late = throttle_count(THROTTLE_LOGIN, throttle, now_us + THROTTLE_FORGET_US);
    cr_expect_eq(soon.tries, 21);
    cr_expect_eq(late.tries, 1);
    cr_expect_eq(late.blocked_until_us, 0);
}

static const struct {
    const char *address, *network;
} networks[] = {
    {"192.0.2.7", "192.0.2.7"},
    {"::ffff:192.0.2.7", "192.0.2.7"},
    {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
    {"2001:db8:1:2::1", "2001:db8:1:2::"},
    {"::1", "::"},
    {"", ""},
    {"no address", "no address"},
};

Test(throttle, ipv6_counts_by_its_64_bits)
{
    for (size_t i = 0; i < SP_COUNT(networks); i++) {
        char network[THROTTLE_SUBJECT_BYTES];
        throttle_network(sp_text_of(networks[i].address), network);
        cr_expect_str_eq(network, networks[i].network);
    }
}

Test(throttle, an_endless_address_is_cut)
{
    char long_text[1000], network[THROTTLE_SUBJECT_BYTES];
    for (size_t i = 0; i < sizeof long_text; i++)
        long_text[i] = 'x';
    throttle_network((struct sp_text){long_text, sizeof long_text}, network);
    cr_expect_eq(network[THROTTLE_SUBJECT_BYTES - 1], '\0');
}
