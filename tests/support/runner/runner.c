/* Runs tests one after the other, each in a process of its own, and says how they ended in TAP. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

static struct runner_suite *suites;
static struct runner_test *tests, **last_test = &tests;
static bool failed; /* in the test's process */
static FILE *redirected;

void runner_add_suite(struct runner_suite *suite)
{
    suite->next = suites;
    suites = suite;
}

void runner_add_test(struct runner_test *test)
{
    *last_test = test;
    last_test = &test->next;
}

void runner_failed(bool end, const char *file, int line, const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    flockfile(stderr);
    (void)fprintf(stderr, "%s:%d: wanted: %s", file, line, what);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    funlockfile(stderr);
    va_end(args);
    failed = true;
    if (end)
        exit(EXIT_FAILURE);
}

void cr_redirect_stdout(void)
{
    char path[] = "/tmp/sampan-runner-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || (redirected = fopen(path, "re")) == NULL)
        runner_failed(true, __FILE__, __LINE__, "a file for stdout", " ");
    (void)close(fd);
    (void)unlink(path);
}

FILE *cr_get_redirected_stdout(void)
{
    (void)fflush(stdout);
    return redirected;
}

static struct runner_options suite_options(const struct runner_test *test)
{
    for (const struct runner_suite *suite = suites; suite != NULL; suite = suite->next)
        if (strcmp(suite->name, test->suite) == 0)
            return suite->options;
    return (struct runner_options){0};
}

static void call(void (*function)(void))
{
    if (function != NULL)
        function();
}

/* Ends as a program does, so that the sanitiser and what the test asked for at its end have their
 * say. */
static void run(const struct runner_test *test)
{
    struct runner_options suite = suite_options(test);
    call(suite.init);
    call(test->options.init);
    test->run();
    call(test->options.fini);
    call(suite.fini);
    exit(failed ? EXIT_FAILURE : EXIT_SUCCESS);
}

static bool ended_well(const struct runner_test *test, int status)
{
    if (test->options.signal != 0)
        return WIFSIGNALED(status) && WTERMSIG(status) == test->options.signal;
    return WIFEXITED(status) && WEXITSTATUS(status) == test->options.exit_code;
}

static bool passes(const struct runner_test *test)
{
    int status = 0;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run(test);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return false;
    return ended_well(test, status);
}

/* "--tap=FILE" is where the outcome is kept, "--filter=TEXT" takes the tests whose suite/name has
 * it. */
static const char *option(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], name, strlen(name)) == 0)
            return argv[i] + strlen(name);
    return NULL;
}

static bool wanted(const struct runner_test *test, const char *filter)
{
    char full[512];
    (void)snprintf(full, sizeof full, "%s/%s", test->suite, test->name);
    return filter == NULL || strstr(full, filter) != NULL;
}

int main(int argc, char **argv)
{
    const char *path = option(argc, argv, "--tap="), *filter = option(argc, argv, "--filter=");
    FILE *tap = path == NULL ? stdout : fopen(path, "we");
    int count = 0, bad = 0;
    if (tap == NULL) {
        perror(path);
        return EXIT_FAILURE;
    }
    for (const struct runner_test *test = tests; test != NULL; test = test->next) {
        if (!wanted(test, filter))
            continue;
        bool good = passes(test);
        bad += !good;
        (void)fprintf(tap, "%sok %d - %s::%s\n", good ? "" : "not ", ++count, test->suite,
                      test->name);
        if (!good && tap != stdout)
            (void)fprintf(stderr, "failed: %s::%s\n", test->suite, test->name);
    }
    (void)fprintf(tap, "1..%d\n", count);
    (void)fclose(tap);
    return bad == 0 && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
