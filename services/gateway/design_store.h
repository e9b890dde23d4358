/* Where print files rest: a folder of this machine, or a bucket of an S3-compatible store.
 *
 * Both know them as "<account>/<first two digits>/<SHA-256>.<extension>", and the small picture
 * beside them as "<SHA-256>.preview.<extension>", so that files can be copied from one to the
 * other.  Under a name there is only what is whole, whenever a machine stops.  All of it blocks.
 *
 * SP_RETRY always means that the store did not do it, with its reason. */
#ifndef GATEWAY_DESIGN_STORE_H
#define GATEWAY_DESIGN_STORE_H

#include "common/http_client.h"
#include "common/http_server.h"
#include "common/settings.h"
#include "services/gateway/design_file.h"

struct design_store;

struct design_object {
    const char *path;
    int fd; /* its bytes, from the beginning */
    int64_t bytes;
    const char *digest; /* their SHA-256, DESIGN_ID_LETTERS */
};

/* What came: bytes [first, first + bytes) of `whole`, in a file that the caller closes. */
struct design_found {
    int fd; /* its own beginning is byte 0 of what came */
    int64_t first, bytes, whole;
};

/* Names of one account and share that are a day old, without their ends and each once. */
struct design_list {
    int64_t account_id;
    unsigned share;                    /* of 256: the first two digits */
    char after[DESIGN_ID_LETTERS + 1]; /* in: those behind it, in order; out: where to go on */
    bool more;                         /* out: there are */
    char (*ids)[DESIGN_ID_LETTERS + 1];
    size_t count, most;
};

enum { DESIGN_OLD_S = 24 * 60 * 60 };

struct design_store_kind {
    /* Whether the store can be used at all. */
    enum sp_result (*check)(const struct design_store *store, struct sp_error *err);
    /* Durable behind it.  What has the name already stays: it is the same. */
    enum sp_result (*put)(const struct design_store *store, const struct design_object *object,
                          struct sp_error *err);
    /* SP_REJECT: there is none.  Gives at least the range (NULL: all of it), unless it lies behind
     * the end: then `whole` alone is told, and no file. */
    enum sp_result (*get)(const struct design_store *store, const char *path,
                          const struct sp_http_range *range, struct design_found *found,
                          struct sp_error *err);
    enum sp_result (*list)(const struct design_store *store, struct design_list *list,
                           struct sp_error *err);
    /* It may be gone already. */
    enum sp_result (*remove)(const struct design_store *store, const char *path,
                             struct sp_error *err);
};

struct design_store {
    const struct design_store_kind *kind;
    const char *folder; /* of the files; for a bucket, of those on their way */
    const char *endpoint, *bucket;
    char scope[96];
    struct sp_http_signer signer;
};

extern const struct design_store_kind design_folder, design_bucket;

extern const struct sp_setting_need design_setting_needs[];
void design_store_open(struct design_store *store, const struct sp_config *config);

#endif
