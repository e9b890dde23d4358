#include "services/sandbox/history.h"

#include "services/sandbox/cancels.h"
#include "services/sandbox/package_trade.h"
#include "services/sandbox/seed.h"

enum {
    DAY = 86400,
    AWAITING_IN_100 = 72,   /* of all orders; a little more than promised */
    FRESH_IN_1000 = 3,      /* UNPAID, and as many ON_HOLD */
    FRESH_WITHIN = 40 * 60, /* seconds: younger than the hold */
    NEWEST_BEFORE = 120,    /* seconds between the youngest order and now */
    ANONYMOUS_USER = 50000, /* buyers without a customer number begin here */
    BY_SELLER_ONE_IN = 4,
};

/* What has become of the oldest sales: shares of 100. */
static const struct {
    enum order_status status;
    unsigned share;
} old_shares[] = {
    {COMPLETED, 62},          {DELIVERED, 11}, {IN_TRANSIT, 11},
    {AWAITING_COLLECTION, 7}, {CANCELLED, 6},  {PARTIALLY_SHIPPING, 3},
};

/* How many sales, counted from the youngest, have which status. */
struct plan {
    size_t total, sales, unpaid, on_hold, awaiting;
    size_t tail; /* from this order on they came within the hold: the unpaid and the held */
};

static struct plan make_plan(const struct past *past)
{
    struct plan plan = {.total = past->count, .tail = past->count};
    for (size_t i = 0; i < past->count; i++)
        plan.sales += past->orders[i].cancelled ? 0 : 1;
    plan.unpaid = plan.on_hold = plan.sales * FRESH_IN_1000 / 1000;
    plan.awaiting = (past->count * AWAITING_IN_100 + 99) / 100;
    for (size_t fresh = 0; fresh < plan.unpaid + plan.on_hold; plan.tail--)
        fresh += past->orders[plan.tail - 1].cancelled ? 0 : 1;
    return plan;
}

static enum order_status old_status(uint64_t seed, size_t i, uint32_t units)
{
    unsigned at = (unsigned)seed_below(seed, SEED_HISTORY, i, 100), sum = 0;
    for (size_t k = 0; k < SP_COUNT(old_shares); k++) {
        sum += old_shares[k].share;
        if (at < sum)
            return old_shares[k].status == PARTIALLY_SHIPPING && units < 2 ? AWAITING_COLLECTION
                                                                           : old_shares[k].status;
    }
    return COMPLETED;
}

/* `rank`: how many sales are younger. */
static enum order_status status_of(const struct plan *plan, size_t rank, uint64_t seed, size_t i,
                                   uint32_t units)
{
    if (rank < plan->unpaid)
        return UNPAID;
    if (rank < plan->unpaid + plan->on_hold)
        return ON_HOLD;
    if (rank < plan->unpaid + plan->on_hold + plan->awaiting)
        return AWAITING_SHIPMENT;
    return old_status(seed, i, units);
}

/* Evenly spread, with a jitter inside each order's share of the time, so they stay in order. */
static int64_t created_at(const struct plan *plan, uint64_t seed, size_t i, int64_t now)
{
    bool old = i < plan->tail;
    int64_t from = old ? now - (int64_t)HISTORY_DAYS * DAY : now - FRESH_WITHIN;
    int64_t to = old ? now - FRESH_WITHIN : now - NEWEST_BEFORE;
    int64_t count = (int64_t)(old ? plan->tail : plan->total - plan->tail);
    int64_t place = (int64_t)(old ? i : i - plan->tail), share = (to - from) / count;
    int64_t jitter =
        share > 1 ? (int64_t)seed_below(seed, SEED_HISTORY, i + 1000000000, (uint64_t)share) : 0;
    return from + (to - from) * place / count + jitter;
}

static uint32_t units_of(const struct past *past, size_t i)
{
    uint32_t units = 0;
    for (uint32_t k = 0; k < past->orders[i].line_count; k++)
        units += past->lines[past->orders[i].first_line + k].units;
    return units;
}

static enum order_initiator canceller(const struct shop *shop, size_t i)
{
    static const enum order_initiator who[] = {BUYER, BUYER, BUYER, SELLER, SYSTEM};
    return who[seed_below(shop->seed, SEED_HISTORY, i + 2000000000, SP_COUNT(who))];
}

static void add(struct shop *shop, const struct past *past, size_t i, enum order_status status,
                const struct order_times *times)
{
    const struct past_order *from = &past->orders[i];
    struct order_draft draft = {
        .number = book_reserve(&shop->book, 1),
        .lines = past->lines + from->first_line,
        .line_count = from->line_count,
    };
    draft.order = (struct order){
        .times = *times,
        .status = (uint8_t)status,
        .initiator = status == CANCELLED ? (uint8_t)canceller(shop, i) : NOBODY,
        .user = from->user != 0 ? from->user : ANONYMOUS_USER + draft.number,
        .country = from->country,
        .warehouse = (uint8_t)seed_below(shop->seed, SEED_HISTORY, i + 3000000000u,
                                         shop->catalogue.warehouse_count),
        .by_seller = seed_below(shop->seed, SEED_HISTORY, i + 4000000000u, BY_SELLER_ONE_IN) == 0,
        .had_hold = status != UNPAID,
    };
    uint32_t at = book_add(&shop->book, &draft);
    if (life_is_open(status))
        shop_commit_stock(shop, &shop->book.orders[at]);
    package_follow(shop, at);
    if (status == CANCELLED)
        cancels_record_past(shop, at);
}

void history_fill(struct shop *shop, const struct past *past, int64_t now)
{
    struct plan plan = make_plan(past);
    size_t younger = plan.sales;
    for (size_t i = 0; i < past->count; i++) {
        enum order_status status = CANCELLED;
        if (!past->orders[i].cancelled) {
            younger--;
            status = status_of(&plan, younger, shop->seed, i, units_of(past, i));
        }
        int64_t created = created_at(&plan, shop->seed, i, now);
        struct order_times times = life_past(status, created, now - 1);
        add(shop, past, i, status, &times);
    }
    book_sort_changes(&shop->book);
    cases_sort_changes(&shop->cases);
}
