#include "services/sandbox/limits.h"

#include <string.h>

static const int64_t minute_us = 60 * 1000000ll;

static const char *const advice_names[ADVICES] = {
    [ADVICE_NONE] = "none",
    [ADVICE_SECONDS] = "seconds",
    [ADVICE_DATE] = "date",
};

enum limit_advice limits_advice_of(struct sp_text name)
{
    int advice = 0;
    while (advice < ADVICES && !sp_text_is(name, advice_names[advice]))
        advice++;
    return (enum limit_advice)advice;
}

const char *limits_advice_name(enum limit_advice advice)
{
    return advice_names[advice];
}

void limits_set(struct limits *limits, const struct limit rules[], size_t count)
{
    SP_ASSERT(count <= LIMITS);
    *limits = (struct limits){.count = count, .refused = limits->refused};
    if (count > 0)
        memcpy(limits->rules, rules, count * sizeof *rules);
}

static const struct limit *rule_of(const struct limits *limits, struct sp_text path)
{
    for (size_t i = 0; i < limits->count; i++) {
        size_t size = strlen(limits->rules[i].path);
        if (path.size >= size && memcmp(path.data, limits->rules[i].path, size) == 0)
            return &limits->rules[i];
    }
    return NULL;
}

const struct limit *limits_refuse(struct limits *limits, const struct limit_call *call,
                                  int64_t now_us, int64_t *wait_s)
{
    const struct limit *rule = rule_of(limits, call->path);
    if (rule == NULL)
        return NULL;
    SP_ASSERT(call->place < LIMIT_PLACES && call->route < LIMIT_ROUTES);
    struct bucket *bucket = &limits->buckets[call->place][call->route];
    int64_t full = rule->burst * minute_us, idle_us = now_us - bucket->at_us;
    bool fresh = bucket->at_us == 0 || idle_us > full / rule->per_minute;
    bucket->left = fresh ? full : bucket->left + idle_us * rule->per_minute;
    if (bucket->left > full)
        bucket->left = full;
    bucket->at_us = now_us;
    if (bucket->left >= minute_us) {
        bucket->left -= minute_us;
        return NULL;
    }
    int64_t a_second = rule->per_minute * 1000000;
    *wait_s = (minute_us - bucket->left + a_second - 1) / a_second;
    limits->refused++;
    return rule;
}
