/* Values for any record, made from its table: what the codec's tests pack, read and compare. */
#ifndef SAMPAN_TESTS_SAMPLE_H
#define SAMPAN_TESTS_SAMPLE_H

#include "proto/messages.h"

enum { SAMPLE_RECORDS = 128 };

/* All records there are, those within messages included; returns how many. */
size_t sample_records(const struct sp_record *records[SAMPLE_RECORDS]);

/* Every field set, each to a value that its name decides, so that fields which change places are
 * noticed. */
void *sample_of_names(const struct sp_record *record, struct sp_arena *arena);

/* Any value within the limits, lists short; the head is a valid one when the record is a message's.
 */
void *sample_at_random(const struct sp_record *record, struct sp_arena *arena, uint64_t *seed);
uint64_t sample_next(uint64_t *seed); /* a number, xorshift */

bool sample_equal(const struct sp_record *record, const void *a, const void *b);
/* One field only. */
bool sample_field_equal(const struct sp_field *field, const void *a, const void *b);
bool sample_field_present(const struct sp_field *field, const void *value);

/* Members of a value by field. */
int64_t *sample_int(const struct sp_field *field, void *value);
struct sp_text *sample_text(const struct sp_field *field, void *value);
void sample_set_list(const struct sp_field *field, void *value, const void *elements, size_t count);
size_t sample_count(const struct sp_field *field, const void *value);
const char *sample_elements(const struct sp_field *field, const void *value);

/* Packs without the limits of the table (all texts and lists as long as they are). */
void sample_encode_unlimited(const struct sp_record *record, const void *value,
                             struct sp_buffer *out);

/* A copy that ends exactly at the end of its memory, so that reading beyond is noticed; free .data.
 */
struct sp_text sample_exact(const char *bytes, size_t size);

#endif
