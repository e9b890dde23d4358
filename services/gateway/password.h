/* Which passwords and logins are taken.  Pure. */
#ifndef GATEWAY_PASSWORD_H
#define GATEWAY_PASSWORD_H

#include "common/base.h"

enum {
    PASSWORD_LEAST_CHARACTERS = 12,
    PASSWORD_MOST_BYTES = 256,
    LOGIN_LEAST_BYTES = 3,
    LOGIN_MOST_BYTES = 120,
};

/* NULL when the password is good enough, else why not, in words.  It must have 12 characters, 5 of
 * them different, and be neither common nor the login. */
const char *password_weakness(struct sp_text password, struct sp_text login);

/* Letters, digits and . _ - + @ only: what can be typed on any keyboard and folded safely. */
bool login_is_good(struct sp_text login);

#endif
