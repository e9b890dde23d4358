#include "services/placement/condition.h"

#include <string.h>

struct evaluation {
    const struct place_ground *ground;
    struct findings *findings;
};

/* What is known of a code: who can mend it and how. */
struct remedy {
    const char *code, *who, *fix;
};

/* One table for all codes, so that a code means one thing everywhere. */
static const struct remedy remedies[] = {
    {"NOT_TO_SHIP", "MARKETPLACE", "wait until the marketplace says: to be shipped"},
    {"NOT_PAID", "BUYER", "wait for the payment"},
    {"SHIPPED_BY_MARKETPLACE", "MARKETPLACE", "nothing: the marketplace ships it"},
    {"CANCEL_WANTED", "SELLER", "accept or decline the buyer's request"},
    {"DELETED", "SELLER", "restore the order"},
    {"NO_LINES", "MARKETPLACE", "nothing is left to ship"},
    {"LINE_NOT_DOWNLOADED", "SELLER", "download the listing"},
    {"LINE_UNMAPPED", "SELLER", "map the listing SKU to a variant"},
    {"LINE_INCOMPLETE", "SELLER", "complete the mapping"},
    {"LINE_DESIGN_MISSING", "SELLER", "attach a design to the line"},
    {"STOCK_SHORT", "WAREHOUSE", "bring stock in"},
    {"WAREHOUSE_SPLIT", "WAREHOUSE", "bring the goods into one warehouse"},
    {"WAREHOUSE_UNKNOWN", "SYSTEM", "nothing: it is told soon"},
    {"WAREHOUSE_NOT_APPROVED", "WAREHOUSE", "have the warehouse approved"},
    {"SHOP_UNKNOWN", "SYSTEM", "nothing: it is told soon"},
    {"ACCOUNT_UNKNOWN", "SYSTEM", "nothing: it is told soon"},
    {"VARIANT_UNKNOWN", "SYSTEM", "nothing: it is told soon"},
    {"COST_CURRENCY", "SELLER", "give the variant a cost in the wallet's currency"},
    {"SURCHARGE_UNSET", "SELLER", "set the surcharge for the wallet's currency"},
    {"CHARGE_TOO_HIGH", "SELLER", "check costs and quantities"},
    {"REFUSED", "WAREHOUSE", "see the reason; placing by hand tries again"},
    {"BALANCE_LOW", "SELLER", "top the wallet up"},
    {"AUTO_PLACE_OFF", "SELLER", "top the wallet up, then switch auto-place on"},
    {"GOODS_ISSUED", "WAREHOUSE", "the goods have left: call them back or keep the charge"},
};

static const struct remedy *remedy_of(const char *code)
{
    size_t i = 0;
    while (i < SP_COUNT(remedies) && strcmp(remedies[i].code, code) != 0)
        i++;
    SP_ASSERT(i < SP_COUNT(remedies)); /* a code without a remedy */
    return &remedies[i];
}

/* As order.staged carries it: cut before the character that does not fit. */
static struct sp_text cut(struct sp_text text)
{
    size_t size = text.size < MOST_VALUE_BYTES ? text.size : MOST_VALUE_BYTES;
    while (size < text.size && size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    return (struct sp_text){text.data, size};
}

static void add(struct findings *findings, const char *code, bool ok, struct condition condition)
{
    if (!ok)
        findings->placeable = false;
    if ((ok && !findings->all) || findings->count == MOST_CONDITIONS)
        return;
    const struct remedy *remedy = remedy_of(code);
    condition.code = sp_text_of(remedy->code);
    condition.value = cut(condition.value);
    findings->list[findings->count++] = (struct finding){condition, ok, remedy->who, remedy->fix};
}

static void add_plain(struct findings *findings, const char *code, bool ok, const char *value)
{
    add(findings, code, ok, (struct condition){.value = sp_text_of(value)});
}

/* ---- the order itself --------------------------------------------------------------------- */

static bool is_to_ship(const struct order_allocated *fact)
{
    if (fact->is_manual)
        return fact->cancelled_at == 0 && fact->collected_at == 0;
    return sp_text_is(fact->channel_status, "AWAITING_SHIPMENT") ||
           sp_text_is(fact->channel_status, "PARTIALLY_SHIPPING");
}

static void check_status(const struct evaluation *of)
{
    const struct order_allocated *fact = of->ground->fact;
    bool to_ship = is_to_ship(fact);
    add(of->findings, "NOT_TO_SHIP", to_ship,
        (struct condition){.value = fact->channel_status,
                           .wanted = SP_TEXT("AWAITING_SHIPMENT, PARTIALLY_SHIPPING")});
    /* Of an order that is not to be shipped yet, the status says it all. */
    if (to_ship || of->findings->all)
        add_plain(of->findings, "NOT_PAID",
                  fact->paid_at > 0 || fact->is_cod || fact->is_manual || fact->is_sample,
                  fact->paid_at > 0 ? "paid"
                  : fact->is_cod    ? "on delivery"
                                    : "");
    add_plain(of->findings, "SHIPPED_BY_MARKETPLACE", !fact->fulfilled_by_channel, "");
    add_plain(of->findings, "CANCEL_WANTED", !fact->buyer_wants_cancel, "");
    add_plain(of->findings, "DELETED", !fact->deleted, "");
}

static const char *code_of_problem(struct sp_text problem)
{
    static const char *const codes[][2] = {{"NOT_DOWNLOADED", "LINE_NOT_DOWNLOADED"},
                                           {"UNMAPPED", "LINE_UNMAPPED"},
                                           {"DESIGN_MISSING", "LINE_DESIGN_MISSING"}};
    for (size_t i = 0; i < SP_COUNT(codes); i++) {
        if (sp_text_is(problem, codes[i][0]))
            return codes[i][1];
    }
    return "LINE_INCOMPLETE";
}

static void check_lines(const struct evaluation *of)
{
    const struct order_allocated *fact = of->ground->fact;
    size_t live = 0, open = 0;
    for (size_t i = 0; i < fact->lines_count; i++) {
        const struct allocated_line *line = &fact->lines[i];
        live += !line->cancelled;
        if (line->cancelled || line->problem.size == 0)
            continue;
        open++;
        add(of->findings, code_of_problem(line->problem), false,
            (struct condition){.value = line->subject, .line = line->line});
    }
    if (open == 0)
        add_plain(of->findings, "LINE_UNMAPPED", true, "all lines are mapped and complete");
    add_plain(of->findings, "NO_LINES", live > 0, "");
    of->findings->complete = open == 0 && live > 0;
}

/* ---- stock ---------------------------------------------------------------------------------- */

static void check_part(const struct evaluation *of, const struct allocated_line *line,
                       const struct allocated_part *part)
{
    struct findings *findings = of->findings;
    findings->purchase = findings->purchase || sp_text_is(part->supply, "PURCHASED");
    if (part->missing > 0)
        add(findings, "STOCK_SHORT", false,
            (struct condition){
                .value = sp_arena_printf(of->ground->arena, "%lld", (long long)part->reserved),
                .wanted = sp_arena_printf(of->ground->arena, "%lld",
                                          (long long)(part->reserved + part->missing)),
                .line = line->line});
    if (part->warehouse_id == 0)
        return;
    if (findings->warehouse_id != 0 && findings->warehouse_id != part->warehouse_id)
        add(findings, "WAREHOUSE_SPLIT", false, (struct condition){.line = line->line});
    findings->warehouse_id = part->warehouse_id;
}

static void check_warehouse(const struct evaluation *of)
{
    int64_t wanted = of->findings->warehouse_id;
    if (wanted == 0)
        return;
    const struct warehouse_terms *found = NULL;
    for (size_t i = 0; i < of->ground->warehouse_count; i++) {
        if (of->ground->warehouses[i].warehouse_id == wanted)
            found = &of->ground->warehouses[i];
    }
    add_plain(of->findings, "WAREHOUSE_UNKNOWN", found != NULL, "");
    if (found != NULL)
        add_plain(of->findings, "WAREHOUSE_NOT_APPROVED", found->approved, "");
}

static void check_stock(const struct evaluation *of)
{
    const struct order_allocated *fact = of->ground->fact;
    size_t before = of->findings->count;
    for (size_t i = 0; i < fact->lines_count; i++) {
        const struct allocated_line *line = &fact->lines[i];
        for (size_t k = 0; k < line->parts_count && !line->cancelled; k++)
            check_part(of, line, &line->parts[k]);
    }
    if (of->findings->count == before)
        add_plain(of->findings, "STOCK_SHORT", true, "all is kept");
    check_warehouse(of);
}

/* ---- money ---------------------------------------------------------------------------------- */

static void check_cost(const struct evaluation *of, const struct allocated_line *line,
                       const struct allocated_part *part)
{
    const struct place_ground *ground = of->ground;
    const struct variant_price *price =
        price_find(ground->prices, ground->fact->head.account_id, part->variant_id);
    if (price == NULL) {
        add(of->findings, "VARIANT_UNKNOWN", false,
            (struct condition){
                .value = sp_arena_printf(ground->arena, "%lld", (long long)part->variant_id),
                .line = line->line});
        return;
    }
    if (!sp_text_is(price->currency, ground->terms->currency))
        add(of->findings, "COST_CURRENCY", false,
            (struct condition){.value = price->currency,
                               .wanted = sp_text_of(ground->terms->currency),
                               .line = line->line});
}

static void check_costs(const struct evaluation *of)
{
    const struct order_allocated *fact = of->ground->fact;
    size_t before = of->findings->count;
    for (size_t i = 0; i < fact->lines_count; i++) {
        const struct allocated_line *line = &fact->lines[i];
        for (size_t k = 0; k < line->parts_count && !line->cancelled; k++)
            check_cost(of, line, &line->parts[k]);
    }
    if (of->findings->count == before)
        add_plain(of->findings, "VARIANT_UNKNOWN", true, "all costs are known");
}

static void check_money(const struct evaluation *of)
{
    const struct place_ground *ground = of->ground;
    add_plain(of->findings, "ACCOUNT_UNKNOWN", ground->terms != NULL, "");
    of->findings->charge_known = false;
    if (ground->terms == NULL)
        return;
    check_costs(of);
    int64_t surcharge;
    if (!ground->fact->is_manual)
        add(of->findings, "SURCHARGE_UNSET", terms_surcharge(ground->terms, &surcharge),
            (struct condition){.wanted = sp_text_of(ground->terms->currency)});
    of->findings->charge_known =
        price_order(ground->fact, ground->terms, ground->prices, &of->findings->charge);
    add_plain(of->findings, "CHARGE_TOO_HIGH", of->findings->charge_known, "");
}

void conditions_evaluate(const struct place_ground *ground, struct findings *findings)
{
    struct evaluation of = {ground, findings};
    findings->count = 0;
    findings->placeable = true;
    findings->warehouse_id = 0;
    findings->purchase = false;
    findings->charge = (struct charge){.total_minor = 0};
    check_status(&of);
    check_lines(&of);
    check_stock(&of);
    add_plain(findings, "SHOP_UNKNOWN", ground->shop_known || ground->fact->is_manual, "");
    check_money(&of);
    /* A person may try again, so it does not count against being placeable. */
    bool placeable = findings->placeable;
    add(findings, "REFUSED", ground->refused_reason.size == 0,
        (struct condition){.value = ground->refused_reason});
    findings->placeable = placeable;
}

bool condition_balance(const struct place_ground *ground, int64_t balance_minor,
                       struct findings *findings)
{
    bool enough = findings->charge_known && findings->charge.total_minor <= balance_minor;
    if (!findings->charge_known || (enough && !findings->all))
        return enough;
    bool placeable = findings->placeable;
    add(findings, "BALANCE_LOW", enough,
        (struct condition){.value =
                               sp_arena_printf(ground->arena, "%lld %s", (long long)balance_minor,
                                               ground->terms->currency),
                           .wanted = sp_arena_printf(ground->arena, "%lld %s",
                                                     (long long)findings->charge.total_minor,
                                                     ground->terms->currency)});
    findings->placeable = placeable;
    return enough;
}

void condition_held(struct findings *findings)
{
    add_plain(findings, "AUTO_PLACE_OFF", false, "off since the balance did not do");
}

void condition_issued(struct findings *findings)
{
    add_plain(findings, "GOODS_ISSUED", false, "");
}
