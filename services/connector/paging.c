/* Where a pull stands in its window. */
#include "services/connector/paging.h"

bool paging_was_seen(const struct paging *paging, struct sp_text id, int64_t time)
{
    if (!paging->sorted || time != paging->at)
        return false;
    for (size_t i = 0; i < paging->edge_count; i++) {
        if (sp_text_equal(paging->edge[i], id))
            return true;
    }
    return false;
}

static bool is_sorted(const struct paging_page *page)
{
    for (size_t i = 1; i < page->count; i++) {
        if (page->times[i] < page->times[i - 1])
            return false;
    }
    return true;
}

/* Goes on from the page's last second; those of it that were seen are the edge. */
static void move_to(struct paging *paging, const struct paging_page *page, int64_t second,
                    struct sp_text kept[2 * PAGE_IDS])
{
    size_t count = 0;
    for (size_t i = 0; i < page->count && count < 2 * PAGE_IDS; i++) {
        if (page->times[i] == second)
            kept[count++] = page->ids[i];
    }
    paging->at = second;
    paging->token = (struct sp_text){0};
    paging->edge = kept;
    paging->edge_count = count;
}

static enum paging_next begin_anew(struct paging *paging)
{
    paging->again++;
    paging->token = (struct sp_text){0};
    paging->edge_count = 0;
    return PAGING_MORE;
}

/* An earlier page told once more, or a last one that lacks what is said to be there: by itself it
 * would end the window in the middle. */
static bool is_doubtful(const struct paging *paging, const struct paging_page *page)
{
    size_t there = page->count + page->left_out;
    bool leads_on = page->next_token.size > 0 && there > 0;
    bool earlier = page->count > 0 && page->times[0] < paging->at;
    return paging->sorted && paging->token.size == 0 && paging->again < PAGING_AGAIN_MAX &&
           (earlier || (!leads_on && page->total > (int64_t)there));
}

static enum paging_next narrow(struct paging *paging)
{
    paging->until = paging->from + (paging->until - paging->from) / 2;
    return PAGING_NARROW;
}

static bool is_too_much(const struct paging *paging, const struct paging_page *page)
{
    return !paging->sorted && page->total > PAGING_RESULT_CAP && paging->until - paging->from > 1;
}

static void note_total(struct paging *paging, const struct paging_page *page, bool by_token)
{
    if (paging->total == 0)
        paging->total = page->total;
    if (!by_token) {
        paging->here = page->total;
        paging->shrunk = false;
    } else if (page->total < paging->here) {
        paging->shrunk = true;
    }
}

enum paging_next paging_advance(struct paging *paging, const struct paging_page *page,
                                struct sp_text kept[2 * PAGE_IDS])
{
    bool by_token = paging->token.size > 0;
    if (!by_token && is_too_much(paging, page))
        return narrow(paging);
    if (is_doubtful(paging, page)) {
        paging->again++;
        return PAGING_MORE;
    }
    note_total(paging, page, by_token);
    bool is_last = page->next_token.size == 0 || page->count + page->left_out == 0;
    int64_t last = page->count == 0 ? paging->at : page->times[page->count - 1];
    bool moves = !is_last && paging->sorted && is_sorted(page) && last > paging->at;
    if ((is_last || moves) && paging->shrunk && paging->again < PAGING_AGAIN_MAX)
        return begin_anew(paging);
    if (is_last)
        return PAGING_DONE;
    if (by_token && sp_text_equal(paging->token, page->next_token))
        return PAGING_STUCK;
    if (moves)
        move_to(paging, page, last, kept);
    else
        paging->token = page->next_token;
    return PAGING_MORE;
}
