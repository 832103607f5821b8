/*
 * Signals for every process of an exec, those too that a fork hides from them. bash blocks what would end it while it forks,
 * and the child does not get what waits for its parent. A child that is still a copy of bash has bash's handler, which only
 * notes the signal, and that is forgotten when the child begins its own program. Both live on as if nothing had been said, and
 * bash, whose EXIT trap may begin before it is done with the fork, waits for their end at the trap's first command. So for a
 * moment it is looked who was born while the signal waited, and which copy began a program: they get it too. What a handler
 * starts, to clean up, does not.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LISTED 2048
#define MAX_FOLLOWED 32
#define KILL_LOOKS 8
#define MAX_SIGNAL 64
/* The host has long ended by force what lives on. */
#define FOLLOWED_US 1000000
/* While the signal waits somewhere: shorter than a handler takes until it starts something. */
#define LOOK_SOON_US 2000
#define LOOK_US 10000

/* One that got the signal. `image` differs from program to program, not from a process to its fork. */
struct followed {
    pid_t pid, parent;
    unsigned long image;
    int is_copy;
};

/* The last signal, while its processes are followed. */
static struct {
    int is_open, signal, n, waits;
    uint32_t group;
    uint64_t next_us, until_us;
    struct followed all[MAX_FOLLOWED];
} last;

static int list_group(uint32_t id, pid_t *pids)
{
    char list[16384];
    int n = read_file(group_file(id, "cgroup.procs"), list, sizeof list - 1), count = 0;
    list[n > 0 ? n : 0] = 0;
    for (char *line = strtok(list, "\n"); line && count < MAX_LISTED; line = strtok(0, "\n")) pids[count++] = atoi(line);
    return count;
}

/* A file of /proc/<pid>, as text; "" where the process is gone. */
static char *file_of(pid_t pid, const char *name)
{
    static char text[2048];
    int n = read_file(process_file(pid, name), text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    return text;
}

/* Where the stack of its program begins, which each exec draws anew. */
static void read_image(struct followed *f)
{
    char *at = strrchr(file_of(f->pid, "stat"), ')'); /* a program's name may hold anything */
    f->image = 0;
    if (at) sscanf(at + 1, " %*c %d", &f->parent);
    for (int field = 2; at && field < 28; field++) at = strchr(at + 1, ' ');
    if (at) f->image = strtoul(at, 0, 10);
}

static int has_bit(const char *status, const char *word, int sig)
{
    const char *at = strstr(status, word);
    return at && strtoull(at + strlen(word), 0, 16) >> (sig - 1) & 1;
}

/* Whether the signal waits for it, because it blocks it. */
static int is_waiting(pid_t pid, int sig)
{
    const char *status = file_of(pid, "status");
    return has_bit(status, "\nShdPnd:", sig) && has_bit(status, "\nSigBlk:", sig);
}

static struct followed *find(pid_t pid)
{
    for (int i = 0; i < last.n; i++)
        if (last.all[i].pid == pid) return &last.all[i];
    return 0;
}

static void send_to(pid_t pid)
{
    kill(pid, last.signal);
    if (last.n < MAX_FOLLOWED) last.all[last.n++] = (struct followed){.pid = pid};
}

/* Which of those that got the signal are forks and nothing else yet; how many. */
static int find_copies(void)
{
    int copies = 0;
    for (int i = 0; i < last.n; i++)
        if (!last.all[i].image) read_image(&last.all[i]);
    for (int i = 0; i < last.n; i++) {
        struct followed *f = &last.all[i], *parent = find(f->parent);
        copies += f->is_copy = parent && f->image && parent->image == f->image;
    }
    return copies;
}

/* Looks again at those that got the signal; goes on while it waits for one of them, or one may begin a program. */
static void look(void)
{
    pid_t pids[MAX_LISTED];
    int n = list_group(last.group, pids), waits = 0, copies = 0, before = last.n;
    for (int i = 0; i < n; i++) {
        struct followed *f = find(pids[i]), now = {.pid = pids[i]};
        if (!f && last.waits && last.n < MAX_FOLLOWED) send_to(pids[i]);
        if (!(f = find(pids[i]))) continue;
        if (f->is_copy) {
            read_image(&now);
            if (now.image && now.image != f->image) {
                kill(f->pid, last.signal);
                f->image = now.image;
                f->is_copy = 0;
            }
        }
        copies += f->is_copy;
        waits |= is_waiting(f->pid, last.signal);
    }
    if (last.n > before) copies = find_copies();
    last.waits = waits;
    last.is_open = waits || copies;
}

void signal_group(uint32_t id, int sig)
{
    pid_t pids[MAX_LISTED];
    if (sig == SIGKILL) {
        if (!write_file(group_file(id, "cgroup.kill"), "1")) return;
        /* A program may have made that read-only; what forks meanwhile is seen by the next look. */
        for (int look = 0, n = 1; look < KILL_LOOKS && n > 0; look++) {
            n = list_group(id, pids);
            for (int i = 0; i < n; i++) kill(pids[i], SIGKILL);
        }
        return;
    }
    int n = list_group(id, pids);
    last.group = id;
    last.signal = sig;
    last.n = last.waits = 0;
    for (int i = 0; i < n; i++) send_to(pids[i]);
    if (sig < 1 || sig > MAX_SIGNAL) n = last.n = 0;
    for (int i = 0; i < last.n; i++) last.waits |= is_waiting(last.all[i].pid, sig);
    int copies = n > 1 ? find_copies() : 0; /* now: what they were as they got it */
    last.is_open = last.waits || copies;
    last.next_us = now_us() + LOOK_SOON_US;
    last.until_us = last.next_us + FOLLOWED_US;
}

uint64_t follow_signal(uint64_t now)
{
    if (!last.is_open) return NEVER;
    if (now < last.next_us) return last.next_us - now;
    look();
    if (now > last.until_us) last.is_open = 0;
    uint64_t next = last.waits ? LOOK_SOON_US : LOOK_US;
    last.next_us = now_us() + next;
    return last.is_open ? next : NEVER;
}
