#include "tests/sandbox/fulfil.h"

#include <stdarg.h>
#include <stdio.h>

#include "services/sandbox/trade.h"

enum { TEXT = 4096 };

struct sandbox *fulfil_sandbox;
struct sp_arena *fulfil_arena;

void fulfil_open(void)
{
    struct sandbox_options options = rig_options();
    options.shops = 4;
    fulfil_sandbox = rig_open(&options);
    rig_authorize(fulfil_sandbox);
    fulfil_arena = sp_arena_open();
}

void fulfil_close(void)
{
    sandbox_close(&fulfil_sandbox);
    sp_arena_close(&fulfil_arena);
}

struct shop *fulfil_shop(enum fulfil_shop shop)
{
    return &fulfil_sandbox->shops[shop];
}

struct order *fulfil_order(enum fulfil_shop shop, uint32_t at)
{
    return &fulfil_shop(shop)->book.orders[at];
}

uint32_t fulfil_place(enum fulfil_shop at, bool by_seller, uint64_t user, enum order_status status)
{
    struct shop *shop = fulfil_shop(at);
    struct order_line lines[] = {{.sku = 0, .units = 3}, {.sku = 1, .units = 2}};
    struct order_draft draft = {
        .number = book_reserve(&shop->book, 1), .lines = lines, .line_count = 2};
    int64_t now = sandbox_now(fulfil_sandbox);
    draft.order = (struct order){
        .times = life_past(status, now, now),
        .status = (uint8_t)status,
        .user = user,
        .country = region_index(shop->region),
        .by_seller = by_seller,
    };
    return trade_place(fulfil_sandbox, shop, &draft, TRADE_SILENT);
}

const char *fulfil_text(const char *format, ...)
{
    char text[TEXT];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    SP_ASSERT(size >= 0 && size < TEXT);
    return sp_arena_copy(fulfil_arena, (struct sp_text){text, (size_t)size + 1}).data;
}

static const char *id_of(enum fulfil_shop shop, enum id_kind kind, uint64_t counter)
{
    return fulfil_text("%llu",
                       (unsigned long long)ids_make(&fulfil_shop(shop)->ids, kind, counter));
}

const char *fulfil_order_id(enum fulfil_shop shop, uint32_t at)
{
    return id_of(shop, ID_ORDER, fulfil_order(shop, at)->number);
}

const char *fulfil_item_id(enum fulfil_shop shop, uint32_t order, uint32_t unit)
{
    return id_of(shop, ID_ITEM, fulfil_order(shop, order)->first_item + unit);
}

const char *fulfil_package_id(enum fulfil_shop shop, uint32_t order)
{
    uint32_t only = packages_only(&fulfil_shop(shop)->packages, fulfil_order(shop, order));
    SP_ASSERT(only != PACKAGE_NONE);
    return id_of(shop, ID_PACKAGE, only + 1u);
}

const char *fulfil_carrier_id(enum fulfil_shop shop, bool by_seller)
{
    return id_of(shop, ID_CARRIER, carrier_default(fulfil_shop(shop)->region, by_seller) + 1u);
}

struct rig_answer fulfil_call(enum fulfil_shop shop, const char *method, const char *path,
                              const char *query, const char *body)
{
    struct rig_call call = {.method = method,
                            .path = path,
                            .query = query,
                            .body = body,
                            .cipher = fulfil_shop(shop)->cipher};
    return rig_call(fulfil_sandbox, fulfil_arena, &call);
}
