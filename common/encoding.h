/* Text files in the encodings that programs for tables write, as UTF-8. */
#ifndef SAMPAN_ENCODING_H
#define SAMPAN_ENCODING_H

#include "common/arena.h"
#include "common/base.h"

/* By its mark (UTF-8, UTF-16), or because it is UTF-8, else the old encoding of the language:
 * windows-1258 for "vi", windows-874 for "th", GBK for "zh", windows-1252 for others.  The result
 * is the text itself, or in the arena.  SP_REJECT says that it is none of these. */
enum sp_result sp_text_to_utf8(struct sp_text text, struct sp_text language, struct sp_arena *arena,
                               struct sp_text *utf8, struct sp_error *err) SP_MUST_USE;

#endif
