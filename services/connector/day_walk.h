/* Lists a day's orders by creation, newest first, and cuts the list into slices. */
#ifndef SAMPAN_CONNECTOR_DAY_WALK_H
#define SAMPAN_CONNECTOR_DAY_WALK_H

#include "common/base.h"

enum {
    DAY_PAGE = 100,           /* orders on a page: the most the marketplace gives */
    DAY_SLICE_ORDERS = 10000, /* in one slice, at most; so many in one second are too many */
};

/* An order as it is listed: this is all that the check reads of it. */
struct day_order {
    struct sp_text id;
    int64_t created, updated;
};

/* What is still to be listed: orders created in [from, before).  A day that is over stands still,
 * so the position is a creation time; a second with more orders than a page is walked with the
 * marketplace's token. */
struct day_walk {
    int64_t from, before;
    struct sp_text token;
    struct day_order *orders; /* read and not in a slice yet: place for DAY_SLICE_ORDERS */
    size_t count;
};

struct day_page {
    const struct day_order *orders;
    size_t count;
    size_t left_out;           /* elements without a usable id or time */
    struct sp_text next_token; /* empty: the last page */
};

/* The first `count` orders of the walk are all that was created in [from, before). */
struct day_slice {
    int64_t from, before;
    size_t count;
};

enum day_next {
    DAY_MORE,  /* ask for the next page, with the walk's token */
    DAY_SLICE, /* a slice is ready, and there is more behind it */
    DAY_LAST,  /* the last slice is ready */
    DAY_WRONG, /* the page is not what was asked for */
};

/* Takes a page.  Behind a slice a new walk begins, with `before` where the slice begins. */
enum day_next day_walk_advance(struct day_walk *walk, const struct day_page *page,
                               struct day_slice *slice);

/* Until a day is listed again: every `every_ms` while it lasts, the more seldom the older it is;
 * < 0: never again. */
int64_t day_wait_ms(int64_t age_days, int64_t every_ms);

#endif
