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
    param = (struct sp_ask_param){SP_TEXT("tab"), SP_TEXT("mine")};
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_REJECT);
    param.value = SP_TEXT("synced");
    cr_assert(mapper_read_query(&ask, &query, NULL) == SP_OK && query.synced);
    char text[SEARCH_BYTES + 1];
    memset(text, 'x', sizeof text);
    param = (struct sp_ask_param){SP_TEXT("q"), {text, SEARCH_BYTES + 1}};
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_REJECT);
    param.value.size--;
    cr_assert_eq(mapper_read_query(&ask, &query, NULL), SP_OK);
}

Test(query, takes_keys_by_comma)
{
    static char many[(SKUS_MOST + 1) * 2];
    struct sp_arena *arena = sp_arena_open();
    struct sp_ask_param param = {SP_TEXT("skus"), SP_TEXT(",7-s1,,7-s2,")};
    struct sp_ask ask = {.params = &param, .param_count = 1};
    struct key_list keys;
    cr_assert_eq(mapper_read_keys(&ask, arena, &keys, NULL), SP_OK);
    cr_assert(keys.count == 2 && sp_text_is(keys.keys[1], "7-s2"));
    param.value = SP_TEXT(",");
    cr_assert_eq(mapper_read_keys(&ask, arena, &keys, NULL), SP_REJECT);
    for (size_t i = 0; i < sizeof many; i += 2)
        memcpy(many + i, "k,", 2);
    param.value = (struct sp_text){many, sizeof many};
    cr_assert_eq(mapper_read_keys(&ask, arena, &keys, NULL), SP_REJECT);
    param.value.size -= 2;
    cr_assert(mapper_read_keys(&ask, arena, &keys, NULL) == SP_OK && keys.count == SKUS_MOST);
    sp_arena_close(&arena);
}
