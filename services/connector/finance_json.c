/* Statements and what they are made of. */
#include "services/connector/finance_json.h"

#include "common/currency.h"
#include "common/text.h"
#include "services/connector/money.h"
#include "services/connector/value.h"

/* Limits of channel.settlement (proto/connector.schema). */
enum { KIND_MAX = 48, STATE_MAX = 16, FEE_NAME_MAX = 64, FEES_MAX = 100 };

static bool is_said(struct sp_json value)
{
    return value.kind == SP_JSON_STRING ? value.raw.size > 2 : value.kind == SP_JSON_NUMBER;
}

enum sp_result tiktok_read_statement(struct sp_json json, struct sp_arena *arena,
                                     struct channel_statement *fact, struct sp_error *err)
{
    enum {
        ID,
        TIME,
        CURRENCY,
        SETTLED,
        REVENUE,
        NET,
        SHIPPING,
        FEES,
        ADJUSTED,
        PAYMENT,
        STATE,
        PAID,
        MEMBERS
    };
    static const char *const names[MEMBERS] = {"id",
                                               "statement_time",
                                               "currency",
                                               "settlement_amount",
                                               "revenue_amount",
                                               "net_sales_amount",
                                               "shipping_cost_amount",
                                               "fee_amount",
                                               "adjustment_amount",
                                               "payment_id",
                                               "payment_status",
                                               "payment_time"};
    struct sp_json value[MEMBERS];
    sp_json_members(json, names, MEMBERS, value);
    *fact = (struct channel_statement){
        .statement_id = tiktok_id(value[ID], arena),
        .cut_at = tiktok_time(value[TIME]),
        .currency = tiktok_text(value[CURRENCY], 3, arena),
        .payment_id = tiktok_id(value[PAYMENT], arena),
        .payment_state = tiktok_text(value[STATE], STATE_MAX, arena),
        .paid_at = tiktok_time(value[PAID]),
    };
    if (fact->statement_id.size == 0 || fact->cut_at == 0)
        return sp_fail(err, SP_REJECT, "a statement has no usable id or time");
    int digits = sp_currency_digits(fact->currency);
    fact->settled_minor = tiktok_minor(value[SETTLED], digits);
    /* Which of the two is there depends on the market. */
    fact->revenue_minor =
        tiktok_minor(is_said(value[REVENUE]) ? value[REVENUE] : value[NET], digits);
    fact->shipping_minor = tiktok_minor(value[SHIPPING], digits);
    fact->fees_minor = tiktok_minor(value[FEES], digits);
    fact->adjustment_minor = tiktok_minor(value[ADJUSTED], digits);
    return SP_OK;
}

/* ---- transactions
 * -------------------------------------------------------------------------------------- */

/* The amounts of one breakdown.  What stands deeper, the `supplementary_component`, explains them
 * and adds nothing. */
static void add_parts(struct sp_json breakdown, const char *part, struct sp_arena *arena,
                      struct channel_settlement *fact, struct settlement_fee fees[FEES_MAX])
{
    int digits = sp_currency_digits(fact->currency);
    struct sp_json_walk walk = sp_json_each(breakdown);
    struct sp_text name;
    struct sp_json amount;
    while (walk.object && fact->fees_count < FEES_MAX && sp_json_next(&walk, &name, &amount)) {
        int64_t minor = is_said(amount) ? tiktok_minor(amount, digits) : 0;
        if (minor != 0)
            fees[fact->fees_count++] = (struct settlement_fee){
                sp_text_fit(name, FEE_NAME_MAX, arena), minor, sp_text_of(part)};
    }
}

static void read_parts(struct sp_json json, struct sp_arena *arena, struct channel_settlement *fact)
{
    struct settlement_fee *fees = sp_arena_array(arena, FEES_MAX, sizeof *fees);
    struct sp_json both = sp_json_get(json, "fee_tax_breakdown");
    add_parts(sp_json_get(json, "revenue_breakdown"), "REVENUE", arena, fact, fees);
    add_parts(sp_json_get(json, "shipping_cost_breakdown"), "SHIPPING", arena, fact, fees);
    add_parts(sp_json_get(both, "fee"), "FEE", arena, fact, fees);
    add_parts(sp_json_get(both, "tax"), "TAX", arena, fact, fees);
    fact->fees = fees;
}

static void read_amounts(struct sp_json json, struct channel_settlement *fact)
{
    enum { SETTLED, REVENUE, SHIPPING, FEES, ADJUSTED, RESERVED, MEMBERS };
    static const char *const names[MEMBERS] = {"settlement_amount",    "revenue_amount",
                                               "shipping_cost_amount", "fee_tax_amount",
                                               "adjustment_amount",    "reserve_amount"};
    int digits = sp_currency_digits(fact->currency);
    struct sp_json value[MEMBERS];
    sp_json_members(json, names, MEMBERS, value);
    fact->settled_minor = tiktok_minor(value[SETTLED], digits);
    fact->revenue_minor = tiktok_minor(value[REVENUE], digits);
    fact->shipping_minor = tiktok_minor(value[SHIPPING], digits);
    fact->fees_minor = tiktok_minor(value[FEES], digits);
    fact->adjustment_minor = tiktok_minor(value[ADJUSTED], digits);
    fact->reserve_minor = tiktok_minor(value[RESERVED], digits);
}

/* An adjustment is for the order that it adjusts, when it names one. */
static struct sp_text order_of(struct sp_json json, struct sp_arena *arena)
{
    static const char *const names[] = {"order_id", "adjustment_order_id", "associated_order_id"};
    struct sp_text id = {0};
    for (size_t i = 0; i < SP_COUNT(names) && id.size == 0; i++)
        id = tiktok_id(sp_json_get(json, names[i]), arena);
    return id;
}

enum sp_result tiktok_read_transaction(struct sp_json json,
                                       const struct channel_statement *statement,
                                       struct sp_arena *arena, struct channel_settlement *fact,
                                       struct sp_error *err)
{
    *fact = (struct channel_settlement){
        .transaction_id = tiktok_id(sp_json_get(json, "id"), arena),
        .statement_id = statement->statement_id,
        .kind = tiktok_text(sp_json_get(json, "type"), KIND_MAX, arena),
        .channel_order_id = order_of(json, arena),
        .settled_at = statement->cut_at,
        .currency = statement->currency,
        .adjustment_id = tiktok_id(sp_json_get(json, "adjustment_id"), arena),
        .reserve_id = tiktok_id(sp_json_get(json, "reserve_id"), arena),
        .reserve_state = tiktok_text(sp_json_get(json, "reserve_status"), STATE_MAX, arena),
        .release_at = tiktok_time(sp_json_get(json, "estimated_release_time")),
        .order_created_at = tiktok_time(sp_json_get(json, "order_create_time")),
    };
    if (fact->transaction_id.size == 0)
        return sp_fail(err, SP_REJECT, "a transaction has no usable id");
    read_amounts(json, fact);
    read_parts(json, arena, fact);
    return SP_OK;
}
