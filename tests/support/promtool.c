/* Running promtool. */
#include "tests/support/promtool.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/metrics.h"

int test_promtool(struct sp_text figures)
{
    int ends[2], status;
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[0], STDIN_FILENO);
        close(ends[1]);
        (void)execlp("promtool", "promtool", "check", "metrics", (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    (void)signal(SIGPIPE, SIG_IGN); /* it may be gone before it has read */
    (void)!write(ends[1], figures.data, figures.size);
    close(ends[1]);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status));
    cr_assert_neq(WEXITSTATUS(status), 127, "promtool is missing: ./sampan setup fetches it");
    return WEXITSTATUS(status);
}

int test_promtool_all(void)
{
    struct sp_buffer out = {0};
    sp_metrics_write(&out);
    sp_metrics_write_process(&out);
    int code = test_promtool(sp_buffer_text(&out));
    sp_buffer_free(&out);
    return code;
}
