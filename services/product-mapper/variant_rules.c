/* What a variant may be, and how one is read from a file. */
#include "services/product-mapper/variant_rules.h"

#include <string.h>

static struct sp_text trimmed(struct sp_text text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = (struct sp_text){text.data + 1, text.size - 1};
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

static bool has_control(struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    }
    return false;
}

/* Length of the UTF-8 character at `at`; 0: there is none. */
static size_t character(struct sp_text text, size_t at)
{
    unsigned char first = (unsigned char)text.data[at];
    size_t size = first < 0x80                    ? 1
                  : first >= 0xC2 && first < 0xE0 ? 2
                  : first >= 0xE0 && first < 0xF0 ? 3
                  : first >= 0xF0 && first < 0xF5 ? 4
                                                  : 0;
    if (size == 0 || at + size > text.size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text.data[at + i] & 0xC0) != 0x80)
            return 0;
    }
    unsigned char second = size > 2 ? (unsigned char)text.data[at + 1] : 0x90;
    bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    bool beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return overlong || beyond ? 0 : size;
}

static bool is_utf8(struct sp_text text)
{
    for (size_t at = 0; at < text.size;) {
        size_t size = character(text, at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
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

static bool is_clean(struct sp_text text)
{
    return is_utf8(text) && !has_control(text);
}

const char *mapper_check_variant(struct variant_input *input)
{
    input->sku = trimmed(input->sku);
    input->name = trimmed(input->name);
    if (input->supply.size == 0)
        input->supply = SP_TEXT("STOCKED");
    if (!is_clean(input->sku) || !is_clean(input->name) || !is_clean(input->barcode))
        return "texts are UTF-8 without control characters";
    if (input->sku.size == 0 || input->sku.size > VARIANT_SKU_BYTES)
        return "the SKU has 1 to 64 bytes";
    if (input->name.size == 0 || input->name.size > VARIANT_NAME_BYTES)
        return "the name has 1 to 512 bytes";
    if (input->barcode.size > VARIANT_SKU_BYTES)
        return "the barcode has at most 64 bytes";
    if (!is_supply(input->supply))
        return "supply is STOCKED, MADE_TO_ORDER or PURCHASED";
    if (input->cost_minor < 0 || input->cost_minor > VARIANT_COST_MINOR)
        return "the cost is 0 to 1000000000000 minor units";
    if (input->currency.size > 0 && !is_currency(input->currency))
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
        .keep_barcode = columns->barcode < 0,
        .keep_weight = columns->weight_g < 0,
    };
    if (!sp_text_to_int(trimmed(field(record, columns->cost_minor)), &input->cost_minor))
        return "cost_minor is a whole number of minor units";
    struct sp_text weight = trimmed(field(record, columns->weight_g));
    if (weight.size > 0 && !sp_text_to_int(weight, &input->weight_g))
        return "weight_g is a whole number of grams";
    if (input->currency.size == 0)
        return "the currency is three capital letters";
    return mapper_check_variant(input);
}
