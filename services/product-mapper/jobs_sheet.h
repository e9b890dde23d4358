/* What is done about sheets without being asked again. */
#ifndef MAPPER_JOBS_SHEET_H
#define MAPPER_JOBS_SHEET_H

#include "common/service.h"

/* The next step of an import that waits. */
sp_job_run import_sheets;
/* A workbook that waits, from its beginning to its end. */
sp_job_run write_workbooks;
/* Files that nobody needs any more. */
sp_job_run forget_sheets;

#endif
