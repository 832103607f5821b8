#define _GNU_SOURCE
#include "agent.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void send_opened(struct job *j, int error)
{
    int32_t e = error;
    send_frame('c', j->id, &e, 4);
    if (error) free_job(j);
}

static struct job *open_socket(uint32_t id, enum kind kind)
{
    struct job *j = new_job(id, kind);
    if (!j) {
        send_refusal(id, EAGAIN, "jobs");
        return 0;
    }
    j->in = j->out = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (j->in >= 0) return j;
    send_opened(j, errno);
    return 0;
}

void start_stream(uint32_t id, uint16_t port)
{
    struct job *j = open_socket(id, STREAM);
    if (!j) return;
    int one = 1;
    struct sockaddr_in to = loopback(port);
    setsockopt(j->in, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    j->is_connecting = 1;
    if (connect(j->in, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) send_opened(j, errno);
}

void stream_connected(struct job *j)
{
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(j->in, SOL_SOCKET, SO_ERROR, &error, &length);
    j->is_connecting = 0;
    send_opened(j, error);
    if (!error) drain_input(j);
}

void start_listener(uint32_t id, uint16_t port)
{
    struct job *j = open_socket(id, LISTENER);
    if (!j) return;
    int one = 1;
    struct sockaddr_in at = loopback(port);
    setsockopt(j->in, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    send_opened(j, bind(j->in, (struct sockaddr *)&at, sizeof at) || listen(j->in, 64) ? errno : 0);
}

void accept_stream(struct job *listener)
{
    static uint32_t next_id = 0x80000000u;
    int one = 1, s = accept4(listener->out, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (s < 0) return;
    struct job *j = new_job(next_id, STREAM);
    if (!j) {
        close(s);
        return;
    }
    next_id = next_id == 0xffffffffu ? 0x80000000u : next_id + 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    j->in = j->out = s;
    send_frame('n', j->id, &listener->id, 4);
}
