/* Tokens as the marketplace hands them out. */
#include "services/connector/tokens.h"

#include "common/text.h"

enum { TOKEN_MAX = 4096, NAME_MAX = 200, MANY_YEARS_S = 1000000000 };

/* "expire_in" is a moment, though its name says a duration: some clients have been sent the latter.
 */
static int64_t moment(int64_t expire_in, int64_t now_s)
{
    return expire_in > 0 && expire_in < MANY_YEARS_S ? now_s + expire_in : expire_in;
}

enum sp_result tiktok_read_tokens(struct sp_json data, int64_t now_s, struct sp_arena *arena,
                                  struct token_pair *pair, struct sp_error *err)
{
    enum { ACCESS, ACCESS_ENDS, REFRESH, ENDS, OPEN_ID, SELLER, REGION, MEMBERS };
    static const char *const names[MEMBERS] = {"access_token",      "access_token_expire_in",
                                               "refresh_token",     "refresh_token_expire_in",
                                               "open_id",           "seller_name",
                                               "seller_base_region"};
    struct sp_json value[MEMBERS];
    sp_json_members(data, names, MEMBERS, value);
    *pair = (struct token_pair){
        .access = sp_json_text(value[ACCESS], arena),
        .refresh = sp_json_text(value[REFRESH], arena),
        .open_id = sp_text_fit(sp_json_text(value[OPEN_ID], arena), NAME_MAX, arena),
        .seller_name = sp_text_fit(sp_json_text(value[SELLER], arena), NAME_MAX, arena),
        .region = sp_text_fit(sp_json_text(value[REGION], arena), 8, arena),
        .access_ends_s = moment(sp_json_int(value[ACCESS_ENDS], 0), now_s),
        .ends_s = moment(sp_json_int(value[ENDS], 0), now_s),
    };
    if (pair->access.size == 0 || pair->refresh.size == 0 || pair->access.size > TOKEN_MAX ||
        pair->refresh.size > TOKEN_MAX || !sp_text_is_plain(pair->access) ||
        !sp_text_is_plain(pair->refresh))
        return sp_fail(err, SP_REJECT, "the answer holds no tokens");
    if (pair->access_ends_s <= now_s || pair->ends_s <= now_s)
        return sp_fail(err, SP_REJECT, "the tokens are over already");
    return SP_OK;
}

int64_t tiktok_refresh_at(int64_t now_s, int64_t access_ends_s, uint32_t random)
{
    int64_t life_s = access_ends_s - now_s;
    int64_t early_s = life_s / 2, spread_s = life_s * 3 / 10;
    return now_s + early_s + (spread_s > 0 ? (int64_t)random % spread_s : 0);
}
