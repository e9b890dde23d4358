/* Cancellations, returns and refunds: what is believed of them, in which order they are to be
 * answered, and when a person may answer. */
#include "services/order-ingest/return_rules.h"

#include <string.h>

#include "common/json.h"
#include "services/order-ingest/domain.h"

/* Far behind every deadline, and the newest of the rest before the older ones. */
#define ANY_TIME INT64_C(4000000000000000000)
#define THE_REST INT64_C(8000000000000000000)

static bool is_awaited(const struct channel_return *fact)
{
    return fact->wants.size > 0;
}

enum sp_result return_check(const struct channel_return *fact, struct sp_error *err)
{
    if (!ingest_key_names(fact->head.key, fact->shop_id, fact->return_id))
        return sp_fail(err, SP_REJECT, "the key %.*s is not that of return %.*s of shop %lld",
                       SP_FMT(fact->head.key), SP_FMT(fact->return_id), (long long)fact->shop_id);
    if (fact->channel_order_id.size == 0)
        return sp_fail(err, SP_REJECT, "return %.*s names no order", SP_FMT(fact->head.key));
    if (!ingest_time_holds(fact->created_at) || !ingest_time_holds(fact->updated_at) ||
        !ingest_time_holds(fact->deadline_at))
        return sp_fail(err, SP_REJECT, "return %.*s has a time that cannot be",
                       SP_FMT(fact->head.key));
    for (size_t i = 0; i < fact->lines_count; i++) {
        if (fact->lines[i].units < 0 || fact->lines[i].units > INGEST_LINE_UNITS)
            return sp_fail(err, SP_REJECT, "return %.*s: %lld units", SP_FMT(fact->head.key),
                           (long long)fact->lines[i].units);
    }
    return SP_OK;
}

int64_t return_units(const struct channel_return *fact)
{
    int64_t units = 0;
    for (size_t i = 0; i < fact->lines_count; i++) {
        int64_t of_line = fact->lines[i].units;
        if (of_line > 0 && of_line <= INGEST_LINE_UNITS)
            units += of_line;
    }
    return units;
}

int64_t return_position(const struct channel_return *fact)
{
    if (!is_awaited(fact))
        return THE_REST - ingest_time_us(fact->updated_at);
    int64_t deadline_us = ingest_time_us(fact->deadline_at);
    return deadline_us > 0 ? deadline_us : ANY_TIME - ingest_time_us(fact->updated_at);
}

/* ---- what is only shown ------------------------------------------------------------------------
 */

static void put_text(struct sp_json_writer *json, const char *name, struct sp_text text)
{
    if (text.size > 0)
        sp_json_put_string(json, name, text);
}

static void put_amount(struct sp_json_writer *json, const char *name, int64_t minor)
{
    if (minor != 0)
        sp_json_put_int(json, name, minor);
}

static void write_lines(struct sp_json_writer *json, const struct channel_return *fact)
{
    sp_json_open_array(json, "lines");
    for (size_t i = 0; i < fact->lines_count; i++) {
        const struct return_line *line = &fact->lines[i];
        sp_json_open_object(json, NULL);
        sp_json_put_string(json, "sku_id", line->sku_id);
        sp_json_put_int(json, "units", line->units);
        sp_json_put_int(json, "refund_minor", line->refund_minor);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void write_refusals(struct sp_json_writer *json, const struct channel_return *fact)
{
    sp_json_open_array(json, "refusals");
    for (size_t i = 0; i < fact->refusals_count; i++) {
        sp_json_open_object(json, NULL);
        sp_json_put_string(json, "name", fact->refusals[i].name);
        sp_json_put_string(json, "text", fact->refusals[i].text);
        sp_json_close_object(json);
    }
    sp_json_close_array(json);
}

static void write_images(struct sp_json_writer *json, const struct channel_return *fact)
{
    sp_json_open_array(json, "images");
    for (size_t i = 0; i < fact->images_count; i++)
        sp_json_put_string(json, NULL, fact->images[i].url);
    sp_json_close_array(json);
}

void return_write_document(const struct channel_return *fact, struct sp_buffer *out)
{
    struct sp_json_writer json = sp_json_writer(out);
    sp_json_open_object(&json, NULL);
    write_lines(&json, fact);
    put_amount(&json, "goods_minor", fact->refund_goods_minor);
    put_amount(&json, "shipping_minor", fact->refund_shipping_minor);
    put_amount(&json, "tax_minor", fact->refund_tax_minor);
    put_amount(&json, "offered_minor", fact->offered_minor);
    sp_json_put_bool(&json, "offer_refused", fact->offer_refused);
    sp_json_put_bool(&json, "keeps_goods", fact->keeps_goods);
    put_text(&json, "sent_by", fact->sent_by);
    put_text(&json, "carrier", fact->carrier);
    put_text(&json, "tracking", fact->tracking);
    put_text(&json, "arbitration", fact->arbitration);
    put_text(&json, "follows_id", fact->follows_id);
    write_images(&json, fact);
    write_refusals(&json, fact);
    sp_json_close_object(&json);
}

/* ---- answering -------------------------------------------------------------------------------
 */

struct sp_text return_answer_kind(bool is_cancellation, bool accept)
{
    if (is_cancellation)
        return accept ? SP_TEXT("ACCEPT_CANCEL") : SP_TEXT("DECLINE_CANCEL");
    return accept ? SP_TEXT("ACCEPT_RETURN") : SP_TEXT("DECLINE_RETURN");
}

enum return_verdict return_judge(const struct return_answer *answer)
{
    struct sp_text kind = return_answer_kind(answer->is_cancellation, answer->accept);
    if (answer->wants.size == 0 || !sp_text_equal(answer->wants, answer->answers))
        return RETURN_NOT_WAITING;
    if (answer->action_kind.size > 0)
        return sp_text_equal(answer->action_kind, kind) ? RETURN_ASKED : RETURN_OTHER;
    if (sp_text_is(answer->state, "OVERDUE"))
        return RETURN_NOT_WAITING;
    return answer->accept || answer->reason_offered ? RETURN_ASK : RETURN_REASON;
}

struct sp_text return_action_key(struct sp_arena *arena, struct sp_text subject,
                                 struct sp_text what, int64_t attempt)
{
    return sp_arena_printf(arena, "%.*s/%.*s/%lld", SP_FMT(subject), SP_FMT(what),
                           (long long)attempt);
}

struct sp_text return_channel_id(struct sp_text key)
{
    const char *dash = key.size > 0 ? memchr(key.data, '-', key.size) : NULL;
    SP_ASSERT(dash != NULL); /* no key without one is taken in */
    size_t before = (size_t)(dash - key.data) + 1;
    return (struct sp_text){key.data + before, key.size - before};
}
