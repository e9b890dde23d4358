/* A scenario: a text of one line for each event, run on the sandbox's clock.
 *
 *     # time since the start; a line without one happens with the line before
 *     +00:05:00 order shop=1 count=3 skus=2 units=3 status=UNPAID as=A
 *     +01:00:00 pay A from=2 to=3
 *               cancel A to=1 by=buyer
 *               fault 429 path=/order times=3 retry_after=2
 *               advance 48h
 *               expect A CANCELLED from=1 to=1
 *
 * control.md has the verbs.  What goes wrong while it runs is noted with its line; the rest goes
 * on.
 */
#ifndef SANDBOX_SCENARIO_H
#define SANDBOX_SCENARIO_H

#include "common/json.h"
#include "services/sandbox/clock.h"
#include "services/sandbox/drips.h"
#include "services/sandbox/faults.h"
#include "services/sandbox/life.h"
#include "services/sandbox/notice_faults.h"

enum scenario_limits {
    SCENARIO_BYTES = 256 * 1024,
    SCENARIO_STEPS = 4000,
    SCENARIO_GROUPS = 200,
    SCENARIO_NAME = 32,
    SCENARIO_FAILURES = 20,   /* kept; all are counted */
    SCENARIO_ORDERS = 100000, /* of one line */
};

enum scenario_verb {
    VERB_ORDER,
    VERB_MOVE, /* pay, ship … */
    VERB_CANCEL,
    VERB_REQUEST,
    VERB_FAULT,
    VERB_WEBHOOKS,
    VERB_CLEAR_FAULTS,
    VERB_GRANT_END,
    VERB_TOKEN_END,
    VERB_LIFE,
    VERB_SPEED,
    VERB_ADVANCE,
    VERB_EXPECT,
    VERB_EXPECT_COUNT,
    SCENARIO_VERBS,
};

/* Orders of one line that were given a name. */
struct scenario_group {
    char name[SCENARIO_NAME + 1];
    uint32_t shop;
    int64_t count;
    uint64_t first; /* order number; 0: not placed yet */
};

struct scenario_step {
    int64_t at_s; /* since the start */
    uint32_t line;
    enum scenario_verb verb;
    uint32_t shop;
    int group;        /* -1: none */
    int64_t from, to; /* which of the group's orders, from 1 */
    int64_t number;   /* orders, speed, or seconds */
    int initiator;    /* enum order_initiator; -1: any */
    enum order_event event;
    int replaced;           /* the group whose orders those of the line are for; -1: none */
    struct order_wish wish; /* its status is also what is expected */
    struct fault fault;
    enum notice_fault_kind notice;
    struct notice_fault notice_fault;
    int64_t percents[LIFE_RULES], per_hour; /* -1: as before */
};

struct scenario_failure {
    uint32_t line;
    char what[160];
};

enum scenario_state { SCENARIO_RUNNING, SCENARIO_PASSED, SCENARIO_FAILED };

struct scenario {
    struct scenario_step *steps;
    size_t count, next; /* the step that comes next */
    struct scenario_group groups[SCENARIO_GROUPS];
    size_t group_count;
    enum scenario_state state;
    int64_t started_us; /* on the sandbox's clock */
    struct scenario_failure failures[SCENARIO_FAILURES];
    size_t failure_count;
};

/* scenario_read.c.  `shops`: how many there are.  SP_REJECT names the line. */
enum sp_result scenario_read(struct scenario **scenario, struct sp_text text, uint32_t shops,
                             struct sp_error *err) SP_MUST_USE;
enum sp_result scenario_read_file(struct scenario **scenario, const char *path, uint32_t shops,
                                  struct sp_error *err) SP_MUST_USE;
void scenario_free(struct scenario **scenario);

/* Takes it over and begins; what ran before is forgotten. */
void scenario_start(struct sandbox *sandbox, struct scenario *scenario);
void scenario_stop(struct sandbox *sandbox);
/* The next line is due. */
void scenario_go_on(struct sandbox *sandbox);
/* Members of its state, into an open object. */
void scenario_put(struct sp_json_writer *json, const struct sandbox *sandbox);

#endif
