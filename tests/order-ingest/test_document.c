/* Lines, packages and conditions as JSON. */
#include <criterion/criterion.h>

#include "services/order-ingest/document.h"

/* A text in a static initialiser, where SP_TEXT is not constant enough. */
#define LITERAL(text)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

static void is(struct sp_buffer *out, const char *expected)
{
    sp_buffer_put(out, "", 1);
    cr_assert_str_eq(out->data, expected);
    sp_buffer_free(out);
}

Test(document, leaves_out_what_is_empty_or_the_orders_own)
{
    static const struct unit_id units[] = {{LITERAL("u1")}, {LITERAL("u2")}};
    static const struct channel_line lines[] = {
        {.line = 1,
         .sku_id = LITERAL("s\"1"),
         .units = 2,
         .unit_ids = units,
         .unit_ids_count = 2,
         .price_minor = 129000,
         .status = LITERAL("UNPAID"),
         .is_gift = true},
        {.line = 2, .units = 1, .status = LITERAL("CANCELLED"), .package_id = LITERAL("k")},
    };
    struct channel_order order = {.status = SP_TEXT("UNPAID"), .lines = lines, .lines_count = 2};
    struct sp_buffer out = {0};
    ingest_write_lines(&order, &out);
    is(&out, "[{\"n\":1,\"s\":\"s\\\"1\",\"u\":2,\"m\":129000,\"g\":true,\"i\":[\"u1\",\"u2\"]},"
             "{\"n\":2,\"u\":1,\"m\":0,\"st\":\"CANCELLED\",\"k\":\"k\"}]");
}

Test(document, says_of_units_apart_how_they_stand)
{
    static const struct unit_id units[] = {{LITERAL("u1")}, {LITERAL("u2")}};
    static const struct units_apart apart[] = {
        {.units = 1, .status = LITERAL("CANCELLED"), .unit_ids = &units[1], .unit_ids_count = 1},
        {.units = 3, .status = LITERAL("UNPAID"), .package_id = LITERAL("k")}};
    static const struct channel_line line = {.line = 1,
                                             .units = 5,
                                             .unit_ids = units,
                                             .unit_ids_count = 1,
                                             .status = LITERAL("UNPAID"),
                                             .apart = apart,
                                             .apart_count = 2};
    struct channel_order order = {.status = SP_TEXT("UNPAID"), .lines = &line, .lines_count = 1};
    struct sp_buffer out = {0};
    ingest_write_lines(&order, &out);
    is(&out, "[{\"n\":1,\"u\":5,\"m\":0,\"i\":[\"u1\"],\"a\":[{\"u\":1,\"st\":\"CANCELLED\",\"i\":["
             "\"u2\"]},{\"u\":3,\"st\":\"UNPAID\",\"k\":\"k\"}]}]");
}

Test(document, reads_again_what_it_wrote)
{
    static const struct units_apart apart[] = {{.units = 1, .status = LITERAL("CANCELLED")},
                                               {.units = 3, .status = LITERAL("UNPAID")}};
    static const struct channel_line lines[] = {{.line = 1,
                                                 .product_id = LITERAL("p"),
                                                 .sku_id = LITERAL("s\"1"),
                                                 .seller_sku = LITERAL("MUG"),
                                                 .product_name = LITERAL("Cốc"),
                                                 .units = 5,
                                                 .status = LITERAL("UNPAID"),
                                                 .apart = apart,
                                                 .apart_count = 2},
                                                {.line = 4,
                                                 .sku_name = LITERAL("Đỏ"),
                                                 .units = 1,
                                                 .price_minor = 129000,
                                                 .is_gift = true,
                                                 .status = LITERAL("CANCELLED")},
                                                {.line = 5, .units = 1}};
    struct channel_order order = {.status = SP_TEXT("UNPAID"), .lines = lines, .lines_count = 3};
    struct channel_order again = {.status = SP_TEXT("UNPAID")};
    struct sp_arena *arena = sp_arena_open();
    struct sp_buffer out = {0}, once_more = {0};
    ingest_write_lines(&order, &out);
    cr_assert_eq(ingest_read_lines(sp_buffer_text(&out), arena, &again), SP_OK);
    ingest_write_lines(&again, &once_more);
    cr_assert(sp_text_equal(sp_buffer_text(&out), sp_buffer_text(&once_more)));
    cr_assert_eq(ingest_read_lines(SP_TEXT("[{"), arena, &again), SP_REJECT);
    sp_buffer_free(&out);
    sp_buffer_free(&once_more);
    sp_arena_close(&arena);
}

Test(document, writes_packages_and_conditions)
{
    static const struct channel_package package = {.package_id = LITERAL("k"),
                                                   .carrier = LITERAL("J&T")};
    static const struct condition condition = {
        .code = LITERAL("STOCK_SHORT"), .value = LITERAL("2"), .line = 3};
    struct channel_order order = {.packages = &package, .packages_count = 1};
    struct order_staged staged = {.conditions = &condition, .conditions_count = 1};
    struct sp_buffer out = {0};
    ingest_write_packages(&order, &out);
    is(&out, "[{\"package_id\":\"k\",\"carrier\":\"J&T\"}]");
    ingest_write_conditions(&staged, &out);
    is(&out, "[{\"code\":\"STOCK_SHORT\",\"value\":\"2\",\"line\":3}]");
    staged.conditions_count = 0;
    ingest_write_conditions(&staged, &out);
    is(&out, "[]");
}
