/* The list of messages: finding one by its type, and who may send it.  What stands on the wire is
 * tested in tests/proto. */
#include "proto/messages.h"

#include <criterion/criterion.h>
#include <string.h>

Test(message, is_found_by_its_type)
{
    for (size_t i = 0; sp_messages[i] != NULL; i++)
        cr_assert_eq(sp_message_find(sp_text_of(sp_messages[i]->type)), sp_messages[i]);
    cr_assert_eq(sp_message_find(SP_TEXT("order.recorded")), &order_recorded_message);
    cr_assert_null(sp_message_find(SP_TEXT("order.record")));
    cr_assert_null(sp_message_find(SP_TEXT("order.recorded ")));
    cr_assert_null(sp_message_find(SP_TEXT("")));
    cr_assert_null(sp_message_find(SP_TEXT("ask")));
}

Test(message, may_be_sent_by_the_service_it_comes_from_only)
{
    cr_assert(sp_message_may_send(&order_recorded_message, SP_TEXT("order-ingest")));
    cr_assert_not(sp_message_may_send(&order_recorded_message, SP_TEXT("connector")));
    cr_assert_not(sp_message_may_send(&order_recorded_message, SP_TEXT("")));
    cr_assert_not(sp_message_may_send(&order_recorded_message, SP_TEXT("*")));
    cr_assert(sp_message_may_send(&notice_raised_message, SP_TEXT("inventory")));
}

Test(message, begins_with_a_head)
{
    static const char *const names[] = {"trace", "emitted_us", "account_id", "key", "rev"};
    for (size_t i = 0; sp_messages[i] != NULL; i++) {
        const struct sp_record *record = sp_messages[i]->record;
        for (size_t j = 0; j < SP_COUNT(names); j++) {
            cr_assert_eq(record->fields[j].number, j + 1, "%s", sp_messages[i]->type);
            cr_assert_str_eq(record->fields[j].name, names[j]);
        }
        cr_assert_leq(sp_messages[i]->max_bytes, SP_MESSAGE_BYTES);
        cr_assert_not_null(sp_messages[i]->to[0]);
    }
}
