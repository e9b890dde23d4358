/* Text from outside: what is UTF-8, what may stand in a fact, and how to make it so. */
#ifndef SAMPAN_TEXT_H
#define SAMPAN_TEXT_H

#include "common/arena.h"
#include "common/base.h"

/* Bytes of the character at the front of `size` bytes, 1 to 4; 0 when they do not begin with a
 * whole UTF-8 character (overlong forms, surrogates and numbers above U+10FFFF are none). */
size_t sp_text_character(const char *at, size_t size);

bool sp_text_is_utf8(struct sp_text text);
/* UTF-8 without control characters (U+0000 to U+001F, U+007F to U+009F) other than \n and \t: what
 * a SP_STRING field takes. */
bool sp_text_is_plain(struct sp_text text);

/* The text as a SP_STRING field of at most `max` bytes takes it: cut between characters, control
 * characters and bytes that are not UTF-8 become spaces.  A view of `text` when only its end
 * changes, else in the arena. */
struct sp_text sp_text_fit(struct sp_text text, size_t max, struct sp_arena *arena);

#endif
