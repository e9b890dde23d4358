/* Lists a day's orders by creation. */
#include "services/connector/day_walk.h"

/* Newest first, and of the span that was asked for. */
static bool is_right(const struct day_walk *walk, const struct day_page *page)
{
    int64_t newest = walk->count > 0 ? walk->orders[walk->count - 1].created : walk->before - 1;
    for (size_t i = 0; i < page->count; i++) {
        if (page->orders[i].created > newest || page->orders[i].created < walk->from)
            return false;
        newest = page->orders[i].created;
    }
    return true;
}

static enum day_next end_with(const struct day_walk *walk, struct day_slice *slice)
{
    *slice = (struct day_slice){walk->from, walk->before, walk->count};
    return DAY_LAST;
}

enum day_next day_walk_advance(struct day_walk *walk, const struct day_page *page,
                               struct day_slice *slice)
{
    if (!is_right(walk, page) || walk->count + page->count > DAY_SLICE_ORDERS)
        return DAY_WRONG;
    for (size_t i = 0; i < page->count; i++)
        walk->orders[walk->count++] = page->orders[i];
    if (page->next_token.size == 0 || page->count + page->left_out == 0)
        return end_with(walk, slice);
    walk->token = page->next_token;
    if (walk->count == 0)
        return DAY_MORE;
    int64_t last = walk->orders[walk->count - 1].created;
    size_t whole = walk->count;
    while (whole > 0 && walk->orders[whole - 1].created == last)
        whole--;
    /* The last second may go on, on the next page. */
    *slice = (struct day_slice){last + 1, walk->before, whole};
    return whole == 0 ? DAY_MORE : DAY_SLICE;
}

int64_t day_wait_ms(int64_t age_days, int64_t every_ms)
{
    static const struct {
        int64_t age_days, times;
    } ages[] = {{0, 1}, {2, 6}, {7, 24}, {60, 168}};
    for (size_t i = 0; i < SP_COUNT(ages); i++) {
        if (age_days <= ages[i].age_days)
            return every_ms * ages[i].times;
    }
    return -1;
}
