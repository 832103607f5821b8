/*
 * python3 of the guest: hands the call over to the fork server (fork-server.py), which has Python started already. The
 * server reads arguments, environment, directory and user from /proc of this process, so only the three descriptors go
 * over. Whatever the server does not understand goes to the real interpreter.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REAL "/usr/bin/python3.11"
#define SERVER "/run/python-fork-server"

static volatile sig_atomic_t child;

static void forward(int signal_number)
{
    if (child > 0) kill(child, signal_number);
}

/* Whether the server understands these arguments: a script, `-`, -c with code, -m with a module, after no option but -u. */
static int is_plain(int argc, char **argv)
{
    int at = 1;
    while (at < argc && !strcmp(argv[at], "-u")) at++;
    if (at == argc) return !isatty(0);
    if (argv[at][0] != '-' || !argv[at][1]) return 1;
    return (!strcmp(argv[at], "-c") || !strcmp(argv[at], "-m")) && at + 1 < argc;
}

static int send_descriptors(int server)
{
    int descriptors[3] = { 0, 1, 2 };
    char byte = 0, control[CMSG_SPACE(sizeof descriptors)];
    memset(control, 0, sizeof control);
    struct iovec payload = { &byte, 1 };
    struct msghdr message = { .msg_iov = &payload, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
    return sendmsg(server, &message, 0) == 1;
}

static int receive(int server, int32_t *value)
{
    for (;;) {
        ssize_t count = read(server, value, sizeof *value);
        if (count == sizeof *value) return 1;
        if (count >= 0 || errno != EINTR) return 0;
    }
}

int main(int argc, char **argv)
{
    static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };
    struct sockaddr_un address = { AF_UNIX, SERVER };
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* An inherited descriptor above 2 (a process substitution, a lock) does not go over. */
    int is_here = is_plain(argc, argv) && server == 3 && !connect(server, (void *)&address, sizeof address);
    if (!is_here || !send_descriptors(server)) {
        execv(REAL, argv);
        return 127;
    }
    int32_t pid, status;
    if (!receive(server, &pid)) {
        /* The server refused before it ran anything. */
        execv(REAL, argv);
        return 127;
    }
    child = pid;
    for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++) signal(forwarded[i], forward);
    if (!receive(server, &status)) return 125;
    if (status < 0) {
        /* Ended by a signal: so does this, for the shell to see. */
        signal(-status, SIG_DFL);
        kill(getpid(), -status);
        return 128 - status;
    }
    return status;
}
