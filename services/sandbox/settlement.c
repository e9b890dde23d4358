#include "services/sandbox/settlement.h"

#include <string.h>

#include "services/sandbox/money.h"
#include "services/sandbox/return_life.h"

enum { CARRIER_MINOR = 349, COMMISSION_PERCENT = 9 };

/* ---- when
 * ---------------------------------------------------------------------------------------------- */

uint32_t settlement_day(const struct transaction *one)
{
    return (uint32_t)(one->at / SETTLE_DAY + 1);
}

static bool is_cut(const struct transaction *one, int64_t now)
{
    return (int64_t)settlement_day(one) * SETTLE_DAY <= now;
}

/* A return asked for before the order is due holds it back until its end; 0: it is still open. */
static int64_t held_until(const struct aftersale *one, int64_t due)
{
    if (one->began > due)
        return due;
    if (return_is_open((enum return_status)one->status))
        return 0;
    return one->changed > due ? one->changed : due;
}

int64_t settlement_due(const struct shop *shop, const struct order *order)
{
    bool over = order->status == DELIVERED || order->status == COMPLETED;
    if (!over || order->times.delivered == 0)
        return 0;
    int64_t before, due = order->times.delivered + order->delivered_ahead;
    due += (int64_t)SETTLE_AFTER_DAYS * SETTLE_DAY;
    do {
        struct aftersale *one = cases_newest(&shop->cases, CASE_RETURN, order);
        before = due;
        for (; one != NULL && due != 0; one = cases_before(&shop->cases, CASE_RETURN, one))
            due = held_until(one, due);
    } while (due != before && due != 0);
    return due;
}

const char *settlement_waits(const struct shop *shop, uint32_t at, int64_t now)
{
    const struct order *order = &shop->book.orders[at];
    if (order->status == UNPAID || order->status == CANCELLED)
        return NULL;
    if (order->times.delivered == 0)
        return order->status == COMPLETED ? NULL : "waiting for delivery";
    struct transaction own = {.order = at, .at = settlement_due(shop, order)};
    if (own.at == 0)
        return "waiting for the end of a return";
    return is_cut(&own, now) ? NULL : "waiting for the settlement period to end";
}

void settlement_each_of(const struct shop *shop, uint32_t at, int64_t now, settlement_visit *visit,
                        void *about)
{
    const struct cases *cases = &shop->cases;
    const struct order *order = &shop->book.orders[at];
    struct transaction own = {.order = at, .at = settlement_due(shop, order)};
    if (own.at == 0 || !is_cut(&own, now))
        return;
    visit(about, &own);
    struct aftersale *one = cases_newest(cases, CASE_RETURN, order);
    for (; one != NULL; one = cases_before(cases, CASE_RETURN, one)) {
        struct transaction late = {at, (uint32_t)(one - cases->rows[CASE_RETURN].all) + 1,
                                   one->refunded_at};
        if (late.at > own.at && is_cut(&late, now))
            visit(about, &late);
    }
}

void settlement_each(const struct shop *shop, int64_t now, settlement_visit *visit, void *about)
{
    for (uint32_t at = 0; at < shop->book.order_count; at++) {
        if (shop->book.orders[at].times.delivered != 0)
            settlement_each_of(shop, at, now, visit, about);
    }
}

/* ---- how much
 * ------------------------------------------------------------------------------------------ */

void earning_add(struct earning *sum, const struct earning *part)
{
    sum->gross += part->gross;
    sum->gross_refund += part->gross_refund;
    sum->discount += part->discount;
    sum->discount_refund += part->discount_refund;
    sum->revenue += part->revenue;
    sum->customer_shipping += part->customer_shipping;
    sum->customer_shipping_refund += part->customer_shipping_refund;
    sum->carrier += part->carrier;
    sum->by_tiktok += part->by_tiktok;
    sum->shipping += part->shipping;
    sum->commission += part->commission;
    sum->settlement += part->settlement;
}

static void sum_up(struct earning *earning)
{
    earning->revenue =
        earning->gross + earning->gross_refund + earning->discount + earning->discount_refund;
    earning->shipping =
        earning->customer_shipping + earning->customer_shipping_refund + earning->carrier;
    earning->commission = -(earning->revenue * COMMISSION_PERCENT / 100);
    earning->settlement = earning->revenue + earning->shipping + earning->commission;
}

/* Shares of units `from` to before `to` of a refund that is not that of the units. */
static int64_t shares(int64_t sum, int64_t from, int64_t to, int64_t count)
{
    int64_t all = 0;
    for (int64_t i = from; i < to; i++)
        all += money_share(sum, i, count);
    return all;
}

/* What one return takes back from a line. */
static void take_back(const struct shop *shop, const struct aftersale *one, uint32_t line,
                      struct earning *earning)
{
    const struct order *order = &shop->book.orders[one->order];
    const struct order_line *sold = &book_lines(&shop->book, order)[line];
    struct unit_set units = cases_units(&shop->cases, one);
    int64_t count = (int64_t)cases_unit_count(units), place = 0;
    for (uint32_t i = 0; i < units.count; place += units.ranges[i].count, i++) {
        int64_t here = units.ranges[i].count;
        if (units.ranges[i].line != line)
            continue;
        if (one->asked_minor != 0) {
            earning->gross_refund -= shares(one->asked_minor, place, place + here, count);
            continue;
        }
        earning->gross_refund -= sold->price_minor * here;
        earning->discount_refund += sold->discount_minor * here;
    }
    if (one->whole && one->asked_minor == 0 && units.ranges[0].line == line)
        earning->customer_shipping_refund -= order->shipping_minor;
}

static int64_t carrier_cost(const struct shop *shop, const struct order *order)
{
    if (order->by_seller)
        return 0;
    return shop->region->digits == 0 ? -(int64_t)CARRIER_MINOR * 100 : -CARRIER_MINOR;
}

/* What the order's own transaction holds of a line; the shipping is with the first one. */
static struct earning own_line(const struct shop *shop, const struct transaction *one,
                               uint32_t line)
{
    const struct order *order = &shop->book.orders[one->order];
    const struct order_line *sold = &book_lines(&shop->book, order)[line];
    int64_t units = sold->units - sold->cancelled;
    struct earning earning = {
        .gross = sold->price_minor * units,
        .discount = -(int64_t)sold->discount_minor * units,
        .customer_shipping = line == 0 ? order->shipping_minor : 0,
        .carrier = line == 0 ? carrier_cost(shop, order) : 0,
    };
    earning.by_tiktok = order->kind.by_tiktok ? earning.carrier : 0;
    struct aftersale *back = cases_newest(&shop->cases, CASE_RETURN, order);
    for (; back != NULL; back = cases_before(&shop->cases, CASE_RETURN, back)) {
        if (back->refunded_at != 0 && back->refunded_at <= one->at)
            take_back(shop, back, line, &earning);
    }
    return earning;
}

struct earning settlement_line(const struct shop *shop, const struct transaction *one,
                               uint32_t line)
{
    struct earning earning = {0};
    if (one->refund == 0)
        earning = own_line(shop, one, line);
    else
        take_back(shop, cases_at(&shop->cases, CASE_RETURN, one->refund - 1), line, &earning);
    sum_up(&earning);
    return earning;
}

struct earning settlement_earning(const struct shop *shop, const struct transaction *one)
{
    struct earning sum = {0};
    for (uint32_t line = 0; line < shop->book.orders[one->order].line_count; line++) {
        struct earning part = settlement_line(shop, one, line);
        earning_add(&sum, &part);
    }
    return sum;
}

uint32_t settlement_units(const struct shop *shop, const struct transaction *one, uint32_t line)
{
    const struct order *order = &shop->book.orders[one->order];
    const struct order_line *sold = &book_lines(&shop->book, order)[line];
    if (one->refund == 0)
        return sold->units - sold->cancelled;
    struct unit_set units =
        cases_units(&shop->cases, cases_at(&shop->cases, CASE_RETURN, one->refund - 1));
    uint32_t sum = 0;
    for (uint32_t i = 0; i < units.count; i++)
        sum += units.ranges[i].line == line ? units.ranges[i].count : 0;
    return sum;
}
