#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct job jobs[MAX_JOBS];

struct job *find_job(uint32_t id)
{
    for (int i = 0; i < MAX_JOBS; i++)
        if (jobs[i].kind != FREE && jobs[i].id == id) return &jobs[i];
    return 0;
}

/* 0 when all places are taken, or the id is. */
struct job *new_job(uint32_t id, enum kind kind)
{
    if (find_job(id)) return 0;
    for (int i = 0; i < MAX_JOBS; i++) {
        if (jobs[i].kind != FREE) continue;
        memset(&jobs[i], 0, sizeof jobs[i]);
        jobs[i].kind = kind;
        jobs[i].id = jobs[i].group = id;
        jobs[i].in = jobs[i].out = jobs[i].err = -1;
        memset(jobs[i].kept, -1, sizeof jobs[i].kept);
        jobs[i].credit = WINDOW;
        return &jobs[i];
    }
    return 0;
}

void set_nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

void free_job(struct job *j)
{
    if (j->in >= 0) close(j->in);
    close_kept(j);
    buffer_free(&j->queue);
    free(j->request);
    j->request = 0;
    j->kind = FREE;
}

static void send_stream_end(struct job *j, uint8_t is_over) { send_frame('f', j->id, &is_over, 1); }

/* Ends the job and says so: x of an exec, f of a stream. */
void end_job(struct job *j)
{
    if (j->kind == EXEC) report_exec_end(j);
    else send_stream_end(j, 1);
    free_job(j);
}

static void finish_input(struct job *j)
{
    j->end_done = 1;
    if (j->kind == EXEC) {
        close_exec_input(j);
        return;
    }
    shutdown(j->in, SHUT_WR);
    if (j->out < 0) end_job(j);
}

/* What waits for the program or the socket, as much as it takes. */
void drain_input(struct job *j)
{
    uint32_t taken = 0;
    struct buffer *q = &j->queue;
    while (j->in >= 0 && q->offset < q->length) {
        ssize_t written = write(j->in, q->bytes + q->offset, q->length - q->offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) break;
        if (written < 0) { /* the reader is gone: nobody will want the rest */
            taken += q->length - q->offset;
            q->offset = q->length;
            if (j->kind == EXEC && !j->is_pty) {
                close(j->in);
                j->in = -1;
            }
            break;
        }
        q->offset += written;
        taken += written;
    }
    if (j->in < 0 && q->offset < q->length) { /* came after the reader had gone */
        taken += q->length - q->offset;
        q->offset = q->length;
    }
    if (taken) send_frame('i', j->id, &taken, 4);
    if (j->wants_end && !j->end_done && q->offset == q->length) finish_input(j);
}

/* One piece of output, as far as the host's window goes; 0 where there is none. Closes the descriptor at its end. */
int pump_output(struct job *j, int *fd, uint8_t type)
{
    static uint8_t piece[CHUNK];
    ssize_t n = read(*fd, piece, j->credit < CHUNK ? (size_t)j->credit : CHUNK);
    if (n > 0) {
        j->credit -= n;
        send_frame(type, j->id, piece, n);
        /* What is left of a full pipe is short too, and more comes at once. */
        j->resting = j->kind == EXEC && n < SHORT_OUTPUT && !j->was_long ? fd : 0;
        j->was_long = n >= SHORT_OUTPUT;
        if (j->resting) j->rests_until_us = now_us() + OUTPUT_REST_US;
        return 1;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    /* The end; or EIO of a pty whose last terminal side was closed. */
    if (j->kind == STREAM) {
        j->out = -1;
        if (n < 0 || j->end_done) end_job(j);
        else send_stream_end(j, 0);
        return 0;
    }
    if (!j->is_pty) close(*fd);
    *fd = -1;
    return 0;
}
