/* Prometheus' own judge of figures. */
#ifndef SAMPAN_TEST_PROMTOOL_H
#define SAMPAN_TEST_PROMTOOL_H

#include "common/base.h"

/* The exit code of `promtool check metrics` for these figures: 0 when there is nothing to say.
 * Fails the test when there is no promtool on the PATH. */
int test_promtool(struct sp_text figures);
/* The same for all that this process has to show. */
int test_promtool_all(void);

#endif
