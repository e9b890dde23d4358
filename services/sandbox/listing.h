/* Lists short enough to be sorted on every call: reading how a page is wanted, cutting it out. */
#ifndef SANDBOX_LISTING_H
#define SANDBOX_LISTING_H

#include "services/sandbox/api.h"

struct listing_rules {
    int64_t least, most, usual; /* page_size; `usual` when absent */
    const char *const *fields;  /* what may be sorted by, ended by NULL, the usual one first */
    bool must_name_field;       /* sort_field has to be given */
};

struct listing_entry {
    uint64_t place; /* grows with what is sorted by; never 0; each its own */
    uint32_t at;
};

struct listing {
    struct listing_entry *entries; /* in the call's arena */
    size_t count, capacity;
    size_t first, end; /* the page, after listing_cut */
    size_t page_size;
    int field; /* of rules->fields */
    bool descending;
    uint64_t behind; /* the last page's last place; 0: the first page */
    struct sp_text about;
};

/* Reads page_size, page_token, sort_field and sort_order. */
enum api_error listing_read(struct api_call *call, const struct listing_rules *rules,
                            struct listing *listing);
void listing_add(struct api_call *call, struct listing *listing, uint64_t place, uint32_t at);
/* Sorts what was added and finds the page: entries from `first` to before `end`. */
void listing_cut(struct listing *listing);
/* next_page_token ("" at the end), and total_count where the marketplace gives one. */
void listing_put_token(struct api_call *call, const struct listing *listing);
void listing_put_total(struct api_call *call, const struct listing *listing);

#endif
