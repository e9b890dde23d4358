#include "services/sandbox/grants.h"

#include <stdio.h>
#include <string.h>

#include "services/sandbox/seed.h"

static const struct {
    enum grant_scope scope;
    const char *name;
} scope_names[] = {
    {SCOPE_ORDER_INFO, "seller.order.info"},
    {SCOPE_PRODUCT_BASIC, "seller.product.basic"},
    {SCOPE_PRODUCT_WRITE, "seller.product.write"},
    {SCOPE_AUTHORIZATION_INFO, "seller.authorization.info"},
    {SCOPE_LOGISTICS, "seller.logistics"},
    {SCOPE_FULFILLMENT, "seller.fulfillment.basic"},
    {SCOPE_RETURN_REFUND, "seller.return_refund.basic"},
    {SCOPE_FINANCE, "seller.finance.info"},
};

void grants_setup(struct grants *grants, uint64_t seed, struct grant_lives lives)
{
    *grants = (struct grants){.seed = seed, .lives = lives, .scopes = SCOPE_ALL};
    (void)snprintf(grants->open_id, sizeof grants->open_id, "7010%015llu",
                   (unsigned long long)seed_below(seed, SEED_TOKEN, 0, 1000000000000000u));
}

/* About 70 characters, as on the marketplace; each is drawn once. */
static void draw(struct grants *grants, char text[GRANTS_TOKEN_BYTES])
{
    unsigned long long n[4];
    grants->counter++;
    for (size_t i = 0; i < SP_COUNT(n); i++)
        n[i] = seed_mix(grants->seed, SEED_TOKEN, grants->counter * SP_COUNT(n) + i);
    (void)snprintf(text, GRANTS_TOKEN_BYTES, "ROW_%016llx%016llx-%016llx_%016llx", n[0], n[1], n[2],
                   n[3]);
}

static struct granted_token *put(struct granted_token places[], size_t count, const char *text,
                                 int64_t expires)
{
    struct granted_token *oldest = &places[0];
    for (size_t i = 1; i < count && oldest->expires != 0; i++) {
        if (places[i].expires < oldest->expires)
            oldest = &places[i];
    }
    memcpy(oldest->text, text, GRANTS_TOKEN_BYTES);
    oldest->expires = expires;
    return oldest;
}

const char *grants_consent(struct grants *grants, int64_t now)
{
    char text[GRANTS_TOKEN_BYTES];
    draw(grants, text);
    return put(grants->codes, GRANTS_CODES, text, now + grants->lives.code)->text;
}

static void give_tokens(struct grants *grants, int64_t now)
{
    draw(grants, grants->access);
    draw(grants, grants->refresh);
    grants->access_expires = now + grants->lives.access;
    if (grants->access_expires > grants->grant_expires)
        grants->access_expires = grants->grant_expires;
    (void)put(grants->tokens, GRANTS_TOKENS, grants->access, grants->access_expires);
}

enum grant_answer grants_take_code(struct grants *grants, struct sp_text code, int64_t now)
{
    for (size_t i = 0; i < GRANTS_CODES; i++) {
        struct granted_token *place = &grants->codes[i];
        if (place->expires == 0 || !sp_text_is(code, place->text))
            continue;
        bool in_time = place->expires > now;
        *place = (struct granted_token){0};
        if (!in_time)
            return GRANT_CODE_INVALID;
        grants->given = true;
        grants->scopes = SCOPE_ALL;
        grants->grant_expires = now + grants->lives.grant;
        give_tokens(grants, now);
        return GRANT_OK;
    }
    return GRANT_CODE_INVALID;
}

enum grant_answer grants_refresh(struct grants *grants, struct sp_text refresh, int64_t now)
{
    if (!grants->given || refresh.size == 0 || !sp_text_is(refresh, grants->refresh))
        return GRANT_REFRESH_UNKNOWN;
    if (grants->grant_expires <= now)
        return GRANT_REFRESH_EXPIRED;
    give_tokens(grants, now);
    return GRANT_OK;
}

enum token_state grants_check(const struct grants *grants, struct sp_text access, int64_t now)
{
    if (!grants->given || access.size == 0)
        return TOKEN_UNKNOWN;
    for (size_t i = 0; i < GRANTS_TOKENS; i++) {
        const struct granted_token *place = &grants->tokens[i];
        if (place->expires != 0 && sp_text_is(access, place->text))
            return place->expires > now ? TOKEN_GOOD : TOKEN_EXPIRED;
    }
    return TOKEN_UNKNOWN;
}

bool grants_is_live(const struct grants *grants, int64_t now)
{
    return grants->given && grants->grant_expires > now;
}

void grants_expire_access(struct grants *grants, int64_t now)
{
    for (size_t i = 0; i < GRANTS_TOKENS; i++) {
        if (grants->tokens[i].expires > now)
            grants->tokens[i].expires = now;
    }
}

void grants_expire_grant(struct grants *grants, int64_t now)
{
    grants_expire_access(grants, now);
    if (grants->grant_expires > now)
        grants->grant_expires = now;
}

void grants_revoke(struct grants *grants)
{
    grants->given = false;
}

const char *grants_scope_name(enum grant_scope scope)
{
    for (size_t i = 0; i < SP_COUNT(scope_names); i++) {
        if (scope_names[i].scope == scope)
            return scope_names[i].name;
    }
    return "";
}

enum grant_scope grants_scope_of(struct sp_text name)
{
    for (size_t i = 0; i < SP_COUNT(scope_names); i++) {
        if (sp_text_is(name, scope_names[i].name))
            return scope_names[i].scope;
    }
    return SCOPE_NONE;
}
