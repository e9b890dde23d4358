/* The seller's choice at the end of connecting. */
#include "services/connector/choice.h"

#include <time.h>

#include "common/text.h"
#include "services/connector/value.h"

enum { ALIAS_MAX = 120, DAY_S = 24 * 3600, TIME_DIGITS = 19 };

/* Two or four digits at `at`; -1: other characters. */
static int number_at(struct sp_text text, size_t at, size_t digits)
{
    int value = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        value = value * 10 + (text.data[i] - '0');
    }
    return value;
}

static bool is_between(int value, int least, int most)
{
    return value >= least && value <= most;
}

static bool has_shape(struct sp_text text)
{
    static const char shape[] = "0000-00-00T00:00:00";
    if (text.size <= TIME_DIGITS || text.data[text.size - 1] != 'Z')
        return false;
    for (size_t i = 0; i < TIME_DIGITS; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (shape[i] == '0' ? !digit : text.data[i] != shape[i])
            return false;
    }
    for (size_t i = TIME_DIGITS; i + 1 < text.size; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (i == TIME_DIGITS ? text.data[i] != '.' : !digit)
            return false;
    }
    return true;
}

bool choice_read_time(struct sp_text text, int64_t *seconds)
{
    if (!has_shape(text))
        return false;
    struct tm tm = {
        .tm_year = number_at(text, 0, 4) - 1900,
        .tm_mon = number_at(text, 5, 2) - 1,
        .tm_mday = number_at(text, 8, 2),
        .tm_hour = number_at(text, 11, 2),
        .tm_min = number_at(text, 14, 2),
        .tm_sec = number_at(text, 17, 2),
    };
    if (!is_between(tm.tm_mon, 0, 11) || !is_between(tm.tm_mday, 1, 31) ||
        !is_between(tm.tm_hour, 0, 23) || !is_between(tm.tm_min, 0, 59) ||
        !is_between(tm.tm_sec, 0, 60))
        return false;
    *seconds = (int64_t)timegm(&tm);
    return *seconds >= 0;
}

enum sp_result choice_read_history(struct sp_json history, int64_t now_s, struct sp_arena *arena,
                                   struct connect_choice *choice, struct sp_error *err)
{
    choice->history = sp_json_text(sp_json_get(history, "kind"), arena);
    choice->until_s = now_s;
    if (sp_text_is(choice->history, "none"))
        return SP_OK;
    if (sp_text_is(choice->history, "days")) {
        int64_t days = sp_json_int(sp_json_get(history, "days"), 0);
        if (days < 1 || days > HISTORY_DAYS_MAX)
            return sp_fail(err, SP_REJECT, "history: choose 1 to %d days", HISTORY_DAYS_MAX);
        /* Whole days: what is exactly so old is still of the day. */
        choice->from_s = (now_s - days * DAY_S) / DAY_S * DAY_S;
        return SP_OK;
    }
    if (!sp_text_is(choice->history, "range"))
        return sp_fail(err, SP_REJECT, "history: choose none, days or range");
    if (!choice_read_time(sp_json_text(sp_json_get(history, "from"), arena), &choice->from_s) ||
        !choice_read_time(sp_json_text(sp_json_get(history, "until"), arena), &choice->until_s))
        return sp_fail(err, SP_REJECT, "history: from and until must be times in UTC");
    if (choice->until_s > now_s)
        choice->until_s = now_s;
    if (choice->from_s >= choice->until_s)
        return sp_fail(err, SP_REJECT, "history: from must be before until");
    return SP_OK;
}

static enum sp_result read_choice(struct sp_json json, int64_t now_s, struct sp_arena *arena,
                                  struct connect_choice *choice, struct sp_error *err)
{
    enum { ID, ALIAS, WAREHOUSE, HISTORY, MEMBERS };
    static const char *const names[MEMBERS] = {"channel_shop_id", "alias", "warehouse_id",
                                               "history"};
    struct sp_json value[MEMBERS];
    sp_json_members(json, names, MEMBERS, value);
    *choice = (struct connect_choice){
        .channel_shop_id = sp_json_text(value[ID], arena),
        .alias = sp_text_fit(sp_json_text(value[ALIAS], arena), ALIAS_MAX, arena),
        .warehouse_id = sp_json_int(value[WAREHOUSE], 0),
    };
    if (!tiktok_is_id(choice->channel_shop_id))
        return sp_fail(err, SP_REJECT, "a shop without channel_shop_id");
    if (choice->warehouse_id < 0)
        return sp_fail(err, SP_REJECT, "warehouse_id is none of ours");
    return choice_read_history(value[HISTORY], now_s, arena, choice, err);
}

static bool is_repeated(const struct connect_choice choices[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_equal(choices[i].channel_shop_id, choices[count].channel_shop_id))
            return true;
    }
    return false;
}

enum sp_result choice_read(struct sp_json body, int64_t now_s, struct sp_arena *arena,
                           struct choice_list *list, struct sp_error *err)
{
    struct sp_json_walk walk = sp_json_each(sp_json_get(body, "shops"));
    struct sp_json element;
    list->count = 0;
    while (!walk.object && sp_json_next(&walk, NULL, &element)) {
        if (list->count == CONNECT_SHOPS)
            return sp_fail(err, SP_REJECT, "at most %d shops at once", CONNECT_SHOPS);
        enum sp_result result =
            read_choice(element, now_s, arena, &list->choices[list->count], err);
        if (result != SP_OK)
            return result;
        if (is_repeated(list->choices, list->count))
            return sp_fail(err, SP_REJECT, "a shop is named twice");
        list->count++;
    }
    return list->count > 0 ? SP_OK : sp_fail(err, SP_REJECT, "choose at least one shop");
}
