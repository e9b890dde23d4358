/* Orders that are not as most: what they tell of themselves and how they go on.  Covers:
 * order_kind.c, order_maker.c, order_json.c */
#include <criterion/criterion.h>

#include "services/sandbox/life.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

enum { DAY = 86400 };

TestSuite(order_kind, .init = rig_begin, .fini = rig_finish);

static struct order_kind kind_of(const char *words)
{
    struct order_kind kind;
    cr_assert(order_kind_read(sp_text_of(words), &kind), "%s", words);
    return kind;
}

static uint32_t place(const char *words, enum order_status status, uint64_t replaced)
{
    struct order_wish wish = {.status = status, .kind = kind_of(words)};
    wish.kind.replaced = replaced;
    return order_maker_place(rig.sandbox, rig.shop, &wish, book_reserve(&rig.shop->book, 1));
}

static struct sp_json shown(uint32_t at)
{
    struct sp_text query = sp_arena_printf(rig.arena, "ids=%s", rig_order(at));
    return rig_at(rig_get("/order/202309/orders", query.data).data, "orders.0");
}

static bool has(struct sp_json order, const char *name)
{
    return rig_at(order, name).kind != SP_JSON_NONE;
}

Test(order_kind, is_read_from_words)
{
    struct order_kind kind = kind_of("cod+fulfilled_by_tiktok");
    cr_assert(kind.is_cod && kind.by_tiktok && !kind.is_sample);
    cr_assert_eq(kind_of("").type, ORDER_NORMAL);
    cr_assert_eq(kind_of("pre_order").release_s, KIND_RELEASE_S);
    cr_assert_eq(kind_of("sample+back_order").days, KIND_HANDLING_DAYS);
    struct sp_buffer words = {0};
    kind = kind_of("");
    order_kind_put(&words, &kind);
    cr_assert_eq(words.size, 0);
    kind = kind_of("fulfilled_by_tiktok+cod+pre_order");
    order_kind_put(&words, &kind);
    cr_assert(sp_text_is(sp_buffer_text(&words), "pre_order+cod+fulfilled_by_tiktok"));
    sp_buffer_free(&words);
    cr_assert_not(order_kind_read(SP_TEXT("cod,sample"), &kind));
    cr_assert_not(order_kind_read(SP_TEXT("cod++sample"), &kind));
}

Test(order_kind, is_only_where_and_as_the_marketplace_has_it)
{
    static const struct {
        const char *words, *region;
        enum order_status begins;
        uint64_t replaced;
        bool fits;
    } cases[] = {
        {"pre_order", "US", ON_HOLD, 0, true},      {"pre_order", "GB", ON_HOLD, 0, false},
        {"made_to_order", "VN", UNPAID, 0, false},  {"lottery", "VN", UNPAID, 0, true},
        {"cod", "VN", AWAITING_SHIPMENT, 0, true},  {"cod", "VN", UNPAID, 0, false},
        {"cod+sample", "VN", DELIVERED, 0, false},  {"exchange", "GB", DELIVERED, 1, true},
        {"exchange", "DE", DELIVERED, 1, false},    {"replacement", "DE", DELIVERED, 1, true},
        {"replacement", "DE", DELIVERED, 0, false}, {"sample", "DE", DELIVERED, 1, false},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct order_kind kind = kind_of(cases[i].words);
        kind.replaced = cases[i].replaced;
        cr_assert_eq(order_kind_misfit(&kind, region_of_code(cases[i].region), cases[i].begins) ==
                         NULL,
                     cases[i].fits, "%zu", i);
    }
}

Test(order_kind, of_most_says_so)
{
    struct sp_json order = shown(place("", AWAITING_SHIPMENT, 0));
    static const char *const flags[] = {"is_cod", "is_sample_order", "is_replacement_order",
                                        "is_exchange_order"};
    static const char *const absent[] = {"replaced_order_id", "exchange_source_order_id",
                                         "release_date", "handling_duration"};
    for (size_t i = 0; i < SP_COUNT(flags); i++)
        cr_assert(rig_is(order, flags[i], "false"), "%s", flags[i]);
    for (size_t i = 0; i < SP_COUNT(absent); i++)
        cr_assert_not(has(order, absent[i]), "%s", absent[i]);
    cr_assert(rig_is(order, "order_type", "NORMAL"));
    cr_assert(rig_is(order, "fulfillment_type", "FULFILLMENT_BY_SELLER"));
}

Test(order_kind, replacement_and_exchange_name_their_order_and_cost_nothing)
{
    uint32_t first = place("", DELIVERED, 0);
    uint64_t number = rig.shop->book.orders[first].number;
    uint32_t again = place("replacement", AWAITING_SHIPMENT, number);
    struct sp_json order = shown(again);
    cr_assert(rig_is(order, "is_replacement_order", "true"));
    cr_assert(rig_is(order, "replaced_order_id", rig_order(first)));
    cr_assert_eq(rig_minor(order, "payment.total_amount"), 0);
    cr_assert_eq(rig_minor(order, "line_items.0.sale_price"), 0);
    cr_assert(rig_minor(order, "line_items.0.original_price") > 0);
    cr_assert_eq(rig.shop->book.orders[again].user, rig.shop->book.orders[first].user);
    order = shown(place("exchange", AWAITING_SHIPMENT, number));
    cr_assert(rig_is(order, "is_exchange_order", "true"));
    cr_assert(rig_is(order, "exchange_source_order_id", rig_order(first)));
    cr_assert_not(has(order, "replaced_order_id"));
    order = shown(place("sample", AWAITING_SHIPMENT, 0));
    cr_assert(rig_is(order, "is_sample_order", "true"));
    cr_assert_eq(rig_minor(order, "payment.total_amount"), 0);
}

Test(order_kind, cod_is_paid_when_it_is_delivered)
{
    uint32_t at = place("cod", AWAITING_COLLECTION, 0);
    struct sp_json order = shown(at);
    cr_assert(rig_is(order, "is_cod", "true"));
    cr_assert(rig_is(order, "payment_method_name", "Cash on delivery"));
    cr_assert_not(has(order, "paid_time"));
    cr_assert_eq(rig_int(order, "rts_sla_time"),
                 rig_int(order, "create_time") + LIFE_SHIP_WITHIN_S);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, COLLECT, NULL), SP_OK);
    rig_pass(rig.sandbox, DAY);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, DELIVER, NULL), SP_OK);
    cr_assert_eq(rig_int(shown(at), "paid_time"), rig_int(shown(at), "delivery_time"));
}

Test(order_kind, pre_order_is_held_until_its_release)
{
    rig.shop->region = region_of_code("US");
    uint32_t at = place("pre_order", UNPAID, 0);
    cr_assert_eq(rig_int(shown(at), "release_date"),
                 rig_int(shown(at), "create_time") + KIND_RELEASE_S);
    rig_pass(rig.sandbox, 3600);
    cr_assert_eq(trade_happen(rig.sandbox, rig.shop, at, PAY, NULL), SP_OK);
    struct sp_json order = shown(at);
    cr_assert(rig_is(order, "order_type", "PRE_ORDER"));
    cr_assert_eq(rig_int(order, "release_date"), rig_int(order, "paid_time") + KIND_RELEASE_S);
    cr_assert_eq(rig_int(order, "rts_sla_time"),
                 rig_int(order, "release_date") + LIFE_SHIP_WITHIN_S);
    rig_pass(rig.sandbox, KIND_RELEASE_S - 1);
    cr_assert_eq(rig.shop->book.orders[at].status, ON_HOLD);
    rig_pass(rig.sandbox, 1);
    cr_assert_eq(rig.shop->book.orders[at].status, AWAITING_SHIPMENT);
    cr_assert_eq(rig.shop->book.orders[at].times.updated, rig_int(order, "release_date"));
    rig_authorize(rig.sandbox);                              /* the tokens have ended meanwhile */
    order = shown(place("pre_order", AWAITING_SHIPMENT, 0)); /* released before */
    cr_assert_eq(rig_int(order, "release_date"), rig_int(order, "paid_time"));
}

Test(order_kind, of_goods_to_come_gives_time_to_get_them)
{
    rig.shop->region = region_of_code("US");
    struct sp_json order = shown(place("back_order", AWAITING_SHIPMENT, 0));
    cr_assert(rig_is(order, "order_type", "BACK_ORDER"));
    cr_assert(rig_is(order, "handling_duration.days", "7"));
    cr_assert_eq(rig_int(order, "rts_sla_time"),
                 rig_int(order, "paid_time") + 7 * DAY + LIFE_SHIP_WITHIN_S);
    cr_assert(rig_is(shown(place("made_to_order", UNPAID, 0)), "order_type", "MADE_TO_ORDER"));
}

Test(order_kind, fulfilled_by_tiktok_is_none_of_the_sellers_business)
{
    uint32_t at = place("fulfilled_by_tiktok", AWAITING_SHIPMENT, 0);
    struct sp_json order = shown(at);
    cr_assert(rig_is(order, "fulfillment_type", "FULFILLMENT_BY_TIKTOK"));
    cr_assert(rig_is(order, "shipping_type", "TIKTOK"));
    cr_assert_not(has(order, "packages"));
    cr_assert(sp_text_holds(rig_text(order, "recipient_address.name", rig.arena), "***"));
    struct sp_text path =
        sp_arena_printf(rig.arena, "/fulfillment/202309/orders/%s/packages", rig_order(at));
    cr_assert_eq(
        rig_post(path.data, NULL, "{\"tracking_number\":\"1\",\"shipping_provider_id\":\"1\"}")
            .code,
        21008106);
    rig.sandbox->life.rules[LIFE_SHIP].percent = 100; /* of others */
    life_replan(rig.sandbox);
    rig_pass(rig.sandbox, 3 * DAY);
    cr_assert_eq(rig.shop->book.orders[at].status, AWAITING_SHIPMENT);
    rig.sandbox->life.rules[LIFE_FULFIL].percent = 100;
    life_replan(rig.sandbox);
    rig_pass(rig.sandbox, DAY);
    cr_assert_eq(rig.shop->book.orders[at].status, AWAITING_COLLECTION);
    struct sp_text package = rig_text(shown(at), "packages.0.id", rig.arena);
    path = sp_arena_printf(rig.arena, "/fulfillment/202309/packages/%.*s/shipping_documents",
                           SP_FMT(package));
    cr_assert_eq(rig_get(path.data, "document_type=SHIPPING_LABEL").code, 21008106);
}
