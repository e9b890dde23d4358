/* What became of an order in an import run. */
#include "services/order-ingest/run_rules.h"

#define WORD(text)                                                                                 \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

/* The unready ones first. */
static const struct sp_text results[] = {
    WORD("FAILED"), WORD("PENDING"), WORD("NOT_DOWNLOADED"), WORD("NOT_MAPPED"),
    WORD("LOADED"), WORD("UPDATED"), WORD("UNCHANGED"),      WORD("DELETED")};
enum { UNREADY = 4 };

const struct word_list run_results = {results, SP_COUNT(results)};
const struct word_list run_unready = {results, UNREADY};

static bool is_result(struct sp_text word)
{
    for (size_t i = 0; i < SP_COUNT(results); i++) {
        if (sp_text_equal(results[i], word))
            return true;
    }
    return false;
}

enum sp_result run_read_results(const struct sp_ask *ask, struct sp_arena *arena,
                                struct word_list *wanted, struct sp_error *err)
{
    if (ingest_read_words(sp_ask_param(ask, "result"), SP_COUNT(results), arena, wanted) != SP_OK)
        return sp_fail(err, SP_REJECT, "there are %zu results", SP_COUNT(results));
    for (size_t i = 0; i < wanted->count; i++) {
        if (!is_result(wanted->words[i]))
            return sp_fail(err, SP_REJECT, "there is no result %.*s", SP_FMT(wanted->words[i]));
    }
    return SP_OK;
}
