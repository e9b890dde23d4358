/* Fuzzes the body of a parcel, read as a worker reads it: message by message, the refused ones
 * passed. */
#include "tests/fuzz/fuzz_input.h"

/* Reads all; the accepted ones are packed behind one another into `packed`; returns how many. */
static size_t read_parcel(const struct sp_message *message, struct sp_text in,
                          struct sp_arena *arena, struct sp_buffer *packed)
{
    struct sp_error err;
    size_t count, accepted = 0;
    if (sp_parcel_open(&in, &count, &err) != SP_OK)
        return 0;
    SP_ASSERT(count <= SP_PARCEL_MESSAGES);
    for (size_t i = 0; i < count && in.size > 0; i++) {
        size_t before = in.size;
        void *value = sp_arena_alloc(arena, message->record->size);
        enum sp_result result = sp_message_decode(message, &in, value, arena, &err);
        SP_ASSERT(in.size < before);
        if (result != SP_OK)
            continue;
        SP_ASSERT(sp_message_encode(message, value, packed, &err) == SP_OK);
        accepted++;
    }
    return accepted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_text input = {(const char *)data, size};
    const struct sp_message *message = sp_message_find(fuzz_name(&input));
    if (message == NULL)
        message = &order_recorded_message;
    struct sp_arena *arena = sp_arena_open();
    struct sp_text exact = sample_exact(input.data, input.size);
    struct sp_buffer packed = {0}, body = {0}, again = {0};
    size_t accepted = read_parcel(message, exact, arena, &packed);
    sp_parcel_begin(&body, accepted);
    sp_buffer_put_text(&body, sp_buffer_text(&packed));
    SP_ASSERT(read_parcel(message, sp_buffer_text(&body), arena, &again) == accepted);
    SP_ASSERT(sp_text_equal(sp_buffer_text(&packed), sp_buffer_text(&again)));
    sp_buffer_free(&packed);
    sp_buffer_free(&body);
    sp_buffer_free(&again);
    free((char *)(uintptr_t)exact.data);
    sp_arena_close(&arena);
    return 0;
}
