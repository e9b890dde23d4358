/* What a variant may be, and how one is read from a file. */
#include "services/product-mapper/variant_rules.h"

#include <string.h>

#include "common/text.h"

static struct sp_text trimmed(struct sp_text text)
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
    return text.size == 0 || (text.size > 8 && (memcmp(text.data, "https://", 8) == 0 ||
                                                memcmp(text.data, "http://", 7) == 0));
}

static const char *check_texts(const struct variant_input *input)
{
    const struct sp_text texts[] = {input->sku,  input->name,  input->barcode,
                                    input->unit, input->image, input->source_link};
    for (size_t i = 0; i < SP_COUNT(texts); i++) {
        if (!is_clean(texts[i]))
            return "texts are UTF-8 without control characters";
    }
    if ((input->said & SAYS_SKU) != 0 &&
        (input->sku.size == 0 || input->sku.size > VARIANT_SKU_BYTES))
        return "the SKU has 1 to 64 bytes";
    if ((input->said & SAYS_NAME) != 0 &&
        (input->name.size == 0 || input->name.size > VARIANT_NAME_BYTES))
        return "the name has 1 to 512 bytes";
    if (input->barcode.size > VARIANT_SKU_BYTES)
        return "the barcode has at most 64 bytes";
    if (input->unit.size > VARIANT_UNIT_BYTES)
        return "the unit has at most 32 bytes";
    if (input->image.size > VARIANT_LINK_BYTES || input->source_link.size > VARIANT_LINK_BYTES)
        return "an address has at most 1024 bytes";
    if (!is_link(input->image) || !is_link(input->source_link))
        return "image and source link are addresses that begin with https:// or http://";
    return NULL;
}

const char *mapper_check_variant(struct variant_input *input)
{
    input->sku = trimmed(input->sku);
    input->name = trimmed(input->name);
    const char *problem = check_texts(input);
    if (problem != NULL)
        return problem;
    if ((input->said & SAYS_SUPPLY) != 0 && !is_supply(input->supply))
        return "supply is STOCKED, MADE_TO_ORDER or PURCHASED";
    if (input->cost_minor < 0 || input->cost_minor > VARIANT_COST_MINOR)
        return "the cost is 0 to 1000000000000 minor units";
    if ((input->said & SAYS_CURRENCY) != 0 && !is_currency(input->currency))
        return "the currency is three capital letters";
    if (input->weight_g < 0 || input->weight_g > VARIANT_WEIGHT_G)
        return "the weight is 0 to 1000000 grams";
    return NULL;
}

/* ---- files
 * --------------------------------------------------------------------------------------- */

static int column_of(const struct csv_record *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++) {
        if (sp_text_is(trimmed(header->fields[i]), name))
            return (int)i;
    }
    return -1;
}

const char *mapper_read_columns(const struct csv_record *header, struct variant_columns *columns)
{
    *columns = (struct variant_columns){
        .sku = column_of(header, "sku"),
        .name = column_of(header, "name"),
        .cost_minor = column_of(header, "cost_minor"),
        .currency = column_of(header, "currency"),
        .supply = column_of(header, "supply"),
        .barcode = column_of(header, "barcode"),
        .weight_g = column_of(header, "weight_g"),
    };
    if (columns->sku < 0 || columns->name < 0 || columns->cost_minor < 0 || columns->currency < 0 ||
        columns->supply < 0)
        return "the first line names the columns sku, name, cost_minor, currency, supply";
    return NULL;
}

static struct sp_text field(const struct csv_record *record, int column)
{
    bool there = column >= 0 && (size_t)column < record->count;
    return there ? record->fields[column] : (struct sp_text){0};
}

const char *mapper_read_variant(const struct csv_record *record,
                                const struct variant_columns *columns, struct variant_input *input)
{
    if (record->problem != NULL)
        return record->problem;
    *input = (struct variant_input){
        .sku = field(record, columns->sku),
        .name = field(record, columns->name),
        .barcode = trimmed(field(record, columns->barcode)),
        .supply = trimmed(field(record, columns->supply)),
        .currency = trimmed(field(record, columns->currency)),
        .said = SAYS_SKU | SAYS_NAME | SAYS_COST | SAYS_CURRENCY | SAYS_SUPPLY,
    };
    if (input->supply.size == 0)
        input->supply = SP_TEXT("STOCKED");
    if (columns->barcode >= 0)
        input->said |= SAYS_BARCODE;
    if (columns->weight_g >= 0)
        input->said |= SAYS_WEIGHT;
    if (!sp_text_to_int(trimmed(field(record, columns->cost_minor)), &input->cost_minor))
        return "cost_minor is a whole number of minor units";
    struct sp_text weight = trimmed(field(record, columns->weight_g));
    if (weight.size > 0 && !sp_text_to_int(weight, &input->weight_g))
        return "weight_g is a whole number of grams";
    if (input->currency.size == 0)
        return "the currency is three capital letters";
    return mapper_check_variant(input);
}
