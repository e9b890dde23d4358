/* What may be put into the archive, and what may come back.  Pure. */
#ifndef MAPPER_ARCHIVE_RULES_H
#define MAPPER_ARCHIVE_RULES_H

#include "common/base.h"

enum catalogue_kind { KIND_TYPE, KIND_PRODUCT, KIND_VARIANT, KINDS };

/* "type", "product", "variant"; KINDS for anything else. */
enum catalogue_kind mapper_kind(struct sp_text name);
const char *mapper_kind_name(enum catalogue_kind kind);

struct archive_facts {
    bool archived;
    bool parent_archived; /* a product's type, a variant's product, a part of a bundle */
    int64_t links;        /* listing SKUs that are made of the variant */
    int64_t bundles;      /* living ones that hold it */
    int64_t members;      /* living products of a type, living variants of a product */
};

/* NULL when it may be done, else the reason as a code; "UNCHANGED": it is so already.  `count` gets
 * how many stand in the way. */
const char *mapper_archive_refusal(enum catalogue_kind kind, const struct archive_facts *facts,
                                   bool archived, int64_t *count);

#endif
