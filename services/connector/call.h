/* Calls to the marketplace: signed, counted against the shop's budget, several at once.  Never
 * inside a transaction.
 *
 * The HTTP client may send a request again when a kept connection turns out to be dead.  That is
 * harmless for what is asked and for stock, which is told as an absolute quantity: twice is once.
 * Calls for tokens use up a code or a refresh token, so each goes out once, and their jobs decide
 * about another.  A call with any other effect says `once`. */
#ifndef SAMPAN_CONNECTOR_CALL_H
#define SAMPAN_CONNECTOR_CALL_H

#include "common/http_client.h"
#include "common/service.h"
#include "services/connector/envelope.h"
#include "services/connector/sign.h"
#include "services/connector/throttle.h"

enum {
    TIKTOK_CALLS = THROTTLE_CALLS,       /* at once */
    TIKTOK_ANSWER_MAX = 8 * 1024 * 1024, /* bytes of an answer about many things */
    TIKTOK_SINGLE_MAX =
        32 * 1024 * 1024, /* about one: a wholesale order of 6,668 units has 4.6 MiB */
};

struct tiktok_call {
    /* in */
    enum tiktok_class kind;
    int64_t shop_id; /* whose budget; 0: the app's own */
    const char *method;
    struct sp_text path;
    struct sp_text token;  /* empty: not signed, the token host is called */
    struct sp_text cipher; /* empty: not a call for a shop */
    struct tiktok_param
        params[TIKTOK_PARAMS - 3]; /* decoded; app_key, timestamp, cipher are added */
    size_t param_count;
    struct sp_text body;
    bool once;        /* it changes something: never sent a second time by itself */
    size_t max_bytes; /* of the answer; 0: TIKTOK_ANSWER_MAX */
    int64_t now_s;    /* the database's clock: signatures are refused when older than 5 minutes */
    /* out */
    struct tiktok_answer answer;
    int64_t wait_ms; /* of LATER: try again no sooner */
    struct sp_http_call http;
    struct sp_buffer url;
    struct sp_buffer token_header;
    const char *headers[3];
    struct throttle_call taken; /* call.c's own */
    bool made;                  /* it went out; false: the budget said wait */
};

void tiktok_add_param(struct tiktok_call *call, const char *name, struct sp_text value);
/* Performs the calls together and reads the answers.  Texts of the answers are views of the calls:
 * release them after use. */
void tiktok_perform(struct sp_ctx *ctx, struct tiktok_call calls[], size_t count);
void tiktok_release(struct tiktok_call calls[], size_t count);

/* One line for people: what was asked, what came back.  No tokens, no buyers. */
struct sp_text tiktok_describe(struct sp_ctx *ctx, const struct tiktok_call *call);

#endif
