/* A print file that has arrived: what it is, and how it is called. */
#ifndef GATEWAY_DESIGN_FILE_H
#define GATEWAY_DESIGN_FILE_H

#include "services/gateway/design_content.h"

enum { DESIGN_ID_LETTERS = 64, DESIGN_PATH_BYTES = 160, DESIGN_FILES = 3 };

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
/* Likewise of a small picture: SP_REJECT when it is none. */
enum sp_result design_read_preview(struct design_file *file, struct sp_error *err) SP_MUST_USE;

/* Whether it is the name of a design. */
bool design_is_id(struct sp_text id);
/* All ends a name may have, NULL-terminated: the first DESIGN_FILES are those of a design itself,
 * the others of its picture. */
extern const char *const design_suffixes[];
/* "<account>/<aa>/<id><suffix>"; `path` has DESIGN_PATH_BYTES. */
void design_path(int64_t account_id, struct sp_text id, const char *suffix, char path[]);
/* What a suffix says of the content, as a Content-Type. */
const char *design_type(const char *suffix);

#endif
