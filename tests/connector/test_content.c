/* Equal content has equal hashes. */
#include "services/connector/content.h"

#include <criterion/criterion.h>

#include "proto/messages.h"

#include "common/crypto.h"

TestSuite(content, .init = sp_crypto_setup);

static int64_t hash(struct channel_order fact, const char *beside)
{
    int64_t value = 0;
    struct sp_error err;
    fact.head = content_head(1, SP_TEXT("5"));
    cr_assert_eq(content_hash(&channel_order_message, &fact, sp_text_of(beside), &value, &err),
                 SP_OK, "%s", err.text);
    return value;
}

Test(content, tells_equal_from_changed)
{
    struct channel_order fact = {.shop_id = 1, .status = SP_TEXT("UNPAID"), .updated_at = 5};
    int64_t first = hash(fact, "buyer");
    cr_assert_eq(hash(fact, "buyer"), first);
    cr_assert_neq(hash(fact, "other buyer"), first);
    fact.status = SP_TEXT("ON_HOLD");
    cr_assert_neq(hash(fact, "buyer"), first);
}

Test(content, refuses_what_cannot_be_emitted)
{
    static char long_status[100];
    for (size_t i = 0; i < sizeof long_status; i++)
        long_status[i] = 'x';
    struct channel_order fact = {.head = content_head(1, SP_TEXT("5")),
                                 .status = {long_status, sizeof long_status}};
    int64_t value;
    struct sp_error err;
    cr_assert_eq(content_hash(&channel_order_message, &fact, (struct sp_text){0}, &value, &err),
                 SP_REJECT);
}
