/* Fuzzes webhooks, as they come from the internet: the first line is the signature that comes with
 * the bytes behind it.  Nothing but the right signature is believed, and what a body says stays
 * within what may be stored. */
#include "tests/fuzz/fuzz_input.h"

#include "common/crypto.h"
#include "services/connector/sign.h"
#include "services/connector/value.h"
#include "services/connector/webhook_json.h"

enum { SIGNATURE_BYTES = 32 };

static void check_signature(struct sp_text raw, struct sp_text given, struct sp_arena *arena)
{
    struct sp_text app = SP_TEXT("demoappkey01"), secret = SP_TEXT("demo-secret-000111222333");
    uint8_t digest[SIGNATURE_BYTES];
    const struct sp_text pieces[] = {app, raw};
    sp_hmac(secret, pieces, SP_COUNT(pieces), digest);
    struct sp_text right = sp_hex(arena, digest, sizeof digest);
    SP_ASSERT(tiktok_webhook_signed(app, secret, raw, right));
    SP_ASSERT(tiktok_webhook_signed(app, secret, raw, given) == sp_text_equal(given, right));
    if (raw.size > 0)
        SP_ASSERT(
            !tiktok_webhook_signed(app, secret, (struct sp_text){raw.data, raw.size - 1}, right));
}

static void check_notice(const struct webhook_notice *notice)
{
    struct sp_json content;
    SP_ASSERT(notice->type >= 0 && tiktok_is_id(notice->channel_shop_id));
    SP_ASSERT(notice->order_count <= WEBHOOK_ORDERS);
    for (size_t i = 0; i < notice->order_count; i++)
        SP_ASSERT(tiktok_is_id(notice->orders[i]));
    SP_ASSERT(notice->notification_id.size == 0 || tiktok_is_id(notice->notification_id));
    SP_ASSERT(notice->updated_at >= 0 && notice->ends_s >= 0);
    SP_ASSERT(notice->content.size == 0 || sp_json_parse(notice->content, &content, NULL) == SP_OK);
    SP_ASSERT(!notice->known || notice->effect != WEBHOOK_UNKNOWN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_text input = {(const char *)data, size};
    sp_crypto_setup(); /* the first time */
    struct sp_text given = fuzz_name(&input);
    struct sp_text raw = sample_exact(input.data, input.size);
    struct sp_arena *arena = sp_arena_open();
    struct webhook_notice notice;
    check_signature(raw, given, arena);
    if (tiktok_read_webhook(raw, arena, &notice, NULL) == SP_OK)
        check_notice(&notice);
    sp_arena_close(&arena);
    free((char *)(uintptr_t)raw.data);
    return 0;
}
