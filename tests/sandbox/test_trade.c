/* What a change of an order sets in motion.  Covers: trade.c, order_maker.c, sandbox.c, webhook.c
 */
#include <criterion/criterion.h>

#include "services/sandbox/order_maker.h"
#include "services/sandbox/trade.h"
#include "services/sandbox/webhook.h"
#include "tests/sandbox/rig.h"

static struct sandbox *open_sandbox(void)
{
    struct sandbox_options options = rig_options();
    return rig_open(&options);
}

static int64_t committed(const struct shop *shop)
{
    int64_t sum = 0;
    for (uint32_t sku = 0; sku < shop->catalogue.sku_count; sku++) {
        for (uint32_t i = 0; i < shop->catalogue.warehouse_count; i++)
            sum += catalogue_stock(&shop->catalogue, sku, i)->committed;
    }
    return sum;
}

Test(trade, commits_units_until_they_are_shipped_or_cancelled)
{
    struct sandbox *sandbox = open_sandbox();
    struct shop *shop = &sandbox->shops[0];
    uint32_t first = rig_place(sandbox, 2, AWAITING_SHIPMENT);
    cr_assert_eq(committed(shop), (int64_t)shop->book.units);
    cr_assert_eq(trade_happen(sandbox, shop, first, SHIP, NULL), SP_OK);
    cr_assert_eq(committed(shop), shop->book.orders[first + 1].units);
    cr_assert_eq(trade_cancel(sandbox, shop, first + 1, SELLER, NULL), SP_OK);
    cr_assert_eq(committed(shop), 0);
    cr_assert_eq(shop->book.orders[first + 1].initiator, SELLER);
    cr_assert_eq(trade_cancel(sandbox, shop, first, BUYER, NULL), SP_OK);
    cr_assert_eq(committed(shop), 0); /* shipped units are not released twice */
    sandbox_close(&sandbox);
}

Test(trade, leaves_everything_as_it_was_when_a_step_is_refused)
{
    struct sandbox *sandbox = open_sandbox();
    struct shop *shop = &sandbox->shops[0];
    uint32_t at = rig_place(sandbox, 1, COMPLETED);
    struct sp_error err;
    cr_assert_eq(trade_cancel(sandbox, shop, at, BUYER, &err), SP_REJECT);
    cr_assert_eq(shop->book.orders[at].status, COMPLETED);
    cr_assert_eq(shop->book.orders[at].initiator, NOBODY);
    sandbox_close(&sandbox);
}

Test(trade, releases_orders_whose_hold_is_over)
{
    struct sandbox_options options = rig_options();
    options.hold_s = 0;
    struct sandbox *sandbox = rig_open(&options);
    struct shop *shop = &sandbox->shops[0];
    uint32_t at = rig_place(sandbox, 2, ON_HOLD);
    cr_assert_eq(trade_cancel(sandbox, shop, at, BUYER, NULL), SP_OK);
    life_run(sandbox);
    cr_assert_eq(shop->book.orders[at].status, CANCELLED);
    cr_assert_eq(shop->book.orders[at + 1].status, AWAITING_SHIPMENT);
    sandbox_close(&sandbox);
}

Test(trade, never_lets_update_time_go_back)
{
    struct sandbox *sandbox = open_sandbox();
    struct shop *shop = &sandbox->shops[0];
    uint32_t at = rig_place(sandbox, 3, UNPAID);
    sandbox->clock.latest = sandbox_now(sandbox) + 100; /* as if the clock had been ahead */
    cr_assert_eq(trade_happen(sandbox, shop, at, PAY, NULL), SP_OK);
    int64_t before = shop->book.orders[at].times.updated;
    cr_assert_eq(trade_happen(sandbox, shop, at + 1, PAY, NULL), SP_OK);
    cr_assert(shop->book.orders[at + 1].times.updated >= before);
    sandbox_close(&sandbox);
}

Test(trade, places_orders_that_are_due_under_the_numbers_they_were_promised)
{
    struct sandbox *sandbox = open_sandbox();
    struct shop *shop = &sandbox->shops[0];
    uint64_t first = book_reserve(&shop->book, 10);
    struct drip drip = {
        .next_number = first, .count = 10, .per_second = 5, .wish.status = AWAITING_SHIPMENT};
    cr_assert(drips_add(&sandbox->drips, &drip));
    (void)rig_place(sandbox, 1, UNPAID); /* another one in between */
    trade_drip(sandbox, 1000000);
    cr_assert_eq(shop->book.order_count, 7);
    cr_assert_neq(book_find(&shop->book, first + 5), BOOK_NONE);
    cr_assert_eq(book_find(&shop->book, first + 6), BOOK_NONE);
    trade_drip(sandbox, 60000000);
    cr_assert_eq(shop->book.order_count, 11);
    sandbox_close(&sandbox);
}

Test(order_maker, makes_the_same_lines_from_the_same_seed)
{
    struct sandbox *first = open_sandbox(), *again = open_sandbox();
    (void)rig_place(first, 50, AWAITING_SHIPMENT);
    (void)rig_place(again, 50, AWAITING_SHIPMENT);
    cr_assert_eq(first->shops[0].book.line_count, again->shops[0].book.line_count);
    for (size_t i = 0; i < first->shops[0].book.line_count; i++)
        cr_assert_eq(first->shops[0].book.lines[i].sku, again->shops[0].book.lines[i].sku);
    sandbox_close(&first);
    sandbox_close(&again);
}

Test(order_maker, sells_only_what_is_on_sale)
{
    struct sandbox *sandbox = open_sandbox();
    struct shop *shop = &sandbox->shops[0];
    struct order_wish all = {.status = AWAITING_SHIPMENT, .skus_per_order = WISH_SKUS};
    struct order_wish one = {.status = AWAITING_SHIPMENT, .sku_count = 1};
    for (uint32_t product = 0; product + 1 < shop->catalogue.product_count; product++)
        shop->catalogue.products[product].status =
            product % 2 == 0 ? PRODUCT_DELETED : PRODUCT_SELLER_OFF;
    const struct product *left = &shop->catalogue.products[shop->catalogue.product_count - 1];
    uint32_t at = order_maker_place(sandbox, shop, &all, book_reserve(&shop->book, 1));
    const struct order *order = &shop->book.orders[at];
    cr_assert_eq(order->line_count, left->sku_count);
    for (uint32_t i = 0; i < order->line_count; i++)
        cr_assert(catalogue_sells(&shop->catalogue, book_lines(&shop->book, order)[i].sku));
    cr_assert_not(order_maker_can(shop, &one)); /* the first SKU of all */
    cr_assert_eq(order_maker_place(sandbox, shop, &one, book_reserve(&shop->book, 1)), BOOK_NONE);
    cr_assert_eq(shop->book.order_count, 1);
    sandbox_close(&sandbox);
}

Test(order_maker, fills_the_past_evenly)
{
    struct sandbox_options options = rig_options();
    options.orders = 10;
    options.order_days = 5;
    struct sandbox *sandbox = rig_open(&options);
    const struct order_book *book = &sandbox->shops[0].book;
    cr_assert_eq(book->order_count, 10);
    for (size_t i = 0; i < 10; i++) {
        const struct order *order = &book->orders[i];
        cr_assert_eq(order->times.created, sandbox->started - 5 * 86400 + (int64_t)i * 43200);
        cr_assert_leq(order->times.updated, sandbox->started);
        cr_assert_eq(order->status, i < 3 ? COMPLETED : AWAITING_SHIPMENT);
    }
    for (size_t i = 1; i < book->changes.count; i++)
        cr_assert_geq(book->changes.entries[i].time, book->changes.entries[i - 1].time);
    sandbox_close(&sandbox);
}

Test(order_maker, gives_exactly_what_was_wished)
{
    struct sandbox *sandbox = open_sandbox();
    struct shop *shop = &sandbox->shops[0];
    struct order_wish wish = {.status = UNPAID, .skus_per_order = 12, .units_per_sku = 7};
    uint32_t at = order_maker_place(sandbox, shop, &wish, book_reserve(&shop->book, 1));
    const struct order *order = &shop->book.orders[at];
    const struct order_line *lines = book_lines(&shop->book, order);
    cr_assert_eq(order->line_count, 12);
    cr_assert_eq(order->units, 84);
    for (uint32_t i = 0; i < 12; i++) {
        for (uint32_t k = 0; k < i; k++)
            cr_assert_neq(lines[i].sku, lines[k].sku);
    }
    wish = (struct order_wish){.status = UNPAID, .sku_count = 2, .skus = {3, 5}};
    for (int i = 0; i < 50; i++) {
        at = order_maker_place(sandbox, shop, &wish, book_reserve(&shop->book, 1));
        order = &shop->book.orders[at];
        cr_assert(order->line_count <= 2);
        for (uint32_t k = 0; k < order->line_count; k++) {
            uint32_t sku = book_lines(&shop->book, order)[k].sku;
            cr_assert(sku == 3 || sku == 5);
        }
    }
    sandbox_close(&sandbox);
}

Test(sandbox, starts_again_as_it_began)
{
    struct sandbox *sandbox = open_sandbox();
    rig_authorize(sandbox);
    (void)rig_place(sandbox, 5, UNPAID);
    sandbox->faults.places[0] = (struct fault){.kind = FAULT_HTML, .count = 1};
    cr_assert_eq(sandbox_reset(sandbox, NULL), SP_OK);
    cr_assert_eq(sandbox->shops[0].book.order_count, 0);
    cr_assert_eq(sandbox->shops[0].catalogue.product_count, 20);
    cr_assert_not(grants_is_live(&sandbox->grants, sandbox_clock(sandbox)));
    cr_assert_eq(sandbox->faults.places[0].count, 0);
    sandbox_close(&sandbox);
}

Test(sandbox, does_not_open_without_its_invoices_but_survives_losing_them)
{
    struct sandbox_options options = rig_options();
    struct sandbox *sandbox = NULL;
    struct sp_error err;
    options.invoices = "/nowhere/invoices.csv";
    cr_assert_eq(sandbox_open(&sandbox, &options, &err), SP_REJECT);
    cr_assert(sandbox == NULL);
    options.invoices = SANDBOX_INVOICES;
    sandbox = rig_open(&options);
    cr_assert(sandbox->shops[0].book.order_count > 1000);
    sandbox->options.invoices = "/nowhere/invoices.csv";
    cr_assert_eq(sandbox_reset(sandbox, &err), SP_REJECT);
    (void)rig_place(sandbox, 1, UNPAID); /* there are goods to buy all the same */
    sandbox_close(&sandbox);
}

Test(sandbox, ends_the_holds_of_its_invoices)
{
    struct sandbox_options options = rig_options();
    options.invoices = SANDBOX_INVOICES;
    struct sandbox *sandbox = rig_open(&options);
    const uint64_t *now = sandbox->shops[0].book.by_status;
    uint64_t held = now[ON_HOLD], awaiting = now[AWAITING_SHIPMENT];
    cr_assert(held > 0);
    clock_advance(&sandbox->clock, INT64_C(3600) * 1000000);
    life_run(sandbox);
    cr_assert_eq(now[ON_HOLD], 0);
    cr_assert_eq(now[AWAITING_SHIPMENT], awaiting + held);
    sandbox_close(&sandbox);
}

Test(webhook, knows_its_topics_by_name)
{
    for (int i = 0; i < WEBHOOK_EVENTS; i++)
        cr_assert_eq(webhook_event_of(sp_text_of(webhook_event_name((enum webhook_event)i))), i);
    cr_assert_eq(webhook_event_of(SP_TEXT("NEW_CONVERSATION")), -1);
}
