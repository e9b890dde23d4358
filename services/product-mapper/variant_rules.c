/* What a variant may be. */
#include "services/product-mapper/variant_rules.h"

#include <string.h>

#include "common/text.h"

struct sp_text mapper_trimmed(struct sp_text text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = (struct sp_text){text.data + 1, text.size - 1};
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

static bool is_currency(struct sp_text text)
{
    if (text.size != 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    }
    return true;
}

static bool is_supply(struct sp_text text)
{
    return sp_text_is(text, "STOCKED") || sp_text_is(text, "MADE_TO_ORDER") ||
           sp_text_is(text, "PURCHASED");
}

/* One line of text. */
static bool is_clean(struct sp_text text)
{
    return sp_text_is_plain(text) && !sp_text_holds(text, "\n") && !sp_text_holds(text, "\t");
}

/* What a browser may be sent to. */
static bool is_link(struct sp_text text)
{
    if (text.size > VARIANT_LINK_BYTES)
        return false;
    return text.size == 0 || (text.size > 8 && (memcmp(text.data, "https://", 8) == 0 ||
                                                memcmp(text.data, "http://", 7) == 0));
}

static const struct variant_problem text_bad = {
    "TEXT_BAD", "texts are UTF-8 in one line without control characters"};
static const struct variant_problem sku_bad = {"SKU_BAD", "the SKU has 1 to 64 bytes"};
static const struct variant_problem name_bad = {"NAME_BAD", "the name has 1 to 512 bytes"};
static const struct variant_problem barcode_bad = {"BARCODE_BAD",
                                                   "the barcode has at most 64 bytes"};
static const struct variant_problem unit_bad = {"UNIT_BAD", "the unit has at most 32 bytes"};
static const struct variant_problem link_bad = {
    "LINK_BAD", "image and source link begin with https:// or http:// and have at most 1024 bytes"};
static const struct variant_problem supply_bad = {"SUPPLY_BAD",
                                                  "supply is STOCKED, MADE_TO_ORDER or PURCHASED"};
static const struct variant_problem cost_bad = {"COST_BAD",
                                                "the cost is 0 to 1000000000000 minor units"};
static const struct variant_problem currency_bad = {"CURRENCY_BAD",
                                                    "the currency is three capital letters"};
static const struct variant_problem weight_bad = {"WEIGHT_BAD", "the weight is 0 to 1000000 grams"};
static const struct variant_problem other_currency = {
    "CURRENCY_NOT_WALLETS", "costs are in the currency of the account's wallet"};
static const struct variant_problem in_archive = {"VARIANT_ARCHIVED",
                                                  "it is archived: restore it first"};
static const struct variant_problem bundle_fixed = {
    "BUNDLE_FIXED", "a variant cannot become a bundle, nor a bundle a plain variant: make another"};
static const struct variant_problem bundle_cost = {"BUNDLE_HAS_COST",
                                                   "a bundle costs what its parts cost"};
static const struct variant_problem bundle_product = {"BUNDLE_OF_PRODUCT",
                                                      "a bundle is of no product"};
static const struct variant_problem part_unknown = {"PART_UNKNOWN",
                                                    "a part of the bundle is not known"};
static const struct variant_problem part_archived = {"PART_ARCHIVED",
                                                     "a part of the bundle is archived"};
static const struct variant_problem part_bundle = {
    "PART_IS_BUNDLE", "a part of a bundle cannot be a bundle: name its parts instead"};
static const struct variant_problem pieces_bad = {"PIECES_BAD", "a part has 1 to 1000 pieces"};

static const struct variant_problem *check_texts(const struct variant_input *input)
{
    const struct sp_text texts[] = {input->sku,  input->name,  input->barcode,
                                    input->unit, input->image, input->source_link};
    for (size_t i = 0; i < SP_COUNT(texts); i++) {
        if (!is_clean(texts[i]))
            return &text_bad;
    }
    if ((input->said & SAYS_SKU) != 0 &&
        (input->sku.size == 0 || input->sku.size > VARIANT_SKU_BYTES))
        return &sku_bad;
    if ((input->said & SAYS_NAME) != 0 &&
        (input->name.size == 0 || input->name.size > VARIANT_NAME_BYTES))
        return &name_bad;
    if (input->barcode.size > VARIANT_SKU_BYTES)
        return &barcode_bad;
    if (input->unit.size > VARIANT_UNIT_BYTES)
        return &unit_bad;
    return is_link(input->image) && is_link(input->source_link) ? NULL : &link_bad;
}

const struct variant_problem *mapper_check_variant(struct variant_input *input)
{
    struct sp_text *const texts[] = {&input->sku,  &input->name,  &input->barcode,
                                     &input->unit, &input->image, &input->source_link};
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        *texts[i] = mapper_trimmed(*texts[i]);
    const struct variant_problem *problem = check_texts(input);
    if (problem != NULL)
        return problem;
    if ((input->said & SAYS_SUPPLY) != 0 && !is_supply(input->supply))
        return &supply_bad;
    if (input->cost_minor < 0 || input->cost_minor > VARIANT_COST_MINOR)
        return &cost_bad;
    if ((input->said & SAYS_CURRENCY) != 0 && !is_currency(input->currency))
        return &currency_bad;
    return input->weight_g < 0 || input->weight_g > VARIANT_WEIGHT_G ? &weight_bad : NULL;
}

const struct variant_problem *mapper_check_standing(const struct variant_input *input,
                                                    const struct variant_standing *standing)
{
    bool says_parts = (input->said & SAYS_PARTS) != 0;
    bool is_bundle = says_parts ? input->parts.count > 0 : standing->is_bundle;
    if (!standing->exists && input->name.size == 0)
        return &name_bad;
    if (standing->archived)
        return &in_archive;
    if (standing->exists && is_bundle != standing->is_bundle)
        return &bundle_fixed;
    if (is_bundle && input->cost_minor != 0)
        return &bundle_cost;
    if (is_bundle && input->product_id != 0)
        return &bundle_product;
    bool says_currency = (input->said & SAYS_CURRENCY) != 0 && standing->currency.size > 0;
    if (says_currency && !sp_text_equal(input->currency, standing->currency))
        return &other_currency;
    return NULL;
}

const struct variant_problem *mapper_check_part(const struct line_part *part,
                                                const struct part_standing *standing)
{
    if (part->pieces < 1 || part->pieces > PIECES_MOST)
        return &pieces_bad;
    if (!standing->exists)
        return &part_unknown;
    if (standing->is_bundle)
        return &part_bundle;
    return standing->archived ? &part_archived : NULL;
}
