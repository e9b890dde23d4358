/* Reading a scenario: words, "name=value" pairs, nothing left over. */
#include <stdlib.h>
#include <string.h>

#include "services/sandbox/csv.h"
#include "services/sandbox/duration.h"
#include "services/sandbox/scenario.h"
#include "services/sandbox/scenario_words.h"
#include "services/sandbox/whole_file.h"

enum { MOST_UNITS = 500, MOST_RETRY_AFTER_S = 3600, MOST_BYTES_PER_S = 1000000 };

/* One line on its way. */
struct reader {
    struct scenario *scenario;
    struct scenario_step *step;
    struct scenario_words words;
    uint32_t shops;
};

#define REFUSE(reader, ...) SCENARIO_REFUSE(&(reader)->words, __VA_ARGS__)

/* ---- what several verbs take
 * -------------------------------------------------------------------------- */

static bool take_by(struct reader *reader, int otherwise)
{
    static const char *const names[ORDER_INITIATORS] = {
        [NOBODY] = "", [SELLER] = "seller", [BUYER] = "buyer", [SYSTEM] = "system"};
    struct sp_text by = scenario_pair(&reader->words, "by");
    reader->step->initiator = otherwise;
    if (by.size == 0)
        return true;
    for (int i = SELLER; i < ORDER_INITIATORS; i++) {
        if (!sp_text_is(by, names[i]))
            continue;
        reader->step->initiator = i;
        return true;
    }
    return REFUSE(reader, "by must be seller, buyer or system");
}

static int group_of(const struct reader *reader, struct sp_text name)
{
    for (size_t i = 0; i < reader->scenario->group_count; i++) {
        if (sp_text_is(name, reader->scenario->groups[i].name))
            return (int)i;
    }
    return -1;
}

static bool take_group(struct reader *reader, struct sp_text name)
{
    struct scenario_step *step = reader->step;
    step->group = group_of(reader, name);
    if (name.size == 0)
        return REFUSE(reader, "it needs the name of orders");
    if (step->group < 0)
        return REFUSE(reader, "no line above is named \"%.*s\" (as=…)", SP_FMT(name));
    const struct scenario_group *group = &reader->scenario->groups[step->group];
    struct scenario_range all = {1, group->count, 1};
    step->shop = group->shop;
    if (!scenario_int(&reader->words, "from", all, &step->from))
        return false;
    all.otherwise = group->count;
    return scenario_int(&reader->words, "to", all, &step->to);
}

/* "kind=replacement of=A", "kind=pre_order release_after=72h" … */
static bool take_kind(struct reader *reader)
{
    struct order_kind *kind = &reader->step->wish.kind;
    struct scenario_words *words = &reader->words;
    struct sp_text of = scenario_pair(words, "of"), after = scenario_pair(words, "release_after");
    if (!order_kind_read(scenario_pair(words, "kind"), kind))
        return REFUSE(reader, "kind must be words of control.md, joined by +");
    int64_t days = kind->days, release_s = kind->release_s;
    struct scenario_range all_days = {days == 0 ? 0 : 1, days == 0 ? 0 : KIND_MOST_DAYS, days};
    if (!scenario_int(words, "handling_days", all_days, &days))
        return false;
    if (after.size > 0 &&
        (release_s == 0 || !duration_read(after, &release_s) || release_s > KIND_MOST_DAYS * 86400))
        return REFUSE(reader, "release_after is of a pre_order, a span of at most 200 days");
    kind->days = (uint8_t)days;
    kind->release_s = (uint32_t)release_s;
    reader->step->replaced = group_of(reader, of);
    if (of.size == 0)
        return true;
    const struct scenario_group *groups = reader->scenario->groups;
    return (reader->step->replaced >= 0 &&
            groups[reader->step->replaced].shop == reader->step->shop &&
            groups[reader->step->replaced].count >= reader->step->number) ||
           REFUSE(reader, "of must name as many orders of the shop above");
}

static bool take_status(struct reader *reader, struct sp_text name)
{
    int status = life_status_of(name);
    reader->step->wish.status = (enum order_status)status;
    return status >= 0 || REFUSE(reader, "\"%.*s\" is not an order status", SP_FMT(name));
}

/* ---- verbs
 * -------------------------------------------------------------------------------------------- */

static bool name_group(struct reader *reader, struct sp_text name)
{
    struct scenario *scenario = reader->scenario;
    if (group_of(reader, name) >= 0)
        return REFUSE(reader, "\"%.*s\" is a name already", SP_FMT(name));
    if (name.size > SCENARIO_NAME || scenario->group_count == SCENARIO_GROUPS)
        return REFUSE(reader, "at most %d names of at most %d bytes", SCENARIO_GROUPS,
                      SCENARIO_NAME);
    reader->step->group = (int)scenario->group_count;
    struct scenario_group *group = &scenario->groups[scenario->group_count++];
    memcpy(group->name, name.data, name.size);
    group->shop = reader->step->shop;
    group->count = reader->step->number;
    return true;
}

static bool read_order(struct reader *reader)
{
    struct scenario_step *step = reader->step;
    struct order_wish *wish = &step->wish;
    int64_t shop, skus, units, item;
    if (!scenario_int(&reader->words, "shop", (struct scenario_range){1, reader->shops, 1},
                      &shop) ||
        !scenario_int(&reader->words, "count", (struct scenario_range){1, SCENARIO_ORDERS, 1},
                      &step->number) ||
        !scenario_int(&reader->words, "skus", (struct scenario_range){1, WISH_SKUS, 0}, &skus) ||
        !scenario_int(&reader->words, "units", (struct scenario_range){1, MOST_UNITS, 0}, &units) ||
        !scenario_int(&reader->words, "item", (struct scenario_range){1, UINT32_MAX, 0}, &item))
        return false;
    step->shop = (uint32_t)(shop - 1);
    wish->skus_per_order = (uint32_t)skus;
    wish->units_per_sku = (uint32_t)units;
    wish->sku_count = item != 0 ? 1 : 0;
    wish->skus[0] = item != 0 ? (uint32_t)(item - 1) : 0;
    wish->tells = true;
    struct sp_text status = scenario_pair(&reader->words, "status"),
                   name = scenario_pair(&reader->words, "as");
    if (!take_kind(reader))
        return false;
    if (status.size == 0)
        status = sp_text_of(life_status_name(order_kind_start(&wish->kind)));
    if (!take_status(reader, status))
        return false;
    if (wish->status == PARTIALLY_SHIPPING)
        return REFUSE(reader, "an order cannot begin in PARTIALLY_SHIPPING");
    return name.size == 0 || name_group(reader, name);
}

static bool read_orders(struct reader *reader)
{
    return take_group(reader, scenario_word(&reader->words));
}

static bool read_cancel(struct reader *reader)
{
    return take_by(reader, BUYER) && take_group(reader, scenario_word(&reader->words));
}

/* "times=3", "percent=20" or both; the next one when nothing is said. */
static bool take_extent(struct reader *reader, int64_t *count, int64_t *percent)
{
    struct scenario_range counts = {1, FAULT_MOST, 1};
    if (!scenario_int(&reader->words, "percent", (struct scenario_range){1, 100, 0}, percent))
        return false;
    if (*percent != 0)
        counts.otherwise = FAULT_ENDLESS;
    return scenario_int(&reader->words, "times", counts, count);
}

static bool read_fault(struct reader *reader)
{
    struct fault *fault = &reader->step->fault;
    struct sp_text kind = scenario_word(&reader->words),
                   path = scenario_pair(&reader->words, "path");
    fault->kind = faults_kind_of(kind);
    if (fault->kind == FAULT_NONE)
        return REFUSE(reader, "\"%.*s\" is not a kind of fault", SP_FMT(kind));
    if (path.size == 0 || path.size > FAULT_PATH_BYTES || path.data[0] != '/')
        return REFUSE(reader, "path must begin with / and have at most %d bytes", FAULT_PATH_BYTES);
    memcpy(fault->path, path.data, path.size);
    return take_extent(reader, &fault->count, &fault->percent) &&
           scenario_int(&reader->words, "retry_after",
                        (struct scenario_range){1, MOST_RETRY_AFTER_S, 0}, &fault->retry_after_s) &&
           scenario_int(&reader->words, "bytes_per_second",
                        (struct scenario_range){2, MOST_BYTES_PER_S, 1000}, &fault->bytes_per_s);
}

static bool read_webhooks(struct reader *reader)
{
    struct scenario_step *step = reader->step;
    struct scenario_range delays = {1, NOTICE_FAULT_LONGEST_MS, NOTICE_FAULT_DELAY_MS};
    struct sp_text name = scenario_word(&reader->words);
    int kind = notice_fault_of(name);
    if (kind < 0)
        return REFUSE(reader, "\"%.*s\" is not what can happen to webhooks", SP_FMT(name));
    step->notice = (enum notice_fault_kind)kind;
    return take_extent(reader, &step->notice_fault.count, &step->notice_fault.percent) &&
           scenario_int(&reader->words, "delay_ms", delays, &step->notice_fault.delay_ms);
}

static bool read_nothing(struct reader *reader)
{
    (void)reader;
    return true;
}

static bool read_grant_end(struct reader *reader)
{
    struct sp_text by = scenario_pair(&reader->words, "by");
    reader->step->initiator = sp_text_is(by, "time") ? SYSTEM : SELLER;
    return by.size == 0 || sp_text_is(by, "time") || sp_text_is(by, "seller") ||
           REFUSE(reader, "by must be seller or time");
}

/* "life all", "life pay=85 collect=100 orders_per_hour=60" */
static bool read_life(struct reader *reader)
{
    struct scenario_step *step = reader->step;
    struct sp_text word = scenario_word(&reader->words);
    bool all = sp_text_is(word, "all");
    if (word.size > 0 && !all)
        return REFUSE(reader, "\"%.*s\" is not all, nor a pair", SP_FMT(word));
    for (int i = 0; i < LIFE_RULES; i++) {
        enum life_due rule = (enum life_due)i;
        int64_t usual = all && rule != LIFE_SHIP ? life_usual(rule).percent : -1;
        struct scenario_range percents = {0, 100, usual};
        if (!scenario_int(&reader->words, life_rule_name(rule), percents, &step->percents[i]))
            return false;
    }
    return scenario_int(&reader->words, "orders_per_hour",
                        (struct scenario_range){0, LIFE_PER_HOUR, -1}, &step->per_hour);
}

static bool read_speed(struct reader *reader)
{
    int64_t *speed = &reader->step->number;
    return (sp_text_to_int(scenario_word(&reader->words), speed) && *speed >= 0 &&
            *speed <= CLOCK_SPEED) ||
           REFUSE(reader, "speed must be a whole number from 0 to %d", CLOCK_SPEED);
}

static bool read_advance(struct reader *reader)
{
    int64_t *seconds = &reader->step->number;
    return (duration_read(scenario_word(&reader->words), seconds) && *seconds <= CLOCK_JUMP) ||
           REFUSE(reader, "advance needs a span such as 90s or 48h, of at most 400 days");
}

/* "expect A CANCELLED", or of all shops: "expect 20 CANCELLED" */
static bool read_expect(struct reader *reader)
{
    struct scenario_step *step = reader->step;
    struct sp_text whose = scenario_word(&reader->words), status = scenario_word(&reader->words);
    if (sp_text_to_int(whose, &step->number)) {
        step->verb = VERB_EXPECT_COUNT;
        return take_status(reader, status);
    }
    return take_by(reader, -1) && take_group(reader, whose) && take_status(reader, status);
}

static const struct {
    const char *name;
    enum scenario_verb verb;
    bool (*read)(struct reader *reader);
    enum order_event event;
} verbs[] = {
    {"order", VERB_ORDER, read_order, 0},
    {"pay", VERB_MOVE, read_orders, PAY},
    {"release", VERB_MOVE, read_orders, RELEASE},
    {"ship_part", VERB_MOVE, read_orders, SHIP_PART},
    {"ship", VERB_MOVE, read_orders, SHIP},
    {"collect", VERB_MOVE, read_orders, COLLECT},
    {"deliver", VERB_MOVE, read_orders, DELIVER},
    {"complete", VERB_MOVE, read_orders, COMPLETE},
    {"cancel", VERB_CANCEL, read_cancel, CANCEL},
    {"request", VERB_REQUEST, read_orders, CANCEL},
    {"fault", VERB_FAULT, read_fault, 0},
    {"webhooks", VERB_WEBHOOKS, read_webhooks, 0},
    {"clear_faults", VERB_CLEAR_FAULTS, read_nothing, 0},
    {"grant_end", VERB_GRANT_END, read_grant_end, 0},
    {"token_end", VERB_TOKEN_END, read_nothing, 0},
    {"life", VERB_LIFE, read_life, 0},
    {"speed", VERB_SPEED, read_speed, 0},
    {"advance", VERB_ADVANCE, read_advance, 0},
    {"expect", VERB_EXPECT, read_expect, 0},
};

/* ---- lines
 * -------------------------------------------------------------------------------------------- */

static bool read_time(struct reader *reader, int64_t earliest)
{
    struct scenario_step *step = reader->step;
    struct sp_text word = reader->words.words[0];
    step->at_s = earliest;
    if (word.data[0] != '+')
        return true;
    reader->words.words[0] = (struct sp_text){0};
    if (!duration_read_clock((struct sp_text){word.data + 1, word.size - 1}, &step->at_s))
        return REFUSE(reader, "\"%.*s\" is not a time such as +01:30:00", SP_FMT(word));
    return step->at_s >= earliest || REFUSE(reader, "%.*s is before the line above", SP_FMT(word));
}

static bool read_verb(struct reader *reader)
{
    struct sp_text name = scenario_word(&reader->words);
    for (size_t i = 0; i < SP_COUNT(verbs); i++) {
        if (!sp_text_is(name, verbs[i].name))
            continue;
        reader->step->verb = verbs[i].verb;
        reader->step->event = verbs[i].event;
        return verbs[i].read(reader);
    }
    return REFUSE(reader, "\"%.*s\" is not something that can happen", SP_FMT(name));
}

static bool read_line(struct reader *reader, struct sp_text line, int64_t *now_s)
{
    if (!scenario_split(&reader->words, line))
        return false;
    if (reader->words.count == 0)
        return true;
    if (reader->scenario->count == SCENARIO_STEPS)
        return REFUSE(reader, "more than %d events", SCENARIO_STEPS);
    reader->step = &reader->scenario->steps[reader->scenario->count++];
    reader->step->group = reader->step->replaced = -1;
    if (!read_time(reader, *now_s) || !read_verb(reader) ||
        !scenario_all_understood(&reader->words))
        return false;
    *now_s = reader->step->at_s;
    if (reader->step->verb == VERB_ADVANCE)
        *now_s += reader->step->number;
    return true;
}

enum sp_result scenario_read(struct scenario **read, struct sp_text text, uint32_t shops,
                             struct sp_error *err)
{
    struct sp_error why;
    struct scenario *scenario = sp_alloc(sizeof *scenario);
    struct reader reader = {.scenario = scenario, .shops = shops, .words.err = &why};
    struct sp_text line;
    int64_t now_s = 0;
    scenario->steps = sp_alloc(SCENARIO_STEPS * sizeof *scenario->steps);
    for (uint32_t number = 1; csv_next_line(&text, &line); number++) {
        size_t before = scenario->count;
        if (!read_line(&reader, line, &now_s)) {
            scenario_free(&scenario);
            return sp_fail(err, SP_REJECT, "line %u: %s", number, why.text);
        }
        if (scenario->count > before)
            scenario->steps[before].line = number;
    }
    *read = scenario;
    return SP_OK;
}

enum sp_result scenario_read_file(struct scenario **scenario, const char *path, uint32_t shops,
                                  struct sp_error *err)
{
    struct sp_buffer content = {0};
    struct sp_error why;
    enum sp_result result = whole_file_read(path, SCENARIO_BYTES, &content, &why);
    if (result == SP_OK)
        result = scenario_read(scenario, sp_buffer_text(&content), shops, &why);
    sp_buffer_free(&content);
    return result == SP_OK ? SP_OK : sp_fail(err, result, "scenario %s: %s", path, why.text);
}

void scenario_free(struct scenario **scenario)
{
    if (*scenario != NULL)
        free((*scenario)->steps);
    free(*scenario);
    *scenario = NULL;
}
