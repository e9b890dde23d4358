/* SQL of settlements: what came, what it was for, and the report. */
#include "services/order-ingest/settlement_store.h"

#include "services/order-ingest/domain.h"
#include "services/order-ingest/settlement_rules.h"

static const struct sp_statement claim_settlements = {
    "INSERT INTO settlement AS t (account_id, settlement_key, upstream_rev, trace, accepted_at, "
    "shop_id, statement_id, subject, order_id, kind, settled_at, currency, settled_minor, "
    "sale_minor, explained_minor, reserve_minor, reserve_state, release_at, lines) "
    "SELECT account_id, settlement_key, upstream_rev, trace, now(), shop_id, statement_id, "
    "subject, order_id, kind, settled_at, currency, settled_minor, sale_minor, explained_minor, "
    "reserve_minor, reserve_state, release_at, lines::jsonb FROM unnest($1::settlement_row[]) "
    "ORDER BY account_id, settlement_key ON CONFLICT (account_id, settlement_key) DO UPDATE SET "
    "upstream_rev = excluded.upstream_rev, trace = excluded.trace, "
    "accepted_at = excluded.accepted_at, subject = excluded.subject, "
    "order_id = excluded.order_id, kind = excluded.kind, settled_at = excluded.settled_at, "
    "currency = excluded.currency, settled_minor = excluded.settled_minor, "
    "sale_minor = excluded.sale_minor, explained_minor = excluded.explained_minor, "
    "reserve_minor = excluded.reserve_minor, reserve_state = excluded.reserve_state, "
    "release_at = excluded.release_at, lines = excluded.lines "
    "WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.settlement_key, t.upstream_rev"};

static const struct sp_statement claim_statements = {
    "INSERT INTO statement AS t SELECT account_id, statement_key, upstream_rev, shop_id, "
    "statement_id, cut_at, currency, settled_minor, transactions, payment_id, payment_state, "
    "paid_at FROM unnest($1::statement_row[]) ORDER BY account_id, statement_key "
    "ON CONFLICT (account_id, statement_key) DO UPDATE SET upstream_rev = excluded.upstream_rev, "
    "cut_at = excluded.cut_at, currency = excluded.currency, "
    "settled_minor = excluded.settled_minor, transactions = excluded.transactions, "
    "payment_id = excluded.payment_id, payment_state = excluded.payment_state, "
    "paid_at = excluded.paid_at WHERE t.upstream_rev < excluded.upstream_rev "
    "RETURNING t.account_id, t.statement_key, t.upstream_rev"};

#define OF_PERIOD(at)                                                                              \
    "account_id = $1::bigint AND ($2::bigint = 0 OR shop_id = $2::bigint) AND " at                 \
    " >= $3::timestamptz AND " at " < $4::timestamptz "

#define BEHIND(at, key) "AND (" at ", " key ") < (coalesce($6::timestamptz, 'infinity'), $7::text) "

static const struct sp_statement list_settlements = {
    "WITH found AS (SELECT * FROM settlement_item WHERE " OF_PERIOD(
        "settled_at") "AND ($5::text = '' OR state = $5::text) " BEHIND("settled_at",
                                                                        "settlement_key") "ORDER "
                                                                                          "BY "
                                                                                          "settled_"
                                                                                          "at "
                                                                                          "DESC, "
                                                                                          "settleme"
                                                                                          "nt_key "
                                                                                          "DESC "
                                                                                          "LIMIT "
                                                                                          "$8::"
                                                                                          "bigint "
                                                                                          "+ 1), "
                                                                                          "page AS "
                                                                                          "(SELECT "
                                                                                          "row_"
                                                                                          "number()"
                                                                                          " OVER "
                                                                                          "(ORDER "
                                                                                          "BY "
                                                                                          "settled_"
                                                                                          "at "
                                                                                          "DESC, "
                                                                                          "settleme"
                                                                                          "nt_key "
                                                                                          "DESC) "
                                                                                          "AS n, * "
                                                                                          "FROM "
                                                                                          "found) "
                                                                                          "SELECT "
                                                                                          "json_"
                                                                                          "build_"
                                                                                          "object('"
                                                                                          "items', "
                                                                                          "coalesce"
                                                                                          "(json_"
                                                                                          "agg("
                                                                                          "item || "
                                                                                          "jsonb_"
                                                                                          "build_"
                                                                                          "object("
                                                                                          "'lines',"
                                                                                          " settlem"
                                                                                          "ent_"
                                                                                          "lines("
                                                                                          "account_"
                                                                                          "id, "
                                                                                          "subject,"
                                                                                          " currenc"
                                                                                          "y)) "
                                                                                          "ORDER "
                                                                                          "BY n) "
                                                                                          "FILTER "
                                                                                          "(WHERE "
                                                                                          "n <= "
                                                                                          "$8::"
                                                                                          "bigint),"
                                                                                          " '[]'), "
                                                                                          "'next_"
                                                                                          "cursor',"
                                                                                          " CASE "
                                                                                          "WHEN "
                                                                                          "count(*)"
                                                                                          " > "
                                                                                          "$8::"
                                                                                          "bigint "
                                                                                          "THEN "
                                                                                          "max("
                                                                                          "cursor_"
                                                                                          "of("
                                                                                          "settled_"
                                                                                          "at, "
                                                                                          "settleme"
                                                                                          "nt_key))"
                                                                                          " FILTER "
                                                                                          "(WHERE "
                                                                                          "n = "
                                                                                          "$8::"
                                                                                          "bigint) "
                                                                                          "END)::"
                                                                                          "text "
                                                                                          "FROM "
                                                                                          "page"};

static const struct sp_statement list_unsettled = {
    "WITH found AS (SELECT * FROM order_unsettled WHERE " OF_PERIOD(
        "updated_at") "AND $5::text = 'UNSETTLED' " BEHIND("updated_at",
                                                           "order_id") "ORDER BY updated_at DESC, "
                                                                       "order_id DESC LIMIT "
                                                                       "$8::bigint + 1), "
                                                                       "page AS (SELECT "
                                                                       "row_number() OVER (ORDER "
                                                                       "BY updated_at DESC, "
                                                                       "order_id DESC) AS n, * "
                                                                       "FROM "
                                                                       "found) SELECT "
                                                                       "json_build_object('items', "
                                                                       "coalesce(json_agg(json_"
                                                                       "build_object("
                                                                       "'id', order_id, 'shop_id', "
                                                                       "shop_id::text, 'order_id', "
                                                                       "order_id, "
                                                                       "'channel_order_id', "
                                                                       "substr(order_id, "
                                                                       "strpos(order_id, '-') + "
                                                                       "1), 'kind', 'ORDER', "
                                                                       "'state', 'UNSETTLED', "
                                                                       "'is_cod', is_cod, "
                                                                       "'settled_at', NULL, "
                                                                       "'transactions', 0, "
                                                                       "'expected', "
                                                                       "money(expected_minor, "
                                                                       "currency), 'settled', "
                                                                       "money(0, currency), "
                                                                       "'unexplained', money(0, "
                                                                       "currency), 'lines', "
                                                                       "'[]'::json) ORDER BY n) "
                                                                       "FILTER (WHERE n <= "
                                                                       "$8::bigint), '[]'), "
                                                                       "'next_cursor', CASE WHEN "
                                                                       "count(*) > $8::bigint THEN "
                                                                       "max(cursor_of(updated_at, "
                                                                       "order_id)) FILTER (WHERE n "
                                                                       "= $8::bigint) END)::text "
                                                                       "FROM page"};

#define SUM(column) "money(coalesce(sum(" column "), 0)::bigint, currency)"
#define PAID_HOW "CASE WHEN is_cod THEN 'cod' ELSE 'prepaid' END"
#define OF_GROUP "WHERE shop_id = g.shop_id AND currency = g.currency"

static const struct sp_statement settlement_report = {
    "WITH seen AS MATERIALIZED (SELECT * FROM settlement_seen WHERE " OF_PERIOD(
        "settled_at") "), paid AS (SELECT shop_id, currency, " PAID_HOW
                      " AS how, json_build_object("
                      "'orders', count(*), 'expected', " SUM("expected_minor") ", 'settled', " SUM("settled_minor") ", 'unexplained', " SUM(
                          "unexplained_minor") ", 'unexplained_orders', "
                                               "count(*) FILTER (WHERE state = 'UNEXPLAINED')) AS "
                                               "sums FROM seen "
                                               "WHERE state IN ('MATCHED', 'UNEXPLAINED') GROUP BY "
                                               "1, 2, 3), "
                                               "states AS (SELECT shop_id, currency, state, "
                                               "json_build_object('count', count(*), "
                                               "'settled', " SUM("settled_minor") ") AS sums FROM "
                                                                                  "seen GROUP BY "
                                                                                  "1, 2, 3), "
                                                                                  "reserves AS "
                                                                                  "(SELECT "
                                                                                  "shop_id, "
                                                                                  "currency, "
                                                                                  "lower(reserve_"
                                                                                  "state) AS "
                                                                                  "how, " SUM(
                                                                                      "reserve_"
                                                                                      "minor") " AS"
                                                                                               " su"
                                                                                               "ms "
                                                                                               "FRO"
                                                                                               "M "
                                                                                               "see"
                                                                                               "n "
                                                                                               "WHE"
                                                                                               "RE "
                                                                                               "sta"
                                                                                               "te "
                                                                                               "= "
                                                                                               "'RE"
                                                                                               "SER"
                                                                                               "VE'"
                                                                                               " GR"
                                                                                               "OUP"
                                                                                               " BY"
                                                                                               " 1,"
                                                                                               " 2,"
                                                                                               " 3)"
                                                                                               ", "
                                                                                               "wai"
                                                                                               "tin"
                                                                                               "g "
                                                                                               "AS "
                                                                                               "(SE"
                                                                                               "LEC"
                                                                                               "T "
                                                                                               "sho"
                                                                                               "p_"
                                                                                               "id,"
                                                                                               " cu"
                                                                                               "rre"
                                                                                               "ncy"
                                                                                               ","
                                                                                               " " PAID_HOW
                                                                                               " AS"
                                                                                               " ho"
                                                                                               "w, "
                                                                                               "jso"
                                                                                               "n_"
                                                                                               "bui"
                                                                                               "ld_"
                                                                                               "obj"
                                                                                               "ect"
                                                                                               "("
                                                                                               "'or"
                                                                                               "der"
                                                                                               "s',"
                                                                                               " co"
                                                                                               "unt"
                                                                                               "(*)"
                                                                                               ", "
                                                                                               "'ex"
                                                                                               "pec"
                                                                                               "ted"
                                                                                               "',"
                                                                                               " " SUM("expected_minor") ") AS sums FROM order_unsettled "
                                                                                                                         "WHERE " OF_PERIOD(
                                                                                                                             "updated_at") "GROUP BY 1, 2, 3), "
                                                                                                                                           "told AS (SELECT shop_id, currency, json_build_object('count', count(*), "
                                                                                                                                           "'paid', count(*) FILTER (WHERE payment_state = 'PAID'), 'settled', " SUM("settled_minor") ", 'difference', " SUM("settled_minor - (SELECT coalesce(sum(s.settled_minor), 0) "
                                                                                                                                                                                                                                                             "FROM settlement s WHERE s.account_id = t.account_id AND s.shop_id = t.shop_id "
                                                                                                                                                                                                                                                             "AND s.statement_id = t.statement_id)") ") AS sums FROM statement t "
                                                                                                                                                                                                                                                                                                     "WHERE " OF_PERIOD("cut_at") "GROUP BY 1, 2), "
                                                                                                                                                                                                                                                                                                                                  "lines AS (SELECT seen.shop_id, seen.currency, l->>'part' AS part, l->>'name' AS name, "
                                                                                                                                                                                                                                                                                                                                  "sum((l->>'minor')::bigint)::bigint AS minor FROM seen JOIN settlement s "
                                                                                                                                                                                                                                                                                                                                  "USING (account_id, subject), jsonb_array_elements(s.lines) l GROUP BY 1, 2, 3, 4), "
                                                                                                                                                                                                                                                                                                                                  "g AS (SELECT shop_id, currency FROM states UNION SELECT shop_id, currency FROM waiting "
                                                                                                                                                                                                                                                                                                                                  "UNION SELECT shop_id, currency FROM told) "
                                                                                                                                                                                                                                                                                                                                  "SELECT json_build_object('items', coalesce(json_agg(json_build_object("
                                                                                                                                                                                                                                                                                                                                  "'shop_id', g.shop_id::text, 'currency', g.currency, "
                                                                                                                                                                                                                                                                                                                                  "'paid', (SELECT coalesce(json_object_agg(how, sums), '{}') FROM paid " OF_GROUP
                                                                                                                                                                                                                                                                                                                                  "), "
                                                                                                                                                                                                                                                                                                                                  "'by_state', (SELECT coalesce(json_object_agg(state, sums), '{}') FROM states " OF_GROUP
                                                                                                                                                                                                                                                                                                                                  "), "
                                                                                                                                                                                                                                                                                                                                  "'reserve', (SELECT coalesce(json_object_agg(how, sums), '{}') FROM reserves " OF_GROUP "), "
                                                                                                                                                                                                                                                                                                                                  "'unsettled', (SELECT coalesce(json_object_agg(how, sums), '{}') FROM waiting " OF_GROUP
                                                                                                                                                                                                                                                                                                                                  "), "
                                                                                                                                                                                                                                                                                                                                  "'statements', (SELECT sums FROM told " OF_GROUP
                                                                                                                                                                                                                                                                                                                                  "), "
                                                                                                                                                                                                                                                                                                                                  "'lines', (SELECT coalesce(json_agg(json_build_object('part', part, 'name', name, 'amount', "
                                                                                                                                                                                                                                                                                                                                  "money(minor, g.currency)) ORDER BY part, name), '[]') FROM lines " OF_GROUP
                                                                                                                                                                                                                                                                                                                                  ")) "
                                                                                                                                                                                                                                                                                                                                  "ORDER BY g.shop_id, g.currency), '[]'))::text FROM g"};

#define SUM_OF(of)                                                                                 \
    "(SELECT coalesce(sum((l->>'minor')::bigint), 0) FROM settlement s, "                          \
    "jsonb_array_elements(s.lines) l WHERE s.account_id = p.account_id "                           \
    "AND s.subject = p.subject AND l->>'part' = '" of "')"

/* Its first line is in asks_settlement.c. */
static const struct sp_statement
    settlement_csv = {"WITH found AS (SELECT * FROM settlement_seen WHERE " OF_PERIOD("settled_at") "AND ($5::text = '' OR state = $5::text) " BEHIND(
        "settled_at",
        "settlement_key") "ORDER BY settled_at DESC, settlement_key DESC LIMIT "
                          "$8::bigint + 1), "
                          "page AS (SELECT row_number() OVER (ORDER BY settled_at "
                          "DESC, settlement_key DESC) AS n, * "
                          "FROM found) SELECT coalesce(string_agg(concat_ws(',', "
                          "rfc3339(p.settled_at), p.shop_id, "
                          "csv_field(p.statement_id), csv_field(substr(p.order_id, "
                          "strpos(p.order_id, '-') + 1)), "
                          "csv_field(p.kind), p.state, CASE WHEN p.is_cod THEN 'COD' "
                          "WHEN NOT p.is_cod THEN 'PREPAID' "
                          "ELSE '' END, p.currency, p.expected_minor, " SUM_OF(
                              "REVEN"
                              "UE") ", " SUM_OF("SHIPPING") ", " SUM_OF("FEE") ", " SUM_OF("TAX") ", " SUM_OF("ADJUSTMENT") ", "
                                                                                                                            "p."
                                                                                                                            "un"
                                                                                                                            "ex"
                                                                                                                            "pl"
                                                                                                                            "ai"
                                                                                                                            "ne"
                                                                                                                            "d_"
                                                                                                                            "mi"
                                                                                                                            "no"
                                                                                                                            "r,"
                                                                                                                            " p"
                                                                                                                            ".s"
                                                                                                                            "et"
                                                                                                                            "tl"
                                                                                                                            "ed"
                                                                                                                            "_m"
                                                                                                                            "in"
                                                                                                                            "or"
                                                                                                                            ", "
                                                                                                                            "p."
                                                                                                                            "re"
                                                                                                                            "se"
                                                                                                                            "rv"
                                                                                                                            "e_"
                                                                                                                            "mi"
                                                                                                                            "no"
                                                                                                                            "r)"
                                                                                                                            " |"
                                                                                                                            "| "
                                                                                                                            "E'"
                                                                                                                            "\\"
                                                                                                                            "r"
                                                                                                                            "\\"
                                                                                                                            "n'"
                                                                                                                            ", "
                                                                                                                            "''"
                                                                                                                            " O"
                                                                                                                            "RD"
                                                                                                                            "ER"
                                                                                                                            " B"
                                                                                                                            "Y "
                                                                                                                            "p."
                                                                                                                            "n)"
                                                                                                                            " "
                                                                                                                            "FI"
                                                                                                                            "LT"
                                                                                                                            "ER"
                                                                                                                            " ("
                                                                                                                            "WH"
                                                                                                                            "ER"
                                                                                                                            "E "
                                                                                                                            "p."
                                                                                                                            "n "
                                                                                                                            "<="
                                                                                                                            " $"
                                                                                                                            "8:"
                                                                                                                            ":b"
                                                                                                                            "ig"
                                                                                                                            "in"
                                                                                                                            "t)"
                                                                                                                            ", "
                                                                                                                            "''"
                                                                                                                            "),"
                                                                                                                            " C"
                                                                                                                            "AS"
                                                                                                                            "E "
                                                                                                                            "WH"
                                                                                                                            "EN"
                                                                                                                            " c"
                                                                                                                            "ou"
                                                                                                                            "nt"
                                                                                                                            "(*"
                                                                                                                            ") "
                                                                                                                            "> "
                                                                                                                            "$8"
                                                                                                                            "::"
                                                                                                                            "bi"
                                                                                                                            "gi"
                                                                                                                            "nt"
                                                                                                                            " T"
                                                                                                                            "HE"
                                                                                                                            "N "
                                                                                                                            "ma"
                                                                                                                            "x("
                                                                                                                            "cu"
                                                                                                                            "rs"
                                                                                                                            "or"
                                                                                                                            "_o"
                                                                                                                            "f("
                                                                                                                            "p."
                                                                                                                            "se"
                                                                                                                            "tt"
                                                                                                                            "le"
                                                                                                                            "d_"
                                                                                                                            "at"
                                                                                                                            ", "
                                                                                                                            "p."
                                                                                                                            "se"
                                                                                                                            "tt"
                                                                                                                            "le"
                                                                                                                            "me"
                                                                                                                            "nt"
                                                                                                                            "_k"
                                                                                                                            "ey"
                                                                                                                            "))"
                                                                                                                            " F"
                                                                                                                            "IL"
                                                                                                                            "TE"
                                                                                                                            "R "
                                                                                                                            "(W"
                                                                                                                            "HE"
                                                                                                                            "RE"
                                                                                                                            " p"
                                                                                                                            ".n"
                                                                                                                            " ="
                                                                                                                            " $"
                                                                                                                            "8:"
                                                                                                                            ":b"
                                                                                                                            "ig"
                                                                                                                            "in"
                                                                                                                            "t)"
                                                                                                                            " E"
                                                                                                                            "LS"
                                                                                                                            "E "
                                                                                                                            "''"
                                                                                                                            " E"
                                                                                                                            "ND"
                                                                                                                            " "
                                                                                                                            "FR"
                                                                                                                            "OM"
                                                                                                                            " p"
                                                                                                                            "ag"
                                                                                                                            "e "
                                                                                                                            "p"};

/* ---- claims
 * ----------------------------------------------------------------------------------------- */

static struct sp_text order_of(struct sp_ctx *ctx, const struct channel_settlement *fact)
{
    if (fact->channel_order_id.size == 0)
        return (struct sp_text){0};
    return sp_arena_printf(sp_ctx_arena(ctx), "%lld-%.*s", (long long)fact->shop_id,
                           SP_FMT(fact->channel_order_id));
}

static void set_settlement(struct sp_ctx *ctx, struct sp_set *set,
                           const struct channel_settlement *fact, struct sp_buffer *scratch)
{
    struct sp_text order_id = order_of(ctx, fact);
    bool is_for_order = order_id.size > 0 && !settlement_is_reserve(fact);
    struct settlement_sums sums = settlement_sum(fact);
    int64_t settled_us = ingest_time_us(fact->settled_at);
    sp_set_row(set);
    sp_set_int(set, fact->head.account_id);
    sp_set_string(set, fact->head.key);
    sp_set_int(set, fact->head.rev);
    sp_set_uuid(set, fact->head.trace);
    sp_set_int(set, fact->shop_id);
    sp_set_string(set, fact->statement_id);
    sp_set_string(set, is_for_order ? order_id : fact->head.key);
    sp_set_string(set, order_id);
    sp_set_string(set, fact->kind);
    sp_set_time(set, settled_us > 0 ? settled_us : 1); /* refused after the claim */
    sp_set_string(set, fact->currency);
    sp_set_int(set, fact->settled_minor);
    sp_set_int(set, sums.sale_minor);
    sp_set_int(set, sums.explained_minor);
    sp_set_int(set, fact->reserve_minor);
    sp_set_string(set, fact->reserve_state);
    sp_set_time(set, ingest_time_us(fact->release_at));
    sp_buffer_reset(scratch);
    settlement_write_lines(fact, scratch);
    sp_set_string(set, sp_buffer_text(scratch));
}

int store_claim_settlements(struct sp_ctx *ctx, const struct channel_settlement facts[],
                            size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "settlement_row");
    struct sp_buffer scratch = {0};
    for (size_t i = 0; i < count; i++)
        set_settlement(ctx, set, &facts[i], &scratch);
    sp_buffer_free(&scratch);
    return sp_queue(sp_ctx_db(ctx), &claim_settlements, SP_PARAMS(sp_set(set)));
}

int store_claim_statements(struct sp_ctx *ctx, const struct channel_statement facts[], size_t count)
{
    struct sp_set *set = sp_set_open(sp_ctx_db(ctx), "statement_row");
    for (size_t i = 0; i < count; i++) {
        int64_t cut_us = ingest_time_us(facts[i].cut_at);
        sp_set_row(set);
        sp_set_int(set, facts[i].head.account_id);
        sp_set_string(set, facts[i].head.key);
        sp_set_int(set, facts[i].head.rev);
        sp_set_int(set, facts[i].shop_id);
        sp_set_string(set, facts[i].statement_id);
        sp_set_time(set, cut_us > 0 ? cut_us : 1);
        sp_set_string(set, facts[i].currency);
        sp_set_int(set, facts[i].settled_minor);
        sp_set_int(set, facts[i].transactions);
        sp_set_string(set, facts[i].payment_id);
        sp_set_string(set, facts[i].payment_state);
        sp_set_time(set, ingest_time_us(facts[i].paid_at));
    }
    return sp_queue(sp_ctx_db(ctx), &claim_statements, SP_PARAMS(sp_set(set)));
}

/* ---- questions
 * -------------------------------------------------------------------------------------- */

static const struct sp_rows *ask_page(struct sp_ctx *ctx, int64_t account_id,
                                      const struct settlement_filter *filter,
                                      const struct sp_statement *statement)
{
    const struct list_page *page = &filter->page;
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), statement,
                    SP_PARAMS(sp_int(account_id), sp_int(filter->shop_id), sp_time(filter->from_us),
                              sp_time(filter->until_us), sp_string(filter->state),
                              page->first ? sp_null() : sp_time(page->at_us),
                              sp_string(page->after), sp_int(page->limit)));
}

const struct sp_rows *store_list_settlements(struct sp_ctx *ctx, int64_t account_id,
                                             const struct settlement_filter *filter)
{
    bool unsettled = sp_text_is(filter->state, "UNSETTLED");
    return ask_page(ctx, account_id, filter, unsettled ? &list_unsettled : &list_settlements);
}

const struct sp_rows *store_settlement_csv(struct sp_ctx *ctx, int64_t account_id,
                                           const struct settlement_filter *filter)
{
    return ask_page(ctx, account_id, filter, &settlement_csv);
}

const struct sp_rows *store_settlement_report(struct sp_ctx *ctx, int64_t account_id,
                                              const struct settlement_filter *filter)
{
    return sp_query(sp_ctx_db(ctx), sp_ctx_error(ctx), &settlement_report,
                    SP_PARAMS(sp_int(account_id), sp_int(filter->shop_id), sp_time(filter->from_us),
                              sp_time(filter->until_us)));
}
