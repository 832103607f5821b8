#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#define MIB (1 << 20)
#define MAX_MIB 4096

int write_file(const char *path, const char *text)
{
    int f = open(path, O_WRONLY | O_CLOEXEC);
    if (f < 0) return -1;
    ssize_t n = write(f, text, strlen(text));
    close(f);
    return n < 0 ? -1 : 0;
}

/* Bytes read, or -1 with errno. */
int read_file(const char *path, char *into, size_t room)
{
    int f = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (f < 0) return -1;
    size_t n = 0;
    ssize_t got = 0;
    while (n < room && (got = read(f, into + n, room - n)) > 0) n += got;
    int error = errno;
    close(f);
    errno = error;
    return got < 0 && !n ? -1 : (int)n;
}

/* Every machine restored of one state has its clock and its random numbers; this gives it its own. */
void set_time(uint32_t id, const uint8_t *p, uint32_t n)
{
    struct {
        struct rand_pool_info info;
        uint8_t bytes[256];
    } entropy;
    uint64_t ms = read32(p) | (uint64_t)read32(p + 4) << 32;
    struct timespec now = {ms / 1000, (ms % 1000) * 1000000};
    int error = clock_settime(CLOCK_REALTIME, &now) ? errno : 0;
    uint32_t k = n - 8 > sizeof entropy.bytes ? sizeof entropy.bytes : n - 8;
    int random = open("/dev/urandom", O_RDWR | O_CLOEXEC);
    if (random >= 0) {
        entropy.info.entropy_count = k * 8;
        entropy.info.buf_size = k;
        memcpy(entropy.info.buf, p + 8, k);
        if (ioctl(random, RNDADDENTROPY, &entropy) || ioctl(random, RNDRESEEDCRNG)) error = errno;
        close(random);
    } else {
        error = errno;
    }
    send_result(id, error, 0, 0);
}

/* What a line of /proc/meminfo says, such as "MemFree:"; all that are asked for stand in its first lines. */
static long memory_kib(const char *line)
{
    char text[512];
    int n = read_file("/proc/meminfo", text, sizeof text - 1);
    if (n <= 0) return 0;
    text[n] = 0;
    char *at = strstr(text, line);
    return at ? atol(at + strlen(line)) : 0;
}

/* Pages of zeroes are not in a saved state; freed ones still hold what was in them. */
void zero_free_memory(uint32_t id, int drop_caches)
{
    static void *list[MAX_MIB];
    uint32_t mib = 0;
    sync();
    if (drop_caches) write_file("/proc/sys/vm/drop_caches", "3");
    while (mib < MAX_MIB && memory_kib("MemFree:") > 8192) {
        void *m = mmap(0, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (m == MAP_FAILED) break;
        list[mib++] = m;
    }
    for (uint32_t i = 0; i < mib; i++) munmap(list[i], MIB);
    send_result(id, 0, &mib, 4);
}

static int make_directories(char *path)
{
    for (char *at = path + 1; *at; at++) {
        if (*at != '/') continue;
        *at = 0;
        int failed = mkdir(path, 0755) && errno != EEXIST;
        *at = '/';
        if (failed) return -1;
    }
    return mkdir(path, 0755) && errno != EEXIST ? -1 : 0;
}

void mount_at(uint32_t id, uint8_t *p, uint32_t n)
{
    char *part[4], *at = (char *)p + 4, *end = (char *)p + n;
    for (int i = 0; i < 4; i++) {
        if (at >= end || end[-1]) {
            send_result(id, EINVAL, 0, 0);
            return;
        }
        part[i] = at;
        at += strlen(at) + 1;
    }
    int failed = make_directories(part[1]) || mount(part[0], part[1], part[2], read32(p), part[3]);
    send_result(id, failed ? errno : 0, 0, 0);
}

void unmount_at(uint32_t id, uint8_t *p, uint32_t n)
{
    int failed = p[n - 1] ? (errno = EINVAL) : umount2((char *)p + 4, read32(p));
    send_result(id, failed ? errno : 0, 0, 0);
}

void get_file(uint32_t id, uint8_t *p, uint32_t n)
{
    static char text[16384];
    int got = p[n - 1] ? (errno = EINVAL, -1) : read_file((char *)p, text, sizeof text);
    send_result(id, got < 0 ? errno : 0, text, got < 0 ? 0 : got);
}

void survey(uint32_t id, int drop_caches)
{
    char text[256];
    unsigned long long part[8] = {0}, all = 0; /* user, nice, system, idle, waiting for a disk, interrupts, soft ones, stolen */
    struct statvfs disk = {0};
    struct sysinfo info = {0};
    if (drop_caches) write_file("/proc/sys/vm/drop_caches", "3");
    int n = read_file("/proc/stat", text, sizeof text - 1);
    text[n < 0 ? 0 : n] = 0;
    sscanf(text, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", part, part + 1, part + 2, part + 3, part + 4, part + 5,
           part + 6, part + 7);
    for (int i = 0; i < 8; i++) all += part[i];
    statvfs("/", &disk);
    sysinfo(&info);
    uint64_t block = disk.f_frsize;
    uint32_t found[] = {
        memory_kib("MemTotal:"),        memory_kib("MemAvailable:"), disk.f_blocks * block / 1024,
        disk.f_bfree * block / 1024,    all - part[3] - part[4],     part[3] + part[4],
        info.loads[0] * 100ull / 65536,
    };
    send_result(id, 0, found, sizeof found);
}
