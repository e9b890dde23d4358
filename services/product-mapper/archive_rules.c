/* What may be put into the archive, and what may come back. */
#include "services/product-mapper/archive_rules.h"

static const char *const names[] = {"type", "product", "variant"};

enum catalogue_kind mapper_kind(struct sp_text name)
{
    int at = sp_text_among(name, names, SP_COUNT(names));
    return at < 0 ? KINDS : (enum catalogue_kind)at;
}

const char *mapper_kind_name(enum catalogue_kind kind)
{
    return names[kind];
}

const char *mapper_archive_refusal(enum catalogue_kind kind, const struct archive_facts *facts,
                                   bool archived, int64_t *count)
{
    static const char *const has_members[] = {"HAS_PRODUCTS", "HAS_VARIANTS", "HAS_MEMBERS"};
    static const char *const parent[] = {"NO_PARENT", "TYPE_ARCHIVED", "PARENT_ARCHIVED"};
    *count = 0;
    if (facts->archived == archived)
        return "UNCHANGED";
    if (!archived)
        return facts->parent_archived ? parent[kind] : NULL;
    const struct {
        int64_t count;
        const char *reason;
    } hindrances[] = {
        {facts->links, "LINKED"},
        {facts->bundles, "IN_BUNDLE"},
        {facts->members, has_members[kind]},
    };
    for (size_t i = 0; i < SP_COUNT(hindrances); i++) {
        *count = hindrances[i].count;
        if (*count > 0)
            return hindrances[i].reason;
    }
    return NULL;
}
