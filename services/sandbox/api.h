/* The Open API: from a request to an answer, without knowing of HTTP connections.  Checks go in the
 * order of the marketplace's gateway: path, method, app key, signature, time, token, scope, shop,
 * rate, body. */
#ifndef SANDBOX_API_H
#define SANDBOX_API_H

#include "common/json.h"
#include "services/sandbox/api_error.h"
#include "services/sandbox/multipart.h"
#include "services/sandbox/sandbox.h"
#include "services/sandbox/signature.h"

enum api_limits {
    API_BODY = 11 * 1024 * 1024, /* bytes: the largest picture, and what surrounds it */
    API_PARTS = 8,
    API_PARAMS = 40, /* in a query */
    API_PATH_PARAMS = 4,
    API_PAGE = 100,
    API_TIME_BEHIND = 300, /* seconds a timestamp may be old */
    API_TIME_AHEAD = 30,   /* … and in the future */
};

/* What arrived. */
struct api_request {
    const char *method;
    struct sp_text path, query, body; /* as sent */
    struct sp_text content_type, access_token;
    struct sp_text host; /* as the caller knows it: documents are fetched there */
    bool begins_anew;    /* an ordered fault: the page_token is not looked at */
    struct sp_arena *arena;
    struct sp_text *retry_after; /* where that header's value goes, if there is one; may be NULL */
};

struct api_route;

/* One call on its way to its answer. */
struct api_call {
    struct sandbox *sandbox;
    const struct api_request *request;
    const struct api_route *route;
    struct shop *shop; /* of the shop_cipher; NULL where none is wanted */
    struct sp_arena *arena;
    struct query_param params[API_PARAMS];
    size_t param_count;
    struct sp_text path_params[API_PATH_PARAMS];
    struct sp_json body;                    /* an object, or of kind SP_JSON_NONE */
    struct multipart_part parts[API_PARTS]; /* of an upload */
    size_t part_count;
    struct sp_json_writer data; /* the object `data` of the answer, open */
    const char *detail;         /* more about the error, or NULL */
};

/* Writes members into call->data, or returns why not; what was written is dropped then. */
typedef enum api_error api_handler(struct api_call *call);

/* What a call must look like; bits. */
enum api_wants {
    CIPHER_REQUIRED = 0,
    CIPHER_FORBIDDEN = 1,
    UPLOAD = 2, /* multipart/form-data in place of JSON */
};

struct api_route {
    const char *method;
    const char *path; /* "/product/202309/products/{}"; {} is one part */
    enum grant_scope scope;
    unsigned wants;
    api_handler *handle;
};

/* Ended by a zero entry. */
extern const struct api_route api_routes[];

/* Serves one request; the whole envelope is put into `out`.  Returns the HTTP status. */
int api_serve(struct sandbox *sandbox, const struct api_request *request, struct sp_buffer *out);
/* An envelope without data. */
int api_refuse(struct sandbox *sandbox, enum api_error error, const char *detail,
               struct sp_buffer *out);
/* Begins an envelope of code 0 up to the open object `data`; `message` differs between hosts. */
struct sp_json_writer api_begin(struct sandbox *sandbox, const char *message,
                                struct sp_buffer *out);
void api_end(struct sp_json_writer *data);

/* ---- for handlers
 * ---------------------------------------------------------------------------------- */

enum api_error api_fail(struct api_call *call, enum api_error error, const char *detail);
struct sp_text api_query(const struct api_call *call, const char *name); /* empty when absent */
/* A whole number of the query that must be there, within a range. */
enum api_error api_query_int(struct api_call *call, const char *name, int64_t least, int64_t most,
                             int64_t *value) SP_MUST_USE;
/* Seconds in the body; 0 when absent. */
int64_t api_body_time(const struct api_call *call, const char *name);
void api_put_id(struct sp_json_writer *json, const char *name, uint64_t id);

#endif
