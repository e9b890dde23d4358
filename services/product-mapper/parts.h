/* Parts as they are stored: a JSON array of {"variant_id", "pieces"} and, once resolved, "supply".
 * Pure. */
#ifndef MAPPER_PARTS_H
#define MAPPER_PARTS_H

#include "common/arena.h"
#include "common/buffer.h"
#include "proto/messages.h"

enum { PARTS_MOST = 20, PIECES_MOST = 1000 };

struct part_list {
    struct line_part *parts; /* supply is empty while not resolved */
    size_t count;
};

/* Appends the array; "supply" is left out where it is empty. */
void mapper_write_parts(const struct part_list *list, struct sp_buffer *out);
struct sp_text mapper_parts_text(const struct part_list *list, struct sp_arena *arena);
/* Reads what mapper_write_parts wrote; nothing but an array of at most PARTS_MOST gives SP_REJECT.
 */
enum sp_result mapper_read_parts(struct sp_text text, struct sp_arena *arena,
                                 struct part_list *list) SP_MUST_USE;

#endif
