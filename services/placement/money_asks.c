/* The wallet and the settings of placing. */
#include "common/crypto.h"
#include "services/placement/ask_store.h"
#include "services/placement/asks.h"

enum { MOST_LISTED = 200, LISTED = 50, MOST_REFERENCE = 120 };
#define MOST_TOP_UP_MINOR INT64_C(1000000000000000)
#define MOST_BALANCE_MINOR (INT64_MAX / 2)
#define MOST_FEE_MINOR INT64_C(1000000000000)

enum sp_result ask_wallet(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return answer_document(ctx, store_ask_wallet(ctx, ask->account_id), answer);
}

enum sp_result ask_wallet_entries(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct sp_answer *answer)
{
    int64_t before, limit;
    if (sp_ask_int(ctx, ask, "cursor", (struct sp_range){0, 0, INT64_MAX}, &before) != SP_OK ||
        sp_ask_int(ctx, ask, "limit", (struct sp_range){LISTED, 1, MOST_LISTED}, &limit) != SP_OK)
        return SP_REJECT;
    return answer_document(ctx, store_ask_entries(ctx, ask->account_id, before, limit), answer);
}

/* The account's wallet under lock, or a 404. */
static enum sp_result lock_wallet(struct sp_ctx *ctx, const struct sp_ask *ask,
                                  struct wallet *wallet, struct sp_answer *answer)
{
    *wallet = (struct wallet){.terms = {.account_id = ask->account_id}};
    enum sp_result result = store_lock_wallets(ctx, wallet, 1);
    if (result == SP_OK && !wallet->known)
        return sp_answer_problem(answer, 404, "NOT_FOUND", "the account has no wallet yet");
    return result;
}

static enum sp_result refuse_currency(struct sp_answer *answer, const struct wallet *wallet,
                                      struct sp_text currency)
{
    return sp_answer_problem(answer, 422, "CURRENCY_MISMATCH",
                             "the wallet's currency is %s, not \"%.*s\"", wallet->terms.currency,
                             SP_FMT(currency));
}

/* ---- top-up
 * ----------------------------------------------------------------------------------------- */

struct top_up {
    int64_t amount_minor;
    struct sp_text currency, reference;
};

static enum sp_result read_top_up(struct sp_ctx *ctx, const struct sp_ask *ask, struct top_up *form,
                                  struct sp_answer *answer)
{
    struct sp_json body;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    *form = (struct top_up){
        .amount_minor = sp_json_int(sp_json_get(body, "amount"), 0),
        .currency = sp_json_text(sp_json_get(body, "currency"), sp_ctx_arena(ctx)),
        .reference = sp_json_text(sp_json_get(body, "reference"), sp_ctx_arena(ctx))};
    if (form->amount_minor < 1 || form->amount_minor > MOST_TOP_UP_MINOR)
        return sp_answer_problem(answer, 422, "AMOUNT_RANGE",
                                 "an amount from 1 to %lld minor units is wanted",
                                 (long long)MOST_TOP_UP_MINOR);
    if (form->reference.size > MOST_REFERENCE)
        return sp_answer_problem(answer, 422, "REFERENCE_LONG", "a reference has up to %d bytes",
                                 MOST_REFERENCE);
    return SP_OK;
}

/* What names the transfer for good: its reference, else what the client calls the request. */
static struct sp_text top_up_key(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 const struct top_up *form)
{
    uint8_t uuid[16];
    if (form->reference.size > 0)
        return sp_arena_printf(sp_ctx_arena(ctx), "topup/%.*s", SP_FMT(form->reference));
    if (ask->idempotency_key.size > 0)
        return sp_arena_printf(sp_ctx_arena(ctx), "topup//%.*s", SP_FMT(ask->idempotency_key));
    sp_uuid(uuid);
    struct sp_text hex = sp_hex(sp_ctx_arena(ctx), uuid, sizeof uuid);
    return sp_arena_printf(sp_ctx_arena(ctx), "topup//%.*s", SP_FMT(hex));
}

static enum sp_result check_top_up(struct sp_ctx *ctx, const struct top_up *form,
                                   const struct wallet *wallet, struct sp_text key,
                                   struct sp_answer *answer)
{
    bool is_there = false;
    if (!sp_text_is(form->currency, wallet->terms.currency))
        return refuse_currency(answer, wallet, form->currency);
    if (wallet->balance_minor > MOST_BALANCE_MINOR - form->amount_minor)
        return sp_answer_problem(answer, 422, "AMOUNT_RANGE", "the wallet cannot hold that much");
    enum sp_result result = store_find_entry(ctx, wallet->terms.account_id, key, &is_there);
    if (result == SP_OK && is_there)
        return sp_answer_problem(answer, 409, "REFERENCE_USED",
                                 "there is a top-up with the reference \"%.*s\" already",
                                 SP_FMT(form->reference));
    return result;
}

enum sp_result ask_top_up(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    struct top_up form;
    struct wallet wallet;
    enum sp_result result = read_top_up(ctx, ask, &form, answer);
    if (result == SP_OK)
        result = lock_wallet(ctx, ask, &wallet, answer);
    if (result != SP_OK)
        return result;
    struct sp_text key = top_up_key(ctx, ask, &form);
    result = check_top_up(ctx, &form, &wallet, key, answer);
    if (result != SP_OK)
        return result;
    struct wallet_entry entry = {.account_id = ask->account_id,
                                 .key = key,
                                 .kind = "TOP_UP",
                                 .source = "FUNDING",
                                 .target = "WALLET",
                                 .amount_minor = form.amount_minor,
                                 .balance_minor = wallet.balance_minor + form.amount_minor,
                                 .reference = form.reference,
                                 .user = ask->user};
    store_enter(ctx, &entry, 1);
    store_mark_heals(ctx, &ask->account_id, 1);
    sp_wake(ctx, "heal-drafts");
    return answer_document(ctx, store_ask_wallet(ctx, ask->account_id), answer);
}

/* ---- settings
 * ----------------------------------------------------------------------------------------- */

enum sp_result ask_settings(struct sp_ctx *ctx, const struct sp_ask *ask, struct sp_answer *answer)
{
    return answer_document(ctx, store_ask_settings(ctx, ask->account_id), answer);
}

/* Absent, or the wallet's. */
static bool is_currency_of(struct sp_ctx *ctx, const struct wallet *wallet, struct sp_json value)
{
    struct sp_text text = sp_json_text(value, sp_ctx_arena(ctx));
    return text.size == 0 || sp_text_is(text, wallet->terms.currency);
}

static enum sp_result check_currencies(struct sp_ctx *ctx, struct sp_json body,
                                       const struct wallet *wallet, struct sp_answer *answer)
{
    struct sp_json said[] = {sp_json_get(body, "currency"),
                             sp_json_get(sp_json_get(body, "surcharge"), "currency"),
                             sp_json_get(sp_json_get(body, "shipping"), "currency")};
    for (size_t i = 0; i < SP_COUNT(said); i++) {
        if (!is_currency_of(ctx, wallet, said[i]))
            return refuse_currency(answer, wallet, sp_json_text(said[i], sp_ctx_arena(ctx)));
    }
    return SP_OK;
}

static enum sp_result check_form(const struct settings_form *form, struct sp_answer *answer)
{
    if (form->surcharge_minor < 0 || form->surcharge_minor > MOST_FEE_MINOR ||
        form->shipping_minor < 0 || form->shipping_minor > MOST_FEE_MINOR)
        return sp_answer_problem(answer, 422, "AMOUNT_RANGE",
                                 "surcharge and shipping go from 0 to %lld minor units",
                                 (long long)MOST_FEE_MINOR);
    if (!sp_text_is(form->surcharge_per, "unit") && !sp_text_is(form->surcharge_per, "line"))
        return sp_answer_problem(answer, 422, "PER_WANTED", "surcharge is per unit or per line");
    return SP_OK;
}

enum sp_result ask_save_settings(struct sp_ctx *ctx, const struct sp_ask *ask,
                                 struct sp_answer *answer)
{
    struct sp_json body;
    struct wallet wallet;
    if (sp_json_parse(ask->body, &body, sp_ctx_error(ctx)) != SP_OK)
        return SP_REJECT;
    struct sp_json surcharge = sp_json_get(body, "surcharge");
    struct settings_form form = {
        .account_id = ask->account_id,
        .auto_place = sp_json_bool(sp_json_get(body, "auto_place")),
        .surcharge_minor = sp_json_int(sp_json_get(surcharge, "amount"), -1),
        .surcharge_per = sp_json_text(sp_json_get(surcharge, "per"), sp_ctx_arena(ctx)),
        .shipping_minor = sp_json_int(sp_json_get(sp_json_get(body, "shipping"), "amount"), -1),
        .user = ask->user};
    enum sp_result result = lock_wallet(ctx, ask, &wallet, answer);
    if (result == SP_OK)
        result = check_currencies(ctx, body, &wallet, answer);
    if (result == SP_OK)
        result = check_form(&form, answer);
    if (result != SP_OK)
        return result;
    store_save_settings(ctx, &form);
    store_mark_heals(ctx, &ask->account_id, 1);
    sp_wake(ctx, "heal-drafts");
    return answer_document(ctx, store_ask_settings(ctx, ask->account_id), answer);
}
