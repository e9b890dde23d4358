#include "services/sandbox/package_search.h"

#include <string.h>

#include "services/sandbox/order_search.h"

static bool within(int64_t time, int64_t ge, int64_t lt)
{
    return (ge == 0 || time >= ge) && (lt == 0 || time < lt);
}

static bool fits(const struct package_filter *filter, const struct package *package)
{
    return package->status != TO_FULFILL && package->status != PACKAGE_REPLACED &&
           (filter->status == SEARCH_ANY || package->status == filter->status) &&
           within(package->created, filter->create_ge, filter->create_lt) &&
           within(package->updated, filter->update_ge, filter->update_lt);
}

/* Its time and, among equal times, its number: above 0 and different for each. */
static uint64_t place_of(const struct shop *shop, enum package_sort sort, uint32_t at)
{
    const struct package *package = &shop->packages.packages[at];
    int64_t time = sort == BY_CREATION ? package->created
                   : sort == BY_UPDATE ? package->updated
                                       : shop->book.orders[package->order].times.paid;
    return ((uint64_t)time << 32 | at) + 1;
}

/* Keeps the first `limit` in order; what falls off the end makes `more` true. */
static void keep(struct package_page *page, size_t limit, bool descending, uint64_t place,
                 uint32_t at)
{
    size_t i = page->count;
    while (i > 0 && (descending ? place > page->places[i - 1] : place < page->places[i - 1]))
        i--;
    page->more = page->more || page->count == limit;
    if (i == limit)
        return;
    size_t behind = (page->count < limit ? page->count : limit - 1) - i;
    memmove(&page->places[i + 1], &page->places[i], behind * sizeof page->places[0]);
    memmove(&page->packages[i + 1], &page->packages[i], behind * sizeof page->packages[0]);
    page->places[i] = place;
    page->packages[i] = at;
    page->count += page->count < limit ? 1 : 0;
}

void package_search(const struct shop *shop, const struct package_filter *filter, uint64_t place,
                    size_t limit, struct package_page *page)
{
    size_t count = shop->packages.count;
    SP_ASSERT(limit >= 1 && limit <= PACKAGE_PAGE);
    *page = (struct package_page){0};
    for (size_t i = 0; i < count; i++) {
        /* Backwards for the youngest first: then most of what comes falls off at once. */
        uint32_t at = (uint32_t)(filter->descending ? count - 1 - i : i);
        if (!fits(filter, &shop->packages.packages[at]))
            continue;
        page->total++;
        uint64_t own = place_of(shop, filter->sort, at);
        if (place == 0 || (filter->descending ? own < place : own > place))
            keep(page, limit, filter->descending, own, at);
    }
}
