/* Where a pull stands in its window, and where it goes after a page. */
#ifndef SAMPAN_CONNECTOR_PAGING_H
#define SAMPAN_CONNECTOR_PAGING_H

#include "common/base.h"

enum {
    PAGE_ORDERS = 50,          /* orders on a page */
    PAGE_LISTINGS = 16,        /* products on a page: those that changed are looked at one by one */
    PAGE_RETURNS = 10,         /* returns: the least the marketplace puts on a page */
    PAGE_IDS = 100,            /* the most the marketplace puts on a page */
    PAGING_RESULT_CAP = 10000, /* the marketplace lists no more products than this in one window */
    PAGING_AGAIN_MAX = 3,      /* how often a walk that may have skipped one is begun anew */
};

/* A window of times and the position in it, in seconds: update times of a stream, creation times of
 * a run.
 *
 * Orders come sorted by that time, so the position is a time: the next page is asked for from
 * there, and `edge` says which orders of that second have been seen.  A page number would skip an
 * order whenever one in front of it changes and moves to the end.  Only when a whole page lies in
 * one second is the marketplace's token followed.  A page that is not what
 * was asked for (of an earlier position, or fewer than are said to be there and no way on) is asked
 * for again before it is believed.  Listings come unsorted: always by token; when the total has
 * shrunk at the end, one may have been skipped, and the window is begun anew. */
struct paging {
    bool sorted; /* orders; false: listings */
    int64_t from, until;
    int64_t at;
    struct sp_text token; /* empty: ask from `at` */
    const struct sp_text *edge;
    size_t edge_count;
    int64_t total; /* as said with the window's first page: what there is to load */
    int64_t here;  /* as said where the walk by token began */
    int again;     /* walks begun anew in this window */
    bool shrunk;
};

/* What a page held. */
struct paging_page {
    const struct sp_text *ids; /* in the page's order */
    const int64_t *times;      /* of each: what the window is about */
    size_t count;
    size_t left_out; /* elements that cannot be read: of no use, but the page is not empty */
    struct sp_text next_token; /* empty: the last page */
    int64_t total;
};

enum paging_next {
    PAGING_MORE,   /* ask for the next page */
    PAGING_DONE,   /* the window is complete */
    PAGING_NARROW, /* too much in the window: it was halved, nothing of this page counts */
    PAGING_STUCK,  /* the page repeats itself: try later */
};

/* Moves behind a page.  `edge` afterwards points into page->ids or into `kept` (PAGE_IDS + the old
 * ones, at most 2 × PAGE_IDS); the caller keeps both alive. */
enum paging_next paging_advance(struct paging *paging, const struct paging_page *page,
                                struct sp_text kept[2 * PAGE_IDS]);

/* True when the order was already on the page before. */
bool paging_was_seen(const struct paging *paging, struct sp_text id, int64_t time);

#endif
