/* Tags of orders: what one may be called, and what putting them on and taking them off does.  Pure.
 */
#ifndef INGEST_TAG_RULES_H
#define INGEST_TAG_RULES_H

#include "common/json.h"

enum {
    TAG_CHARACTERS = 40,
    ACCOUNT_TAGS = 100,
    ORDER_TAGS = 10,
    TAGGED_AT_ONCE = 500, /* orders of one command */
};

/* The dashboard's palette; NULL-terminated. */
extern const char *const tag_colours[];

struct tag_form {
    struct sp_text name, colour;
};
/* {"name", "colour"}.  SP_REJECT says what is wrong. */
enum sp_result tag_read_form(struct sp_json body, struct sp_arena *arena, struct tag_form *form,
                             struct sp_error *err) SP_MUST_USE;

struct tag_list {
    int64_t tags[ORDER_TAGS];
    size_t count;
};
/* What is to be put on orders, and taken off them. */
struct tag_wish {
    struct tag_list put, taken;
};
struct tagging {
    struct tag_wish wish;
    struct sp_text *ids; /* of orders; in the arena */
    size_t count;
};
/* {"ids": ["7-5001", …], "put": ["1", …], "take": […]}.  SP_REJECT says what is wrong. */
enum sp_result tag_read_tagging(struct sp_json body, struct sp_arena *arena,
                                struct tagging *tagging, struct sp_error *err) SP_MUST_USE;

enum tag_result { TAGS_CHANGED, TAGS_SAME, TAGS_TOO_MANY, TAGS_NO_ORDER };
const char *tag_result_name(enum tag_result result);

/* What the wish changes of an order that has these tags; with another result than TAGS_CHANGED
 * nothing. */
enum tag_result tag_decide(const int64_t now[], size_t count, const struct tag_wish *wish,
                           struct tag_wish *change);

#endif
