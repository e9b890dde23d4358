/* Some lines of a sheet: what they refer to, what is wrong with them, and saving the others. */
#include "services/product-mapper/sheet_batch.h"

#include <stdlib.h>

#include "services/product-mapper/variants.h"

/* Lines in hand; those at fault have their code in the outcome. */
struct work {
    struct sp_ctx *ctx;
    struct sheet_batch *batch;
    struct sheet_line *lines;
    struct line_outcome *outcomes;
    size_t count;
    const struct sp_rows *variants; /* that the lines name, by SKU */
    const struct sp_rows *checked;  /* SKUs that a check found to be new */
};

static void fault(struct work *work, size_t at, const char *code, const char *problem)
{
    work->outcomes[at].outcome = "WRONG";
    work->outcomes[at].code = code;
    work->outcomes[at].problem = problem;
}

static bool is_good(const struct work *work, size_t at)
{
    return work->outcomes[at].code[0] == '\0';
}

/* ---- reading
 * ------------------------------------------------------------------------------------- */

static void read_record(struct sp_text json, struct sp_arena *arena, struct sp_sheet_record *record)
{
    struct sp_json array, field;
    *record = (struct sp_sheet_record){0};
    if (sp_json_parse(json, &array, NULL) != SP_OK)
        return;
    struct sp_json_walk walk = sp_json_each(array);
    while (record->count < SP_SHEET_FIELDS && sp_json_next(&walk, NULL, &field))
        record->fields[record->count++] = sp_json_text(field, arena);
}

static void read_lines(struct work *work, const struct sp_rows *rows)
{
    struct sp_arena *arena = sp_ctx_arena(work->ctx);
    struct sp_sheet_record *record = sp_arena_alloc(arena, sizeof *record);
    for (size_t i = 0; i < work->count; i++) {
        work->outcomes[i] = (struct line_outcome){sp_row_int(rows, i, 0), "UNCHANGED", "", ""};
        read_record(sp_arena_copy(arena, sp_row_text(rows, i, 2)), arena, record);
        record->problem = sp_row_bool(rows, i, 3) ? NULL : "unreadable";
        const struct variant_problem *problem =
            mapper_read_line(record, &work->batch->columns, work->batch->currency, &work->lines[i]);
        if (problem != NULL)
            fault(work, i, problem->code, problem->text);
        else if (sp_row_bool(rows, i, 4))
            fault(work, i, "SKU_TWICE", "an earlier line has this SKU");
    }
}

/* ---- what the lines name
 * ------------------------------------------------------------------------- */

static enum sp_result find_variants(struct work *work)
{
    size_t count = 0;
    struct sp_text *skus =
        sp_arena_array(sp_ctx_arena(work->ctx), work->count * (PARTS_MOST + 1), sizeof *skus);
    for (size_t i = 0; i < work->count; i++) {
        skus[count++] = work->lines[i].input.sku;
        for (size_t k = 0; k < work->lines[i].part_count; k++)
            skus[count++] = work->lines[i].part_skus[k];
    }
    struct variant_refs refs = {.skus = skus, .sku_count = count};
    work->variants = store_find_variants(work->ctx, work->batch->key.account_id, &refs);
    if (work->variants != NULL && work->batch->checking && count > work->count)
        work->checked =
            store_find_checked(work->ctx, work->batch->key, (struct key_list){skus, count});
    return work->variants == NULL ? mapper_failed(work->ctx) : SP_OK;
}

/* Row of a SKU in rows that are ordered by it; false when it is not there. */
static bool row_of(const struct sp_rows *rows, int column, struct sp_text sku, size_t *row)
{
    size_t low = 0, high = sp_rows_count(rows);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sp_text_compare(sp_row_text(rows, middle, column), sku) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *row = low;
    return low < sp_rows_count(rows) && sp_text_equal(sp_row_text(rows, low, column), sku);
}

static const struct variant_problem *take_parts(struct work *work, struct sheet_line *line)
{
    struct variant_input *input = &line->input;
    input->parts.parts =
        sp_arena_array(sp_ctx_arena(work->ctx), line->part_count, sizeof *input->parts.parts);
    for (size_t i = 0; i < line->part_count; i++) {
        size_t row = 0;
        struct line_part part = {.pieces = line->pieces[i]};
        struct part_standing standing = {0};
        if (row_of(work->variants, 1, line->part_skus[i], &row)) {
            part.variant_id = sp_row_int(work->variants, row, 0);
            standing = (struct part_standing){true, sp_row_bool(work->variants, row, 4),
                                              sp_row_bool(work->variants, row, 3)};
        } else if (row_of(work->checked, 0, line->part_skus[i], &row)) {
            standing.exists = true; /* made by an earlier line, if this were not a check */
        }
        const struct variant_problem *problem = mapper_check_part(&part, &standing);
        if (problem != NULL)
            return problem;
        input->parts.parts[input->parts.count++] = part;
    }
    return NULL;
}

static void check_lines(struct work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        struct sheet_line *line = &work->lines[i];
        struct variant_standing standing = {.currency = work->batch->currency};
        size_t row = 0;
        if (!is_good(work, i))
            continue;
        const struct variant_problem *problem = take_parts(work, line);
        standing.exists = row_of(work->variants, 1, line->input.sku, &row);
        if (standing.exists) {
            standing.archived = sp_row_bool(work->variants, row, 3);
            standing.is_bundle = sp_row_bool(work->variants, row, 4);
        }
        if (problem == NULL)
            problem = mapper_check_standing(&line->input, &standing);
        if (problem != NULL)
            fault(work, i, problem->code, problem->text);
    }
}

/* ---- products and values
 * ------------------------------------------------------------------------- */

struct made_products {
    struct new_product *wanted;
    size_t *lines; /* wanted[i] is that of lines[i] */
    size_t count;
};

static void take_reference(struct work *work, const struct sp_rows *rows, size_t row,
                           struct made_products *products)
{
    size_t at = (size_t)sp_row_int(rows, row, REFERENCE_AT);
    struct sheet_line *line = &work->lines[at];
    struct sp_arena *arena = sp_ctx_arena(work->ctx);
    struct sp_text unknown = sp_row_text(rows, row, REFERENCE_UNKNOWN);
    if (!is_good(work, at))
        return;
    if (unknown.size > 0) {
        fault(work, at, "REFERENCE_UNKNOWN",
              sp_arena_printf(arena, "not known: %.*s%c", SP_FMT(unknown), '\0').data);
        return;
    }
    if (sp_row_bool(rows, row, REFERENCE_ARCHIVED)) {
        fault(work, at, "PRODUCT_ARCHIVED", "the product or its type is archived");
        return;
    }
    size_t count = sp_row_ints(rows, row, REFERENCE_VALUES);
    int64_t *values = sp_arena_array(arena, count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = sp_row_int_at(rows, row, REFERENCE_VALUES, i);
    line->input.value_ids = values;
    line->input.value_count = count;
    line->input.product_id = sp_row_int(rows, row, REFERENCE_PRODUCT);
    if (line->input.product_id == 0) {
        products->lines[products->count] = at;
        products->wanted[products->count++] =
            (struct new_product){sp_row_int(rows, row, REFERENCE_TYPE), line->product};
    }
}

/* The lines whose product is new share what was made. */
static void take_made(struct work *work, const struct made_products *products,
                      const struct sp_rows *made)
{
    for (size_t i = 0; i < products->count; i++) {
        const struct new_product *wanted = &products->wanted[i];
        for (size_t row = 0; row < sp_rows_count(made); row++) {
            if (sp_row_int(made, row, 0) == wanted->type_id &&
                sp_text_equal(sp_row_text(made, row, 1), wanted->name))
                work->lines[products->lines[i]].input.product_id = sp_row_int(made, row, 2);
        }
    }
}

static enum sp_result find_references(struct work *work)
{
    struct sp_arena *arena = sp_ctx_arena(work->ctx);
    const struct link_origin *origin = &work->batch->origin;
    struct made_products products = {
        .wanted = sp_arena_array(arena, work->count, sizeof *products.wanted),
        .lines = sp_arena_array(arena, work->count, sizeof *products.lines),
    };
    const struct sp_rows *rows =
        store_find_references(work->ctx, origin->account_id, work->lines, work->count);
    if (rows == NULL)
        return mapper_failed(work->ctx);
    for (size_t row = 0; row < sp_rows_count(rows); row++)
        take_reference(work, rows, row, &products);
    if (products.count == 0)
        return SP_OK;
    const struct sp_rows *made =
        store_make_products(work->ctx, origin, products.wanted, products.count);
    if (made == NULL)
        return mapper_failed(work->ctx);
    take_made(work, &products, made);
    return SP_OK;
}

/* ---- saving
 * -------------------------------------------------------------------------------------- */

struct good_line {
    struct sp_text sku;
    size_t at;
};

static int by_sku(const void *left, const void *right)
{
    return sp_text_compare(((const struct good_line *)left)->sku,
                           ((const struct good_line *)right)->sku);
}

struct good_lines {
    struct good_line *lines; /* by SKU */
    struct variant_input *inputs;
    size_t count;
};

static void gather(const struct work *work, struct good_lines *good)
{
    struct sp_arena *arena = sp_ctx_arena(work->ctx);
    good->lines = sp_arena_array(arena, work->count, sizeof *good->lines);
    good->inputs = sp_arena_array(arena, work->count, sizeof *good->inputs);
    good->count = 0;
    for (size_t i = 0; i < work->count; i++) {
        if (is_good(work, i))
            good->lines[good->count++] = (struct good_line){work->lines[i].input.sku, i};
    }
    if (good->count > 1)
        qsort(good->lines, good->count, sizeof *good->lines, by_sku);
    for (size_t i = 0; i < good->count; i++)
        good->inputs[i] = work->lines[good->lines[i].at].input;
}

static size_t line_of(const struct good_lines *good, struct sp_text sku)
{
    struct good_line key = {.sku = sku};
    const struct good_line *found =
        bsearch(&key, good->lines, good->count, sizeof *good->lines, by_sku);
    SP_ASSERT(found != NULL);
    return found->at;
}

static enum sp_result refuse_rivals(struct work *work, struct good_lines *good)
{
    const struct sp_rows *rivals =
        store_find_rivals(work->ctx, work->batch->key.account_id, good->inputs, good->count);
    if (rivals == NULL)
        return mapper_failed(work->ctx);
    for (size_t row = 0; row < sp_rows_count(rivals); row++)
        fault(work, line_of(good, sp_row_text(rivals, row, 0)), "VALUES_TAKEN",
              "another variant of the product has these values");
    if (sp_rows_count(rivals) > 0)
        gather(work, good);
    return SP_OK;
}

static enum sp_result save(struct work *work, bool map_by_sku)
{
    struct good_lines good;
    gather(work, &good);
    enum sp_result result = refuse_rivals(work, &good);
    if (result != SP_OK)
        return result;
    const struct link_origin *origin = &work->batch->origin;
    const struct sp_rows *saved = store_save_variants(work->ctx, origin, good.inputs, good.count);
    if (saved == NULL)
        return mapper_failed(work->ctx);
    for (size_t row = 0; row < sp_rows_count(saved); row++) {
        struct variant_saved fact;
        store_read_saved(saved, row, &fact);
        work->outcomes[line_of(&good, fact.sku)].outcome =
            store_saved_is_new(saved, row) ? "CREATED" : "UPDATED";
    }
    struct saved_counts counts;
    return work->batch->checking
               ? SP_OK
               : mapper_follow_variants(work->ctx, origin, map_by_sku, saved, &counts);
}

enum sp_result mapper_do_lines(struct sp_ctx *ctx, struct sheet_batch *batch,
                               const struct sp_rows *rows, struct line_outcome outcomes[])
{
    struct work work = {
        .ctx = ctx,
        .batch = batch,
        .count = sp_rows_count(rows),
        .outcomes = outcomes,
    };
    bool map_by_sku = false;
    work.lines = sp_arena_array(sp_ctx_arena(ctx), work.count, sizeof *work.lines);
    read_lines(&work, rows);
    enum sp_result result = mapper_relink_begin(ctx, &batch->origin, &map_by_sku);
    if (result == SP_OK)
        result = find_variants(&work);
    if (result == SP_OK)
        result = find_references(&work);
    if (result != SP_OK)
        return result;
    check_lines(&work);
    return save(&work, map_by_sku);
}
