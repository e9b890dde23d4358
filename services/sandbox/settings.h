/* The sandbox's settings. */
#ifndef SANDBOX_SETTINGS_H
#define SANDBOX_SETTINGS_H

#include "common/settings.h"
#include "services/sandbox/sandbox.h"

/* Ended by a zero entry. */
extern const struct sp_setting sandbox_settings[];

/* The texts belong to `config`. */
struct sandbox_options sandbox_options_of(const struct sp_config *config);

#endif
