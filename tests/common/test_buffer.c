/* The buffer that grows. */
#include "common/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

Test(buffer, all_zero_is_an_empty_one)
{
    struct sp_buffer buffer = {0};
    cr_assert_eq(sp_buffer_text(&buffer).size, 0);
    sp_buffer_put(&buffer, NULL, 0);
    sp_buffer_put_text(&buffer, (struct sp_text){NULL, 0});
    cr_assert_eq(buffer.size, 0);
    sp_buffer_free(&buffer);
}

Test(buffer, pieces_follow_one_another)
{
    struct sp_buffer buffer = {0};
    sp_buffer_put(&buffer, "a\0b", 3);
    sp_buffer_put_text(&buffer, SP_TEXT("-text"));
    sp_buffer_put_string(&buffer, "-string");
    sp_buffer_printf(&buffer, "-%d-%s", 42, "printed");
    cr_assert(sp_text_equal(sp_buffer_text(&buffer), SP_TEXT("a\0b-text-string-42-printed")));
    sp_buffer_free(&buffer);
    cr_assert_null(buffer.data);
    cr_assert_eq(buffer.capacity, 0);
}

Test(buffer, grows_and_keeps_what_it_has)
{
    struct sp_buffer buffer = {0};
    for (int i = 0; i < 100000; i++)
        sp_buffer_put(&buffer, &(char){(char)(i % 127)}, 1);
    cr_assert_eq(buffer.size, 100000);
    cr_assert_geq(buffer.capacity, buffer.size);
    for (int i = 0; i < 100000; i++)
        cr_assert_eq(buffer.data[i], i % 127);
    sp_buffer_free(&buffer);
}

Test(buffer, reserves_room_that_the_caller_fills)
{
    struct sp_buffer buffer = {0};
    char *room = sp_buffer_reserve(&buffer, 1000);
    memset(room, 'x', 1000);
    cr_assert_eq(buffer.size, 0);
    buffer.size += 1000;
    cr_assert_eq(sp_buffer_text(&buffer).data[999], 'x');
    sp_buffer_free(&buffer);
}

Test(buffer, a_reset_keeps_the_memory)
{
    struct sp_buffer buffer = {0};
    sp_buffer_printf(&buffer, "%0500d", 1);
    size_t capacity = buffer.capacity;
    sp_buffer_reset(&buffer);
    cr_assert_eq(buffer.size, 0);
    cr_assert_eq(buffer.capacity, capacity);
    sp_buffer_free(&buffer);
}

Test(buffer, writes_whole_numbers_as_printf_does)
{
    static const int64_t numbers[] = {0, 7, -7, 10, 99, 100, 1234567890123, INT64_MAX, INT64_MIN};
    struct sp_buffer ours = {0}, theirs = {0};
    for (size_t i = 0; i < SP_COUNT(numbers); i++) {
        sp_buffer_put_int(&ours, numbers[i]);
        sp_buffer_printf(&theirs, "%lld", (long long)numbers[i]);
    }
    cr_assert(sp_text_equal(sp_buffer_text(&ours), sp_buffer_text(&theirs)));
    sp_buffer_free(&ours);
    sp_buffer_free(&theirs);
}

Test(buffer, prints_more_than_there_is_room_for)
{
    struct sp_buffer buffer = {0};
    sp_buffer_printf(&buffer, "%0*d|%s", 1000, 1, "end");
    cr_assert_eq(buffer.size, 1004);
    cr_assert(sp_text_equal((struct sp_text){buffer.data + 999, 5}, SP_TEXT("1|end")));
    sp_buffer_free(&buffer);
}
