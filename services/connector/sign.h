/* Signatures of the marketplace: ours on each call, theirs on each webhook. */
#ifndef SAMPAN_CONNECTOR_SIGN_H
#define SAMPAN_CONNECTOR_SIGN_H

#include "common/base.h"

enum { TIKTOK_SIGN_HEX = 64, TIKTOK_PARAMS = 16 };

/* A query parameter, decoded. */
struct tiktok_param {
    struct sp_text name, value;
};

/* What of a call is signed. */
struct tiktok_signed {
    struct sp_text path;
    const struct tiktok_param *params; /* all of the query but `sign`, sorted by name */
    size_t param_count;
    struct sp_text body; /* exactly what is sent; empty for GET */
};

/* Writes the signature of a call: lower-case hex and a NUL. */
void tiktok_sign(struct sp_text secret, const struct tiktok_signed *call,
                 char hex[TIKTOK_SIGN_HEX + 1]);

/* Sorts parameters by name, in byte order. */
void tiktok_sort_params(struct tiktok_param params[], size_t count);

/* True when `signature` is the one of these raw bytes; takes the same time for every wrong one. */
bool tiktok_webhook_signed(struct sp_text app_key, struct sp_text secret, struct sp_text raw,
                           struct sp_text signature);

#endif
