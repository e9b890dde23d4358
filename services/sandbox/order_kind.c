#include "services/sandbox/order_kind.h"

#include <string.h>

static const struct {
    const char *word;
    struct order_kind kind;
} words_known[] = {
    {"lottery", {.type = ORDER_LOTTERY}},
    {"pre_order", {.type = ORDER_PRE, .release_s = KIND_RELEASE_S}},
    {"made_to_order", {.type = ORDER_MADE, .days = KIND_HANDLING_DAYS}},
    {"back_order", {.type = ORDER_BACK, .days = KIND_HANDLING_DAYS}},
    {"cod", {.is_cod = true}},
    {"sample", {.is_sample = true}},
    {"replacement", {.replaces = true}},
    {"exchange", {.exchanges = true}},
    {"fulfilled_by_tiktok", {.by_tiktok = true}},
};

static bool add_word(struct sp_text word, struct order_kind *kind)
{
    for (size_t i = 0; i < SP_COUNT(words_known); i++) {
        const struct order_kind *more = &words_known[i].kind;
        if (!sp_text_is(word, words_known[i].word))
            continue;
        if (more->type != ORDER_NORMAL) {
            kind->type = more->type;
            kind->days = more->days;
            kind->release_s = more->release_s;
        }
        kind->is_cod = kind->is_cod || more->is_cod;
        kind->is_sample = kind->is_sample || more->is_sample;
        kind->replaces = kind->replaces || more->replaces;
        kind->exchanges = kind->exchanges || more->exchanges;
        kind->by_tiktok = kind->by_tiktok || more->by_tiktok;
        return true;
    }
    return false;
}

bool order_kind_read(struct sp_text words, struct order_kind *kind)
{
    *kind = (struct order_kind){0};
    while (words.size > 0) {
        const char *plus = memchr(words.data, '+', words.size);
        size_t size = plus == NULL ? words.size : (size_t)(plus - words.data);
        if (!add_word((struct sp_text){words.data, size}, kind))
            return false;
        size += plus == NULL ? 0 : 1;
        words = (struct sp_text){words.data + size, words.size - size};
    }
    return true;
}

static bool has(const struct order_kind *kind, const struct order_kind *one)
{
    return (one->type != ORDER_NORMAL && one->type == kind->type) ||
           (one->is_cod && kind->is_cod) || (one->is_sample && kind->is_sample) ||
           (one->replaces && kind->replaces) || (one->exchanges && kind->exchanges) ||
           (one->by_tiktok && kind->by_tiktok);
}

void order_kind_put(struct sp_buffer *out, const struct order_kind *kind)
{
    size_t before = out->size;
    for (size_t i = 0; i < SP_COUNT(words_known); i++) {
        if (has(kind, &words_known[i].kind))
            sp_buffer_printf(out, "%s%s", out->size > before ? "+" : "", words_known[i].word);
    }
}

enum order_status order_kind_start(const struct order_kind *kind)
{
    return kind->type == ORDER_PRE ? ON_HOLD : AWAITING_SHIPMENT;
}

const char *order_kind_misfit(const struct order_kind *kind, const struct region *region,
                              enum order_status begins)
{
    bool american = strcmp(region->code, "US") == 0;
    if (kind->type >= ORDER_PRE && !american)
        return "pre_order, made_to_order and back_order are of the US only";
    if (kind->exchanges && !american && strcmp(region->code, "GB") != 0)
        return "exchange is of the US and Great Britain only";
    if (kind->is_cod && begins < AWAITING_SHIPMENT)
        return "what is paid at the door begins in AWAITING_SHIPMENT or later";
    if (kind->is_cod && order_kind_is_free(kind))
        return "nothing is paid at the door for what costs nothing";
    if ((kind->replaces || kind->exchanges) != (kind->replaced != 0))
        return "replacement and exchange, and no other, need the order they are for";
    return NULL;
}

bool order_kind_is_free(const struct order_kind *kind)
{
    return kind->is_sample || kind->replaces || kind->exchanges;
}

const char *order_kind_type_name(const struct order_kind *kind)
{
    static const char *const names[] = {
        [ORDER_NORMAL] = "NORMAL",      [ORDER_LOTTERY] = "ZERO_LOTTERY", [ORDER_PRE] = "PRE_ORDER",
        [ORDER_MADE] = "MADE_TO_ORDER", [ORDER_BACK] = "BACK_ORDER",
    };
    return names[kind->type];
}

int64_t order_kind_waits_s(const struct order_kind *kind)
{
    return (int64_t)kind->release_s + (int64_t)kind->days * 86400;
}
