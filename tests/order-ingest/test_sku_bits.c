/* Signatures of SKUs. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "services/order-ingest/sku_bits.h"

static int ones(int64_t bits)
{
    return __builtin_popcountll((uint64_t)bits);
}

Test(sku_bits, gives_a_sku_up_to_three_bits_whatever_its_case)
{
    int64_t bits = ingest_sku_bits(SP_TEXT("MUG-1"));
    cr_expect_eq(bits, ingest_sku_bits(SP_TEXT("mug-1")));
    cr_expect(ones(bits) >= 1 && ones(bits) <= 3);
    cr_expect_neq(bits, ingest_sku_bits(SP_TEXT("MUG-2")));
}

Test(sku_bits, holds_the_bits_of_every_line_that_has_a_sku)
{
    struct channel_line lines[] = {{.seller_sku = SP_TEXT("MUG-1")},
                                   {.sku_id = SP_TEXT("1730")},
                                   {.seller_sku = SP_TEXT("TEE-M")}};
    struct channel_order order = {.lines = lines, .lines_count = SP_COUNT(lines)};
    cr_expect_eq(ingest_order_sku_bits(&order),
                 ingest_sku_bits(SP_TEXT("MUG-1")) | ingest_sku_bits(SP_TEXT("TEE-M")));
    order.lines_count = 0;
    cr_expect_eq(ingest_order_sku_bits(&order), 0);
}

/* What the header says of chance. */
Test(sku_bits, seldom_takes_one_for_another)
{
    int64_t sought = ingest_sku_bits(SP_TEXT("SKU-77777")), taken = 0;
    for (int i = 0; i < 20000; i++) {
        char first[16], second[16];
        (void)snprintf(first, sizeof first, "SKU-%d", i);
        (void)snprintf(second, sizeof second, "SKU-%d", i + 30000);
        int64_t bits = ingest_sku_bits(sp_text_of(first)) | ingest_sku_bits(sp_text_of(second));
        taken += (bits & sought) == sought;
    }
    cr_expect_lt(taken, 40, "%lld of 20,000", (long long)taken);
}
