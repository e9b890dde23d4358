/* What a product type may be: its attributes, and the values of each. */
#include "services/product-mapper/type_rules.h"

#include <stdlib.h>

#include "common/text.h"

/* One line that '=' and ';' do not break apart in a sheet's cell. */
static bool is_name(struct sp_text name, size_t most)
{
    return name.size > 0 && name.size <= most && sp_text_is_plain(name) && name.data[0] != ' ' &&
           name.data[name.size - 1] != ' ' && !sp_text_holds(name, "\n") &&
           !sp_text_holds(name, "\t") && !sp_text_holds(name, "=") && !sp_text_holds(name, ";");
}

/* ---- reading
 * ------------------------------------------------------------------------------------- */

static const char *read_values(struct sp_json list, struct sp_arena *arena,
                               struct attribute_input *attribute)
{
    if (sp_json_count(list) > VALUES_MOST)
        return "an attribute has at most 200 values";
    struct sp_json_walk walk = sp_json_each(list);
    struct sp_json item;
    attribute->values = sp_arena_array(arena, sp_json_count(list) + 1, sizeof *attribute->values);
    while (sp_json_next(&walk, NULL, &item)) {
        struct value_input value = {sp_json_int(sp_json_get(item, "id"), 0),
                                    sp_json_text(sp_json_get(item, "name"), arena)};
        if (!is_name(value.name, ATTRIBUTE_NAME_BYTES))
            return "a value has 1 to 64 bytes, no = and no ;";
        for (size_t i = 0; i < attribute->count; i++) {
            if (sp_text_equal(attribute->values[i].name, value.name))
                return "an attribute has each value once";
        }
        attribute->values[attribute->count++] = value;
    }
    return NULL;
}

static const char *read_attribute(struct sp_json item, struct sp_arena *arena,
                                  struct type_input *input)
{
    struct attribute_input attribute = {
        .attribute_id = sp_json_int(sp_json_get(item, "id"), 0),
        .name = sp_json_text(sp_json_get(item, "name"), arena),
    };
    if (!is_name(attribute.name, ATTRIBUTE_NAME_BYTES))
        return "an attribute's name has 1 to 64 bytes, no = and no ;";
    for (size_t i = 0; i < input->count; i++) {
        if (sp_text_equal(input->attributes[i].name, attribute.name))
            return "a type has each attribute once";
    }
    const char *problem = read_values(sp_json_get(item, "values"), arena, &attribute);
    input->attributes[input->count++] = attribute;
    return problem;
}

const char *mapper_read_type(struct sp_json body, struct sp_arena *arena, struct type_input *input)
{
    struct sp_json list = sp_json_get(body, "attributes"), item;
    *input = (struct type_input){
        .type_id = sp_json_int(sp_json_get(body, "id"), 0),
        .name = sp_json_text(sp_json_get(body, "name"), arena),
        .needs_design = sp_json_bool(sp_json_get(body, "needs_design")),
        .attributes = sp_arena_array(arena, ATTRIBUTES_MOST, sizeof *input->attributes),
    };
    if (!is_name(input->name, TYPE_NAME_BYTES))
        return "a type's name has 1 to 128 bytes, no = and no ;";
    if (sp_json_count(list) > ATTRIBUTES_MOST)
        return "a type has at most 10 attributes";
    const char *problem = NULL;
    struct sp_json_walk walk = sp_json_each(list);
    while (problem == NULL && sp_json_next(&walk, NULL, &item))
        problem = read_attribute(item, arena, input);
    return problem;
}

/* ---- against what there is
 * ----------------------------------------------------------------------- */

static const struct attribute_input *find_attribute(const struct type_input *input,
                                                    int64_t attribute_id)
{
    for (size_t i = 0; i < input->count; i++) {
        if (input->attributes[i].attribute_id == attribute_id)
            return &input->attributes[i];
    }
    return NULL;
}

static bool has_value(const struct attribute_input *attribute, int64_t value_id)
{
    for (size_t i = 0; i < attribute->count; i++) {
        if (attribute->values[i].value_id == value_id)
            return true;
    }
    return false;
}

bool mapper_keeps_attribute(const struct type_input *input, int64_t attribute_id)
{
    return find_attribute(input, attribute_id) != NULL;
}

bool mapper_keeps_value(const struct type_input *input, int64_t value_id)
{
    for (size_t i = 0; i < input->count; i++) {
        if (has_value(&input->attributes[i], value_id))
            return true;
    }
    return false;
}

static bool is_known(const struct known_values *known, int64_t attribute_id, int64_t value_id)
{
    for (size_t i = 0; i < known->count; i++) {
        if (known->values[i].attribute_id == attribute_id &&
            (value_id == 0 || known->values[i].value_id == value_id))
            return true;
    }
    return false;
}

static bool attribute_known(const struct attribute_input *attribute,
                            const struct known_values *known)
{
    if (attribute->attribute_id != 0 && !is_known(known, attribute->attribute_id, 0))
        return false;
    for (size_t i = 0; i < attribute->count; i++) {
        int64_t value_id = attribute->values[i].value_id;
        if (value_id != 0 && !is_known(known, attribute->attribute_id, value_id))
            return false;
    }
    return true;
}

bool mapper_names_known(const struct type_input *input, const struct known_values *known)
{
    for (size_t i = 0; i < input->count; i++) {
        if (!attribute_known(&input->attributes[i], known))
            return false;
    }
    return true;
}

bool mapper_attributes_change(const struct type_input *input, const struct known_values *known)
{
    for (size_t i = 0; i < input->count; i++) {
        if (input->attributes[i].attribute_id == 0)
            return true;
    }
    for (size_t i = 0; i < known->count; i++) {
        if (find_attribute(input, known->values[i].attribute_id) == NULL)
            return true;
    }
    return false;
}

/* ---- variants
 * ------------------------------------------------------------------------------------ */

static int by_value(const void *left, const void *right)
{
    const struct chosen_value *a = left, *b = right;
    return (a->value_id > b->value_id) - (a->value_id < b->value_id);
}

const char *mapper_check_values(struct chosen_value values[], size_t count, int64_t type_id)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].type_id != type_id)
            return "a value is not of the product's type";
        for (size_t k = 0; k < i; k++) {
            if (values[k].attribute_id == values[i].attribute_id)
                return "an attribute has one value";
        }
    }
    if (count > 1)
        qsort(values, count, sizeof *values, by_value);
    return NULL;
}
