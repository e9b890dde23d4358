/* What our tests use of Criterion's redirection. */
#ifndef RUNNER_REDIRECT_H
#define RUNNER_REDIRECT_H

#include <stdio.h>

/* From now on stdout goes to a file; which one, to read from. */
void cr_redirect_stdout(void);
FILE *cr_get_redirected_stdout(void);

#endif
