/* The truth log: a file to which everything is appended that the sandbox served and was told, one
 * JSON object a line: {"at":<microseconds>,"what":"…",…}.  Never a buyer's data, never a token or
 * secret. */
#ifndef SANDBOX_TRUTH_H
#define SANDBOX_TRUTH_H

#include "common/base.h"
#include "common/json.h"

struct truth;

/* `path` may be empty: then lines are counted and thrown away.  SP_REJECT when the file cannot be
 * opened. */
enum sp_result truth_open(struct truth **truth, const char *path, struct sp_error *err) SP_MUST_USE;
void truth_close(struct truth **truth);

/* One line; `members` writes what stands behind "what" and may be NULL.  Safe from any thread. */
typedef void truth_members(struct sp_json_writer *json, const void *about);
void truth_note(struct truth *truth, const char *what, truth_members *members, const void *about);

/* To the system; called once a second and at the end.  Says once in the log when it fails. */
void truth_flush(struct truth *truth);
uint64_t truth_lines(struct truth *truth);

#endif
