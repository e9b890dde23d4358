/* What a variant may be.  Pure. */
#ifndef MAPPER_VARIANT_RULES_H
#define MAPPER_VARIANT_RULES_H

#include "common/arena.h"
#include "services/product-mapper/parts.h"

enum {
    VARIANT_SKU_BYTES = 64,
    VARIANT_NAME_BYTES = 512,
    VARIANT_UNIT_BYTES = 32,
    VARIANT_LINK_BYTES = 1024,
    VARIANT_WEIGHT_G = 1000000,
};
#define VARIANT_COST_MINOR INT64_C(1000000000000)

/* What is said of a variant; what is not said stays as it is. */
enum {
    SAYS_SKU = 1,
    SAYS_NAME = 2,
    SAYS_BARCODE = 4,
    SAYS_UNIT = 8,
    SAYS_IMAGE = 16,
    SAYS_SOURCE = 32,
    SAYS_SUPPLY = 64,
    SAYS_COST = 128,
    SAYS_CURRENCY = 256,
    SAYS_WEIGHT = 512,
    SAYS_PRODUCT = 1024, /* with the values */
    SAYS_PARTS = 2048,
};

struct variant_input {
    int64_t variant_id; /* 0: made, or found by its SKU */
    unsigned said;
    struct sp_text sku, name, barcode, unit, image, source_link, supply, currency;
    int64_t cost_minor, weight_g;
    int64_t product_id;       /* 0: of none */
    const int64_t *value_ids; /* ascending */
    size_t value_count;
    struct part_list parts; /* none: not a bundle */
};

/* Without blanks at its ends. */
struct sp_text mapper_trimmed(struct sp_text text);

/* What is wrong: a code for programs and translations, a text for people. */
struct variant_problem {
    const char *code, *text;
};

/* NULL, or what is wrong with what is said.  Trims the texts. */
const struct variant_problem *mapper_check_variant(struct variant_input *input);

/* What a variant is before it is saved. */
struct variant_standing {
    bool exists, is_bundle, archived;
    struct sp_text currency; /* the account's wallet's; empty: not known yet */
};
/* Whether there is a bundle is decided when it is made: so its stock is never anywhere but at its
 * parts, and no part can become a bundle later. */
const struct variant_problem *mapper_check_standing(const struct variant_input *input,
                                                    const struct variant_standing *standing);

/* A part of a bundle: a plain living variant.  So bundles are one level deep and never go in
 * circles. */
struct part_standing {
    bool exists, is_bundle, archived;
};
const struct variant_problem *mapper_check_part(const struct line_part *part,
                                                const struct part_standing *standing);

#endif
