/* A byte buffer that grows: for bodies that are built piece by piece. */
#ifndef SAMPAN_BUFFER_H
#define SAMPAN_BUFFER_H

#include "common/base.h"

/* All zero is a valid empty buffer. */
struct sp_buffer {
    char *data;
    size_t size;     /* bytes used */
    size_t capacity; /* bytes owned */
};

void sp_buffer_put(struct sp_buffer *buffer, const void *bytes, size_t size);
void sp_buffer_put_text(struct sp_buffer *buffer, struct sp_text text);
void sp_buffer_put_string(struct sp_buffer *buffer, const char *string);
void sp_buffer_put_int(struct sp_buffer *buffer, int64_t value); /* decimal */
void sp_buffer_printf(struct sp_buffer *buffer, const char *format, ...) SP_PRINTF(2, 3);
/* Makes room for `size` more bytes and returns where they go; the caller raises `size` itself. */
char *sp_buffer_reserve(struct sp_buffer *buffer, size_t size);
struct sp_text sp_buffer_text(
    const struct sp_buffer *buffer);            /* a view; valid until the next put */
void sp_buffer_reset(struct sp_buffer *buffer); /* keeps the memory */
void sp_buffer_free(struct sp_buffer *buffer);

#endif
