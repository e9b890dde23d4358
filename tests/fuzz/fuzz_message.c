/* Fuzzes the decoder with every message and frame: nothing crashes, and what is accepted packs
 * again to something that reads back equal. */
#include "tests/fuzz/fuzz_input.h"

static enum sp_result decode(const struct sp_message *message, const struct sp_record *record,
                             struct sp_text *in, void *value, struct sp_arena *arena)
{
    struct sp_error err;
    return message != NULL ? sp_message_decode(message, in, value, arena, &err)
                           : sp_record_decode(record, in, value, arena, &err);
}

static enum sp_result encode(const struct sp_message *message, const struct sp_record *record,
                             const void *value, struct sp_buffer *out)
{
    struct sp_error err;
    return message != NULL ? sp_message_encode(message, value, out, &err)
                           : sp_record_encode(record, value, out, &err);
}

static void check(const struct sp_message *message, const struct sp_record *record,
                  struct sp_text bytes, struct sp_arena *arena)
{
    void *value = sp_arena_alloc(arena, record->size), *again = sp_arena_alloc(arena, record->size);
    struct sp_text in = bytes;
    enum sp_result result = decode(message, record, &in, value, arena);
    SP_ASSERT(in.size <= bytes.size);
    SP_ASSERT(in.size == 0 || in.data + in.size == bytes.data + bytes.size);
    if (result != SP_OK)
        return;
    struct sp_buffer packed = {0};
    SP_ASSERT(encode(message, record, value, &packed) == SP_OK);
    SP_ASSERT(packed.size <= bytes.size - in.size);
    in = sp_buffer_text(&packed);
    SP_ASSERT(decode(message, record, &in, again, arena) == SP_OK);
    SP_ASSERT(in.size == 0);
    SP_ASSERT(sample_equal(record, value, again));
    sp_buffer_free(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_text input = {(const char *)data, size};
    struct sp_text name = fuzz_name(&input);
    const struct sp_message *message = sp_message_find(name);
    const struct sp_record *record = message != NULL ? message->record : &ask_record;
    if (message == NULL && sp_text_is(name, "ask_answer"))
        record = &ask_answer_record;
    struct sp_arena *arena = sp_arena_open();
    struct sp_text exact = sample_exact(input.data, input.size);
    check(message, record, exact, arena);
    free((char *)(uintptr_t)exact.data);
    sp_arena_close(&arena);
    return 0;
}
