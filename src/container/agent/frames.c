#include "agent.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int channel = -1;

void die(const char *what)
{
    dprintf(2, "agent: %s: %s\n", what, strerror(errno));
    exit(111); /* of PID 1: the kernel panics, which the host sees */
}

void buffer_add(struct buffer *b, const void *bytes, size_t n)
{
    if (b->offset && b->offset == b->length) b->offset = b->length = 0;
    if (b->length + n > b->capacity && b->offset) {
        memmove(b->bytes, b->bytes + b->offset, b->length - b->offset);
        b->length -= b->offset;
        b->offset = 0;
    }
    if (b->length + n > b->capacity) {
        b->capacity = (b->length + n) * 2;
        b->bytes = realloc(b->bytes, b->capacity);
        if (!b->bytes) die("realloc");
    }
    memcpy(b->bytes + b->length, bytes, n);
    b->length += n;
}

void buffer_free(struct buffer *b)
{
    free(b->bytes);
    memset(b, 0, sizeof *b);
}

static void put(const uint8_t *p, size_t n)
{
    while (n) {
        ssize_t written = write(channel, p, n);
        if (written >= 0) {
            p += written;
            n -= written;
        } else if (errno == EAGAIN) {
            struct pollfd f = {channel, POLLOUT, 0};
            poll(&f, 1, 50);
        } else if (errno != EINTR) {
            die("channel write");
        }
    }
}

/* One write a frame: two would be two requests to the device. `n` is at most CHUNK. */
void send_frame(uint8_t type, uint32_t id, const void *payload, uint32_t n)
{
    static uint8_t frame[9 + CHUNK];
    memcpy(frame, &n, 4);
    frame[4] = type;
    memcpy(frame + 5, &id, 4);
    if (n) memmove(frame + 9, payload, n);
    put(frame, n + 9);
}

void send_refusal(uint32_t id, int error, const char *what)
{
    uint8_t m[256];
    int32_t e = error;
    memcpy(m, &e, 4);
    int n = snprintf((char *)m + 4, sizeof m - 4, "%s: %s", what, strerror(error));
    send_frame('!', id, m, 4 + n);
}

void send_result(uint32_t id, int error, const void *bytes, uint32_t n)
{
    static uint8_t m[4 + 16384];
    int32_t e = error;
    memcpy(m, &e, 4);
    if (n) memcpy(m + 4, bytes, n);
    send_frame('r', id, m, 4 + n);
}

uint16_t read16(const uint8_t *p) { return p[0] | p[1] << 8; }
uint32_t read32(const uint8_t *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }
