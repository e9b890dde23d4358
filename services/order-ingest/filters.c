/* What a list of the order book may be asked: filters, cursors, times. */
#include "services/order-ingest/filters.h"

#include <string.h>

static bool separates(char c)
{
    return c == ',' || c == ' ' || c == '\n' || c == '\t' || c == ';';
}

/* Splits at commas and blanks. */
enum sp_result ingest_read_words(struct sp_text text, size_t most, struct sp_arena *arena,
                                 struct word_list *list)
{
    struct sp_text *words = sp_arena_array(arena, most, sizeof *words);
    size_t count = 0;
    for (size_t at = 0; at < text.size;) {
        size_t end = at;
        while (end < text.size && !separates(text.data[end]))
            end++;
        if (end > at && count == most)
            return SP_REJECT;
        if (end > at)
            words[count++] = (struct sp_text){text.data + at, end - at};
        at = end + 1;
    }
    *list = (struct word_list){words, count};
    return SP_OK;
}

enum sp_result ingest_read_id(const struct sp_ask *ask, const char *name, int64_t *id,
                              struct sp_error *err)
{
    struct sp_text text = sp_ask_param(ask, name);
    *id = 0;
    if (text.size == 0)
        return SP_OK;
    if (!sp_text_to_int(text, id))
        return sp_fail(err, SP_REJECT, "%s is not a number", name);
    return SP_OK;
}

static enum sp_result read_cursor(struct sp_text cursor, struct list_page *page)
{
    page->first = cursor.size == 0;
    if (page->first)
        return SP_OK;
    const char *dot = memchr(cursor.data, '.', cursor.size);
    if (dot == NULL)
        return SP_REJECT;
    size_t size = (size_t)(dot - cursor.data);
    page->after = (struct sp_text){dot + 1, cursor.size - size - 1};
    return sp_text_to_int((struct sp_text){cursor.data, size}, &page->at_us) ? SP_OK : SP_REJECT;
}

enum sp_result ingest_read_page(const struct sp_ask *ask, struct list_page *page,
                                struct sp_error *err)
{
    struct sp_text limit = sp_ask_param(ask, "limit");
    *page = (struct list_page){.limit = LIST_USUAL};
    if (limit.size > 0 &&
        (!sp_text_to_int(limit, &page->limit) || page->limit < 1 || page->limit > LIST_MOST))
        return sp_fail(err, SP_REJECT, "limit is a number from 1 to %d", LIST_MOST);
    if (read_cursor(sp_ask_param(ask, "cursor"), page) != SP_OK)
        return sp_fail(err, SP_REJECT, "this cursor is not one of ours");
    return SP_OK;
}

bool ingest_wants_stages(const struct order_filter *filter)
{
    return filter->stages.count > 0 || filter->group.size > 0 || filter->condition.size > 0 ||
           (filter->flags & FLAG_CONFLICT) != 0;
}

struct named_number {
    const char *name;
    int64_t number;
};

static enum sp_result read_name(struct sp_text word, const struct named_number names[],
                                size_t count, int64_t *number)
{
    for (size_t i = 0; i < count; i++) {
        if (sp_text_is(word, names[i].name)) {
            *number = names[i].number;
            return SP_OK;
        }
    }
    return SP_REJECT;
}

static enum sp_result read_flags(const struct sp_ask *ask, struct sp_arena *arena, int64_t *flags,
                                 struct sp_error *err)
{
    static const struct named_number names[] = {
        {"COD", FLAG_COD},
        {"PREPAID", FLAG_PREPAID},
        {"SAMPLE", FLAG_SAMPLE},
        {"REPLACEMENT", FLAG_REPLACEMENT},
        {"BY_CHANNEL", FLAG_BY_CHANNEL},
        {"OURS", FLAG_OURS},
        {"CANCEL_WANTED", FLAG_CANCEL_WANTED},
        {"ON_HOLD", FLAG_ON_HOLD},
        {"LATE", FLAG_LATE},
        {"CONFLICT", FLAG_CONFLICT},
    };
    struct word_list words;
    if (ingest_read_words(sp_ask_param(ask, "flag"), SP_COUNT(names), arena, &words) != SP_OK)
        return sp_fail(err, SP_REJECT, "there are %zu flags", SP_COUNT(names));
    for (size_t i = 0; i < words.count; i++) {
        int64_t flag = 0;
        if (read_name(words.words[i], names, SP_COUNT(names), &flag) != SP_OK)
            return sp_fail(err, SP_REJECT, "there is no flag %.*s", SP_FMT(words.words[i]));
        *flags |= flag;
    }
    return SP_OK;
}

static enum sp_result read_tags(const struct sp_ask *ask, struct sp_arena *arena,
                                struct order_filter *filter, struct sp_error *err)
{
    struct word_list words;
    if (ingest_read_words(sp_ask_param(ask, "tag"), FILTER_TAGS, arena, &words) != SP_OK)
        return sp_fail(err, SP_REJECT, "tag takes at most %d ids", FILTER_TAGS);
    for (size_t i = 0; i < words.count; i++) {
        if (!sp_text_to_int(words.words[i], &filter->tags[i]))
            return sp_fail(err, SP_REJECT, "a tag is named by its id");
    }
    filter->tag_count = words.count;
    return SP_OK;
}

static enum sp_result read_sort(const struct sp_ask *ask, struct order_filter *filter,
                                struct sp_error *err)
{
    static const struct named_number names[] = {{"updated", SORT_UPDATED},
                                                {"created", SORT_CREATED},
                                                {"ship_by", SORT_SHIP_BY},
                                                {"since", SORT_SINCE}};
    struct sp_text word = sp_ask_param(ask, "sort");
    bool staged = ingest_wants_stages(filter);
    int64_t sort = staged && filter->tokens.count == 0 ? SORT_SINCE : SORT_UPDATED;
    if (word.size > 0 && read_name(word, names, SP_COUNT(names), &sort) != SP_OK)
        return sp_fail(err, SP_REJECT, "sort is updated, created, ship_by or since");
    if (sort == SORT_SINCE && !staged)
        return sp_fail(err, SP_REJECT, "sorting by since needs a stage, a group or a condition");
    if (filter->tokens.count > 0 && sort != SORT_UPDATED)
        return sp_fail(err, SP_REJECT, "what is searched for is sorted by updated");
    filter->sort = (enum order_sort)sort;
    return SP_OK;
}

static enum sp_result read_range(const struct sp_ask *ask, struct order_filter *filter,
                                 struct sp_error *err)
{
    const struct {
        const char *name;
        int64_t *us;
    } times[] = {
        {"created_from", &filter->created_from_us},
        {"created_until", &filter->created_until_us},
        {"updated_from", &filter->updated_from_us},
        {"updated_until", &filter->updated_until_us},
    };
    for (size_t i = 0; i < SP_COUNT(times); i++) {
        struct sp_text text = sp_ask_param(ask, times[i].name);
        if (text.size > 0 && ingest_read_time(text, times[i].us) != SP_OK)
            return sp_fail(err, SP_REJECT, "%s is no time", times[i].name);
    }
    return SP_OK;
}

static enum sp_result read_lists(const struct sp_ask *ask, struct sp_arena *arena,
                                 struct order_filter *filter, struct sp_error *err)
{
    const struct {
        const char *name;
        size_t most;
        struct word_list *list;
    } lists[] = {
        {"stage", FILTER_WORDS, &filter->stages},
        {"status", FILTER_WORDS, &filter->statuses},
        {"hub", FILTER_WORDS, &filter->hub_statuses},
        {"status_group", FILTER_WORDS, &filter->status_groups},
        {"tab", FILTER_WORDS, &filter->tabs},
        {"q", FILTER_TOKENS, &filter->tokens},
    };
    for (size_t i = 0; i < SP_COUNT(lists); i++) {
        struct sp_text text = sp_ask_param(ask, lists[i].name);
        if (ingest_read_words(text, lists[i].most, arena, lists[i].list) != SP_OK)
            return sp_fail(err, SP_REJECT, "%s takes at most %zu words", lists[i].name,
                           lists[i].most);
    }
    return SP_OK;
}

enum sp_result ingest_read_filter(const struct sp_ask *ask, struct sp_arena *arena,
                                  struct order_filter *filter, struct sp_error *err)
{
    *filter = (struct order_filter){.group = sp_ask_param(ask, "group"),
                                    .condition = sp_ask_param(ask, "condition"),
                                    .source = sp_ask_param(ask, "source")};
    enum sp_result result = read_lists(ask, arena, filter, err);
    if (result == SP_OK)
        result = read_flags(ask, arena, &filter->flags, err);
    if (result == SP_OK)
        result = read_tags(ask, arena, filter, err);
    if (result == SP_OK)
        result = read_range(ask, filter, err);
    if (result == SP_OK)
        result = read_sort(ask, filter, err);
    if (result == SP_OK)
        result = ingest_read_id(ask, "shop", &filter->shop_id, err);
    return result == SP_OK ? ingest_read_page(ask, &filter->page, err) : result;
}

/* ---- times
 * ------------------------------------------------------------------------------------------ */

struct time_parts {
    int64_t year, month, day, hour, minute, second, fraction_us, offset_s;
};

static bool take_digits(struct sp_text *text, size_t digits, int64_t *value)
{
    struct sp_text number = {text->data, digits};
    if (text->size < digits || number.data[0] == '-' || number.data[0] == '+' ||
        !sp_text_to_int(number, value))
        return false;
    *text = (struct sp_text){text->data + digits, text->size - digits};
    return true;
}

static bool take(struct sp_text *text, char c)
{
    if (text->size == 0 || text->data[0] != c)
        return false;
    *text = (struct sp_text){text->data + 1, text->size - 1};
    return true;
}

static bool take_fraction(struct sp_text *text, int64_t *us)
{
    int64_t unit = 1000000;
    *us = 0;
    if (!take(text, '.'))
        return true;
    bool any = false;
    int64_t digit = 0;
    while (text->size > 0 && text->data[0] >= '0' && text->data[0] <= '9' &&
           take_digits(text, 1, &digit)) {
        unit /= 10;
        *us += digit * unit;
        any = true;
    }
    return any;
}

static bool take_offset(struct sp_text *text, int64_t *offset_s)
{
    *offset_s = 0;
    if (take(text, 'Z') || take(text, 'z'))
        return true;
    int64_t sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
    int64_t hours = 0, minutes = 0;
    if (sign == 0 || !take_digits(text, 2, &hours) || !take(text, ':') ||
        !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool take_date(struct sp_text *text, struct time_parts *parts)
{
    return take_digits(text, 4, &parts->year) && take(text, '-') &&
           take_digits(text, 2, &parts->month) && take(text, '-') &&
           take_digits(text, 2, &parts->day);
}

static bool take_clock(struct sp_text *text, struct time_parts *parts)
{
    return take_digits(text, 2, &parts->hour) && take(text, ':') &&
           take_digits(text, 2, &parts->minute) && take(text, ':') &&
           take_digits(text, 2, &parts->second);
}

static bool parts_hold(const struct time_parts *parts)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (parts->year < 1970 || parts->month < 1 || parts->month > 12 || parts->hour > 23 ||
        parts->minute > 59 || parts->second > 60)
        return false;
    bool leap = (parts->year % 4 == 0 && parts->year % 100 != 0) || parts->year % 400 == 0;
    int64_t most = days[parts->month - 1] + (parts->month == 2 && leap ? 1 : 0);
    return parts->day >= 1 && parts->day <= most;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar; the year begins in March, so that the
 * leap day is its last. */
static int64_t days_since_1970(const struct time_parts *parts)
{
    int64_t year = parts->month <= 2 ? parts->year - 1 : parts->year;
    int64_t month = (parts->month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + parts->day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

enum sp_result ingest_read_time(struct sp_text text, int64_t *us)
{
    struct time_parts parts = {0};
    if (!take_date(&text, &parts) || !(take(&text, 'T') || take(&text, 't')) ||
        !take_clock(&text, &parts) || !take_fraction(&text, &parts.fraction_us) ||
        !take_offset(&text, &parts.offset_s) || text.size > 0 || !parts_hold(&parts))
        return SP_REJECT;
    int64_t seconds = days_since_1970(&parts) * 86400 + parts.hour * 3600 + parts.minute * 60 +
                      parts.second - parts.offset_s;
    *us = seconds * 1000000 + parts.fraction_us;
    return SP_OK;
}
