#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define HEADER 25
#define SPARE 4

struct request {
    uint8_t flags;
    uint16_t columns, rows, arguments, variables;
    uint32_t uid, gid, memory_mib, processes;
    char *directory, **argv, **envp;
};

const char *group_file(uint32_t id, const char *leaf)
{
    static char path[96];
    snprintf(path, sizeof path, "/sys/fs/cgroup/x%u%s%s", id, leaf ? "/" : "", leaf ? leaf : "");
    return path;
}

static char *next_text(char **at, char *end)
{
    if (*at >= end) return 0;
    char *text = *at;
    *at += strlen(text) + 1; /* the payload's last byte is zero */
    return text;
}

static char **texts(char **at, char *end, int n)
{
    char **list = calloc(n + 1, sizeof *list);
    if (!list) die("calloc");
    for (int i = 0; i < n; i++)
        if (!(list[i] = next_text(at, end))) {
            free(list);
            return 0;
        }
    return list;
}

/* 0 when the payload is not a request; what it points to is the payload's. */
static int read_request(struct request *r, uint8_t *p, uint32_t n)
{
    memset(r, 0, sizeof *r);
    if (n < HEADER + 1 || p[n - 1]) return 0;
    r->flags = p[0];
    r->columns = read16(p + 1);
    r->rows = read16(p + 3);
    r->uid = read32(p + 5);
    r->gid = read32(p + 9);
    r->memory_mib = read32(p + 13);
    r->processes = read32(p + 17);
    r->arguments = read16(p + 21);
    r->variables = read16(p + 23);
    char *at = (char *)p + HEADER, *end = (char *)p + n;
    r->directory = next_text(&at, end);
    if (!r->directory || !r->arguments) return 0;
    r->argv = texts(&at, end, r->arguments);
    r->envp = r->argv ? texts(&at, end, r->variables) : 0;
    return r->envp != 0;
}

/* 0: as much as there is. */
static int bound_group(uint32_t id, const char *leaf, unsigned long long most)
{
    char number[32];
    if (!most) return 0;
    snprintf(number, sizeof number, "%llu", most);
    return write_file(group_file(id, leaf), number);
}

static int make_group(uint32_t id, const struct request *r)
{
    if (mkdir(group_file(id, 0), 0755)) {
        /* A group left over of an exec in a saved state; busy ones are refused. */
        if (errno != EEXIST || rmdir(group_file(id, 0)) || mkdir(group_file(id, 0), 0755)) return -1;
    }
    if (!bound_group(id, "pids.max", r->processes) && !bound_group(id, "memory.max", (unsigned long long)r->memory_mib << 20))
        return 0;
    int error = errno;
    rmdir(group_file(id, 0)); /* no program runs without the bounds that it was given */
    errno = error;
    return -1;
}

static void become_user(uint32_t uid, uint32_t gid)
{
    if (!uid && !gid) return;
    if (setgroups(1, (gid_t[]){gid}) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid)) {
        dprintf(2, "user %u: %s\n", uid, strerror(errno));
        _exit(126);
    }
}

/* In the child. `fds`: what become stdin, stdout and stderr; -1 for a terminal. */
static void run_program(const struct request *r, const int *fds, const char *terminal)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    setpriority(PRIO_PROCESS, 0, 0);
    if (r->flags & 1) {
        int t = open(terminal, O_RDWR);
        ioctl(t, TIOCSCTTY, 0);
        if (r->uid && fchown(t, r->uid, r->gid)) _exit(126);
        for (int i = 0; i < 3; i++) dup2(t, i);
        if (t > 2) close(t);
    } else {
        for (int i = 0; i < 3; i++) dup2(fds[i], i);
    }
    write_file("/proc/self/oom_score_adj", "500");
    become_user(r->uid, r->gid);
    if (*r->directory && chdir(r->directory)) {
        dprintf(2, "%s: %s\n", r->directory, strerror(errno));
        _exit(126);
    }
    execvpe(r->argv[0], r->argv, r->envp);
    dprintf(2, "%s: %s\n", r->argv[0], strerror(errno));
    _exit(errno == ENOENT ? 127 : 126);
}

static int open_terminal(const struct request *r, char *name, size_t room)
{
    int m = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (m < 0) return -1;
    if (grantpt(m) || unlockpt(m) || ptsname_r(m, name, room)) {
        close(m);
        return -1;
    }
    struct winsize size = {r->rows ? r->rows : 24, r->columns ? r->columns : 80, 0, 0};
    ioctl(m, TIOCSWINSZ, &size);
    return m;
}

static void close_all(int *fds, int n)
{
    for (int i = 0; i < n; i++)
        if (fds[i] >= 0) close(fds[i]);
}

/* As fork, into the exec's group from its first moment on: what ends the group ends a program that is only being started. */
static pid_t fork_into_group(uint32_t id)
{
    int group = open(group_file(id, 0), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (group < 0) return -1;
    struct clone_args how = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = group};
    pid_t pid = syscall(SYS_clone3, &how, sizeof how);
    int error = errno;
    close(group);
    errno = error;
    return pid;
}

static int start_with(struct job *j, const struct request *r)
{
    int p[6] = {-1, -1, -1, -1, -1, -1}, master = -1; /* read and write ends of stdin, stdout, stderr */
    char terminal[64] = "";
    if (r->flags & 1) {
        if ((master = open_terminal(r, terminal, sizeof terminal)) < 0) return -1;
    } else if (pipe2(p, O_CLOEXEC) || pipe2(p + 2, O_CLOEXEC) || pipe2(p + 4, O_CLOEXEC)) {
        close_all(p, 6);
        return -1;
    }
    j->pid = j->has_cgroup ? fork_into_group(j->id) : fork();
    if (j->pid == 0) run_program(r, (int[]){p[0], p[3], p[5]}, terminal);
    if (j->pid < 0) {
        int error = errno;
        close_all(p, 6);
        if (master >= 0) close(master);
        errno = error;
        return -1;
    }
    j->is_pty = r->flags & 1;
    j->in = j->is_pty ? master : p[1];
    j->out = j->is_pty ? master : p[2];
    j->err = j->is_pty ? -1 : p[4];
    close_all((int[]){p[0], p[3], p[5]}, 3);
    set_nonblocking(j->in);
    set_nonblocking(j->out);
    if (j->err >= 0) set_nonblocking(j->err);
    return 0;
}

/* The same words, whether they are asked for as a spare or by whoever wants it. */
static int is_request_of(const struct job *j, const uint8_t *p, uint32_t n)
{
    return j->request && n == j->request_length && (p[0] & ~SPARE) == j->request[0] && !memcmp(p + 1, j->request + 1, n - 1);
}

static void keep_request(struct job *j, const uint8_t *p, uint32_t n)
{
    if (!(j->request = malloc(n))) die("malloc");
    memcpy(j->request, p, n);
    j->request[0] &= ~SPARE;
    j->request_length = n;
}

static void send_started(const struct job *j)
{
    struct {
        uint32_t pid, group;
        uint64_t cpu_us;
    } __attribute__((packed)) said = {j->pid, j->group, j->before.cpu_us};
    send_frame('s', j->id, &said, sizeof said);
}

/* Gives a spare to who asks for the same: 0 where there is none. */
static int take_spare(uint32_t id, const uint8_t *p, uint32_t n)
{
    if (find_job(id)) return 0;
    for (struct job *j = jobs; j < jobs + MAX_JOBS; j++) {
        if (j->kind != EXEC || !j->is_spare || j->is_ended || !is_request_of(j, p, n)) continue;
        j->is_spare = 0;
        if (j->in < 0) continue; /* it is about to end */
        /* One of a saved state counted before it was asked for. */
        if (!j->has_stayed) j->before = usage_of(j);
        j->id = id;
        send_started(j);
        return 1;
    }
    return 0;
}

void start_exec(uint32_t id, uint8_t *p, uint32_t n)
{
    struct request r;
    struct job *j = 0;
    if (!read_request(&r, p, n)) send_refusal(id, EINVAL, "exec");
    else if (take_spare(id, p, n)) j = 0;
    else if (!(j = new_job(id, EXEC))) send_refusal(id, EAGAIN, "jobs");
    else if (r.flags & 2 && make_group(id, &r)) send_refusal(id, errno, "cgroup"), j->kind = FREE;
    else {
        j->has_cgroup = r.flags & 2;
        if (start_with(j, &r)) {
            int error = errno;
            rmdir(group_file(id, 0));
            j->kind = FREE;
            send_refusal(id, error, "exec");
        } else {
            if (r.flags & (SPARE | MAY_STAY)) keep_request(j, p, n);
            j->is_spare = r.flags & SPARE;
            send_started(j);
        }
    }
    free(r.argv);
    free(r.envp);
}

/* `j` is 0 once the first process has ended; what it left behind is found by the group's name. */
void kill_exec(uint32_t id, struct job *j, int sig, int all)
{
    pid_t foreground = -1;
    if (!j) let_none_stay(group_of_ended(id));
    if (all && (!j || j->has_cgroup)) signal_group(j ? j->group : group_of_ended(id), sig);
    if (!j || (all && j->has_cgroup)) return;
    if (j->is_pty && sig != SIGKILL && !ioctl(j->in, TIOCGPGRP, &foreground) && foreground > 0) kill(-foreground, sig);
    else kill(all ? -j->pid : j->pid, sig);
}

/* No program goes on without the bound that it was given. */
void bound_exec(struct job *j, uint32_t memory_mib)
{
    if (j->has_cgroup && bound_group(j->group, "memory.max", (unsigned long long)memory_mib << 20)) kill_exec(j->id, j, SIGKILL, 1);
}

void resize_exec(struct job *j, uint16_t columns, uint16_t rows)
{
    struct winsize size = {rows, columns, 0, 0};
    if (j->is_pty) ioctl(j->in, TIOCSWINSZ, &size);
}

void close_exec_input(struct job *j)
{
    if (j->in < 0) return;
    if (j->is_pty) {
        uint8_t end_of_transmission = 4;
        if (write(j->in, &end_of_transmission, 1) < 0) return;
    } else {
        close(j->in);
        j->in = -1;
    }
}

static unsigned long long number_after(const char *word, const char *text)
{
    const char *at = strstr(text, word);
    return at ? strtoull(at + strlen(word), 0, 10) : 0;
}

/* Groups of which background processes live on go once they are empty. */
static void remove_empty_groups(uint32_t id)
{
    static uint32_t left[1024];
    static int n;
    if (n < 1024) left[n++] = id;
    for (int i = 0; i < n;) {
        if (!rmdir(group_file(left[i], 0)) || errno == ENOENT) left[i] = left[--n];
        else i++;
    }
}

struct usage usage_of(struct job *j)
{
    if (!j->has_cgroup) return (struct usage){0, 0, 0};
    return (struct usage){
        number_after("oom_kill ", kept_text(j, EVENTS)),
        number_after("", kept_text(j, PEAK)) >> 10,
        number_after("usage_usec ", kept_text(j, PROCESSOR)),
    };
}

void send_end(struct job *j, uint8_t type, struct usage used)
{
    struct {
        int32_t code, signal;
        uint32_t out_of_memory, peak_kib;
        uint64_t cpu_us;
    } __attribute__((packed)) end = {-1, 0, used.out_of_memory - j->before.out_of_memory, used.peak_kib,
                                      used.cpu_us - j->before.cpu_us};
    if (WIFEXITED(j->status)) end.code = WEXITSTATUS(j->status);
    else end.signal = WTERMSIG(j->status);
    /* The group's peak is an earlier exec's: of this one what it has now is known. */
    if (j->has_cgroup && used.peak_kib == j->before.peak_kib) end.peak_kib = number_after("", kept_text(j, MEMORY)) >> 10;
    send_frame(type, j->id, &end, sizeof end);
}

void report_exec_end(struct job *j)
{
    note_group(j);
    if (j->id != NOBODY) send_end(j, 'x', usage_of(j));
    if (j->has_cgroup) remove_empty_groups(j->group);
}

void reap(void)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < MAX_JOBS; i++)
            if (jobs[i].kind == EXEC && jobs[i].pid == pid) {
                jobs[i].is_ended = 1;
                jobs[i].status = status;
            }
}
