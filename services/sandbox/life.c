#include "services/sandbox/life.h"

#include "common/log.h"
#include "services/sandbox/cancels.h"
#include "services/sandbox/case_reasons.h"
#include "services/sandbox/case_units.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/products.h"
#include "services/sandbox/returns.h"
#include "services/sandbox/scenario.h"
#include "services/sandbox/seed.h"
#include "services/sandbox/trade.h"
#include "services/sandbox/webhook.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, WARN_DAYS = 30, DRAWS = 64 };

#define SECOND_US INT64_C(1000000)

#define IN(status) (1u << (status))

/* ---- the rules
 * --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    unsigned strikes_in; /* statuses; in any other it has become void */
    int entered;         /* the status that starts it */
    enum order_event event;
    enum order_initiator by;
    struct life_rule usual;
    bool exact; /* otherwise between half and one and a half of the delay */
    bool fixed; /* after_s is a deadline, counted from the payment */
} rules[LIFE_RULES] = {
    [LIFE_PAY] = {"pay", IN(UNPAID), UNPAID, PAY, BUYER, {85, 10 * MINUTE}, false, false},
    [LIFE_UNPAID] = {"unpaid", IN(UNPAID), UNPAID, CANCEL, SYSTEM, {100, 2 * DAY}, true, false},
    [LIFE_CHANGE_MIND] =
        {"change_mind", IN(ON_HOLD), ON_HOLD, CANCEL, BUYER, {3, 30 * MINUTE}, false, false},
    [LIFE_REQUEST] = {"request",
                      IN(AWAITING_SHIPMENT) | IN(AWAITING_COLLECTION),
                      AWAITING_SHIPMENT,
                      CANCEL,
                      BUYER,
                      {4, 4 * HOUR},
                      false,
                      false},
    [LIFE_LATE] = {"late",
                   IN(AWAITING_SHIPMENT) | IN(PARTIALLY_SHIPPING),
                   AWAITING_SHIPMENT,
                   CANCEL,
                   SYSTEM,
                   {100, LIFE_SHIP_DUE_S},
                   true,
                   true},
    [LIFE_UNCOLLECTED] = {"uncollected",
                          IN(AWAITING_COLLECTION),
                          AWAITING_COLLECTION,
                          CANCEL,
                          SYSTEM,
                          {100, LIFE_COLLECT_DUE_S},
                          true,
                          true},
    [LIFE_SHIP] = {"ship",
                   IN(AWAITING_SHIPMENT) | IN(PARTIALLY_SHIPPING),
                   AWAITING_SHIPMENT,
                   SHIP,
                   SELLER,
                   {100, DAY},
                   false,
                   false},
    [LIFE_FULFIL] = {"fulfil",
                     IN(AWAITING_SHIPMENT) | IN(PARTIALLY_SHIPPING),
                     AWAITING_SHIPMENT,
                     SHIP,
                     SYSTEM,
                     {100, 6 * HOUR},
                     false,
                     false},
    [LIFE_COLLECT] = {"collect",
                      IN(AWAITING_COLLECTION),
                      AWAITING_COLLECTION,
                      COLLECT,
                      NOBODY,
                      {100, 6 * HOUR},
                      false,
                      false},
    [LIFE_DELIVER] =
        {"deliver", IN(IN_TRANSIT), IN_TRANSIT, DELIVER, NOBODY, {100, 3 * DAY}, false, false},
    [LIFE_COMPLETE] =
        {"complete", IN(DELIVERED), DELIVERED, COMPLETE, NOBODY, {100, 7 * DAY}, true, false},
};

const char *life_rule_name(enum life_due rule)
{
    return rules[rule].name;
}

int life_rule_of(struct sp_text name)
{
    for (int i = 0; i < LIFE_RULES; i++) {
        if (sp_text_is(name, rules[i].name))
            return i;
    }
    return -1;
}

bool life_is_fixed(enum life_due rule)
{
    return rules[rule].fixed;
}

struct life_rule life_usual(enum life_due rule)
{
    return rules[rule].usual;
}

void life_switch_on(struct life *life)
{
    for (int i = 0; i < LIFE_RULES; i++) {
        if (i != LIFE_SHIP)
            life->rules[i] = rules[i].usual;
    }
    life->warns = true;
}

/* ---- putting on the schedule
 * ------------------------------------------------------------------------- */

void life_put(struct sandbox *sandbox, const struct shop *shop, enum life_due what,
              uint64_t subject, int64_t at)
{
    schedule_put(&sandbox->schedule, (struct due){.what = what,
                                                  .shop = shop->index,
                                                  .subject = subject,
                                                  .at_us = at * SECOND_US});
}

static void put_after(struct sandbox *sandbox, struct due due, int64_t after_us)
{
    due.at_us = sandbox->clock.at_us + after_us;
    schedule_put(&sandbox->schedule, due);
}

/* Between half and one and a half of the usual. */
static int64_t vary(int64_t usual_us, uint64_t seed, uint64_t place)
{
    int64_t thousandth = (int64_t)seed_below(seed, SEED_WAIT, place, 1000);
    return usual_us / 2 + usual_us / 1000 * thousandth;
}

/* A deadline as the order tells it; negative for one of the past that was late already. */
static int64_t until_deadline_us(struct sandbox *sandbox, const struct order *order,
                                 int64_t after_s)
{
    int64_t speed = order->speed > 1 ? order->speed : 1;
    int64_t ends = book_handled_from(order) + book_span(order, after_s);
    return (ends - sandbox_now(sandbox)) * speed * SECOND_US;
}

/* What the marketplace fulfils no seller ships, and the other way round. */
static bool concerns(enum life_due rule, const struct order *order)
{
    return rule != (order->kind.by_tiktok ? LIFE_SHIP : LIFE_FULFIL);
}

static void put_rule(struct sandbox *sandbox, struct shop *shop, const struct order *order,
                     enum life_due rule)
{
    const struct life_rule *now = &sandbox->life.rules[rule];
    uint64_t place = order->number * DRAWS + (uint64_t)rule;
    if (!concerns(rule, order) ||
        (int64_t)seed_below(shop->seed, SEED_LIFE, place, 100) >= now->percent)
        return;
    int64_t after_us = now->after_s * SECOND_US;
    if (!rules[rule].exact)
        after_us = vary(after_us, shop->seed, place);
    if (rules[rule].fixed)
        after_us = until_deadline_us(sandbox, order, now->after_s);
    if (after_us >= 0)
        put_after(sandbox,
                  (struct due){.what = rule, .shop = shop->index, .subject = order->number},
                  after_us);
}

static void put_hold(struct sandbox *sandbox, struct shop *shop, const struct order *order)
{
    int64_t gone_s = sandbox_now(sandbox) - order->times.paid;
    int64_t hold_s =
        order->kind.type == ORDER_PRE ? (int64_t)order->kind.release_s : sandbox->options.hold_s;
    int64_t left_s = hold_s - (gone_s > 0 ? gone_s : 0);
    put_after(sandbox,
              (struct due){.what = DUE_RELEASE, .shop = shop->index, .subject = order->number},
              left_s > 0 ? left_s * SECOND_US : 0);
}

static void put_rules(struct sandbox *sandbox, struct shop *shop, const struct order *order)
{
    for (int i = 0; i < LIFE_RULES; i++) {
        if (rules[i].entered == order->status && sandbox->life.rules[i].percent > 0)
            put_rule(sandbox, shop, order, (enum life_due)i);
    }
}

void life_entered(struct sandbox *sandbox, struct shop *shop, const struct order *order)
{
    if (order->status == ON_HOLD)
        put_hold(sandbox, shop, order);
    put_rules(sandbox, shop, order);
}

static void put_buyer(struct sandbox *sandbox)
{
    struct life *life = &sandbox->life;
    int64_t usual_us = HOUR * SECOND_US / life->per_hour;
    put_after(sandbox, (struct due){.what = DUE_BUYER},
              vary(usual_us, sandbox->options.seed, life->bought));
}

static void put_midnight(struct sandbox *sandbox)
{
    int64_t day_us = DAY * SECOND_US;
    put_after(sandbox, (struct due){.what = DUE_MIDNIGHT}, day_us - sandbox->clock.at_us % day_us);
}

void life_setup(struct sandbox *sandbox)
{
    sandbox->life = (struct life){0};
    for (int i = 0; i < LIFE_RULES; i++)
        sandbox->life.rules[i].after_s = rules[i].usual.after_s;
    put_midnight(sandbox);
}

/* Also those of a status before, where they are not void yet. */
static void put_open_rules(struct sandbox *sandbox, struct shop *shop, const struct order *order)
{
    for (int i = 0; i < LIFE_RULES; i++) {
        bool open = (rules[i].strikes_in & IN(order->status)) != 0;
        if (open && sandbox->life.rules[i].percent > 0)
            put_rule(sandbox, shop, order, (enum life_due)i);
    }
}

static bool is_of_life(const struct due *due)
{
    return due->what < LIFE_RULES || due->what == DUE_BUYER;
}

void life_replan(struct sandbox *sandbox)
{
    schedule_sift(&sandbox->schedule, is_of_life);
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        struct shop *shop = &sandbox->shops[i];
        for (size_t k = 0; k < shop->book.order_count; k++)
            put_open_rules(sandbox, shop, &shop->book.orders[k]);
    }
    if (sandbox->life.per_hour > 0)
        put_buyer(sandbox);
}

/* ---- what happens
 * ------------------------------------------------------------------------------------ */

static void buy(struct sandbox *sandbox)
{
    uint64_t number = sandbox->life.bought++;
    uint64_t at = seed_below(sandbox->options.seed, SEED_LIFE, number, sandbox->shop_count);
    struct shop *shop = &sandbox->shops[at];
    bool pays_later = sandbox->life.rules[LIFE_PAY].percent > 0;
    struct order_wish wish = {.status = pays_later ? UNPAID : AWAITING_SHIPMENT, .tells = true};
    if (book_has_room(&shop->book, 1))
        (void)order_maker_place(sandbox, shop, &wish, book_reserve(&shop->book, 1));
    put_buyer(sandbox);
}

static void warn(struct sandbox *sandbox)
{
    int64_t ends = sandbox->grants.grant_expires;
    if (ends - sandbox_clock(sandbox) > WARN_DAYS * DAY)
        return;
    for (uint32_t i = 0; i < sandbox->shop_count; i++)
        webhook_expiring(sandbox, &sandbox->shops[i]);
}

static void pass_midnight(struct sandbox *sandbox)
{
    midnights_pass(&sandbox->midnights, sandbox_clock(sandbox) / DAY,
                   clock_seen(&sandbox->clock, sp_now_us()));
    if (sandbox->life.warns)
        warn(sandbox);
    put_midnight(sandbox);
}

/* False when there is a request already. */
static bool request(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    const struct order *order = &shop->book.orders[at];
    struct sp_arena *arena = sp_arena_open();
    struct cancel_wish wish = {
        .order = at,
        .units = case_units_free(shop, order, CASE_CANCEL, arena),
        .reason = cancel_reason_usual(shop->region, BUYER, (enum order_status)order->status),
    };
    uint32_t which;
    bool asked = cancels_by_buyer(sandbox, shop, &wish, &which) == API_OK;
    sp_arena_close(&arena);
    return asked;
}

enum sp_result life_request(struct sandbox *sandbox, struct shop *shop, uint32_t at,
                            struct sp_error *err)
{
    enum order_status status = (enum order_status)shop->book.orders[at].status;
    if ((rules[LIFE_REQUEST].strikes_in & IN(status)) == 0)
        return sp_fail(err, SP_REJECT, "an order in %s takes no requests",
                       life_status_name(status));
    return request(sandbox, shop, at) ? SP_OK : sp_fail(err, SP_REJECT, "it was asked for already");
}

static void carry_out(struct sandbox *sandbox, struct shop *shop, uint32_t at, enum life_due rule)
{
    enum order_event event = rules[rule].event;
    struct sp_error err;
    enum sp_result result = event == CANCEL ? trade_cancel(sandbox, shop, at, rules[rule].by, &err)
                                            : trade_happen(sandbox, shop, at, event, &err);
    if (result != SP_OK)
        sp_log(SP_ERROR, "life-went-wrong", "rule", rules[rule].name, "why", err.text, NULL);
}

static void release(struct sandbox *sandbox, struct shop *shop, uint32_t at)
{
    struct sp_error err;
    if (shop->book.orders[at].status == ON_HOLD &&
        trade_happen(sandbox, shop, at, RELEASE, &err) != SP_OK)
        sp_log(SP_ERROR, "hold-not-ended", "why", err.text, NULL);
}

static void happen_to_order(struct sandbox *sandbox, const struct due *due)
{
    struct shop *shop = &sandbox->shops[due->shop];
    uint32_t at = book_find(&shop->book, due->subject);
    SP_ASSERT(at != BOOK_NONE);
    if (due->what == DUE_RELEASE)
        release(sandbox, shop, at);
    else if ((rules[due->what].strikes_in & IN(shop->book.orders[at].status)) == 0)
        return; /* it has moved on meanwhile */
    else if (due->what == LIFE_REQUEST)
        (void)request(sandbox, shop, at);
    else
        carry_out(sandbox, shop, at, (enum life_due)due->what);
}

static void happen(struct sandbox *sandbox, const struct due *due)
{
    struct shop *shop = &sandbox->shops[due->shop];
    uint32_t position = (uint32_t)due->subject;
    switch (due->what) {
    case DUE_CANCEL:
        cancels_go_on(sandbox, shop, position);
        break;
    case DUE_RETURN:
        returns_go_on(sandbox, shop, position);
        break;
    case DUE_AUDIT:
        products_end_audit(sandbox, shop, position);
        break;
    case DUE_BUYER:
        buy(sandbox);
        break;
    case DUE_MIDNIGHT:
        pass_midnight(sandbox);
        break;
    case DUE_SCENARIO:
        scenario_go_on(sandbox);
        break;
    default:
        happen_to_order(sandbox, due);
    }
}

void life_run(struct sandbox *sandbox)
{
    struct clock *clock = &sandbox->clock;
    struct due due;
    for (size_t i = 0; i < LIFE_A_TURN; i++) {
        int64_t until_us = clock_due_us(clock, sp_now_us()); /* what happens may move the clock */
        if (!schedule_take(&sandbox->schedule, until_us, &due)) {
            clock_reach(clock, until_us);
            return;
        }
        clock_reach(clock, due.at_us);
        happen(sandbox, &due);
    }
}
