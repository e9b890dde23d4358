/* What a product type may be: its attributes, and the values of each.  Pure. */
#ifndef MAPPER_TYPE_RULES_H
#define MAPPER_TYPE_RULES_H

#include "common/arena.h"
#include "common/json.h"

enum {
    TYPE_NAME_BYTES = 128,
    ATTRIBUTE_NAME_BYTES = 64,
    ATTRIBUTES_MOST = 10, /* of a type */
    VALUES_MOST = 200,    /* of an attribute */
};

struct value_input {
    int64_t value_id; /* 0: a new one */
    struct sp_text name;
};

struct attribute_input {
    int64_t attribute_id; /* 0: a new one */
    struct sp_text name;
    struct value_input *values;
    size_t count;
};

struct type_input {
    int64_t type_id; /* 0: a new one */
    struct sp_text name;
    bool needs_design;
    struct attribute_input *attributes;
    size_t count;
};

/* {"id", "name", "needs_design", "attributes": [{"id", "name", "values": [{"id", "name"}]}]}.
 * NULL, or what is wrong with it, in words for people. */
const char *mapper_read_type(struct sp_json body, struct sp_arena *arena, struct type_input *input);

/* The attributes and values that a type has. */
struct known_value {
    int64_t attribute_id, value_id; /* value_id 0: an attribute without values */
};
struct known_values {
    const struct known_value *values;
    size_t count;
};
/* False when the input names an attribute or a value that the type does not have. */
bool mapper_names_known(const struct type_input *input, const struct known_values *known);
bool mapper_keeps_attribute(const struct type_input *input, int64_t attribute_id);
bool mapper_keeps_value(const struct type_input *input, int64_t value_id);
/* True when variants of the type have other attributes to set than before. */
bool mapper_attributes_change(const struct type_input *input, const struct known_values *known);

/* A value that a variant is said to have, and whose it is. */
struct chosen_value {
    int64_t value_id, attribute_id, type_id;
};
/* Sorts the values.  NULL, or why a variant of a product of this type cannot have them: each is the
 * type's, and no two are of one attribute. */
const char *mapper_check_values(struct chosen_value values[], size_t count, int64_t type_id);

#endif
