/* Settings from the environment.  One table says name, type, default, range and meaning; parsing,
 * `config`, the operator's guide and the error list all come from it. */
#ifndef SAMPAN_SETTINGS_H
#define SAMPAN_SETTINGS_H

#include "common/base.h"
#include "common/buffer.h"

enum sp_setting_kind {
    SP_SETTING_TEXT,
    SP_SETTING_SECRET,   /* as text; also NAME_FILE; never printed */
    SP_SETTING_KEY,      /* a secret of 64 digits 0-9 a-f: 32 bytes */
    SP_SETTING_INT,      /* whole number */
    SP_SETTING_BOOL,     /* true | false */
    SP_SETTING_DURATION, /* "30s", "500ms", "5m", "2h", "14d": milliseconds */
    SP_SETTING_BYTES,    /* "64MiB", "256KiB", "1GiB", plain bytes */
    SP_SETTING_CHOICE,   /* one of `choices`, separated by | */
    SP_SETTING_ORIGIN,   /* "https://host" or "http://host:9000", nothing behind it; or empty */
    SP_SETTING_WORD,     /* at most 63 of a-z A-Z 0-9 . _ - ; or empty */
};

struct sp_setting {
    const char *name; /* "SAMPAN_HTTP_PORT" */
    enum sp_setting_kind kind;
    const char *otherwise; /* the default, as it would be written; NULL: it must be set */
    int64_t least, most;   /* numbers, durations (ms), sizes (bytes): both 0 means no range */
    const char *choices;
    const char *meaning; /* one line for people */
};

/* Who sets `name` must set `needed` too. */
struct sp_setting_need {
    const char *name, *needed;
};

struct sp_config;

/* Reads every setting of the two tables (each ends with a zero entry; either may be NULL).  All
 * mistakes are collected into `problems`, one line each: missing, not a number, out of range, both
 * NAME and NAME_FILE, unreadable file, and as warnings unknown SAMPAN_* names with "did you mean".
 * SP_REJECT when any is an error.  `environ_like` is NAME=value strings, NULL-terminated. */
enum sp_result sp_config_load(struct sp_config **config, const struct sp_setting *common,
                              const struct sp_setting *own, char *const environ_like[],
                              struct sp_buffer *problems) SP_MUST_USE;
/* A line in `problems` for each of the table (it ends with a zero entry; NULL: none) that has its
 * name in the environment and not what that needs.  SP_REJECT when there is any. */
enum sp_result sp_config_needs(const struct sp_setting_need *needs, char *const environ_like[],
                               struct sp_buffer *problems) SP_MUST_USE;
void sp_config_free(struct sp_config **config);

/* A name that is not in the tables is our own mistake: asserts. */
const char *sp_config_text(const struct sp_config *config, const char *name);
int64_t sp_config_int(const struct sp_config *config, const char *name); /* numbers, ms, bytes */
bool sp_config_bool(const struct sp_config *config, const char *name);

/* Effective values with their origin (default, environment, file), secrets masked; text for people.
 */
void sp_config_print(const struct sp_config *config, struct sp_buffer *out);

enum { SP_EXIT_CONFIG = 78 }; /* EX_CONFIG of sysexits.h */

#endif
