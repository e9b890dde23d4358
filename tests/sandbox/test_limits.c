/* Rate limits, as rules and as answers. */
#include "services/sandbox/limits.h"

#include <criterion/criterion.h>

#include "tests/sandbox/rig.h"

enum { SECOND = 1000000 };

static struct limits limits;

static bool passes(size_t place, size_t route, const char *path, int64_t now_us)
{
    struct limit_call call = {place, route, sp_text_of(path)};
    int64_t wait_s = 0;
    return limits_refuse(&limits, &call, now_us, &wait_s) == NULL;
}

Test(limits, refuse_nothing_until_they_are_set)
{
    for (int i = 0; i < 1000; i++)
        cr_assert(passes(0, 0, "/order", SECOND));
    cr_assert_eq(limits.refused, 0);
}

Test(limits, give_a_burst_and_then_the_rate)
{
    struct limit rule = {.path = "/order", .per_minute = 120, .burst = 3};
    limits_set(&limits, &rule, 1);
    for (int i = 0; i < 3; i++)
        cr_assert(passes(0, 0, "/order/x", SECOND));
    cr_assert_not(passes(0, 0, "/order/x", SECOND));
    cr_assert_not(passes(0, 0, "/order/x", SECOND + SECOND / 2 - 1));
    cr_assert(passes(0, 0, "/order/x", SECOND + SECOND / 2)); /* two a second */
    cr_assert_not(passes(0, 0, "/order/x", SECOND + SECOND / 2));
    for (int i = 0; i < 3; i++) /* a long rest gives a burst, not more */
        cr_assert(passes(0, 0, "/order/x", 9000ll * SECOND));
    cr_assert_not(passes(0, 0, "/order/x", 9000ll * SECOND));
    cr_assert_eq(limits.refused, 4);
}

Test(limits, count_each_shop_and_address_apart)
{
    struct limit rule = {.path = "/", .per_minute = 1, .burst = 1};
    limits_set(&limits, &rule, 1);
    cr_assert(passes(0, 0, "/order", SECOND));
    cr_assert_not(passes(0, 0, "/order", SECOND));
    cr_assert(passes(1, 0, "/order", SECOND));
    cr_assert(passes(0, 1, "/product", SECOND));
}

Test(limits, go_by_the_first_rule_that_fits)
{
    struct limit rules[] = {{.path = "/order", .per_minute = 6000, .burst = 2},
                            {.path = "/", .per_minute = 1, .burst = 1}};
    limits_set(&limits, rules, SP_COUNT(rules));
    cr_assert(passes(0, 0, "/order", SECOND) && passes(0, 0, "/order", SECOND));
    cr_assert(passes(0, 1, "/product", SECOND));
    cr_assert_not(passes(0, 1, "/product", SECOND));
}

Test(limits, say_how_long_to_wait)
{
    struct limit rule = {.path = "/", .per_minute = 12, .burst = 1};
    struct limit_call call = {0, 0, SP_TEXT("/order")};
    int64_t wait_s = 0;
    limits_set(&limits, &rule, 1);
    cr_assert_null(limits_refuse(&limits, &call, SECOND, &wait_s));
    cr_assert_not_null(limits_refuse(&limits, &call, SECOND, &wait_s));
    cr_assert_eq(wait_s, 5);
    cr_assert_not_null(limits_refuse(&limits, &call, 5 * SECOND + 1, &wait_s));
    cr_assert_eq(wait_s, 1);
}

Test(limits, are_known_by_the_word_for_their_advice)
{
    cr_assert_eq(limits_advice_of(SP_TEXT("date")), ADVICE_DATE);
    cr_assert_eq(limits_advice_of(SP_TEXT("never")), ADVICES);
    cr_assert_str_eq(limits_advice_name(ADVICE_SECONDS), "seconds");
}

Test(limits, answer_429_only_to_calls_that_would_be_served)
{
    struct sandbox_options options = rig_options();
    options.calls_per_minute = 60;
    struct sandbox *sandbox = rig_open(&options);
    struct sp_arena *arena = sp_arena_open();
    rig_authorize(sandbox);
    struct rig_call call = {.method = "GET", .path = "/logistics/202309/warehouses"}, wrong = call;
    wrong.sign = "00";
    cr_assert_eq(rig_call(sandbox, arena, &wrong).code, 106001);
    cr_assert_eq(rig_call(sandbox, arena, &call).code, 0);
    struct rig_answer answer = rig_call(sandbox, arena, &call);
    cr_assert_eq(answer.status, 429);
    cr_assert_eq(answer.code, 36009002);
    cr_assert_eq(rig_call(sandbox, arena, &wrong).code, 106001);
    call = (struct rig_call){
        .method = "GET", .path = "/authorization/202309/shops", .without_cipher = true};
    cr_assert_eq(rig_call(sandbox, arena, &call).code, 0); /* an address of its own */
    sandbox_close(&sandbox);
    sp_arena_close(&arena);
}
