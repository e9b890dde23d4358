#include "services/sandbox/order_maker.h"

#include "services/sandbox/seed.h"
#include "services/sandbox/trade.h"

enum {
    MOST_LINES = 4,
    MOST_UNITS = 3,
    DRAWS = 4,             /* numbers drawn for each line */
    DISCOUNTED_ONE_IN = 8, /* lines with a tenth off */
    BY_SELLER_ONE_IN = 4,  /* orders the seller ships */
    FIRST_USER = 100000,   /* below are the customers of the invoices */
    SHIPPING_MINOR = 299,
    OLD_IN_100 = 30,
    DAY_S = 86400,
};

struct draw {
    uint64_t seed, number;
};

static uint64_t draw(const struct draw *from, uint64_t place, uint64_t limit)
{
    return seed_below(from->seed, SEED_LINES, from->number * 1024 + place, limit);
}

/* Squaring a number below one makes the first of the choice the favourites. */
static uint32_t draw_choice(const struct draw *from, uint64_t place, size_t choice, bool skewed)
{
    if (!skewed)
        return (uint32_t)draw(from, place, choice);
    uint64_t part = draw(from, place, 65536);
    return (uint32_t)(part * part / 65536 * choice / 65536);
}

static bool has_sku(const struct order_line *lines, size_t count, uint32_t sku)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].sku == sku)
            return true;
    }
    return false;
}

/* A SKU that is on sale and that the order does not have yet: of those drawn twice, the next one.
 * NAMES_NONE when there is no other. */
static uint32_t draw_sku(const struct shop *shop, const struct order_wish *wish,
                         const struct draw *from, const struct order_line *lines, size_t count)
{
    bool any = wish->sku_count == 0;
    size_t choice = any ? shop->catalogue.sku_count : wish->sku_count;
    uint32_t at = draw_choice(from, count * DRAWS, choice, any);
    for (size_t looked = 0; looked < choice; looked++, at = (uint32_t)((at + 1) % choice)) {
        uint32_t sku = any ? at : wish->skus[at];
        if (catalogue_sells(&shop->catalogue, sku) && !has_sku(lines, count, sku))
            return sku;
    }
    return NAMES_NONE;
}

static size_t draw_lines(const struct shop *shop, const struct order_wish *wish,
                         const struct draw *from, struct order_line lines[WISH_SKUS])
{
    size_t wanted =
        wish->skus_per_order != 0 ? wish->skus_per_order : 1 + draw(from, 1000, MOST_LINES);
    size_t count = 0;
    for (; count < wanted; count++) {
        uint32_t sku = draw_sku(shop, wish, from, lines, count);
        if (sku == NAMES_NONE)
            break;
        int64_t price = shop->catalogue.skus[sku].price_minor;
        int64_t off = draw(from, count * DRAWS + 2, DISCOUNTED_ONE_IN) == 0 ? price / 10 : 0;
        if (order_kind_is_free(&wish->kind))
            off = price;
        uint64_t units = 1 + draw(from, count * DRAWS + 1, MOST_UNITS);
        lines[count] = (struct order_line){
            .sku = sku,
            .units = wish->units_per_sku != 0 ? wish->units_per_sku : (uint32_t)units,
            .discount_minor = (int32_t)off,
            .price_minor = price,
        };
    }
    return count;
}

/* What else follows from its kind. */
static void suit_kind(const struct shop *shop, struct order *order)
{
    struct order_kind *kind = &order->kind;
    if (order_kind_is_free(kind))
        order->shipping_minor = 0;
    if (order->status > ON_HOLD)
        kind->release_s = 0; /* its goods are out already */
    uint32_t replaced = kind->replaced == 0 ? BOOK_NONE : book_find(&shop->book, kind->replaced);
    if (replaced != BOOK_NONE)
        order->user = shop->book.orders[replaced].user;
}

/* The order as it came from its buyer, its lines in `lines`; there may be none. */
static struct order_draft draw_order(const struct shop *shop, const struct order_wish *wish,
                                     uint64_t number, struct order_line lines[WISH_SKUS])
{
    struct draw from = {shop->seed, number};
    bool whole = shop->region->digits == 0;
    struct order_draft draft = {.number = number, .lines = lines};
    draft.line_count = draw_lines(shop, wish, &from, lines);
    draft.order = (struct order){
        .status = (uint8_t)wish->status,
        .initiator = wish->status == CANCELLED ? BUYER : NOBODY,
        .user = FIRST_USER + number,
        .country = region_index(shop->region),
        .warehouse = (uint8_t)draw(&from, 1001, shop->catalogue.warehouse_count),
        .kind = wish->kind,
        .by_seller = !wish->kind.by_tiktok && draw(&from, 1002, BY_SELLER_ONE_IN) == 0,
        .had_hold = wish->status == ON_HOLD,
        .shipping_minor = whole ? SHIPPING_MINOR * 100 : SHIPPING_MINOR,
    };
    suit_kind(shop, &draft.order);
    return draft;
}

bool order_maker_can(const struct shop *shop, const struct order_wish *wish)
{
    return draw_sku(shop, wish, &(struct draw){0}, NULL, 0) != NAMES_NONE;
}

uint32_t order_maker_place(struct sandbox *sandbox, struct shop *shop,
                           const struct order_wish *wish, uint64_t number)
{
    struct order_line lines[WISH_SKUS];
    int64_t now = sandbox_now(sandbox);
    struct order_draft draft = draw_order(shop, wish, number, lines);
    draft.order.times = life_past(wish->status, now, now);
    if (wish->kind.is_cod)
        draft.order.times.paid = draft.order.times.delivered;
    if (draft.line_count == 0)
        return BOOK_NONE;
    return trade_place(sandbox, shop, &draft, wish->tells ? TRADE_TELLS : TRADE_SILENT);
}

void order_maker_fill(struct shop *shop, size_t count, int64_t days, int64_t now)
{
    int64_t span = days * DAY_S;
    for (size_t i = 0; i < count; i++) {
        struct order_line lines[WISH_SKUS];
        bool old = i < count * OLD_IN_100 / 100;
        struct order_wish wish = {.status = old ? COMPLETED : AWAITING_SHIPMENT};
        struct order_draft draft = draw_order(shop, &wish, book_reserve(&shop->book, 1), lines);
        int64_t created = now - span + (int64_t)i * span / (int64_t)count;
        draft.order.times = life_past(wish.status, created, now - 1);
        uint32_t at = book_add(&shop->book, &draft);
        if (!old)
            shop_commit_stock(shop, &shop->book.orders[at]);
    }
    book_sort_changes(&shop->book);
}
