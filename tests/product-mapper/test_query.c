/* What a list may be asked. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/product-mapper/query.h"

Test(query, takes_defaults_and_refuses_nonsense)
{
    struct sp_ask_param param = {SP_TEXT("limit"), SP_TEXT("200")};
    struct sp_ask ask = {.params = &param};
    struct list_query query;
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_OK);
    cr_assert_eq(query.limit, LIST_USUAL);
    ask.param_count = 1;
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_OK);
    cr_assert_eq(query.limit, LIST_MOST);
    param.value = SP_TEXT("201");
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_REJECT);
    param = (struct sp_ask_param){SP_TEXT("shop"), SP_TEXT("HN")};
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_REJECT);
    char text[SEARCH_BYTES + 1];
    memset(text, 'x', sizeof text);
    param = (struct sp_ask_param){SP_TEXT("q"), {text, SEARCH_BYTES + 1}};
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_REJECT);
    param.value.size--;
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_OK);
}
