/* Settlements: what is believed of them, and which of their amounts is the sale and which explains
 * the difference to what is paid out. */
#include "services/order-ingest/settlement_rules.h"

#include <stdio.h>

#include "common/json.h"
#include "services/order-ingest/domain.h"

bool settlement_is_reserve(const struct channel_settlement *fact)
{
    return sp_text_is(fact->kind, "RESERVE");
}

static bool is_adjustment(const struct channel_settlement *fact)
{
    return !settlement_is_reserve(fact) && !sp_text_is(fact->kind, "ORDER");
}

/* ---- what is believed
 * --------------------------------------------------------------------------------- */

static bool amount_holds(int64_t minor)
{
    return minor >= -SETTLEMENT_MOST_MINOR && minor <= SETTLEMENT_MOST_MINOR;
}

static bool amounts_hold(const struct channel_settlement *fact)
{
    bool hold = amount_holds(fact->settled_minor) && amount_holds(fact->revenue_minor) &&
                amount_holds(fact->adjustment_minor) && amount_holds(fact->reserve_minor);
    for (size_t i = 0; i < fact->fees_count && hold; i++)
        hold = amount_holds(fact->fees[i].amount_minor);
    return hold;
}

static bool time_is_there(int64_t seconds)
{
    return seconds > 0 && ingest_time_holds(seconds);
}

enum sp_result settlement_check(const struct channel_settlement *fact, struct sp_error *err)
{
    char id[2 * 32 + 2];
    (void)snprintf(id, sizeof id, "%.*s/%.*s", SP_FMT(fact->statement_id),
                   SP_FMT(fact->transaction_id));
    if (!ingest_key_names(fact->head.key, fact->shop_id, sp_text_of(id)))
        return sp_fail(err, SP_REJECT, "the key %.*s is not that of transaction %s of shop %lld",
                       SP_FMT(fact->head.key), id, (long long)fact->shop_id);
    if (!time_is_there(fact->settled_at) || !ingest_time_holds(fact->release_at))
        return sp_fail(err, SP_REJECT, "transaction %.*s has a time that cannot be",
                       SP_FMT(fact->head.key));
    if (!amounts_hold(fact))
        return sp_fail(err, SP_REJECT, "transaction %.*s has an amount that cannot be",
                       SP_FMT(fact->head.key));
    return SP_OK;
}

enum sp_result settlement_check_statement(const struct channel_statement *fact,
                                          struct sp_error *err)
{
    if (!ingest_key_names(fact->head.key, fact->shop_id, fact->statement_id))
        return sp_fail(err, SP_REJECT, "the key %.*s is not that of statement %.*s of shop %lld",
                       SP_FMT(fact->head.key), SP_FMT(fact->statement_id),
                       (long long)fact->shop_id);
    if (!time_is_there(fact->cut_at) || !ingest_time_holds(fact->paid_at))
        return sp_fail(err, SP_REJECT, "statement %.*s has a time that cannot be",
                       SP_FMT(fact->head.key));
    if (!amount_holds(fact->settled_minor))
        return sp_fail(err, SP_REJECT, "statement %.*s has an amount that cannot be",
                       SP_FMT(fact->head.key));
    return SP_OK;
}

/* ---- what it is made of
 * ------------------------------------------------------------------------------ */

static bool is_sale(const struct settlement_fee *fee)
{
    static const char *const names[] = {"subtotal_before_discount_amount", "gross_sales_amount",
                                        "seller_discount_amount"};
    return sp_text_is(fee->part, "REVENUE") &&
           sp_text_among(fee->name, names, SP_COUNT(names)) >= 0;
}

static bool has_revenue_lines(const struct channel_settlement *fact)
{
    for (size_t i = 0; i < fact->fees_count; i++) {
        if (sp_text_is(fact->fees[i].part, "REVENUE"))
            return true;
    }
    return false;
}

/* An adjustment that says nothing but what is paid is explained by being one. */
static int64_t adjustment_of(const struct channel_settlement *fact)
{
    bool bare = is_adjustment(fact) && fact->fees_count == 0 && fact->revenue_minor == 0 &&
                fact->adjustment_minor == 0;
    return bare ? fact->settled_minor : fact->adjustment_minor;
}

struct settlement_sums settlement_sum(const struct channel_settlement *fact)
{
    struct settlement_sums sums = {0, 0};
    if (settlement_is_reserve(fact) || !amounts_hold(fact))
        return sums;
    if (!has_revenue_lines(fact))
        sums.sale_minor = fact->revenue_minor;
    for (size_t i = 0; i < fact->fees_count; i++) {
        if (is_sale(&fact->fees[i]))
            sums.sale_minor += fact->fees[i].amount_minor;
        else
            sums.explained_minor += fact->fees[i].amount_minor;
    }
    sums.explained_minor += adjustment_of(fact);
    return sums;
}

static void write_line(struct sp_json_writer *json, struct sp_text part, struct sp_text name,
                       int64_t minor)
{
    sp_json_open_object(json, NULL);
    sp_json_put_string(json, "part", part);
    sp_json_put_string(json, "name", name);
    sp_json_put_int(json, "minor", minor);
    sp_json_close_object(json);
}

void settlement_write_lines(const struct channel_settlement *fact, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    int64_t adjustment = settlement_is_reserve(fact) ? 0 : adjustment_of(fact);
    sp_json_open_array(&json, NULL);
    for (size_t i = 0; i < fact->fees_count && !settlement_is_reserve(fact); i++) {
        const struct settlement_fee *fee = &fact->fees[i];
        if (!is_sale(fee))
            write_line(&json, fee->part, fee->name, fee->amount_minor);
    }
    if (adjustment != 0)
        write_line(&json, SP_TEXT("ADJUSTMENT"), fact->kind, adjustment);
    sp_json_close_array(&json);
}
