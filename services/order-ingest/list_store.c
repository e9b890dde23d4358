/* The lists of orders: each is one statement that builds the JSON document. */
#include "services/order-ingest/store.h"

#include "services/order-ingest/sku_bits.h"

/* Filters differ so much that one plan for all of them would be a bad one for each. */
static const struct sp_statement plan_for_values = {
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"};

/* What is asked of an order's own row; every column is in orders_latest.  A parameter has its type
 * where a statement names it first. */
#define WANTED                                                                                     \
    "AND ($2::bigint = 0 OR o.shop_id = $2) "                                                      \
    "AND ($3::text[] = '{}' OR o.channel_status = ANY ($3)) "                                      \
    "AND (($4::text[] = '{}' AND $5::text[] = '{}' AND $6::text[] = '{}') "                        \
    "OR (o.channel_status, o.cause) IN (SELECT channel_status, cause "                             \
    "FROM statuses_shown_as($1, $4, $5, $6))) "                                                    \
    "AND ($7::text = '' OR o.shop_id IN (SELECT shop_id FROM shop "                                \
    "WHERE account_id = $1 AND channel = $7)) "                                                    \
    "AND is_within(o.created_at, $8::timestamptz, $9::timestamptz) "                               \
    "AND is_within(o.updated_at, $10::timestamptz, $11::timestamptz) "                             \
    "AND has_flags($12::bigint, o.is_cod, o.is_sample, o.is_replacement, "                         \
    "o.fulfilled_by_channel, o.buyer_wants_cancel, o.channel_status, o.cause, o.ship_by) "

#define STAGES "stages_wanted($17::text[], $18::text, $12::bigint & 512 <> 0)"

#define OF_STAGE                                                                                   \
    "t.account_id = $1 AND (" STAGES " = '{}' OR t.stage = ANY (" STAGES ")) "                     \
    "AND ($19::text = '' OR (t.conditions IS NOT NULL "                                            \
    "AND t.conditions @> jsonb_build_array(jsonb_build_object('code', $19::text)))) "

/* The orders of tags.  Of few, the list begins with them, whatever its order; of many, it is read
 * along until the page is full, asking of each order. */
#define OF_TAGS(more)                                                                              \
    "o.order_id IN (SELECT order_id FROM tagged_order WHERE account_id = $1 "                      \
    "AND tag_id = ANY ($16)" more ") "
#define FEW_TAGGED "AND " OF_TAGS(" OFFSET 0")
#define MANY_TAGGED "AND " OF_TAGS("")
#define UNTAGGED "AND $16::bigint[] = '{}' "
#define TAGGED_OR_NOT "AND ($16::bigint[] = '{}' OR " OF_TAGS("") ") "

/* From the keys of a page (at, order_id) to its document; one row more than the limit says that
 * there is a next page. */
#define DOCUMENT(direction, more)                                                                  \
    "page AS MATERIALIZED (SELECT row_number() OVER (ORDER BY at " direction                       \
    ", order_id " direction ") AS n, * FROM found), "                                              \
    "items AS (SELECT p.n, p.at, p.order_id, o.item FROM page p JOIN order_item o "                \
    "ON o.account_id = $1 AND o.order_id = p.order_id WHERE p.n <= $15) "                          \
    "SELECT json_build_object('items', coalesce(json_agg(item ORDER BY n), '[]'), 'next_cursor', " \
    "CASE WHEN (SELECT count(*) FROM page) > $15 THEN "                                            \
    "(SELECT cursor_of(at, order_id) FROM page WHERE n = $15) END" more ")::text FROM items"

#define BEHIND "< (coalesce($13::timestamptz, 'infinity'), $14::text) "
#define AHEAD "> (coalesce($13::timestamptz, '-infinity'), $14::text) "

/* A page of what `from` gives, in the order of `at`. */
#define PAGE(at, from, beyond, direction)                                                          \
    "found AS (SELECT o.order_id, " at " AS at FROM " from " AND (" at ", o.order_id) " beyond     \
    "ORDER BY " at " " direction ", o.order_id " direction " LIMIT $15::bigint + 1), "

/* What is deleted is in the lists of its stage alone, and found by its id. */
#define BOOK(tags) "orders o WHERE o.account_id = $1::bigint AND NOT o.deleted " WANTED tags
#define STAGED(tags)                                                                               \
    "order_stage t JOIN orders o ON o.account_id = $1::bigint AND o.order_id = t.order_id "        \
    "WHERE " OF_STAGE WANTED tags

#define DUE "coalesce(o.ship_by, '9999-12-31')"

#define LISTS(from)                                                                                \
    [SORT_UPDATED] = {"WITH " PAGE("o.updated_at", from, BEHIND, "DESC") DOCUMENT("DESC", "")},    \
    [SORT_CREATED] = {"WITH " PAGE("o.created_at", from, BEHIND, "DESC") DOCUMENT("DESC", "")},    \
    [SORT_SHIP_BY] = {"WITH " PAGE(DUE, from, AHEAD, "ASC") DOCUMENT("ASC", "")}

/* By tags, then by the order of the list. */
enum { ANY_TAG, FEW_OF_TAGS, MANY_OF_TAGS };

static const struct sp_statement list_book[][SORT_SINCE] = {
    [ANY_TAG] = {LISTS(BOOK(UNTAGGED))},
    [FEW_OF_TAGS] = {LISTS(BOOK(FEW_TAGGED))},
    [MANY_OF_TAGS] = {LISTS(BOOK(MANY_TAGGED))},
};

/* Open conditions have an index of their own. */
#define STAGED_LISTS(tags)                                                                         \
    LISTS(STAGED(tags)), [SORT_SINCE] = {"WITH " PAGE("t.since", STAGED(tags), BEHIND, "DESC")     \
                                             DOCUMENT("DESC", "")}

static const struct sp_statement list_staged[][SORT_SINCE + 1] = {
    [ANY_TAG] = {STAGED_LISTS(UNTAGGED)},
    [FEW_OF_TAGS] = {STAGED_LISTS(FEW_TAGGED)},
    [MANY_OF_TAGS] = {STAGED_LISTS(MANY_TAGGED)},
};

/* Along the index of each stage, which holds them in this order. */
#define ALONG(tags)                                                                                \
    "WITH found AS (SELECT f.order_id, f.at FROM unnest(" STAGES ") stage CROSS JOIN LATERAL ("    \
    "SELECT t.order_id, t.since AS at FROM order_stage t "                                         \
    "JOIN orders o ON o.account_id = $1::bigint AND o.order_id = t.order_id "                      \
    "WHERE t.account_id = $1::bigint AND t.stage = stage.stage " WANTED tags                       \
    "AND $19::text = '' AND (t.since, t.order_id) " BEHIND                                         \
    "ORDER BY t.since DESC, t.order_id DESC LIMIT $15::bigint + 1) f "                             \
    "ORDER BY f.at DESC, f.order_id DESC LIMIT $15::bigint + 1), " DOCUMENT("DESC", "")

static const struct sp_statement list_since[] = {
    [ANY_TAG] = {ALONG(UNTAGGED)},
    [FEW_OF_TAGS] = {ALONG(FEW_TAGGED)},
    [MANY_OF_TAGS] = {ALONG(MANY_TAGGED)},
};

/* What is no order's id and no carrier's number is looked for among the SKUs, unless it can only be
 * an id: their bits first, along the index, then the orders that have them. */
#define HAS_BITS                                                                                   \
    "(o.skus & (SELECT min(bits) FROM rest) = (SELECT min(bits) FROM rest) "                       \
    "OR ((SELECT count(*) FROM rest) > 1 AND EXISTS (SELECT FROM rest WHERE o.skus & bits = "      \
    "bits))) "
#define WITH_SKU                                                                                   \
    "with_sku AS MATERIALIZED (SELECT c.order_id, e.word FROM ("                                   \
    "SELECT o.order_id FROM orders o WHERE o.account_id = $1 " WANTED TAGGED_OR_NOT                \
    "AND EXISTS (SELECT FROM rest) AND " HAS_BITS "AND (o.updated_at, o.order_id) " BEHIND         \
    "ORDER BY o.updated_at DESC, o.order_id DESC OFFSET 0) c "                                     \
    "CROSS JOIN LATERAL (SELECT min(r.word) AS word FROM orders o, "                               \
    "jsonb_array_elements(o.lines::jsonb) l, rest r WHERE o.account_id = $1 "                      \
    "AND o.order_id = c.order_id AND lower(l->>'c') = lower(r.word)) e "                           \
    "WHERE e.word IS NOT NULL LIMIT $15::bigint + 1), "
/* On the first page, and only when it is the only one: else a word may have its orders further on.
 */
#define NOT_FOUND                                                                                  \
    ", 'not_found', CASE WHEN $13 IS NULL AND (SELECT count(*) FROM with_sku) "                    \
    "<= $15 THEN (SELECT coalesce(json_agg(word), '[]') FROM words WHERE word NOT IN "             \
    "(SELECT word FROM known UNION ALL SELECT word FROM with_sku)) ELSE '[]' END"

static const struct sp_statement list_found = {
    "WITH words AS MATERIALIZED (SELECT * FROM unnest($20::text[], $21::bigint[]) x(word, bits)), "
    "known AS MATERIALIZED (SELECT * FROM orders_called($1::bigint, $20)), "
    "rest AS MATERIALIZED (SELECT word, bits FROM words "
    "WHERE word NOT IN (SELECT word FROM known) AND word !~ '^[0-9]{15,}$'), " WITH_SKU
    "found AS (SELECT k.order_id, o.updated_at AS at FROM "
    "(SELECT order_id FROM known UNION SELECT order_id FROM with_sku) k CROSS JOIN LATERAL ("
    "SELECT o.updated_at FROM orders o WHERE o.account_id = $1 "
    "AND o.order_id = k.order_id " WANTED TAGGED_OR_NOT "AND ((" STAGES
    " = '{}' AND $19::text = '') OR EXISTS (SELECT FROM order_stage t "
    "WHERE t.order_id = o.order_id AND " OF_STAGE ")) OFFSET 0) o "
    "WHERE (o.updated_at, k.order_id) " BEHIND
    "ORDER BY at DESC, order_id DESC LIMIT $15::bigint + 1), " DOCUMENT("DESC", NOT_FOUND)};

static struct sp_param words(struct sp_db *db, struct word_list list)
{
    return sp_strings(db, list.words, list.count);
}

static struct sp_param bits_of(struct sp_ctx *ctx, struct word_list tokens)
{
    int64_t *bits = sp_arena_array(sp_ctx_arena(ctx), tokens.count, sizeof *bits);
    for (size_t i = 0; i < tokens.count; i++)
        bits[i] = ingest_sku_bits(tokens.words[i]);
    return sp_ints(sp_ctx_db(ctx), bits, tokens.count);
}

static const struct sp_statement are_many = {
    "SELECT count(*) > $3::bigint FROM (SELECT FROM tagged_order WHERE account_id = $1::bigint "
    "AND tag_id = ANY ($2::bigint[]) LIMIT $3::bigint + 1) t"};

enum { FEW_ORDERS = 20000 }; /* looked up one by one in a tenth of a second */

/* -1: it failed. */
static int by_tags(struct sp_ctx *ctx, int64_t account_id, const struct order_filter *filter)
{
    struct sp_db *db = sp_ctx_db(ctx);
    if (filter->tag_count == 0)
        return ANY_TAG;
    const struct sp_rows *rows =
        sp_query(db, sp_ctx_error(ctx), &are_many,
                 SP_PARAMS(sp_int(account_id), sp_ints(db, filter->tags, filter->tag_count),
                           sp_int(FEW_ORDERS)));
    if (rows == NULL)
        return -1;
    return sp_row_bool(rows, 0, 0) ? MANY_OF_TAGS : FEW_OF_TAGS;
}

/* How many of the parameters a statement has. */
enum { OF_BOOK = 16, OF_STAGES = 19, OF_SEARCH = 21 };

const struct sp_rows *store_list_orders(struct sp_ctx *ctx, int64_t account_id,
                                        const struct order_filter *filter)
{
    struct sp_db *db = sp_ctx_db(ctx);
    const struct list_page *page = &filter->page;
    const struct sp_param params[OF_SEARCH] = {
        sp_int(account_id),
        sp_int(filter->shop_id),
        words(db, filter->statuses),
        words(db, filter->hub_statuses),
        words(db, filter->status_groups),
        words(db, filter->tabs),
        sp_string(filter->source),
        sp_time(filter->created_from_us),
        sp_time(filter->created_until_us),
        sp_time(filter->updated_from_us),
        sp_time(filter->updated_until_us),
        sp_int(filter->flags),
        page->first ? sp_null() : sp_time(page->at_us),
        sp_string(page->after),
        sp_int(page->limit),
        sp_ints(db, filter->tags, filter->tag_count),
        words(db, filter->stages),
        sp_string(filter->group),
        sp_string(filter->condition),
        words(db, filter->tokens),
        bits_of(ctx, filter->tokens),
    };
    bool staged = ingest_wants_stages(filter);
    bool along = filter->sort == SORT_SINCE && filter->condition.size == 0;
    (void)sp_queue(db, &plan_for_values, SP_NO_PARAMS);
    if (filter->tokens.count > 0)
        return sp_query(db, sp_ctx_error(ctx), &list_found, OF_SEARCH, params);
    int tags = by_tags(ctx, account_id, filter);
    if (tags < 0)
        return NULL;
    if (staged)
        return sp_query(db, sp_ctx_error(ctx),
                        along ? &list_since[tags] : &list_staged[tags][filter->sort], OF_STAGES,
                        params);
    return sp_query(db, sp_ctx_error(ctx), &list_book[tags][filter->sort], OF_BOOK, params);
}
