/* Which variants listing SKUs may be: of those that are named, or page by page of all that are not
 * linked. */
#include "services/product-mapper/asks.h"

#include <stdlib.h>

#include "services/product-mapper/relink.h"
#include "services/product-mapper/suggest.h"

enum { SHOWN = 5, PAGE_MOST = 50 };

enum likeness_column {
    LIKE_KEY,
    LIKE_VARIANT,
    LIKE_SKU,
    LIKE_NAME,
    LIKE_IMAGE,
    LIKE_SAME,
    LIKE_ALIKE,
    LIKE_BARCODE,
    LIKE_SIMILARITY,
    LIKE_ATTRIBUTES,
    LIKE_MATCHED,
};

struct candidate {
    struct suggestion suggestion;
    size_t row;
};

static struct suggestion suggestion_of(const struct sp_rows *rows, size_t row)
{
    struct likeness likeness = {
        .same_sku = sp_row_bool(rows, row, LIKE_SAME),
        .alike_sku = sp_row_bool(rows, row, LIKE_ALIKE),
        .same_barcode = sp_row_bool(rows, row, LIKE_BARCODE),
        .similarity = (int)sp_row_int(rows, row, LIKE_SIMILARITY),
        .attributes = (int)sp_row_int(rows, row, LIKE_ATTRIBUTES),
        .matched = (int)sp_row_int(rows, row, LIKE_MATCHED),
    };
    return mapper_suggest(&likeness);
}

static int by_score(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->suggestion.score != b->suggestion.score)
        return a->suggestion.score > b->suggestion.score ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static void put_candidate(struct sp_json_writer *json, const struct sp_rows *rows,
                          const struct candidate *candidate)
{
    size_t row = candidate->row;
    struct sp_text image = sp_row_text(rows, row, LIKE_IMAGE);
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "variant_id", sp_row_text(rows, row, LIKE_VARIANT));
    sp_json_put_string(json, "sku", sp_row_text(rows, row, LIKE_SKU));
    sp_json_put_string(json, "name", sp_row_text(rows, row, LIKE_NAME));
    if (image.size > 0)
        sp_json_put_string(json, "image", image);
    sp_json_put_int(json, "score", candidate->suggestion.score);
    sp_json_put_cstring(json, "reason", candidate->suggestion.reason);
    sp_json_close_object(json);
}

/* The SKU's candidates; `at` is where its rows begin, and becomes where they end. */
static void put_candidates(struct sp_ctx *ctx, struct sp_json_writer *json,
                           const struct sp_rows *rows, struct sp_text sku_key, size_t *at)
{
    size_t total = sp_rows_count(rows), count = 0;
    struct candidate *found = sp_arena_array(sp_ctx_arena(ctx), total, sizeof *found);
    struct suggestion two[2];
    for (; *at < total && sp_text_equal(sp_row_text(rows, *at, LIKE_KEY), sku_key); ++*at) {
        found[count] = (struct candidate){suggestion_of(rows, *at), *at};
        count += found[count].suggestion.score >= SCORE_LEAST;
    }
    if (count > 1)
        qsort(found, count, sizeof *found, by_score);
    for (size_t i = 0; i < count && i < 2; i++)
        two[i] = found[i].suggestion;
    sp_json_put_bool(json, "sure", mapper_is_sure(two, count));
    sp_json_open_array(json, "candidates");
    for (size_t i = 0; i < count && i < SHOWN; i++)
        put_candidate(json, rows, &found[i]);
    sp_json_close_array(json);
}

static enum sp_result find_skus(struct sp_ctx *ctx, const struct sp_ask *ask, struct key_list *skus,
                                struct sp_text *next, struct sp_answer *answer)
{
    struct list_query query;
    struct sp_error why;
    *next = (struct sp_text){0};
    if (sp_ask_param(ask, "skus").size > 0) {
        if (mapper_read_keys(ask, sp_ctx_arena(ctx), skus, &why) != SP_OK)
            return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
        return SP_OK;
    }
    if (mapper_read_query(ask, &query, &why) != SP_OK)
        return sp_answer_problem(answer, 400, "FILTER_BAD", "%s", why.text);
    query.limit = query.limit < PAGE_MOST ? query.limit : PAGE_MOST;
    const struct sp_rows *rows = store_find_unlinked(ctx, ask->account_id, &query);
    if (rows == NULL)
        return mapper_failed(ctx);
    *skus = mapper_keys_of(ctx, rows);
    if (skus->count == (size_t)query.limit)
        *next = skus->keys[skus->count - 1];
    return SP_OK;
}

enum sp_result ask_suggestions(struct sp_ctx *ctx, const struct sp_ask *ask,
                               struct sp_answer *answer)
{
    struct key_list skus;
    struct sp_text next;
    size_t at = 0;
    enum sp_result result = find_skus(ctx, ask, &skus, &next, answer);
    if (result != SP_OK)
        return result;
    const struct sp_rows *shown = store_show_skus(ctx, ask->account_id, skus);
    const struct sp_rows *alike =
        shown == NULL ? NULL : store_find_likenesses(ctx, ask->account_id, skus);
    if (alike == NULL)
        return mapper_failed(ctx);
    struct sp_json_writer json = sp_json_writer(&answer->body);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "items");
    for (size_t row = 0; row < sp_rows_count(shown); row++) {
        sp_json_open_object(&json, NULL);
        sp_json_put_raw(&json, "of", sp_row_text(shown, row, 1));
        put_candidates(ctx, &json, alike, sp_row_text(shown, row, 0), &at);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    if (next.size > 0)
        sp_json_put_string(&json, "next_cursor", next);
    else
        sp_json_put_null(&json, "next_cursor");
    sp_json_close_object(&json);
    answer->status = 200;
    return SP_OK;
}
