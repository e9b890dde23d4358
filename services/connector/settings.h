/* The connector's own settings. */
#ifndef SAMPAN_CONNECTOR_SETTINGS_H
#define SAMPAN_CONNECTOR_SETTINGS_H

#include "common/settings.h"

extern const struct sp_setting connector_settings[];

#endif
