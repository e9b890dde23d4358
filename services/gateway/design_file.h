/* Print files on disk: <folder>/<account>/<first two digits>/<SHA-256>.<extension>, and beside it
 * the small picture <SHA-256>.preview.<extension>.
 *
 * A file is written without a name, synced, and only then linked to its own: under a name there is
 * only what is whole, whenever the machine stops. */
#ifndef GATEWAY_DESIGN_FILE_H
#define GATEWAY_DESIGN_FILE_H

#include "services/gateway/design_content.h"

enum { DESIGN_ID_LETTERS = 64, DESIGN_PATH_BYTES = 160 };

struct design_file {
    const char *folder;
    int64_t account_id;
    int fd; /* holds the bytes, without a name so far */
    char id[DESIGN_ID_LETTERS + 1];
    struct design_content content;
    int64_t bytes;
};

/* Finds out what it is, and gives it its name unless the same content has it; then that counts as
 * new.  SP_REJECT: it is no print file.  SP_RETRY: the folder does not take it.  Blocks. */
enum sp_result design_keep(struct design_file *file, struct sp_error *err) SP_MUST_USE;
/* Likewise a small picture of the design `id`.  SP_REJECT: it is none, or there is no such design.
 */
enum sp_result design_keep_preview(struct design_file *file, struct sp_error *err) SP_MUST_USE;

/* Whether it is the name of a design. */
bool design_is_id(struct sp_text id);
/* "<account>/<aa>/<id><suffix>" below the folder; `path` has DESIGN_PATH_BYTES. */
struct sp_text design_path(int64_t account_id, struct sp_text id, const char *suffix, char path[]);

/* Files that have had their name for a day, of one share in 256; for those nobody knows. */
struct design_sweep {
    const char *folder;
    unsigned share;
    int64_t account_id; /* in: those behind it; out: whose files they are, 0: no more */
    char (*ids)[DESIGN_ID_LETTERS + 1];
    size_t count, most;
};
void design_list_old(struct design_sweep *sweep);
/* Removes what is still a day old, with its picture. */
void design_remove(const char *folder, int64_t account_id, struct sp_text id);

#endif
