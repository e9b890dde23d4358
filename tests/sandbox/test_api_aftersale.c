/* What is told about returns, and their life.  Covers: api_aftersale.c, api_returns.c,
 * case_filter.c, return_life.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/sandbox/case_units.h"
#include "services/sandbox/returns.h"
#include "services/sandbox/trade.h"
#include "tests/sandbox/rig.h"

static struct sandbox *sandbox;
static struct shop *shop;
static struct sp_arena *arena;

static void open_all(void)
{
    struct sandbox_options options = rig_options();
    sandbox = rig_open(&options);
    shop = &sandbox->shops[0];
    rig_authorize(sandbox);
    arena = sp_arena_open();
}

static void close_all(void)
{
    sandbox_close(&sandbox);
    sp_arena_close(&arena);
}

TestSuite(api_aftersale, .init = open_all, .fini = close_all);

static struct rig_answer post(const char *path, const char *query, const char *body)
{
    struct rig_call call = {.method = "POST", .path = path, .query = query, .body = body};
    return rig_call(sandbox, arena, &call);
}

static struct rig_answer get(const char *path, const char *query)
{
    struct rig_call call = {.method = "GET", .path = path, .query = query};
    return rig_call(sandbox, arena, &call);
}

static bool text_is(struct sp_json value, const char *path, const char *wanted)
{
    return sp_text_is(rig_text(value, path, arena), wanted);
}

static struct unit_set all_of(uint32_t at)
{
    return case_units_free(shop, &shop->book.orders[at], CASE_RETURN, arena);
}

static uint32_t ask(uint32_t at, enum return_type type, struct unit_set units)
{
    struct return_wish wish = {.order = at, .units = units, .type = type, .role = BUYER};
    uint32_t which;
    cr_assert_eq(returns_begin(sandbox, shop, &wish, &which), API_OK);
    return which;
}

Test(api_aftersale, returns_are_searched_with_filters)
{
    static const char path[] = "/return_refund/202309/returns/search";
    for (int i = 0; i < 12; i++) {
        uint32_t at = rig_place_four(sandbox, DELIVERED);
        (void)ask(at, i == 0 ? TYPE_REFUND : TYPE_RETURN, all_of(at));
    }
    static const struct {
        const char *body;
        int64_t total;
    } cases[] = {
        {"{}", 12},
        {"{\"return_types\":[\"REFUND\"]}", 1},
        {"{\"return_types\":[\"REFUND\",\"REPLACEMENT\"]}", 1},
        {"{\"return_status\":[\"RETURN_OR_REFUND_REQUEST_PENDING\"]}", 12},
        {"{\"return_status\":[\"AWAITING_BUYER_SHIP\"]}", 0},
        {"{\"arbitration_status\":[\"IN_PROGRESS\"]}", 0},
        {"{\"seller_proposed_return_type\":[\"PARTIAL_REFUND\"]}", 0},
        {"{\"return_ids\":[\"7\"]}", 0},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        cr_assert_eq(rig_int(post(path, NULL, cases[i].body).data, "total_count"), cases[i].total,
                     "%s", cases[i].body);
    struct rig_answer answer = post(path, NULL, "{}");
    cr_assert_eq(sp_json_count(rig_at(answer.data, "return_orders")), 10);
    cr_assert(rig_text(answer.data, "next_page_token", arena).size > 0);
    cr_assert_eq(post(path, "page_size=9", "{}").code, 36009004);
    cr_assert_eq(post(path, "page_size=51", "{}").code, 36009004);
    cr_assert_eq(post(path, NULL, "{\"return_types\":[\"GIFT\"]}").code, 36009004);
}

Test(api_aftersale, tell_what_is_possible_for_each_unit)
{
    uint32_t at = rig_place_four(sandbox, DELIVERED);
    struct unit_range one = {0, 0, 1};
    (void)ask(at, TYPE_REFUND, (struct unit_set){&one, 1});
    struct sp_text path =
        sp_arena_printf(arena, "/return_refund/202309/orders/%s/aftersale_eligibility",
                        rig_order(sandbox, arena, at));
    struct rig_answer answer = get(path.data, "initiate_aftersale_user=SELLER");
    cr_assert_eq(answer.code, 0);
    struct sp_json sku = rig_at(answer.data, "sku_eligibility.0.line_item_eligibility");
    cr_assert(text_is(sku, "0.request_type", "CANCEL"));
    cr_assert(text_is(sku, "0.eligible", "false"));
    cr_assert_eq(rig_int(sku, "0.ineligible_code"), 25001001);
    cr_assert_eq(sp_json_count(rig_at(sku, "0.order_line_items_ids")), 2);
    cr_assert(text_is(sku, "1.request_type", "RETURN"));
    cr_assert(text_is(sku, "1.eligible", "true"));
    cr_assert(text_is(sku, "1.order_line_items_ids.0", rig_item(sandbox, arena, at, 1)));
    cr_assert(text_is(sku, "2.eligible", "false"));
    cr_assert(text_is(sku, "3.request_type", "RETURN_AND_REFUND"));
    cr_assert_eq(get(path.data, "initiate_aftersale_user=CAT").code, 36009004);
    cr_assert_eq(get("/return_refund/202309/orders/5/aftersale_eligibility", NULL).code, 21008111);
}

Test(api_aftersale, calculate_before_anything_happens)
{
    static const char path[] = "/return_refund/202309/refunds/calculate";
    uint32_t at = rig_place_four(sandbox, AWAITING_SHIPMENT);
    const char *order = rig_order(sandbox, arena, at);
    struct sp_text body =
        sp_arena_printf(arena, "{\"order_id\":\"%s\",\"request_type\":\"CANCEL\"}", order);
    struct rig_answer answer = post(path, NULL, body.data);
    cr_assert(text_is(answer.data, "order_refund_amount.currency", "GBP"));
    cr_assert(text_is(answer.data, "order_refund_amount.refund_shipping_fee", "2.99"));
    body = sp_arena_printf(
        arena, "{\"order_id\":\"%s\",\"request_type\":\"REFUND\",\"order_line_item_ids\":[\"%s\"]}",
        order, rig_item(sandbox, arena, at, 0));
    answer = post(path, NULL, body.data);
    cr_assert(text_is(answer.data, "order_refund_amount.refund_shipping_fee", "0.00"));
    cr_assert_eq(shop->cases.rows[CASE_RETURN].count, 0);
    body = sp_arena_printf(arena, "{\"order_id\":\"%s\",\"request_type\":\"HUG\"}", order);
    cr_assert_eq(post(path, NULL, body.data).code, 36009004);
}

/* ---- the life
 * ------------------------------------------------------------------------------------------ */

Test(return_life, waits_only_for_steps_there_are)
{
    for (int status = 0; status < RETURN_STATUSES; status++) {
        for (int type = 0; type < RETURN_TYPES; type++) {
            struct return_wait wait =
                return_wait_in((enum return_status)status, (enum return_type)type);
            int next;
            if (wait.seconds != 0)
                cr_assert(sp_state_next(&return_life, status, (int)wait.event, &next));
        }
        cr_assert_eq(return_status_of(sp_text_of(return_status_name((enum return_status)status))),
                     status);
    }
    cr_assert_eq(return_status_of(SP_TEXT("RETURN_OR_REFUND__REQUEST_CANCELLED")), -1);
}

static void print_steps(struct sp_buffer *out)
{
    for (size_t i = 0; i < return_life.step_count; i++)
        sp_buffer_printf(out, "%-34s %-16s %s\n", return_life.states[return_life.steps[i].from],
                         return_life.events[return_life.steps[i].event],
                         return_life.states[return_life.steps[i].to]);
    sp_buffer_put(out, "", 1);
}

Test(return_life, has_exactly_the_steps_that_are_documented)
{
    struct sp_buffer printed = {0};
    static char documented[16384];
    FILE *file = fopen(SANDBOX_STATES, "r");
    cr_assert(file != NULL);
    cr_assert(fread(documented, 1, sizeof documented - 1, file) > 0);
    (void)fclose(file);
    print_steps(&printed);
    cr_assert(strstr(documented, printed.data) != NULL, "%s", printed.data);
    sp_buffer_free(&printed);
}
