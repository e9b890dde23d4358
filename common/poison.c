#include "common/poison.h"

#include <string.h>

#include "common/crypto.h"

static const struct sp_statement count_crash = {
    "INSERT INTO poison (parcel, position) VALUES ($1::uuid, $2::integer) "
    "ON CONFLICT (parcel, position) DO UPDATE SET crashes = poison.crashes + 1 RETURNING crashes"};

static const struct sp_statement forget_crash = {
    "DELETE FROM poison WHERE parcel = $1::uuid AND position = $2::integer"};

static struct sp_param id_of(const struct sp_suspect *suspect)
{
    return sp_string((struct sp_text){(const char *)suspect->id, sizeof suspect->id});
}

struct sp_suspect sp_suspect_of(struct sp_text bytes)
{
    uint8_t digest[SP_SHA256_BYTES];
    struct sp_suspect suspect = {.position = 0};
    sp_sha256(bytes, digest);
    memcpy(suspect.id, digest, sizeof suspect.id);
    return suspect;
}

enum sp_result sp_suspect_take(struct sp_ctx *ctx, const struct sp_suspect *suspect, int64_t *times)
{
    enum sp_result result = sp_ctx_ready(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &count_crash,
                                          SP_PARAMS(id_of(suspect), sp_int4(suspect->position)));
    if (sp_rows_count(rows) != 1)
        return SP_RETRY;
    *times = sp_row_int(rows, 0, 0);
    return SP_OK;
}

enum sp_result sp_suspect_survived(struct sp_ctx *ctx, const struct sp_suspect *suspect)
{
    enum sp_result result = sp_ctx_ready(ctx);
    if (result != SP_OK)
        return result;
    const struct sp_rows *rows = sp_query(ctx->db, &ctx->error, &forget_crash,
                                          SP_PARAMS(id_of(suspect), sp_int4(suspect->position)));
    return rows == NULL ? SP_RETRY : SP_OK;
}

enum sp_result sp_suspect_apply(struct sp_ctx *ctx, const struct sp_route *route,
                                const struct sp_suspect *suspect, struct sp_received *one,
                                bool from_later)
{
    int64_t times = 0;
    enum sp_result result = sp_suspect_take(ctx, suspect, &times);
    if (result != SP_OK)
        return result;
    if (times >= SP_BURY_CRASHES && one->reason == NULL)
        one->reason = "the service died each time this message was in hand";
    result = sp_batch_apply(ctx, route, one, 1, from_later);
    /* Also when it is to be tried again: it did not kill. */
    struct sp_error why = ctx->error;
    enum sp_result survived = sp_suspect_survived(ctx, suspect);
    if (result == SP_OK)
        return survived;
    ctx->error = why;
    return result;
}
