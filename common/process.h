/* A process's settings and command line, behind sp_service_main. */
#ifndef SAMPAN_PROCESS_H
#define SAMPAN_PROCESS_H

#include "common/service.h"

/* Settings every service has; ends with a zero entry. */
extern const struct sp_setting sp_common_settings[];

/* Where a service is: "host:port", several by comma. */
const char *sp_process_peer(const struct sp_config *config, const char *service);
int64_t sp_process_job_workers(const struct sp_service *service, const struct sp_config *config);

/* Something was still in hand at the end of SAMPAN_SHUTDOWN_TIMEOUT (EX_TEMPFAIL of sysexits.h). */
enum { SP_EXIT_CUT_OFF = 75 };

/* Runs until SIGTERM; returns the exit code, or ends the process with SP_EXIT_CUT_OFF. */
int sp_app_run(const struct sp_service *service, const struct sp_config *config);

#endif
