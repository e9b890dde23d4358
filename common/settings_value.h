/* One setting's value: from the text a person wrote to what the program uses. */
#ifndef SAMPAN_SETTINGS_VALUE_H
#define SAMPAN_SETTINGS_VALUE_H

#include "common/settings.h"

/* Parses `text` as the setting's kind asks and checks its range.  Kinds that are text leave
 * `*number` at 0.  SP_REJECT says what was expected; a secret is never repeated in the message. */
enum sp_result sp_setting_parse(const struct sp_setting *setting, const char *text, int64_t *number,
                                struct sp_error *err) SP_MUST_USE;

/* How many letters must change to make one name the other; at most `most` + 1. */
size_t sp_name_distance(const char *a, const char *b, size_t most);

#endif
