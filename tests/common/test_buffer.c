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
