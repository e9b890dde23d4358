/* The clock by command, and what shall happen by itself or by a scenario. */
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"
#include "services/sandbox/scenario.h"

#define SECOND_US INT64_C(1000000)

/* ---- the clock
 * ------------------------------------------------------------------------------------------- */

void control_put_clock(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    const struct clock *clock = &sandbox->clock;
    int64_t due_us = clock_due_us(clock, sp_now_us());
    sp_json_put_int(json, "now", clock->at_us / SECOND_US);
    sp_json_put_int(json, "speed", clock->speed);
    sp_json_put_bool(json, "ahead", clock->ahead);
    sp_json_put_int(json, "behind", (due_us - clock->at_us) / SECOND_US);
    sp_json_put_int(json, "waiting", (int64_t)sandbox->schedule.count);
}

void control_clock(struct sp_http_request *request, void *context)
{
    control_show(request, context, control_put_clock);
}

void control_set_clock(struct sp_http_request *request, void *context)
{
    static const char *const known[] = {"speed", "advance", "ahead", NULL};
    struct edge *edge = context;
    struct clock *clock = &edge->sandbox->clock;
    struct control_range speeds = {0, CLOCK_SPEED, clock->speed}, jumps = {0, CLOCK_JUMP, 0};
    struct sp_json body;
    int64_t speed, advance_s = 0;
    if (!control_read(request, known, &body) ||
        !control_int(request, body, "speed", speeds, &speed) ||
        !control_span(request, body, "advance", jumps, &advance_s))
        return;
    struct sp_json ahead = sp_json_get(body, "ahead");
    if (ahead.kind != SP_JSON_NONE)
        clock->ahead = sp_json_bool(ahead);
    clock_set_speed(clock, sp_now_us(), speed);
    clock_advance(clock, advance_s * SECOND_US);
    life_run(edge->sandbox);
    control_clock(request, context);
}

/* ---- life
 * ------------------------------------------------------------------------------------------------
 */

void control_put_life(struct sp_json_writer *json, const struct sandbox *sandbox)
{
    const struct life *life = &sandbox->life;
    sp_json_put_int(json, "orders_per_hour", life->per_hour);
    sp_json_put_int(json, "ordered", (int64_t)life->bought);
    sp_json_put_bool(json, "grant_notices", life->warns);
    for (int i = 0; i < LIFE_RULES; i++) {
        sp_json_open_object(json, life_rule_name((enum life_due)i));
        sp_json_put_int(json, "percent", life->rules[i].percent);
        sp_json_put_int(json, "after", life->rules[i].after_s);
        sp_json_close_object(json);
    }
}

void control_life(struct sp_http_request *request, void *context)
{
    control_show(request, context, control_put_life);
}

/* {"percent": 85, "after": "10m"}, or true and false for as usual and off. */
static bool read_rule(struct sp_http_request *request, struct sp_json given, enum life_due which,
                      struct life_rule *rule)
{
    struct control_range percents = {0, 100, life_usual(which).percent};
    struct control_range delays = {0, LIFE_LONGEST, 0};
    if (given.kind == SP_JSON_BOOL) {
        *rule = life_usual(which);
        rule->percent = sp_json_bool(given) ? rule->percent : 0;
        return true;
    }
    if (given.kind != SP_JSON_OBJECT) {
        control_refuse(request, 422, "%s must be true, false or {\"percent\":…,\"after\":…}",
                       life_rule_name(which));
        return false;
    }
    if (life_is_fixed(which) && sp_json_get(given, "after").kind != SP_JSON_NONE) {
        control_refuse(request, 422, "%s has no \"after\": it is what orders tell of themselves",
                       life_rule_name(which));
        return false;
    }
    return control_int(request, given, "percent", percents, &rule->percent) &&
           control_span(request, given, "after", delays, &rule->after_s);
}

static bool read_member(struct sp_http_request *request, struct sp_text name, struct sp_json value,
                        struct life *life)
{
    int rule = life_rule_of(name);
    if (rule >= 0)
        return read_rule(request, value, (enum life_due)rule, &life->rules[rule]);
    if (sp_text_is(name, "all") || sp_text_is(name, "orders_per_hour"))
        return true;
    if (!sp_text_is(name, "grant_notices")) {
        control_refuse(request, 422, "unknown member \"%.*s\"",
                       name.size > 60 ? 60 : (int)name.size, name.data);
        return false;
    }
    life->warns = sp_json_bool(value);
    return true;
}

void control_set_life(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    struct life life = edge->sandbox->life; /* all of it or nothing */
    struct control_range rates = {0, LIFE_PER_HOUR, life.per_hour};
    struct sp_json body, value;
    struct sp_text name;
    if (!control_read(request, NULL, &body) ||
        !control_int(request, body, "orders_per_hour", rates, &life.per_hour))
        return;
    if (sp_json_bool(sp_json_get(body, "all")))
        life_switch_on(&life);
    struct sp_json_walk walk = sp_json_each(body);
    while (sp_json_next(&walk, &name, &value)) {
        if (!read_member(request, name, value, &life))
            return;
    }
    edge->sandbox->life = life;
    life_replan(edge->sandbox);
    control_life(request, context);
}

/* ---- a scenario
 * ---------------------------------------------------------------------------------------- */

static void answer_scenario(struct sp_http_request *request, const struct edge *edge, int status)
{
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    scenario_put(&json, edge->sandbox);
    sp_json_close_object(&json);
    control_answer(request, status, &out);
}

void control_scenario(struct sp_http_request *request, void *context)
{
    answer_scenario(request, context, 200);
}

void control_start_scenario(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    struct sandbox *sandbox = edge->sandbox;
    struct scenario *scenario;
    struct sp_error err;
    if (sandbox->scenario != NULL && sandbox->scenario->state == SCENARIO_RUNNING) {
        control_refuse(request, 409, "a scenario is running; DELETE it first");
        return;
    }
    if (scenario_read(&scenario, request->body, sandbox->shop_count, &err) != SP_OK) {
        control_refuse(request, 422, "%s", err.text);
        return;
    }
    scenario_start(sandbox, scenario);
    life_run(sandbox);
    answer_scenario(request, edge, 202);
}

void control_stop_scenario(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    scenario_stop(edge->sandbox);
    answer_scenario(request, edge, 200);
}
