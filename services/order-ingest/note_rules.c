/* What may be written on an order, and when a note may be changed. */
#include "services/order-ingest/note_rules.h"

#include "common/text.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

bool note_text_ok(struct sp_text text, size_t most)
{
    size_t characters = 0;
    bool blank = true;
    if (!sp_text_is_plain(text))
        return false;
    for (size_t at = 0; at < text.size; characters++) {
        blank = blank && is_blank(text.data[at]);
        at += sp_text_character(text.data + at, text.size - at);
    }
    return !blank && characters <= most;
}

enum sp_result note_read_change(struct sp_json body, struct sp_arena *arena,
                                struct note_change *change)
{
    struct sp_json text = sp_json_get(body, "text");
    *change = (struct note_change){.version = sp_json_int(sp_json_get(body, "version"), 0),
                                   .deletes = text.kind == SP_JSON_NULL,
                                   .text = sp_json_text(text, arena)};
    bool good = change->version > 0 &&
                (change->deletes ||
                 (text.kind == SP_JSON_STRING && note_text_ok(change->text, NOTE_CHARACTERS)));
    return good ? SP_OK : SP_REJECT;
}

enum note_fault note_check_change(int64_t version, bool deleted, const struct note_change *change)
{
    if (version == 0 || deleted)
        return NOTE_GONE;
    if (version != change->version)
        return NOTE_CHANGED;
    return !change->deletes && version >= NOTE_VERSIONS - 1 ? NOTE_FULL : NOTE_FINE;
}
