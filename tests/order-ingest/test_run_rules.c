/* Results of import runs: which there are, and which may be asked for. */
#include <criterion/criterion.h>

#include "services/order-ingest/run_rules.h"

static enum sp_result read_results(const char *value, size_t *count)
{
    struct sp_ask_param param = {SP_TEXT("result"), sp_text_of(value)};
    struct sp_ask ask = {.params = &param, .param_count = 1};
    struct sp_arena *arena = sp_arena_open();
    struct word_list results = {0};
    enum sp_result result = run_read_results(&ask, arena, &results, NULL);
    *count = results.count;
    sp_arena_close(&arena);
    return result;
}

Test(run_rules, any_number_of_known_results_may_be_asked_for)
{
    size_t count = 9;
    cr_expect_eq(read_results("", &count), SP_OK);
    cr_expect_eq(count, 0, "none: any");
    cr_expect_eq(read_results("FAILED,NOT_MAPPED", &count), SP_OK);
    cr_expect_eq(count, 2);
    for (size_t i = 0; i < run_results.count; i++) {
        cr_expect_eq(read_results(run_results.words[i].data, &count), SP_OK, "%s",
                     run_results.words[i].data);
    }
}

Test(run_rules, words_that_are_no_results_are_refused)
{
    static const char *const bad[] = {
        "failed", "FAILED,", "LOST", "FAILED,LOST",
        "FAILED,FAILED,FAILED,FAILED,FAILED,FAILED,FAILED,FAILED,FAILED"};
    size_t count;
    cr_expect_eq(read_results(bad[1], &count), SP_OK, "an empty word is none");
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        if (i != 1)
            cr_expect_eq(read_results(bad[i], &count), SP_REJECT, "%s", bad[i]);
    }
}

Test(run_rules, what_is_here_and_ready_is_not_loaded_again)
{
    static const char *const ready[] = {"LOADED", "UPDATED", "UNCHANGED", "DELETED"};
    cr_expect_eq(run_unready.count + SP_COUNT(ready), run_results.count);
    for (size_t i = 0; i < run_unready.count; i++) {
        for (size_t k = 0; k < SP_COUNT(ready); k++)
            cr_expect_not(sp_text_is(run_unready.words[i], ready[k]));
    }
}
