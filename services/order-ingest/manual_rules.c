/* Orders made by hand: what may be in one, what it becomes, and until when it may be changed. */
#include "services/order-ingest/manual_rules.h"

#include <string.h>

#include "common/crypto.h"
#include "common/text.h"
#include "services/order-ingest/domain.h"

/* ---- reading ---------------------------------------------------------------------------------
 */

static struct sp_text text_of(struct sp_json object, const char *name, struct sp_arena *arena)
{
    return sp_json_text(sp_json_get(object, name), arena);
}

/* Nothing is 0, and what is no number is no amount. */
static int64_t amount_of(struct sp_json object, const char *name, struct sp_arena *arena)
{
    struct sp_text text = text_of(object, name, arena);
    int64_t amount = 0;
    if (text.size == 0)
        return 0;
    return sp_text_to_int(text, &amount) ? amount : -1;
}

void manual_read(struct sp_json body, struct sp_arena *arena, struct manual_order *order)
{
    struct sp_json customer = sp_json_get(body, "customer"), line;
    *order = (struct manual_order){
        .reference = text_of(body, "reference", arena),
        .currency = text_of(body, "currency", arena),
        .note = text_of(body, "note", arena),
        .is_cod = sp_json_bool(sp_json_get(body, "is_cod")),
        .shipping_minor = amount_of(body, "shipping_minor", arena),
        .lines = sp_arena_array(arena, MANUAL_LINES + 1, sizeof *order->lines),
        .customer = text_of(customer, "name", arena),
        .phone = text_of(customer, "phone", arena),
        .address = text_of(customer, "address", arena),
    };
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "lines"));
    while (order->line_count <= MANUAL_LINES && sp_json_next(&walk, NULL, &line))
        order->lines[order->line_count++] =
            (struct manual_line){.sku = text_of(line, "sku", arena),
                                 .name = text_of(line, "name", arena),
                                 .units = amount_of(line, "units", arena),
                                 .price_minor = amount_of(line, "price_minor", arena)};
}

/* ---- checking --------------------------------------------------------------------------------
 */

static bool all_among(struct sp_text text, bool (*fits)(char c))
{
    for (size_t i = 0; i < text.size; i++) {
        if (!fits(text.data[i]))
            return false;
    }
    return true;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_of_reference(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static const char *fault_of_text(struct sp_text text, size_t most)
{
    if (text.size > most)
        return "TOO_LONG";
    return sp_text_is_plain(text) ? NULL : "TEXT_BAD";
}

static const char *fault_of_line(const struct manual_line *line)
{
    if (line->sku.size == 0 || fault_of_text(line->sku, MANUAL_SKU_BYTES) != NULL)
        return "SKU_BAD";
    if (line->units < 1 || line->units > MANUAL_UNITS)
        return "LINE_UNITS_BAD";
    if (line->price_minor < 0 || line->price_minor > MANUAL_PRICE_MINOR)
        return "PRICE_BAD";
    return fault_of_text(line->name, MANUAL_NAME_BYTES);
}

static const char *fault_of_order(const struct manual_order *order)
{
    if (order->reference.size == 0 || order->reference.size > MANUAL_REFERENCE_BYTES ||
        !all_among(order->reference, is_of_reference))
        return "REFERENCE_BAD";
    if (order->currency.size != 3 || !all_among(order->currency, is_upper))
        return "CURRENCY_BAD";
    if (order->line_count == 0 || order->line_count > MANUAL_LINES)
        return "LINES_BAD";
    if (order->shipping_minor < 0 || order->shipping_minor > MANUAL_PRICE_MINOR)
        return "PRICE_BAD";
    const struct {
        struct sp_text text;
        size_t most;
    } texts[] = {{order->note, MANUAL_TEXT_BYTES},
                 {order->customer, MANUAL_NAME_BYTES},
                 {order->phone, MANUAL_PHONE_BYTES},
                 {order->address, MANUAL_TEXT_BYTES}};
    const char *code = NULL;
    for (size_t i = 0; code == NULL && i < SP_COUNT(texts); i++)
        code = fault_of_text(texts[i].text, texts[i].most);
    return code;
}

static const char *detail_of(const char *code)
{
    static const char *const details[][2] = {
        {"REFERENCE_BAD", "a reference has 1 to 32 letters, digits, points, dashes, underscores"},
        {"CURRENCY_BAD", "a currency has three capital letters"},
        {"LINES_BAD", "an order has 1 to 100 lines"},
        {"SKU_BAD", "a SKU has 1 to 64 bytes and no control characters"},
        {"LINE_UNITS_BAD", "a line has 1 to 10000 units"},
        {"PRICE_BAD", "a price is a whole number of minor units, from 0 to 1000000000000"},
        {"TOO_LONG", "a name has up to 200 bytes, a phone number 40, an address or a note 500"},
        {"TEXT_BAD", "a text has a control character, or is not UTF-8"},
    };
    size_t i = 0;
    while (strcmp(details[i][0], code) != 0)
        i++;
    return details[i][1];
}

struct manual_fault manual_check(const struct manual_order *order)
{
    const char *code = fault_of_order(order);
    size_t line = 0;
    for (size_t i = 0; code == NULL && i < order->line_count; i++) {
        code = fault_of_line(&order->lines[i]);
        line = code == NULL ? 0 : i + 1;
    }
    if (code == NULL)
        return (struct manual_fault){0};
    return (struct manual_fault){code, detail_of(code), line};
}

/* ---- what may be done -------------------------------------------------------------------------
 */

bool manual_is(struct sp_text key)
{
    return key.size > 2 && key.data[0] == '0' + MANUAL_SHOP && key.data[1] == '-';
}

struct sp_text manual_reference(struct sp_text key)
{
    return (struct sp_text){key.data + 2, key.size - 2};
}

struct sp_text manual_key(struct sp_text reference, struct sp_arena *arena)
{
    return sp_arena_printf(arena, "%d-%.*s", MANUAL_SHOP, SP_FMT(reference));
}

static bool is_cancelled(const struct manual_past *past)
{
    return sp_text_is(past->status, "CANCELLED");
}

const char *manual_refusal(enum manual_wish wish, const struct manual_past *past)
{
    static const char *const drafts[] = {"", "UNSYNC", "NOT_READY"};
    if (!past->known)
        return wish == MANUAL_CHANGE ? "NOT_FOUND" : NULL;
    if (wish == MANUAL_ADD)
        return "REFERENCE_TAKEN";
    if (past->deleted)
        return "DELETED";
    if (is_cancelled(past))
        return "CANCELLED";
    return sp_text_among(past->stage, drafts, SP_COUNT(drafts)) < 0 ? "PLACED" : NULL;
}

const char *manual_cancel_refusal(const struct manual_past *past)
{
    static const char *const gone[] = {"IN_TRANSIT", "DONE", "RETURNING", "RETURNED", "ELSEWHERE"};
    if (past->deleted)
        return "DELETED";
    if (is_cancelled(past))
        return "";
    return sp_text_among(past->stage, gone, SP_COUNT(gone)) >= 0 ? "SHIPPED" : NULL;
}

/* ---- what it becomes --------------------------------------------------------------------------
 */

/* Any SKU as an id that fits everywhere: the same for the same one. */
static struct sp_text sku_id(struct sp_text sku, struct sp_arena *arena)
{
    enum { ID_BYTES = 16 };
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(sku, digest);
    return sp_hex(arena, digest, ID_BYTES);
}

void manual_make(const struct manual_order *order, const struct manual_past *past, int64_t now,
                 struct sp_arena *arena, struct channel_order *made)
{
    struct channel_line *lines = sp_arena_array(arena, order->line_count, sizeof *lines);
    int64_t subtotal = 0; /* 100 lines of 10,000 units at 10^12 fit */
    for (size_t i = 0; i < order->line_count; i++) {
        const struct manual_line *line = &order->lines[i];
        lines[i] = (struct channel_line){.line = (int64_t)i + 1,
                                         .sku_id = sku_id(line->sku, arena),
                                         .seller_sku = line->sku,
                                         .product_name = line->name,
                                         .units = line->units,
                                         .price_minor = line->price_minor,
                                         .status = SP_TEXT("AWAITING_SHIPMENT")};
        subtotal += line->units * line->price_minor;
    }
    *made = (struct channel_order){
        .head = {.key = manual_key(order->reference, arena)},
        .shop_id = MANUAL_SHOP,
        .channel_order_id = order->reference,
        .status = SP_TEXT("AWAITING_SHIPMENT"),
        .created_at = past->known ? past->created_at : now,
        .updated_at = past->known ? past->updated_at : now,
        .is_cod = order->is_cod,
        .currency = order->currency,
        .subtotal_minor = subtotal,
        .shipping_minor = order->shipping_minor,
        .total_minor = subtotal + order->shipping_minor,
        .lines = lines,
        .lines_count = order->line_count,
        .buyer_note = order->note,
    };
}

void manual_cancel(struct channel_order *order, struct sp_text reason, int64_t now,
                   struct sp_arena *arena)
{
    struct channel_line *lines = sp_arena_array(arena, order->lines_count, sizeof *lines);
    for (size_t i = 0; i < order->lines_count; i++) {
        lines[i] = order->lines[i];
        lines[i].status = SP_TEXT("CANCELLED");
    }
    order->lines = lines;
    order->status = SP_TEXT("CANCELLED");
    order->cancel_initiator = SP_TEXT("SELLER");
    order->cancel_reason = reason;
    order->cancelled_at = order->updated_at = now;
}

struct sp_text manual_customer(const struct manual_order *order, struct sp_arena *arena)
{
    if (order->customer.size + order->phone.size + order->address.size == 0)
        return (struct sp_text){0};
    struct sp_buffer text = {0};
    struct sp_json_writer json = sp_json_writer(&text);
    sp_json_open_object(&json, NULL);
    sp_json_put_string(&json, "name", order->customer);
    sp_json_put_string(&json, "phone_number", order->phone);
    sp_json_put_string(&json, "full_address", order->address);
    sp_json_close_object(&json);
    struct sp_text copy = sp_arena_copy(arena, sp_buffer_text(&text));
    sp_buffer_free(&text);
    return copy;
}
