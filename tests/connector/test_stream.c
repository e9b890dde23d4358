/* What each kind of pull asks for. */
#include "services/connector/stream.h"

#include <criterion/criterion.h>
#include <string.h>

Test(stream, every_kind_has_what_it_asks_for)
{
    static const char *const kinds[] = {"orders",   "day-sweep", "month-sweep",   "run",
                                        "listings", "returns",   "cancellations", "statements"};
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        const struct stream *stream = stream_of(sp_text_of(kinds[i]));
        cr_assert_str_eq(stream->kind, kinds[i]);
        cr_assert_eq(stream->path[0], '/');
        cr_assert_leq(stream->page_least, stream->page_most);
        cr_assert_eq(stream->period == NULL, stream == stream_of(SP_TEXT("run")),
                     "only a run is over one day");
    }
}

Test(stream, only_listings_come_unsorted)
{
    cr_assert_null(stream_of(SP_TEXT("listings"))->time);
    cr_assert_str_eq(stream_of(SP_TEXT("run"))->time, "create_time");
    cr_assert_str_eq(stream_of(SP_TEXT("returns"))->time, "update_time");
    cr_assert_str_eq(stream_of(SP_TEXT("statements"))->time, "statement_time");
}

/* The marketplace refuses smaller pages of returns. */
Test(stream, a_page_of_returns_has_at_least_ten)
{
    cr_assert_eq(stream_of(SP_TEXT("returns"))->page_least, 10);
}
