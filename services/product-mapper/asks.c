/* The table of all asks. */
#include "services/product-mapper/asks.h"

#include "services/product-mapper/relink.h"

enum sp_result mapper_answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                                      struct sp_answer *answer)
{
    if (rows == NULL)
        return mapper_failed(ctx);
    if (sp_rows_count(rows) == 0)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "there is no such thing");
    answer->status = 200;
    sp_buffer_put_text(&answer->body, sp_row_text(rows, 0, 0));
    return SP_OK;
}

const struct sp_ask_route mapper_asks[] = {
    {.name = "product-mapper.listings", .permission = "products.read", .run = ask_listings},
    {.name = "product-mapper.listing-counts",
     .permission = "products.read",
     .run = ask_listing_counts},
    {.name = "product-mapper.skus", .permission = "products.read", .run = ask_skus},
    {.name = "product-mapper.types", .permission = "products.read", .run = ask_types},
    {.name = "product-mapper.save-type",
     .permission = "products.write",
     .command = true,
     .run = ask_save_type},
    {.name = "product-mapper.products", .permission = "products.read", .run = ask_products},
    {.name = "product-mapper.product", .permission = "products.read", .run = ask_product},
    {.name = "product-mapper.save-product",
     .permission = "products.write",
     .command = true,
     .run = ask_save_product},
    {.name = "product-mapper.archive",
     .permission = "products.write",
     .command = true,
     .run = ask_archive},
    {.name = "product-mapper.history", .permission = "products.read", .run = ask_history},
    {.name = "product-mapper.variants", .permission = "products.read", .run = ask_variants},
    {.name = "product-mapper.variant", .permission = "products.read", .run = ask_variant},
    {.name = "product-mapper.map", .permission = "products.write", .command = true, .run = ask_map},
    {.name = "product-mapper.map-preview", .permission = "products.read", .run = ask_map_preview},
    {.name = "product-mapper.map-history", .permission = "products.read", .run = ask_map_history},
    {.name = "product-mapper.healing", .permission = "products.read", .run = ask_healing},
    {.name = "product-mapper.suggestions", .permission = "products.read", .run = ask_suggestions},
    {.name = "product-mapper.link-job", .permission = "products.read", .run = ask_link_job},
    {.name = "product-mapper.make-link-job",
     .permission = "products.write",
     .command = true,
     .run = ask_make_link_job},
    {.name = "product-mapper.match",
     .permission = "products.write",
     .command = true,
     .run = ask_match},
    {.name = "product-mapper.save-variant",
     .permission = "products.write",
     .command = true,
     .run = ask_save_variant},
    {.name = "product-mapper.import",
     .permission = "products.write",
     .command = true,
     .run = ask_import},
    {.name = "product-mapper.run-import",
     .permission = "products.write",
     .command = true,
     .run = ask_run_import},
    {.name = "product-mapper.imports", .permission = "products.read", .run = ask_imports},
    {.name = "product-mapper.import-state", .permission = "products.read", .run = ask_import_state},
    {.name = "product-mapper.import-lines", .permission = "products.read", .run = ask_import_lines},
    {.name = "product-mapper.import-errors",
     .permission = "products.read",
     .run = ask_import_errors},
    {.name = "product-mapper.variants-csv", .permission = "products.read", .run = ask_variants_csv},
    {.name = "product-mapper.workbook",
     .permission = "products.read",
     .command = true,
     .run = ask_workbook},
    {.name = "product-mapper.workbook-state",
     .permission = "products.read",
     .run = ask_workbook_state},
    {.name = "product-mapper.workbook-file",
     .permission = "products.read",
     .run = ask_workbook_file},
    {0},
};
