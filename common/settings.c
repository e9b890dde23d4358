/* Settings from the environment: reading all of them, collecting all mistakes, showing the outcome.
 */
#include "common/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/settings_value.h"

enum {
    FILE_BYTES = 64 * 1024, /* of a secret's file */
    NAME_BYTES = 128,
    GUESS_LETTERS = 3, /* a name further away is no misspelling */
};

struct value {
    const struct sp_setting *setting;
    char *text;
    int64_t number;
    const char *origin;
};

struct sp_config {
    struct value *values;
    size_t count;
};

/* What a load is busy with. */
struct load {
    struct sp_config *config;
    char *const *environment;
    struct sp_buffer *problems;
    bool failed;
};

static bool is_secret(const struct sp_setting *setting)
{
    return setting->kind == SP_SETTING_SECRET || setting->kind == SP_SETTING_KEY;
}

static bool complain(struct load *load, const char *name, const char *what)
{
    load->failed = true;
    sp_buffer_printf(load->problems, "error: %s: %s\n", name, what);
    return false;
}

/* ---- the environment
 * ----------------------------------------------------------------------------- */

/* The value of NAME, or NULL; an empty one counts as not given, as `${NAME:-}` in compose files
 * asks. */
static const char *lookup(char *const environment[], const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
        if (strncmp(environment[i], name, size) == 0 && environment[i][size] == '=')
            return environment[i][size + 1] == '\0' ? NULL : environment[i] + size + 1;
    return NULL;
}

/* By itself or by its file. */
static bool is_given(char *const environment[], const char *name)
{
    char file_name[NAME_BYTES];
    (void)snprintf(file_name, sizeof file_name, "%s_FILE", name);
    return lookup(environment, name) != NULL || lookup(environment, file_name) != NULL;
}

static void cut_line_end(char *text, size_t size)
{
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        text[--size] = '\0';
}

static char *read_secret(const char *path, struct sp_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        (void)sp_fail(err, SP_REJECT, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = sp_alloc(FILE_BYTES + 2);
    size_t size = fread(text, 1, FILE_BYTES + 1, file);
    bool broken = ferror(file) != 0;
    (void)fclose(file);
    if (!broken && size > 0 && size <= FILE_BYTES && memchr(text, '\0', size) == NULL) {
        cut_line_end(text, size);
        return text;
    }
    free(text);
    const char *why = broken              ? "cannot be read"
                      : size == 0         ? "is empty"
                      : size > FILE_BYTES ? "is larger than 64 KiB"
                                          : "holds a zero byte";
    (void)sp_fail(err, SP_REJECT, "%s %s", path, why);
    return NULL;
}

/* ---- one setting
 * ----------------------------------------------------------------------------------- */

/* These give false after a complaint; what is not given leaves value->text NULL. */

static bool take_environment(struct load *load, struct value *value)
{
    const char *given = lookup(load->environment, value->setting->name);
    if (given == NULL)
        return true;
    value->text = sp_strdup(given);
    value->origin = "environment";
    return true;
}

static bool take_file(struct load *load, struct value *value)
{
    const char *name = value->setting->name;
    char file_name[NAME_BYTES];
    (void)snprintf(file_name, sizeof file_name, "%s_FILE", name);
    const char *path = is_secret(value->setting) ? lookup(load->environment, file_name) : NULL;
    if (path == NULL)
        return true;
    struct sp_error err;
    if (value->text != NULL) {
        (void)sp_fail(&err, SP_REJECT, "%s is set too; only one of them may be", file_name);
        return complain(load, name, err.text);
    }
    value->text = read_secret(path, &err);
    value->origin = "file";
    return value->text != NULL || complain(load, file_name, err.text);
}

static bool take_default(struct load *load, struct value *value)
{
    const struct sp_setting *setting = value->setting;
    if (value->text != NULL)
        return true;
    struct sp_error err;
    if (setting->otherwise == NULL) {
        (void)sp_fail(&err, SP_REJECT, "must be set (%s)", setting->meaning);
        return complain(load, setting->name, err.text);
    }
    value->text = sp_strdup(setting->otherwise);
    value->origin = "default";
    /* A default that does not parse is our own mistake. */
    SP_ASSERT(sp_setting_parse(setting, value->text, &value->number, NULL) == SP_OK);
    return true;
}

static void fill(struct load *load, struct value *value)
{
    if (!take_environment(load, value) || !take_file(load, value) || !take_default(load, value))
        return;
    struct sp_error err;
    if (sp_setting_parse(value->setting, value->text, &value->number, &err) != SP_OK)
        (void)complain(load, value->setting->name, err.text);
}

/* ---- names nobody knows
 * ----------------------------------------------------------------------------- */

static bool is_known(const struct sp_config *config, const char *name)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct sp_setting *setting = config->values[i].setting;
        size_t size = strlen(setting->name);
        if (strcmp(setting->name, name) == 0)
            return true;
        if (is_secret(setting) && strncmp(setting->name, name, size) == 0 &&
            strcmp(name + size, "_FILE") == 0)
            return true;
    }
    return false;
}

static const char *nearest(const struct sp_config *config, const char *name)
{
    const char *best = NULL;
    size_t least = GUESS_LETTERS + 1;
    for (size_t i = 0; i < config->count; i++) {
        const char *known = config->values[i].setting->name;
        size_t distance = sp_name_distance(known, name, GUESS_LETTERS);
        if (distance < least) {
            least = distance;
            best = known;
        }
    }
    return best;
}

static void warn_of_unknown(struct load *load)
{
    for (size_t i = 0; load->environment != NULL && load->environment[i] != NULL; i++) {
        const char *entry = load->environment[i];
        size_t size = strcspn(entry, "=");
        char name[NAME_BYTES];
        if (strncmp(entry, "SAMPAN_", 7) != 0 || size >= sizeof name)
            continue;
        (void)snprintf(name, sizeof name, "%.*s", (int)size, entry);
        if (is_known(load->config, name))
            continue;
        const char *guess = nearest(load->config, name);
        sp_buffer_printf(load->problems, "warning: %s: no such setting%s%s%s\n", name,
                         guess == NULL ? "" : "; did you mean ", guess == NULL ? "" : guess,
                         guess == NULL ? "" : "?");
    }
}

/* ---- loading
 * ------------------------------------------------------------------------------------------ */

static size_t table_size(const struct sp_setting *table)
{
    size_t count = 0;
    while (table != NULL && table[count].name != NULL)
        count++;
    return count;
}

static void add_table(struct sp_config *config, const struct sp_setting *table)
{
    for (size_t i = 0; i < table_size(table); i++) {
        SP_ASSERT(strlen(table[i].name) + sizeof "_FILE" <= NAME_BYTES);
        config->values[config->count++].setting = &table[i];
    }
}

enum sp_result sp_config_load(struct sp_config **config, const struct sp_setting *common,
                              const struct sp_setting *own, char *const environ_like[],
                              struct sp_buffer *problems)
{
    struct sp_config *loaded = sp_alloc(sizeof *loaded);
    loaded->values = sp_alloc((table_size(common) + table_size(own)) * sizeof *loaded->values);
    add_table(loaded, common);
    add_table(loaded, own);
    struct load load = {loaded, environ_like, problems, false};
    for (size_t i = 0; i < loaded->count; i++)
        fill(&load, &loaded->values[i]);
    warn_of_unknown(&load);
    *config = loaded;
    if (!load.failed)
        return SP_OK;
    sp_config_free(config);
    return SP_REJECT;
}

enum sp_result sp_config_needs(const struct sp_setting_need *needs, char *const environ_like[],
                               struct sp_buffer *problems)
{
    enum sp_result result = SP_OK;
    for (; needs != NULL && needs->name != NULL; needs++) {
        if (!is_given(environ_like, needs->name) || is_given(environ_like, needs->needed))
            continue;
        result = SP_REJECT;
        sp_buffer_printf(problems, "error: %s: must be set, since %s is\n", needs->needed,
                         needs->name);
    }
    return result;
}

void sp_config_free(struct sp_config **config)
{
    if (*config == NULL)
        return;
    for (size_t i = 0; i < (*config)->count; i++) {
        char *text = (*config)->values[i].text;
        if (text != NULL)
            explicit_bzero(text, strlen(text)); /* it may be a secret */
        free(text);
    }
    free((*config)->values);
    free(*config);
    *config = NULL;
}

/* ---- reading
 * ------------------------------------------------------------------------------------------- */

static const struct value *find(const struct sp_config *config, const char *name)
{
    for (size_t i = 0; i < config->count; i++)
        if (strcmp(config->values[i].setting->name, name) == 0)
            return &config->values[i];
    sp_assert_failed(name, "the settings table must have this name", 0);
}

const char *sp_config_text(const struct sp_config *config, const char *name)
{
    return find(config, name)->text;
}

int64_t sp_config_int(const struct sp_config *config, const char *name)
{
    const struct value *value = find(config, name);
    enum sp_setting_kind kind = value->setting->kind;
    SP_ASSERT(kind == SP_SETTING_INT || kind == SP_SETTING_DURATION || kind == SP_SETTING_BYTES);
    return value->number;
}

bool sp_config_bool(const struct sp_config *config, const char *name)
{
    const struct value *value = find(config, name);
    SP_ASSERT(value->setting->kind == SP_SETTING_BOOL);
    return value->number != 0;
}

void sp_config_print(const struct sp_config *config, struct sp_buffer *out)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct value *value = &config->values[i];
        bool masked = is_secret(value->setting) && value->text[0] != '\0';
        sp_buffer_printf(out, "# %s\n%s=%s  (%s)\n", value->setting->meaning, value->setting->name,
                         masked ? "********" : value->text, value->origin);
    }
}
