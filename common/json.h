/* JSON: a bounded cursor that reads without allocating, and a writer that appends to a buffer.
 *
 * The reader never builds a tree.  Numbers stay text until asked for, so 18-digit ids keep their
 * digits.  A value is a view of the input. */
#ifndef SAMPAN_JSON_H
#define SAMPAN_JSON_H

#include "common/arena.h"
#include "common/base.h"
#include "common/buffer.h"

enum sp_json_kind {
    SP_JSON_NONE, /* absent or not JSON */
    SP_JSON_NULL,
    SP_JSON_BOOL,
    SP_JSON_NUMBER,
    SP_JSON_STRING,
    SP_JSON_ARRAY,
    SP_JSON_OBJECT,
};

enum { SP_JSON_DEPTH = 32 };

/* One value within checked input. */
struct sp_json {
    enum sp_json_kind kind;
    struct sp_text raw; /* as it stands in the input, with quotes or brackets */
};

/* Checks the whole input: well-formed, UTF-8, depth at most SP_JSON_DEPTH, nothing behind the
 * value. SP_REJECT says what and at which byte. */
enum sp_result sp_json_parse(struct sp_text input, struct sp_json *value,
                             struct sp_error *err) SP_MUST_USE;

/* Member of an object, element walk of an array or object.  On a value of another kind: NONE /
 * false. Names are compared as they stand, without decoding escapes; of equal ones the first
 * counts. */
struct sp_json sp_json_get(struct sp_json object, const char *name);
/* Many members in one pass: values[i] becomes the member called names[i], NONE when absent.  Each
 * sp_json_get reads the object from its beginning again; where more than a few members are wanted,
 * ask for them together, best in the order in which they come. */
void sp_json_members(struct sp_json object, const char *const names[], size_t count,
                     struct sp_json values[]);
struct sp_json_walk {
    const char *at, *end;
    bool object;
};
struct sp_json_walk sp_json_each(struct sp_json container);
/* The next element, and for objects its name (raw, undecoded; may be NULL).  False at the end. */
bool sp_json_next(struct sp_json_walk *walk, struct sp_text *name, struct sp_json *value);

/* Elements of an array, members of an object; 0 of anything else. */
size_t sp_json_count(struct sp_json container);

/* Text of a string with escapes decoded (in the arena only when there are escapes), or of a number
 * or bool as written.  Empty for null, absent, containers. */
struct sp_text sp_json_text(struct sp_json value, struct sp_arena *arena);
bool sp_json_bool(struct sp_json value); /* false when absent; "true" and 1 count */
/* A whole number, also inside a string ("1735689600"); `otherwise` when absent, null or "". */
int64_t sp_json_int(struct sp_json value, int64_t otherwise);
/* A decimal string or number in major units to minor ones: "12.90" with 2 digits gives 1290.
 * SP_REJECT on more digits than `digits` that are not zero, or on overflow; empty gives 0. */
enum sp_result sp_json_minor(struct sp_json value, int digits, int64_t *minor) SP_MUST_USE;

/* Writing: commas are put by the writer. */
struct sp_json_writer {
    struct sp_buffer *out;
    bool comma; /* something stands before in this container */
};
struct sp_json_writer sp_json_writer(struct sp_buffer *out);
void sp_json_open_object(struct sp_json_writer *json, const char *name); /* name NULL: an element */
void sp_json_close_object(struct sp_json_writer *json);
void sp_json_open_array(struct sp_json_writer *json, const char *name);
void sp_json_close_array(struct sp_json_writer *json);
void sp_json_put_string(struct sp_json_writer *json, const char *name, struct sp_text text);
void sp_json_put_cstring(struct sp_json_writer *json, const char *name, const char *text);
void sp_json_put_int(struct sp_json_writer *json, const char *name, int64_t value);
void sp_json_put_bool(struct sp_json_writer *json, const char *name, bool value);
void sp_json_put_null(struct sp_json_writer *json, const char *name);
/* A decimal string of minor units: 1290 with 2 digits gives "12.90". */
void sp_json_put_minor(struct sp_json_writer *json, const char *name, int64_t minor, int digits);
void sp_json_put_raw(struct sp_json_writer *json, const char *name, struct sp_text raw_json);

#endif
