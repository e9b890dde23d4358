/* Text files in the encodings that programs for tables write, as UTF-8. */
#include "common/encoding.h"

#include <iconv.h>
#include <string.h>

#include "common/text.h"

/* No encoding here needs more bytes in UTF-8 than this for each of its own. */
enum { GROWTH = 3 };

static bool begins_with(struct sp_text text, const char *mark, size_t size)
{
    return text.size >= size && memcmp(text.data, mark, size) == 0;
}

static const char *encoding_of(struct sp_text text, struct sp_text language)
{
    if (begins_with(text, "\xFF\xFE", 2))
        return "UTF-16LE";
    if (begins_with(text, "\xFE\xFF", 2))
        return "UTF-16BE";
    if (sp_text_is(language, "vi"))
        return "CP1258";
    if (sp_text_is(language, "th"))
        return "CP874";
    return sp_text_is(language, "zh") ? "GBK" : "CP1252";
}

static bool convert(iconv_t to_utf8, struct sp_text text, char *out, struct sp_text *utf8)
{
    char *from = (char *)(uintptr_t)text.data; /* iconv reads it only */
    size_t left = text.size, room = text.size * GROWTH + 1;
    char *to = out;
    if (iconv(to_utf8, &from, &left, &to, &room) == (size_t)-1 ||
        iconv(to_utf8, NULL, NULL, &to, &room) == (size_t)-1)
        return false;
    *utf8 = (struct sp_text){out, (size_t)(to - out)};
    return true;
}

enum sp_result sp_text_to_utf8(struct sp_text text, struct sp_text language, struct sp_arena *arena,
                               struct sp_text *utf8, struct sp_error *err)
{
    *utf8 = text;
    if (sp_text_is_utf8(text) && memchr(text.data ? text.data : "", '\0', text.size) == NULL)
        return SP_OK;
    const char *encoding = encoding_of(text, language);
    iconv_t to_utf8 = iconv_open("UTF-8", encoding);
    bool good = false;
    if (to_utf8 != (iconv_t)-1) {
        good = convert(to_utf8, text, sp_arena_alloc(arena, text.size * GROWTH + 1), utf8);
        (void)iconv_close(to_utf8);
    }
    if (!good || memchr(utf8->data, '\0', utf8->size) != NULL)
        return sp_fail(err, SP_REJECT, "ENCODING_UNKNOWN %s", encoding);
    return SP_OK;
}
