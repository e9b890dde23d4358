/* What the system says of this process, under the names that every Prometheus client uses. */
#include "common/metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static void put(struct sp_buffer *out, const char *name, const char *kind, const char *help)
{
    sp_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s ", name, help, name, kind, name);
}

static long resident_bytes(void)
{
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%ld %ld", &total, &resident) != 2)
        resident = 0;
    (void)fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static int open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return 0;
    int count = -3; /* ".", "..", and the folder itself */
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

void sp_metrics_write_process(struct sp_buffer *out)
{
    struct rusage usage = {0};
    (void)getrusage(RUSAGE_SELF, &usage);
    long seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
    long micro = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    put(out, "process_cpu_seconds_total", "counter", "User and system time spent");
    sp_buffer_printf(out, "%ld.%06ld\n", seconds + micro / 1000000, micro % 1000000);
    put(out, "process_resident_memory_bytes", "gauge", "Memory in use");
    sp_buffer_printf(out, "%ld\n", resident_bytes());
    put(out, "process_open_fds", "gauge", "Open descriptors");
    sp_buffer_printf(out, "%d\n", open_files());
    put(out, "sampan_build_info", "gauge", "Always 1; the version is in the label");
    out->size--; /* the label stands at the name */
    sp_buffer_printf(out, "{version=\"%s\"} 1\n", SAMPAN_VERSION);
}
