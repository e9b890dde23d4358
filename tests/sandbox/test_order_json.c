/* An order on the wire.  Covers: order_json.c, money.c, buyer.c */
#include <criterion/criterion.h>
#include <string.h>

#include "services/sandbox/buyer.h"
#include "services/sandbox/money.h"
#include "services/sandbox/order_json.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

struct written {
    struct sandbox *sandbox;
    struct sp_arena *arena;
    struct order *order;
    struct sp_json json;
};

/* What a test has made; closed behind it. */
static struct written kept[4];
static size_t kept_count;

static void close_kept(void)
{
    for (; kept_count > 0; kept_count--) {
        sandbox_close(&kept[kept_count - 1].sandbox);
        sp_arena_close(&kept[kept_count - 1].arena);
    }
}

TestSuite(order_json, .fini = close_kept);

static struct written keep(void)
{
    struct sandbox_options options = rig_options();
    SP_ASSERT(kept_count < SP_COUNT(kept));
    kept[kept_count] = (struct written){.sandbox = rig_open(&options), .arena = sp_arena_open()};
    return kept[kept_count++];
}

static struct sp_json write(struct written *written, enum order_view view)
{
    struct sp_buffer out = {0}, scratch = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    struct sp_error err;
    order_json_put(&json, &written->sandbox->shops[0], written->order, view, &scratch);
    cr_assert_eq(
        sp_json_parse(sp_arena_copy(written->arena, sp_buffer_text(&out)), &written->json, &err),
        SP_OK, "%s", err.text);
    sp_buffer_free(&out);
    sp_buffer_free(&scratch);
    return written->json;
}

static struct written make(enum order_status status)
{
    struct written written = keep();
    uint32_t at = rig_place(written.sandbox, 1, status);
    written.order = &written.sandbox->shops[0].book.orders[at];
    return written;
}

static bool has(struct sp_json order, const char *name)
{
    return rig_at(order, name).kind != SP_JSON_NONE;
}

static bool holds(struct sp_json value, const char *needle)
{
    return memmem(value.raw.data, value.raw.size, needle, strlen(needle)) != NULL;
}

Test(order_json, has_one_line_item_for_each_unit_with_an_id_of_its_own)
{
    struct written written = make(AWAITING_SHIPMENT);
    struct sp_json items = rig_at(write(&written, ORDER_IN_SEARCH), "line_items"), item;
    struct sp_json_walk walk = sp_json_each(items);
    int64_t before = 0, units = 0;
    while (sp_json_next(&walk, NULL, &item)) {
        int64_t id = sp_json_int(sp_json_get(item, "id"), 0);
        cr_assert(before == 0 || id == before + 1);
        cr_assert_eq(sp_json_text(sp_json_get(item, "id"), written.arena).size, 18);
        cr_assert_eq(sp_json_get(item, "quantity").kind, SP_JSON_NONE);
        before = id;
        units++;
    }
    cr_assert_eq(units, written.order->units);
}

Test(order_json, leaves_out_what_has_not_happened)
{
    struct written written = make(UNPAID);
    struct sp_json order = write(&written, ORDER_IN_DETAIL);
    static const char *const absent[] = {"paid_time",    "rts_time",           "packages",
                                         "cancel_time",  "cancel_reason",      "recipient_address",
                                         "rts_sla_time", "payment_method_code"};
    for (size_t i = 0; i < SP_COUNT(absent); i++)
        cr_assert_not(has(order, absent[i]), "%s", absent[i]);
    cr_assert(has(order, "create_time"));
    cr_assert_not(has(rig_at(order, "line_items.0"), "package_id"));
    struct written held = make(ON_HOLD);
    order = write(&held, ORDER_IN_DETAIL);
    cr_assert(has(order, "paid_time"));
    cr_assert_not(has(order, "recipient_address"));
}

Test(order_json, shows_the_means_of_payment_in_the_detail_only)
{
    struct written written = make(AWAITING_SHIPMENT);
    cr_assert_not(has(write(&written, ORDER_IN_SEARCH), "payment_method_code"));
    cr_assert(has(write(&written, ORDER_IN_DETAIL), "payment_method_code"));
}

Test(order_json, masks_the_buyer_when_the_marketplace_ships)
{
    struct written written = make(AWAITING_SHIPMENT);
    written.order->by_seller = true;
    struct sp_json address = rig_at(write(&written, ORDER_IN_SEARCH), "recipient_address");
    cr_assert(holds(address, "Canary"));
    cr_assert_not(holds(address, "***"));
    written.order->by_seller = false;
    address = rig_at(write(&written, ORDER_IN_SEARCH), "recipient_address");
    cr_assert_not(holds(address, "Canary"));
    cr_assert(holds(address, "***"));
    cr_assert(sp_text_is(rig_text(written.json, "shipping_type", written.arena), "TIKTOK"));
}

Test(order_json, names_packages_once_shipment_is_arranged)
{
    struct written written = make(IN_TRANSIT);
    struct sp_json order = write(&written, ORDER_IN_SEARCH);
    struct sp_text package = rig_text(order, "packages.0.id", written.arena);
    cr_assert(package.size == 19);
    cr_assert(sp_text_equal(rig_text(order, "line_items.0.package_id", written.arena), package));
    cr_assert(
        sp_text_is(rig_text(order, "line_items.0.package_status", written.arena), "FULFILLING"));
}

Test(order_json, tells_shipped_units_from_others_in_a_partly_shipped_order)
{
    struct written written = keep();
    struct shop *shop = &written.sandbox->shops[0];
    struct order_line line = {.sku = 0, .units = 3};
    struct order_draft draft = {
        .number = book_reserve(&shop->book, 1), .lines = &line, .line_count = 1};
    draft.order.status = AWAITING_SHIPMENT;
    draft.order.user = 1;
    draft.order.by_seller = true;
    uint32_t at = trade_place(written.sandbox, shop, &draft, TRADE_SILENT);
    cr_assert_eq(trade_happen(written.sandbox, shop, at, SHIP_PART, NULL), SP_OK);
    written.order = &shop->book.orders[at];
    struct sp_json order = write(&written, ORDER_IN_SEARCH);
    cr_assert(sp_text_is(rig_text(order, "line_items.0.display_status", written.arena),
                         "AWAITING_COLLECTION"));
    cr_assert(has(order, "line_items.0.package_id"));
    cr_assert(sp_text_is(rig_text(order, "line_items.1.display_status", written.arena),
                         "AWAITING_SHIPMENT"));
    cr_assert_not(has(order, "line_items.2.package_id"));
    cr_assert_eq(sp_json_count(rig_at(order, "packages")), 1);
}

Test(money, keeps_the_identities_of_the_reference)
{
    struct order_book book = {0};
    struct order_line lines[] = {{.units = 2, .price_minor = 1500, .discount_minor = 210},
                                 {.units = 1, .price_minor = 99}};
    struct order_draft draft = {.number = book_reserve(&book, 1), .lines = lines, .line_count = 2};
    draft.order.shipping_minor = 299;
    uint32_t at = book_add(&book, &draft);
    struct order_money money = money_of_order(&book, &book.orders[at]);
    cr_assert_eq(money.original, 3099);
    cr_assert_eq(money.discount, 420);
    cr_assert_eq(money.sub_total, 2679);
    cr_assert_eq(money.total, 2978);
    book_free(&book);
}

Test(buyer, is_the_same_person_again_and_nobody_else)
{
    struct buyer first, again, other;
    const struct region *region = region_of_code("GB");
    buyer_of_order(1, 5, region, false, &first);
    buyer_of_order(1, 5, region, false, &again);
    buyer_of_order(1, 6, region, false, &other);
    cr_assert_str_eq(first.canary, again.canary);
    cr_assert_str_neq(first.canary, other.canary);
    cr_assert(strstr(first.name, first.canary) != NULL);
    cr_assert(strstr(first.full_address, first.canary) != NULL);
    cr_assert(strstr(first.email, first.canary) != NULL);
}
