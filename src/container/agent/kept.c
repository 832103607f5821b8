/*
 * What is read of an exec's process and of its cgroup each time that it may stay: these files stay open, for to open one costs the guest
 * five times as much as to read it again.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const NAMES[KEPT] = {
    [MEMBERS] = "cgroup.procs",   [PEAK] = "memory.peak", [EVENTS] = "memory.events", [PROCESSOR] = "cpu.stat",
    [MEMORY] = "memory.current",  [STATUS] = "status",    [DESCRIPTORS] = "fd",
};

const char *process_file(pid_t pid, const char *leaf)
{
    static char path[32];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, leaf);
    return path;
}

static int open_kept(const struct job *j, enum kept what)
{
    if (what == PROCESS) return syscall(SYS_pidfd_open, j->pid, 0);
    int is_of_group = what < STATUS;
    return open(is_of_group ? group_file(j->group, NAMES[what]) : process_file(j->pid, NAMES[what]), O_RDONLY | O_CLOEXEC);
}

int kept_file(struct job *j, enum kept what)
{
    if (j->kept[what] < 0) j->kept[what] = open_kept(j, what);
    return j->kept[what];
}

const char *kept_text(struct job *j, enum kept what)
{
    static char text[2048];
    ssize_t n = pread(kept_file(j, what), text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    return text;
}

void close_kept(struct job *j)
{
    for (int what = 0; what < KEPT; what++)
        if (j->kept[what] >= 0) close(j->kept[what]);
    memset(j->kept, -1, sizeof j->kept);
}
