/*
 * Processes that stay: what an exec began with waits, when all is done, for the next exec that asks for the very same. It goes on only
 * where nothing but its memory tells it from a new one; else it ends at the end of its input, as it would have without.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

static struct place place_of(int fd)
{
    struct stat s;
    return fstat(fd, &s) ? (struct place){0, 0} : (struct place){s.st_dev, s.st_ino};
}

/* What the process has as its descriptor 0, 1 or 2, as one of ours; -1 where that is not the other end of our pipe. */
static int other_end(struct job *j, int number)
{
    struct place *ours = &j->pipes[number];
    int theirs = syscall(SYS_pidfd_getfd, kept_file(j, PROCESS), number, 0);
    if (theirs < 0) return -1;
    if (!ours->node) *ours = place_of(number == 0 ? j->in : number == 1 ? j->out : j->err);
    struct place at = place_of(theirs);
    if (at.node && at.node == ours->node && at.device == ours->device) return theirs;
    close(theirs);
    return -1;
}

/* They read and write as new ones would. */
static int has_usual_ends(struct job *j)
{
    int has = 1;
    for (int number = 0; has && number < 3; number++) {
        int end = other_end(j, number), flags = end < 0 ? -1 : fcntl(end, F_GETFL);
        has = flags >= 0 && !(flags & (O_NONBLOCK | O_ASYNC | O_DIRECT));
        if (end >= 0) close(end);
    }
    return has;
}

/* And no other descriptors. What does not fit is more than three. */
static int has_no_other_descriptors(struct job *j)
{
    char list[256] __attribute__((aligned(8)));
    int folder = kept_file(j, DESCRIPTORS), n = 0;
    if (folder < 0 || lseek(folder, 0, SEEK_SET)) return 0;
    ssize_t length = getdents64(folder, list, sizeof list);
    for (ssize_t at = 0; at < length; at += ((struct dirent64 *)(list + at))->d_reclen)
        n += ((struct dirent64 *)(list + at))->d_name[0] != '.';
    return n == 3;
}

/* Bounds and rank as this process gave them, which has never changed its own but the rank. */
static int has_usual_bounds(pid_t pid)
{
    static struct rlimit usual[RLIM_NLIMITS];
    static int known;
    for (; known < RLIM_NLIMITS; known++)
        if (getrlimit(known, &usual[known])) return 0;
    for (int what = 0; what < RLIM_NLIMITS; what++) {
        struct rlimit theirs;
        if (prlimit(pid, what, 0, &theirs) || memcmp(&theirs, &usual[what], sizeof theirs)) return 0;
    }
    errno = 0;
    return !getpriority(PRIO_PROCESS, pid) && !errno;
}

static int has_usual_mask(struct job *j) { return strstr(kept_text(j, STATUS), "\nUmask:\t0022\n") != 0; }

static int is_alone(struct job *j)
{
    const char *list = kept_text(j, MEMBERS), *end = strchr(list, '\n');
    return atoi(list) == j->pid && end && !end[1];
}

/* Nothing but its memory tells the process from a new one, and it is alone. */
static int is_as_new(struct job *j)
{
    int unread = 0;
    if (j->is_pty || j->in < 0 || j->wants_end || j->queue.offset < j->queue.length) return 0;
    return is_alone(j) && !ioctl(j->in, FIONREAD, &unread) && !unread && has_no_other_descriptors(j) && has_usual_ends(j) &&
           has_usual_bounds(j->pid) && has_usual_mask(j);
}

void end_input(struct job *j)
{
    char unread[4096];
    if (j->in < 0) return;
    j->queue.offset = j->queue.length;
    int waiting = 0, theirs = other_end(j, 0);
    while (theirs >= 0 && !ioctl(theirs, FIONREAD, &waiting) && waiting > 0 && read(theirs, unread, sizeof unread) > 0)
        ;
    if (theirs >= 0) close(theirs);
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
void note_done(pid_t pid, int said)
{
    for (struct job *j = jobs; j < jobs + MAX_JOBS; j++) {
        if (j->kind != EXEC || j->pid != pid || j->is_ended || j->is_done || j->is_spare) continue;
        if (!j->request || !(j->request[0] & MAY_STAY) || !j->has_cgroup) return;
        j->said = said;
        if (is_as_new(j) && (j->used = usage_of(j)).peak_kib < STAYS_BELOW_KIB) j->is_done = 1;
        else end_input(j);
    }
}

/* The exec has ended and its process waits for the next. */
void let_stay(struct job *j)
{
    j->status = j->said << 8; /* as one of a process that exits with it */
    note_group(j);
    send_end(j, 'y', j->used);
    j->before = j->used;
    j->is_done = 0;
    j->has_stayed = 1;
    j->id = NOBODY;
    j->credit = WINDOW;
    j->resting = 0;
    j->was_long = 0;
    buffer_free(&j->queue);
    j->is_spare = 1;
}
