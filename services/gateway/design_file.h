/* A print file that has arrived: what it is, and how it is called. */
#ifndef GATEWAY_DESIGN_FILE_H
#define GATEWAY_DESIGN_FILE_H

#include "services/gateway/design_content.h"

enum { DESIGN_ID_LETTERS = 64, DESIGN_PATH_BYTES = 160 };

struct design_file {
    int64_t account_id;
    int fd;                             /* holds the bytes, without a name so far */
    char id[DESIGN_ID_LETTERS + 1];     /* of the design */
    char digest[DESIGN_ID_LETTERS + 1]; /* of the bytes: a design's is its id */
    struct design_content content;
    int64_t bytes;
};

/* Finds out content, digest and bytes.  SP_REJECT: it is no print file.  Blocks. */
enum sp_result design_read(struct design_file *file, struct sp_error *err) SP_MUST_USE;
/* Digest and bytes alone, of whatever it is.  SP_REJECT: it is empty. */
enum sp_result design_measure(struct design_file *file, struct sp_error *err) SP_MUST_USE;
/* What stands beside a design: its small picture, or a word on why there is none. */
#define DESIGN_PREVIEW ".preview.png"
#define DESIGN_NO_PREVIEW ".preview.none"

/* Whether it is the name of a design. */
bool design_is_id(struct sp_text id);
/* All ends a name may have, NULL-terminated: those of designs, then of what stands beside
 * them. */
extern const char *const design_suffixes[];
/* "<account>/<aa>/<id><suffix>"; `path` has DESIGN_PATH_BYTES. */
void design_path(int64_t account_id, struct sp_text id, const char *suffix, char path[]);
/* What a suffix says of the content, as a Content-Type. */
const char *design_type(const char *suffix);

#endif
