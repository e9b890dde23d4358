#include "services/gateway/picture/cage.h"

#include <seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What stdio, malloc and the end of a program need. */
static const int allowed[] = {
    SCMP_SYS(read),        SCMP_SYS(write),      SCMP_SYS(lseek),          SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),  SCMP_SYS(brk),        SCMP_SYS(mmap),           SCMP_SYS(munmap),
    SCMP_SYS(mremap),      SCMP_SYS(madvise),    SCMP_SYS(futex),          SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),        SCMP_SYS(exit_group), SCMP_SYS(rt_sigprocmask),
#ifdef PICTURE_SANITISED /* asks for its stack before each end */
    SCMP_SYS(sigaltstack),
#endif
};

static void limit(enum __rlimit_resource what, rlim_t soft, rlim_t hard)
{
    const struct rlimit both = {soft, hard};
    if (setrlimit(what, &both) != 0)
        abort();
}

static void limit_resources(void)
{
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_CPU, PICTURE_CPU_S, PICTURE_CPU_S + 1); /* SIGXCPU, not the SIGKILL of others */
    limit(RLIMIT_FSIZE, PICTURE_BYTES, PICTURE_BYTES);
#ifndef PICTURE_SANITISED /* which needs more for itself alone */
    limit(RLIMIT_AS, PICTURE_MEMORY_BYTES, PICTURE_MEMORY_BYTES);
#endif
    (void)setpriority(PRIO_PROCESS, 0, 10);
}

void cage_enter(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    limit_resources();
    if (filter == NULL || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        abort();
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) != 0)
            abort();
    }
    if (seccomp_load(filter) != 0)
        abort();
    seccomp_release(filter);
}

void cage_leave(enum picture_end how)
{
    (void)syscall(SYS_exit_group, how);
    abort();
}
