#include "services/sandbox/scenario_words.h"

#include <string.h>

bool scenario_split(struct scenario_words *words, struct sp_text line)
{
    size_t at = 0;
    words->count = 0;
    while (at < line.size) {
        size_t start = at;
        while (at < line.size && line.data[at] != ' ' && line.data[at] != '\t')
            at++;
        if (at > start && line.data[start] == '#')
            return true;
        if (at > start && words->count == SCENARIO_WORDS)
            return SCENARIO_REFUSE(words, "more than %d words", SCENARIO_WORDS);
        if (at > start)
            words->words[words->count++] = (struct sp_text){line.data + start, at - start};
        at++;
    }
    return true;
}

struct sp_text scenario_word(struct scenario_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        struct sp_text word = words->words[i];
        if (word.size == 0 || memchr(word.data, '=', word.size) != NULL)
            continue;
        words->words[i] = (struct sp_text){0};
        return word;
    }
    return (struct sp_text){0};
}

struct sp_text scenario_pair(struct scenario_words *words, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < words->count; i++) {
        struct sp_text word = words->words[i];
        if (word.size <= size || word.data[size] != '=' || memcmp(word.data, name, size) != 0)
            continue;
        words->words[i] = (struct sp_text){0};
        return (struct sp_text){word.data + size + 1, word.size - size - 1};
    }
    return (struct sp_text){0};
}

bool scenario_int(struct scenario_words *words, const char *name, struct scenario_range range,
                  int64_t *value)
{
    struct sp_text given = scenario_pair(words, name);
    *value = range.otherwise;
    if (given.size == 0 ||
        (sp_text_to_int(given, value) && *value >= range.least && *value <= range.most))
        return true;
    return SCENARIO_REFUSE(words, "%s must be a whole number from %lld to %lld", name,
                           (long long)range.least, (long long)range.most);
}

bool scenario_all_understood(struct scenario_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->words[i].size > 0)
            return SCENARIO_REFUSE(words, "\"%.*s\" is not wanted here", SP_FMT(words->words[i]));
    }
    return true;
}
