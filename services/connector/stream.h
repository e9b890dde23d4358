/* What each kind of pull asks the marketplace for, and how often. */
#ifndef SAMPAN_CONNECTOR_STREAM_H
#define SAMPAN_CONNECTOR_STREAM_H

#include "common/base.h"

enum stream_of { OF_ORDERS, OF_LISTINGS, OF_RETURNS, OF_CANCELLATIONS, OF_STATEMENTS };

struct stream {
    const char *kind; /* of the pull's row */
    enum stream_of of;
    const char *period; /* the setting; NULL: a run, once */
    const char *event;  /* a page of it in the shop's history */
    const char *path;
    bool by_query;        /* GET, the window in the query; else POST, in the body */
    const char *elements; /* what an answer's list is called */
    const char *time;     /* what the list is sorted by; NULL: not at all */
    const char *from, *until;
    int page_least, page_most; /* elements on a page */
};

/* Of a kind that a pull's row has. */
const struct stream *stream_of(struct sp_text kind);

#endif
