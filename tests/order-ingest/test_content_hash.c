/* Whether two revisions say the same. */
#include <criterion/criterion.h>

#include "services/order-ingest/content_hash.h"

/* A text in a static initialiser, where SP_TEXT is not constant enough. */
#define LITERAL(text)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

static const struct unit_id units[] = {{LITERAL("u1")}};

static struct channel_order an_order(struct channel_line *line)
{
    *line = (struct channel_line){.line = 1, .units = 1, .unit_ids = units, .unit_ids_count = 1};
    return (struct channel_order){
        .shop_id = 7, .status = SP_TEXT("UNPAID"), .lines = line, .lines_count = 1};
}

Test(content_hash, does_not_see_head_and_seal)
{
    struct channel_line line;
    struct channel_order order = an_order(&line);
    int64_t hash = ingest_content_hash(&order);
    order.head.rev = 12;
    order.buyer_sealed = SP_TEXT("other nonce");
    cr_assert_eq(ingest_content_hash(&order), hash);
}

Test(content_hash, sees_every_kind_of_change)
{
    struct channel_line line;
    struct channel_order order = an_order(&line);
    int64_t hash = ingest_content_hash(&order);
    order.paid_at = 1;
    cr_assert_neq(ingest_content_hash(&order), hash, "time");
    order = an_order(&line);
    order.total_minor = -1;
    cr_assert_neq(ingest_content_hash(&order), hash, "money");
    order = an_order(&line);
    order.buyer_wants_cancel = true;
    cr_assert_neq(ingest_content_hash(&order), hash, "flag");
    order = an_order(&line);
    line.units = 2;
    cr_assert_neq(ingest_content_hash(&order), hash, "line");
    order = an_order(&line);
    line.unit_ids_count = 0;
    cr_assert_neq(ingest_content_hash(&order), hash, "unit");
    static const struct units_apart apart = {.units = 1, .status = LITERAL("CANCELLED")},
                                    elsewhere = {.units = 1, .package_id = LITERAL("k")};
    order = an_order(&line);
    line.apart = &apart;
    line.apart_count = 1;
    int64_t cancelled = ingest_content_hash(&order);
    cr_assert_neq(cancelled, hash, "unit apart");
    line.apart = &elsewhere;
    cr_assert_neq(ingest_content_hash(&order), hash, "unit apart");
    cr_assert_neq(ingest_content_hash(&order), cancelled, "how it stands");
    static const struct channel_package package = {.tracking = LITERAL("V")};
    order = an_order(&line);
    order.packages = &package;
    order.packages_count = 1;
    cr_assert_neq(ingest_content_hash(&order), hash, "package");
}

Test(content_hash, knows_where_one_text_ends)
{
    struct channel_line line;
    struct channel_order left = an_order(&line), right = left;
    left.cancel_reason = SP_TEXT("ab");
    left.shipping_type = SP_TEXT("c");
    right.cancel_reason = SP_TEXT("a");
    right.shipping_type = SP_TEXT("bc");
    cr_assert_neq(ingest_content_hash(&left), ingest_content_hash(&right));
}

Test(content_hash, sees_every_byte_of_a_text)
{
    enum { LENGTH = 19 };
    struct channel_line line;
    struct channel_order order = an_order(&line);
    char note[LENGTH + 1] = "nineteen bytes long";
    int64_t seen[LENGTH + 2];
    for (size_t i = 0; i < SP_COUNT(seen); i++) {
        char kept = note[i % LENGTH];
        note[i % LENGTH] = i < LENGTH ? '?' : kept;
        order.buyer_note = (struct sp_text){note, i <= LENGTH ? LENGTH : LENGTH + 1};
        seen[i] = ingest_content_hash(&order);
        note[i % LENGTH] = kept;
        for (size_t k = 0; k < i; k++)
            cr_expect_neq(seen[i], seen[k], "%zu and %zu", i, k);
    }
}
