#include "services/sandbox/names.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

struct names_slot {
    struct sp_text text;
    uint32_t value;
    bool used;
};

/* FNV-1a; the texts come from the seller's own file, not from an enemy. */
static size_t hash_of(struct sp_text text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (uint8_t)text.data[i]) * 0x100000001b3u;
    return (size_t)(hash ^ (hash >> 32));
}

static struct names_slot *slot_of(const struct names *names, struct sp_text text)
{
    size_t at = hash_of(text) & (names->capacity - 1);
    while (names->slots[at].used && !sp_text_equal(names->slots[at].text, text))
        at = (at + 1) & (names->capacity - 1);
    return &names->slots[at];
}

static void grow(struct names *names)
{
    struct names old = *names;
    names->capacity = old.capacity == 0 ? FIRST_CAPACITY : old.capacity * 2;
    names->slots = sp_alloc(names->capacity * sizeof *names->slots);
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.slots[i].used)
            *slot_of(names, old.slots[i].text) = old.slots[i];
    }
    free(old.slots);
}

uint32_t names_find(const struct names *names, struct sp_text text)
{
    if (names->capacity == 0)
        return NAMES_NONE;
    const struct names_slot *slot = slot_of(names, text);
    return slot->used ? slot->value : NAMES_NONE;
}

void names_put(struct names *names, struct sp_text text, uint32_t value)
{
    if (names->count * 2 >= names->capacity)
        grow(names);
    struct names_slot *slot = slot_of(names, text);
    SP_ASSERT(!slot->used);
    *slot = (struct names_slot){text, value, true};
    names->count++;
}

void names_free(struct names *names)
{
    free(names->slots);
    *names = (struct names){0};
}
