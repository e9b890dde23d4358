/* Tokens as the marketplace hands them out. */
#include "services/connector/tokens.h"

#include <criterion/criterion.h>

enum { NOW = 1735689600 };

static struct sp_arena *arena;

static void set_up(void)
{
    arena = sp_arena_open();
}

static void tear_down(void)
{
    sp_arena_close(&arena);
}

TestSuite(tokens, .init = set_up, .fini = tear_down);

static enum sp_result read(const char *json, struct token_pair *pair)
{
    struct sp_json value;
    struct sp_error err;
    cr_assert_eq(sp_json_parse(sp_text_of(json), &value, NULL), SP_OK);
    return tiktok_read_tokens(value, NOW, arena, pair, &err);
}

Test(tokens, takes_the_end_for_a_moment)
{
    struct token_pair pair;
    cr_assert_eq(read("{\"access_token\":\"A\",\"access_token_expire_in\":1736294400,"
                      "\"refresh_token\":\"R\",\"refresh_token_expire_in\":1767225600,"
                      "\"open_id\":\"7\",\"seller_name\":\"Demo\",\"seller_base_region\":\"GB\"}",
                      &pair),
                 SP_OK);
    cr_assert_eq(pair.access_ends_s, 1736294400);
    cr_assert_eq(pair.ends_s, 1767225600);
    cr_assert(sp_text_is(pair.seller_name, "Demo"));
}

Test(tokens, takes_a_small_end_for_a_duration)
{
    struct token_pair pair;
    cr_assert_eq(read("{\"access_token\":\"A\",\"access_token_expire_in\":604800,"
                      "\"refresh_token\":\"R\",\"refresh_token_expire_in\":31536000}",
                      &pair),
                 SP_OK);
    cr_assert_eq(pair.access_ends_s, NOW + 604800);
}

Test(tokens, refuses_a_pair_with_one_missing_or_over)
{
    struct token_pair pair;
    cr_assert_eq(read("{\"access_token\":\"A\",\"access_token_expire_in\":604800}", &pair),
                 SP_REJECT);
    cr_assert_eq(read("{\"access_token\":\"A\",\"access_token_expire_in\":1735689600,"
                      "\"refresh_token\":\"R\",\"refresh_token_expire_in\":31536000}",
                      &pair),
                 SP_REJECT);
}

Test(tokens, refreshes_between_half_and_four_fifths_of_life)
{
    for (uint32_t random = 0; random < 2000000000; random += 99999989) {
        int64_t at = tiktok_refresh_at(NOW, NOW + 1000, random);
        cr_assert_geq(at, NOW + 500);
        cr_assert_leq(at, NOW + 800);
    }
    cr_assert_eq(tiktok_refresh_at(NOW, NOW + 1, 5), NOW);
}
