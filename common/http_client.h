/* HTTP calls to the outside, by libcurl: several at once, each bounded in time and size.  Plain
 * synchronous use from a worker thread: sp_http_perform returns when all have ended. */
#ifndef SAMPAN_HTTP_CLIENT_H
#define SAMPAN_HTTP_CLIENT_H

#include "common/arena.h"
#include "common/base.h"
#include "common/buffer.h"

struct sp_http_client; /* keeps connections alive between calls; one for each thread */

struct sp_http_client *sp_http_client_open(void);
void sp_http_client_close(struct sp_http_client **client);
/* The calling thread's own, opened when it is first asked for and closed when the thread ends. */
struct sp_http_client *sp_http_client_of_thread(void);

/* Who signs a call by AWS Signature Version 4.  Such a call has the header x-amz-content-sha256
 * with the digest of its body, header lines with a value alone, and its query sorted by name:
 * libcurl 7.88 signs what it is given as it stands. */
struct sp_http_signer {
    const char *scope; /* "aws:amz:<region>:s3" */
    const char *key_id, *secret;
};

struct sp_http_call {
    /* in */
    const char *method;         /* "GET", "POST", "PUT", "DELETE" */
    const char *url;            /* complete, encoded */
    const char *const *headers; /* "Name: value" strings, NULL-terminated, may be NULL */
    struct sp_text body;
    /* Files, from their beginning, in place of memory.  With one of them a call also ends when for
     * 20 s nothing has moved. */
    int body_file; /* its bytes are the body; 0: none */
    int64_t body_bytes;
    int answer_file;                     /* takes the body of a 2xx answer; 0: none */
    int64_t timeout_ms;                  /* whole call; 0 = 10 s */
    size_t max_bytes;                    /* of the answer; 0 = 8 MiB */
    const struct sp_http_signer *signer; /* NULL: nobody */
    bool once; /* on a fresh connection: libcurl repeats a request by itself, with any method,
                * when a kept connection turns out to be dead before a byte of the answer.
                * For what must not happen twice unless the caller decides so. */
    /* out */
    enum sp_result result; /* SP_OK: an answer came, whatever its status.  SP_RETRY: none came */
    bool maybe_done; /* SP_RETRY only: the request may have reached the other side (unknown) */
    bool too_large;  /* SP_RETRY only: an answer came, and was given up at max_bytes */
    int status;      /* HTTP status */
    int64_t retry_after_ms;  /* from Retry-After, seconds or date; 0 when absent */
    struct sp_buffer answer; /* the caller frees */
    int64_t filed_bytes;     /* written to answer_file */
    int64_t whole_bytes;     /* of what the answer holds, or holds a part of; -1: it does not say */
    char content_type[64];
    char error[160]; /* libcurl's words when no answer came */
    int64_t took_us;
};

/* Performs all calls at the same time (at most 16 connections) and waits for them. */
void sp_http_perform(struct sp_http_client *client, struct sp_http_call calls[], size_t count);

/* Percent-encodes everything but unreserved characters; appends. */
void sp_url_encode(struct sp_buffer *out, struct sp_text text);
/* Decodes %XX and '+'; SP_REJECT on a broken escape. */
enum sp_result sp_url_decode(struct sp_arena *arena, struct sp_text text,
                             struct sp_text *decoded) SP_MUST_USE;

#endif
