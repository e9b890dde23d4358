/* What a list of the order book may be asked: filters, cursors, times.  Pure. */
#ifndef INGEST_FILTERS_H
#define INGEST_FILTERS_H

#include "common/arena.h"
#include "common/service.h"

enum {
    FILTER_WORDS = 40,   /* stages or statuses in one filter, at most */
    FILTER_TOKENS = 500, /* ids searched for at once, at most */
    FILTER_TAGS = 10,
    LIST_MOST = 200,
    LIST_USUAL = 50,
};

/* Where a page begins, and how long it is.  The cursor is "<microseconds>.<key>" of the last row.
 */
struct list_page {
    int64_t limit;
    bool first;
    int64_t at_us;
    struct sp_text after;
};

struct word_list {
    const struct sp_text *words;
    size_t count;
};

/* What is special about an order; a list may ask for several at once. */
enum order_flag {
    FLAG_COD = 1,
    FLAG_PREPAID = 2,
    FLAG_SAMPLE = 4,
    FLAG_REPLACEMENT = 8,
    FLAG_BY_CHANNEL = 16, /* fulfilled by the marketplace */
    FLAG_OURS = 32,       /* not so */
    FLAG_CANCEL_WANTED = 64,
    FLAG_ON_HOLD = 128,
    FLAG_LATE = 256,     /* still ours to ship, the deadline has passed */
    FLAG_CONFLICT = 512, /* the marketplace cancelled what we placed */
};

enum order_sort {
    SORT_UPDATED, /* latest change at the marketplace first */
    SORT_CREATED, /* newest first */
    SORT_SHIP_BY, /* most urgent first */
    SORT_SINCE, /* what came to its stage last first; orders without a stage have no place in it */
};

struct order_filter {
    struct word_list stages, statuses, hub_statuses, status_groups, tabs, tokens;
    struct sp_text group;      /* drafts, to-process, shipped, ended; empty: any */
    struct sp_text condition;  /* the code of an open one; empty: any */
    struct sp_text source;     /* the shop's channel; empty: any */
    int64_t flags;             /* of enum order_flag, all of them wanted */
    int64_t shop_id;           /* 0: any */
    int64_t tags[FILTER_TAGS]; /* one of them is wanted */
    size_t tag_count;          /* 0: any, or none */
    int64_t created_from_us, created_until_us, updated_from_us, updated_until_us; /* 0: any */
    enum order_sort sort;
    struct list_page page;
};

/* "a,b c" as a list; SP_REJECT when there are more than `most`. */
enum sp_result ingest_read_words(struct sp_text text, size_t most, struct sp_arena *arena,
                                 struct word_list *list) SP_MUST_USE;
/* Whether only orders with certain stages, or with an open condition, can be in the list. */
bool ingest_wants_stages(const struct order_filter *filter);

/* Reads limit and cursor.  SP_REJECT says what is wrong. */
enum sp_result ingest_read_page(const struct sp_ask *ask, struct list_page *page,
                                struct sp_error *err) SP_MUST_USE;
/* Reads stage, group, status, hub, status_group, tab, condition, source, flag, tag, shop,
 * created_from, created_until, updated_from, updated_until, sort, q, limit, cursor.  Words are
 * views of the ask, lists in the arena.  Without a sort, orders of stages come by `since`, others
 * by `updated`. */
enum sp_result ingest_read_filter(const struct sp_ask *ask, struct sp_arena *arena,
                                  struct order_filter *filter, struct sp_error *err) SP_MUST_USE;
/* A number among the parameters; 0 when absent. */
enum sp_result ingest_read_id(const struct sp_ask *ask, const char *name, int64_t *id,
                              struct sp_error *err) SP_MUST_USE;
/* RFC 3339 with Z or an offset, to microseconds since 1970; a fraction is read to the microsecond.
 */
enum sp_result ingest_read_time(struct sp_text text, int64_t *us) SP_MUST_USE;

#endif
