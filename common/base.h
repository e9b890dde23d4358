/* What every file of Sampan needs: results, errors with text for people, text views. */
#ifndef SAMPAN_BASE_H
#define SAMPAN_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_MUST_USE __attribute__((warn_unused_result))
#define SP_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define SP_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The three endings of any piece of work, and one that only jobs use. */
enum sp_result {
    SP_OK = 0, /* done, or nothing to do */
    SP_RETRY,  /* the world was not ready: the same call may succeed later */
    SP_REJECT, /* the input is at fault: the same call will fail again */
    SP_AGAIN,  /* jobs: did something, and there is more; call me again at once */
};

/* Why something failed, in words for people.  Never read by code. */
struct sp_error {
    char text[512];
};

/* Writes the text (cut at the buffer's end) and returns `result`, so failing is one statement.
 * `err` may be NULL: the caller does not care why. */
enum sp_result sp_fail(struct sp_error *err, enum sp_result result, const char *format, ...)
    SP_PRINTF(3, 4);

/* A piece of text or bytes that somebody else owns: not terminated, may be empty, never NULL when
 * size > 0.  Text from outside lives in the frame that carried it. */
struct sp_text {
    const char *data;
    size_t size; /* bytes */
};

#define SP_TEXT(literal) ((struct sp_text){(literal), sizeof(literal) - 1})
/* For printf("%.*s"): a text's length and start. */
#define SP_FMT(text) (int)(text).size, (text).size ? (text).data : ""

struct sp_text sp_text_of(const char *string); /* NULL gives an empty text */
bool sp_text_equal(struct sp_text a, struct sp_text b);
bool sp_text_is(struct sp_text text, const char *string);
bool sp_text_holds(struct sp_text text, const char *part); /* an empty part stands in every text */
/* Which of the names it is, -1 when none; NULL among them is nobody's name. */
int sp_text_among(struct sp_text text, const char *const names[], size_t count);
int sp_text_compare(struct sp_text a, struct sp_text b); /* byte order, as PostgreSQL's "C" */
/* Whole text as a decimal number; false on anything else, overflow included. */
bool sp_text_to_int(struct sp_text text, int64_t *value) SP_MUST_USE;

/* Aborts with a message: for our own mistakes and for out of memory, never for what the world may
 * do.  Stays on in production. */
#define SP_ASSERT(truth) ((truth) ? (void)0 : sp_assert_failed(#truth, __FILE__, __LINE__))
_Noreturn void sp_assert_failed(const char *truth, const char *file, int line);

void *sp_alloc(size_t size);                      /* zeroed; aborts when memory is out */
void *sp_realloc(void *old, size_t size);         /* aborts when memory is out */
char *sp_strdup(const char *string);              /* aborts when memory is out */
struct sp_text sp_text_copy(struct sp_text text); /* the caller frees .data */

int64_t sp_now_us(void);       /* wall clock, microseconds since 1970, UTC: for display and logs */
int64_t sp_monotonic_us(void); /* for measuring and time-outs */

#endif
