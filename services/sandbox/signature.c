#include "services/sandbox/signature.h"

#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/http_client.h"

static struct sp_text cut_before(struct sp_text *rest, char mark)
{
    struct sp_text piece = *rest;
    const char *found = rest->size == 0 ? NULL : memchr(rest->data, mark, rest->size);
    if (found == NULL) {
        *rest = (struct sp_text){0};
        return piece;
    }
    piece.size = (size_t)(found - rest->data);
    *rest = (struct sp_text){found + 1, rest->size - piece.size - 1};
    return piece;
}

enum sp_result signature_read_query(struct sp_text query, struct sp_arena *arena,
                                    struct query_param params[], size_t limit, size_t *count)
{
    *count = 0;
    while (query.size > 0) {
        struct sp_text pair = cut_before(&query, '&');
        if (pair.size == 0)
            continue;
        if (*count == limit)
            return SP_REJECT;
        struct sp_text name = cut_before(&pair, '=');
        struct query_param *param = &params[(*count)++];
        if (sp_url_decode(arena, name, &param->name) != SP_OK ||
            sp_url_decode(arena, pair, &param->value) != SP_OK)
            return SP_REJECT;
    }
    return SP_OK;
}

static int by_name(const void *a, const void *b)
{
    const struct query_param *left = a, *right = b;
    return sp_text_compare(left->name, right->name);
}

static bool is_signed(struct sp_text name)
{
    return !sp_text_is(name, "sign") && !sp_text_is(name, "access_token");
}

struct sp_text signature_of_call(struct sp_text secret, const struct signed_call *call,
                                 struct sp_arena *arena)
{
    struct sp_text *pieces = sp_arena_array(arena, 2 * call->count + 4, sizeof *pieces);
    size_t count = 0;
    pieces[count++] = secret;
    pieces[count++] = call->path;
    if (call->count > 0)
        qsort(call->params, call->count, sizeof *call->params, by_name);
    for (size_t i = 0; i < call->count; i++) {
        if (!is_signed(call->params[i].name))
            continue;
        pieces[count++] = call->params[i].name;
        pieces[count++] = call->params[i].value;
    }
    pieces[count++] = call->body;
    pieces[count++] = secret;
    uint8_t digest[SP_SHA256_BYTES];
    sp_hmac(secret, pieces, count, digest);
    return sp_hex(arena, digest, sizeof digest);
}

struct sp_text signature_of_webhook(struct sp_text secret, struct sp_text app_key,
                                    struct sp_text body, struct sp_arena *arena)
{
    const struct sp_text pieces[] = {app_key, body};
    uint8_t digest[SP_SHA256_BYTES];
    sp_hmac(secret, pieces, SP_COUNT(pieces), digest);
    return sp_hex(arena, digest, sizeof digest);
}
