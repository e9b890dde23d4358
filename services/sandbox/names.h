/* A table from texts to small numbers, kept in one piece of memory. */
#ifndef SANDBOX_NAMES_H
#define SANDBOX_NAMES_H

#include "common/arena.h"
#include "common/base.h"

#define NAMES_NONE UINT32_MAX

/* All zero is a valid empty table. */
struct names {
    struct names_slot *slots;
    size_t capacity, count; /* capacity is a power of two */
};

/* The number put under this text; NAMES_NONE when there is none. */
uint32_t names_find(const struct names *names, struct sp_text text);
/* Puts a text that is not yet there.  The text must live as long as the table. */
void names_put(struct names *names, struct sp_text text, uint32_t value);
void names_free(struct names *names);

#endif
