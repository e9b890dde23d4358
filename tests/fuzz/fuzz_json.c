/* Fuzzes the JSON reader: whatever it accepts can be walked to the end, and written again reads
 * back the same. */
#include "tests/fuzz/fuzz_input.h"

#include "common/json.h"
#include "common/text.h"

static void copy(struct sp_json value, struct sp_json_writer *json, const char *name,
                 struct sp_arena *arena);

static void check_scalar(struct sp_json value, struct sp_arena *arena)
{
    int64_t minor;
    struct sp_text text = sp_json_text(value, arena);
    SP_ASSERT(sp_text_is_utf8(text));
    SP_ASSERT(text.size <= value.raw.size);
    (void)sp_json_bool(value);
    (void)sp_json_int(value, 0);
    if (sp_json_minor(value, 2, &minor) != SP_OK)
        SP_ASSERT(minor == 0);
}

/* Copies what is inside a container; every member is also found by its name. */
static void copy_inside(struct sp_json container, struct sp_json_writer *json,
                        struct sp_arena *arena)
{
    struct sp_json_walk walk = sp_json_each(container);
    struct sp_text name;
    struct sp_json element, found;
    while (sp_json_next(&walk, &name, &element)) {
        const char *key = NULL;
        if (container.kind == SP_JSON_OBJECT) {
            key = sp_arena_copy(arena, name).data;
            SP_ASSERT(sp_json_get(container, key).kind != SP_JSON_NONE);
            sp_json_members(container, &key, 1, &found);
            SP_ASSERT(found.kind != SP_JSON_NONE);
        }
        copy(element, json, key, arena);
    }
}

/* The parser has bounded the depth. */
static void copy(struct sp_json value, struct sp_json_writer *json, const char *name,
                 struct sp_arena *arena)
{
    check_scalar(value, arena);
    switch (value.kind) {
    case SP_JSON_OBJECT:
        sp_json_open_object(json, name);
        copy_inside(value, json, arena);
        sp_json_close_object(json);
        break;
    case SP_JSON_ARRAY:
        sp_json_open_array(json, name);
        copy_inside(value, json, arena);
        sp_json_close_array(json);
        break;
    case SP_JSON_STRING:
        sp_json_put_string(json, name, sp_json_text(value, arena));
        break;
    default:
        SP_ASSERT(value.kind != SP_JSON_NONE);
        sp_json_put_raw(json, name, value.raw);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_text exact = sample_exact((const char *)data, size);
    struct sp_arena *arena = sp_arena_open();
    struct sp_json value, again;
    struct sp_error err = {0};
    if (sp_json_parse(exact, &value, &err) == SP_OK) {
        struct sp_buffer first = {0}, second = {0};
        struct sp_json_writer json = sp_json_writer(&first);
        copy(value, &json, NULL, arena);
        SP_ASSERT(sp_json_parse(sp_buffer_text(&first), &again, &err) == SP_OK);
        SP_ASSERT(again.raw.size == first.size);
        json = sp_json_writer(&second);
        copy(again, &json, NULL, arena);
        /* Names are given undecoded, so that each copy escapes their escapes once more. */
        if (memchr(exact.data, '\\', exact.size) == NULL)
            SP_ASSERT(sp_text_equal(sp_buffer_text(&first), sp_buffer_text(&second)));
        sp_buffer_free(&first);
        sp_buffer_free(&second);
    } else {
        SP_ASSERT(err.text[0] != '\0' && value.kind == SP_JSON_NONE);
    }
    sp_arena_close(&arena);
    free((char *)(uintptr_t)exact.data);
    return 0;
}
