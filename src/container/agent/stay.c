/*
 * Processes that stay: what an exec began with waits, when all is done, for the next exec that asks for the very same. It goes on only
 * where nothing but its memory tells it from a new one; else it ends at the end of its input, as it would have without.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of what stays: more memory than this is another cgroup's count. */
#define STAYS_BELOW_KIB (16 << 10)

/* Of the last execs in a process that had stayed: another's group. */
static struct {
    uint32_t id, group;
} stayed[32];

uint32_t group_of_ended(uint32_t id)
{
    for (int i = 0; i < 32; i++)
        if (stayed[i].group && stayed[i].id == id) return stayed[i].group;
    return id;
}

void note_group(const struct job *j)
{
    static int at;
    if (j->group == j->id) return;
    stayed[at].id = j->id;
    stayed[at].group = j->group;
    at = (at + 1) & 31;
}

/* Whether a descriptor of another process is the other end of this pipe, and reads or writes as a new one would. */
static int is_end_of(int process, int theirs, int ours)
{
    struct stat a, b;
    int fd = syscall(SYS_pidfd_getfd, process, theirs, 0);
    if (fd < 0) return 0;
    int is_it = !fstat(fd, &a) && !fstat(ours, &b) && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
    int flags = fcntl(fd, F_GETFL);
    close(fd);
    return is_it && flags >= 0 && !(flags & (O_NONBLOCK | O_ASYNC | O_DIRECT));
}

static int has_usual_ends(const struct job *j)
{
    int process = syscall(SYS_pidfd_open, j->pid, 0);
    int has = process >= 0 && is_end_of(process, 0, j->in) && is_end_of(process, 1, j->out) && is_end_of(process, 2, j->err);
    if (process >= 0) close(process);
    return has;
}

static int descriptors_of(pid_t pid)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *folder = opendir(path);
    if (!folder) return -1;
    int n = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (*entry->d_name != '.') n++;
    closedir(folder);
    return n;
}

/* Bounds and rank as this process gave them, which has never changed its own but the rank. */
static int has_usual_bounds(pid_t pid)
{
    for (int what = 0; what < RLIM_NLIMITS; what++) {
        struct rlimit theirs, ours;
        if (prlimit(pid, what, 0, &theirs) || getrlimit(what, &ours)) return 0;
        if (theirs.rlim_cur != ours.rlim_cur || theirs.rlim_max != ours.rlim_max) return 0;
    }
    errno = 0;
    return !getpriority(PRIO_PROCESS, pid) && !errno;
}

static int has_usual_mask(pid_t pid)
{
    char path[32], text[256];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    int n = read_file(path, text, sizeof text - 1);
    if (n <= 0) return 0;
    text[n] = 0;
    char *mask = strstr(text, "\nUmask:\t");
    return mask && !strncmp(mask + 8, "0022\n", 5);
}

/* Nothing but its memory tells the process from a new one, and it is alone. */
static int is_as_new(const struct job *j)
{
    char list[64];
    int n = read_file(group_file(j->group, "cgroup.procs"), list, sizeof list - 1), unread = 0;
    if (n <= 0 || j->is_pty || j->in < 0 || j->wants_end || j->queue.offset < j->queue.length) return 0;
    list[n] = 0;
    return atoi(list) == j->pid && strchr(list, '\n') == list + n - 1 && !ioctl(j->in, FIONREAD, &unread) && !unread &&
           descriptors_of(j->pid) == 3 && has_usual_ends(j) && has_usual_bounds(j->pid) && has_usual_mask(j->pid) &&
           number_after(group_file(j->group, "memory.peak"), "") >> 10 < STAYS_BELOW_KIB;
}

void end_input(struct job *j)
{
    char unread[4096];
    if (j->in < 0) return;
    j->queue.offset = j->queue.length;
    int process = syscall(SYS_pidfd_open, j->pid, 0);
    int waiting = 0, theirs = process >= 0 && is_end_of(process, 0, j->in) ? (int)syscall(SYS_pidfd_getfd, process, 0, 0) : -1;
    while (theirs >= 0 && !ioctl(theirs, FIONREAD, &waiting) && waiting > 0 && read(theirs, unread, sizeof unread) > 0)
        ;
    if (theirs >= 0) close(theirs);
    if (process >= 0) close(process);
    j->wants_end = 1;
    drain_input(j);
}

void let_none_stay(uint32_t group)
{
    for (struct job *j = jobs; j < jobs + MAX_JOBS; j++)
        if (j->kind == EXEC && j->is_spare && j->has_stayed && j->group == group) {
            j->is_spare = 0;
            end_input(j);
        }
}

/* A process says that all is done and that it waits for more. What is not as new is not given on: it ends at the end of its input. */
void note_done(pid_t pid)
{
    for (struct job *j = jobs; j < jobs + MAX_JOBS; j++) {
        if (j->kind != EXEC || j->pid != pid || j->is_ended || j->is_done || j->is_spare) continue;
        if (!j->request || !(j->request[0] & MAY_STAY) || !j->has_cgroup) return;
        if (is_as_new(j)) j->is_done = 1;
        else end_input(j);
    }
}

/* The exec has ended and its process waits for the next. */
void let_stay(struct job *j)
{
    j->status = 0;
    note_group(j);
    j->before = send_end(j, 'y');
    j->is_done = 0;
    j->has_stayed = 1;
    j->id = NOBODY;
    j->credit = WINDOW;
    j->resting = 0;
    j->was_long = 0;
    buffer_free(&j->queue);
    j->is_spare = 1;
}
