/* What people may ask of product-mapper. */
#ifndef MAPPER_ASKS_H
#define MAPPER_ASKS_H

#include "common/service.h"

extern const struct sp_ask_route mapper_asks[];

/* Answers 200 with the JSON document of the first row, 404 without one; NULL means that it failed.
 */
enum sp_result mapper_answer_document(struct sp_ctx *ctx, const struct sp_rows *rows,
                                      struct sp_answer *answer);

enum sp_result ask_listings(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_listing_counts(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_skus(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_map(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_match(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_types(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_save_type(struct sp_ctx *ctx, const struct sp_ask *ask,
                             struct sp_answer *answer);
enum sp_result ask_products(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_product(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_save_product(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_archive(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_history(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_variants(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_variant(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_map_preview(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);
enum sp_result ask_map_history(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);
enum sp_result ask_healing(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_make_link_job(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_link_job(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_suggestions(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);
enum sp_result ask_add_design(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);
enum sp_result ask_designs(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_strange_designs(struct sp_ctx *ctx, const struct sp_ask *ask,
                                   struct sp_answer *answer);
enum sp_result ask_attach_design(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_match_designs(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_personalise(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer);
enum sp_result ask_attach_line_design(struct sp_ctx *ctx, const struct sp_ask *ask,
                                      struct sp_answer *answer);
enum sp_result ask_line_designs(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_save_variant(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_import(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_run_import(struct sp_ctx *ctx, const struct sp_ask *ask,
                              struct sp_answer *answer);
enum sp_result ask_imports(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_import_state(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_import_lines(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
/* Pages of a file, as the gateway's on_export wants them: a line with the next cursor, then bytes.
 */
enum sp_result ask_import_errors(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);
enum sp_result ask_variants_csv(struct sp_ctx *ctx, const struct sp_ask *ask,
                                struct sp_answer *answer);
enum sp_result ask_workbook(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer);
enum sp_result ask_workbook_state(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer);
enum sp_result ask_workbook_file(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer);

#endif
