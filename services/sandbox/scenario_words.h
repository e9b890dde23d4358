/* The words of a scenario's line: some plain, some "name=value", each understood once. */
#ifndef SANDBOX_SCENARIO_WORDS_H
#define SANDBOX_SCENARIO_WORDS_H

#include "common/base.h"

enum { SCENARIO_WORDS = 20 };

struct scenario_words {
    struct sp_text words[SCENARIO_WORDS]; /* emptied once understood */
    size_t count;
    struct sp_error *err;
};

struct scenario_range {
    int64_t least, most, otherwise;
};

/* "Not so": false, with the reason in words->err. */
#define SCENARIO_REFUSE(words, ...) (sp_fail((words)->err, SP_REJECT, __VA_ARGS__) == SP_OK)

/* Up to a word that begins with #.  False when there are too many. */
bool scenario_split(struct scenario_words *words, struct sp_text line);
/* The first plain word left; empty when there is none. */
struct sp_text scenario_word(struct scenario_words *words);
/* What stands behind "name="; empty when there is no such pair. */
struct sp_text scenario_pair(struct scenario_words *words, const char *name);
bool scenario_int(struct scenario_words *words, const char *name, struct scenario_range range,
                  int64_t *value);
/* False when a word is left that nobody has understood. */
bool scenario_all_understood(struct scenario_words *words);

#endif
