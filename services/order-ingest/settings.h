/* The settings that only order-ingest has. */
#ifndef INGEST_SETTINGS_H
#define INGEST_SETTINGS_H

#include "common/settings.h"

extern const struct sp_setting ingest_settings[];

#endif
