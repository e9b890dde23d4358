/* What may be written on an order, and when a note may be changed. */
#include <criterion/criterion.h>
#include <string.h>

#include "services/order-ingest/note_rules.h"

Test(note_rules, a_text_is_measured_in_characters)
{
    static char text[3 * NOTE_CHARACTERS + 3];
    for (size_t i = 0; i < NOTE_CHARACTERS; i++)
        memcpy(text + 3 * i, "ố", 3);
    cr_expect(note_text_ok((struct sp_text){text, 3 * NOTE_CHARACTERS}, NOTE_CHARACTERS));
    memcpy(text + 3 * NOTE_CHARACTERS, "ố", 3);
    cr_expect_not(note_text_ok((struct sp_text){text, sizeof text}, NOTE_CHARACTERS));
}

Test(note_rules, a_text_says_something_and_nothing_strange)
{
    cr_expect(note_text_ok(SP_TEXT("call first\n\tthen send"), NOTE_CHARACTERS));
    cr_expect_not(note_text_ok(SP_TEXT(""), NOTE_CHARACTERS));
    cr_expect_not(note_text_ok(SP_TEXT(" \n\t"), NOTE_CHARACTERS));
    cr_expect_not(note_text_ok(SP_TEXT("bell\a"), NOTE_CHARACTERS));
    cr_expect_not(note_text_ok(SP_TEXT("zero\0"), NOTE_CHARACTERS));
    cr_expect_not(note_text_ok(SP_TEXT("\xff"), NOTE_CHARACTERS));
}

static enum sp_result read_change(const char *text, struct note_change *change)
{
    struct sp_arena *arena = sp_arena_open();
    struct sp_json body;
    cr_assert_eq(sp_json_parse(sp_text_of(text), &body, NULL), SP_OK, "%s", text);
    enum sp_result result = note_read_change(body, arena, change);
    sp_arena_close(&arena);
    return result;
}

Test(note_rules, a_change_names_its_version_and_a_text_or_none)
{
    struct note_change change;
    cr_expect_eq(read_change("{\"version\":2,\"text\":\"new\"}", &change), SP_OK);
    cr_expect_eq(change.version, 2);
    cr_expect_not(change.deletes);
    cr_expect_eq(read_change("{\"version\":2,\"text\":null}", &change), SP_OK);
    cr_expect(change.deletes);
    static const char *const bad[] = {"{\"version\":2}",
                                      "{\"text\":\"new\"}",
                                      "{}",
                                      "{\"version\":2,\"text\":\"\"}",
                                      "{\"version\":2,\"text\":7}",
                                      "{\"version\":0,\"text\":\"new\"}"};
    for (size_t i = 0; i < SP_COUNT(bad); i++)
        cr_expect_eq(read_change(bad[i], &change), SP_REJECT, "%s", bad[i]);
}

/* Every state a note can be in, with each wish. */
Test(note_rules, only_what_was_looked_at_is_changed_and_deleting_is_always_possible)
{
    static const struct {
        int64_t version;
        bool deleted;
        int64_t seen;
        enum note_fault edits, deletes;
    } cases[] = {
        {0, false, 1, NOTE_GONE, NOTE_GONE},
        {1, false, 1, NOTE_FINE, NOTE_FINE},
        {2, false, 1, NOTE_CHANGED, NOTE_CHANGED},
        {2, true, 2, NOTE_GONE, NOTE_GONE},
        {NOTE_VERSIONS - 2, false, NOTE_VERSIONS - 2, NOTE_FINE, NOTE_FINE},
        {NOTE_VERSIONS - 1, false, NOTE_VERSIONS - 1, NOTE_FULL, NOTE_FINE},
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct note_change edit = {.version = cases[i].seen},
                           deletion = {.version = cases[i].seen, .deletes = true};
        cr_expect_eq(note_check_change(cases[i].version, cases[i].deleted, &edit), cases[i].edits,
                     "case %zu", i);
        cr_expect_eq(note_check_change(cases[i].version, cases[i].deleted, &deletion),
                     cases[i].deletes, "case %zu", i);
    }
}
