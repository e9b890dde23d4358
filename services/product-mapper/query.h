/* What a list of listings, products or variants may be asked: filter, search, cursor.  Pure. */
#ifndef MAPPER_QUERY_H
#define MAPPER_QUERY_H

#include "common/service.h"

enum { LIST_MOST = 200, LIST_USUAL = 50, SEARCH_BYTES = 200 };

/* Keys of one account. */
struct key_list {
    const struct sp_text *keys;
    size_t count;
};

struct list_query {
    int64_t limit, shop_id;         /* shop_id 0: any */
    bool synced;                    /* listings that are linked or that an order names */
    struct sp_text state, q, after; /* empty: any, all, from the beginning */
};

/* Words that must all be found. */
struct search_words {
    struct sp_text longest; /* in bytes; empty: nothing is looked for */
    const struct sp_text *others;
    size_t count;
};
enum { SEARCH_WORDS = 16 };
struct search_words mapper_search_words(struct sp_text q, struct sp_arena *arena);

/* A list of variants, or of products: those have type_id and archived. */
struct variant_query {
    int64_t limit, after;
    struct search_words words;
    int64_t type_id;       /* 0: any */
    struct sp_text supply; /* empty: any */
    bool archived, unmapped, low;
};

/* SP_REJECT says what is wrong. */
enum sp_result mapper_read_variant_query(const struct sp_ask *ask, struct sp_arena *arena,
                                         struct variant_query *query,
                                         struct sp_error *err) SP_MUST_USE;
enum sp_result mapper_read_query(const struct sp_ask *ask, struct list_query *query,
                                 struct sp_error *err) SP_MUST_USE;

/* The keys of listing SKUs in the parameter `skus`, by comma: 1 to SKUS_MOST. */
enum { SKUS_MOST = 500 };
enum sp_result mapper_read_keys(const struct sp_ask *ask, struct sp_arena *arena,
                                struct key_list *keys, struct sp_error *err) SP_MUST_USE;

#endif
