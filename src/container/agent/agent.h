/*
 * The guest's end of the machine's channel. It runs as PID 1 and serves one byte stream, the virtio-console port, with
 * frames in both directions (all numbers little endian):
 *
 *     u32 length of the payload | u8 type | u32 id | payload
 *
 * Ids of jobs are the host's, below 0x80000000; connections to a listener get ids from there on, made here.
 *
 * host -> guest
 *   X exec     u8 flags (1 pty, 2 own cgroup, 4 spare), u16 columns, u16 rows, u32 uid, u32 gid, u32 memory MiB (0 any),
 *              u32 processes (0 any), u16 arguments, u16 variables, then zero-ended: directory, arguments, KEY=VALUE.
 *              A spare waits, in a saved state too, until somebody asks for the very same: it is given then under that id.
 *              Flag 8, may stay: its first process says by SIGRTMIN or SIGRTMIN+1 to PID 1 that all is done and that it waits
 *              for more on stdin. Where nothing but its memory tells it from a new one that is told (y), and it is a spare from then on
 *   I stdin    bytes               E end of stdin
 *   K kill     i32 signal, u8 all (1: every process of the exec's cgroup, also after its first process has ended, and those
 *              that a fork hides from it, see signals.c);
 *              ends a stream or a listener
 *   R resize   u16 columns, u16 rows
 *   B bound    u32 MiB of memory: of the exec's cgroup from now on (0: as it is)
 *   W window   u32 bytes of output that the host has used up
 *   C connect  u16 port: a TCP stream to 127.0.0.1 in the guest
 *   L listen   u16 port on 127.0.0.1 in the guest; each connection becomes a stream (n)
 *   D data     bytes for a stream  F the host sends no more on a stream
 *   P ping     8 bytes
 *   T time     u64 milliseconds since 1970, then bytes of entropy
 *   Z zero     write back files; u8 1: also drop the caches of files; fill free memory with zeroes
 *   M mount    u32 flags of mount(2), then zero-ended: source, target, type, options
 *   U unmount  u32 flags of umount2(2), then zero-ended: target
 *   G get      zero-ended path of a small file (of /proc, /sys)
 *   S survey   u8 1: first drop the caches of files; what the machine has and uses
 * guest -> host
 *   h hello    u32 version
 *   s started  u32 pid, u32 name of its cgroup, x<name>: another exec's where its process stayed, u64 processor time in
 *              microseconds that this had counted before
 *   o stdout   e stderr
 *   x ended    i32 exit code (-1: by a signal), i32 signal, u32 processes ended for want of memory, u32 peak of memory
 *              in KiB, u64 processor time in microseconds
 *   y stays    as x, its exit code being the signal past SIGRTMIN by which its first process said so: the exec has ended with 0, and
 *              that process waits to be given to the next
 *   i taken    u32 bytes of stdin or of a stream that were passed on
 *   c opened   i32 errno of connect or listen
 *   n new      u32 id of the listener
 *   d data     f u8 0: the guest sends no more on a stream; 1: the stream is over, both ways
 *   p pong     the 8 bytes, u32 version
 *   r result   i32 errno, then bytes (G: the file's first 16 KiB; Z: u32 MiB zeroed; S: u32 KiB of memory, of them to be
 *              had, KiB of the disk, of them free, processor time in use and idle in hundredths of a second, hundredths
 *              of programs that wanted it in the last minute)
 *   ! refused  i32 errno, text
 */
#ifndef AGENT_H
#define AGENT_H
#include <stdint.h>
#include <sys/types.h>

#define VERSION 5
#define MAX_JOBS 128
/* Of X. */
#define MAY_STAY 8
/* The id of a process that stays. The host's lie below, those of connections come here after two thousand million. */
#define NOBODY 0xffffffffu
/* A frame must fit one write of a port, which the kernel cuts at 32 KiB. */
#define CHUNK (32768 - 9)
/* The agent goes before any program: one that prints short lines would have a frame for each of them. */
#define SHORT_OUTPUT 4096
#define OUTPUT_REST_US 4000
/* Bytes of output that a job may have on the way before the host says W. */
#define WINDOW (1 << 20)
#define MAX_FRAME (4 << 20)
/* Microseconds; longer than anything is waited for here. */
#define NEVER 1000000

struct buffer {
    uint8_t *bytes;
    size_t length, capacity, offset;
};

enum kind { FREE, EXEC, STREAM, LISTENER };

/* Of an exec: files of its cgroup, then of its process, and that itself. */
enum kept { MEMBERS, PEAK, EVENTS, PROCESSOR, MEMORY, STATUS, DESCRIPTORS, PROCESS, KEPT };

struct usage {
    uint32_t out_of_memory, peak_kib;
    uint64_t cpu_us;
};

/* Tells a pipe from all others. */
struct place {
    dev_t device;
    ino_t node;
};

struct job {
    enum kind kind;
    uint32_t id;
    pid_t pid;
    int in, out, err; /* in == out for a pty's master and for a socket */
    int is_pty, has_cgroup, is_connecting, is_ended, status;
    uint32_t group;          /* its cgroup is x<group> */
    uint8_t *request;        /* the payload of one that may stay, and its length */
    uint32_t request_length;
    int is_spare, has_stayed; /* it waits for who its request says; it was another exec before */
    int is_done, said;        /* it said so, by that signal past SIGRTMIN, and its output is still to go */
    struct usage before;     /* what its cgroup had counted when it began */
    struct usage used;       /* and when it said that it is done */
    int kept[KEPT];          /* those of them that are open; -1 */
    struct place pipes[3];   /* of stdin, stdout and stderr, once they were looked at */
    int wants_end, end_done; /* of stdin or of the stream's sending half */
    struct buffer queue;     /* stdin that waits */
    int64_t credit;
    int was_long; /* the last piece of output */
    int *resting; /* out or err, or none: it printed something short, and more of it waits */
    uint64_t rests_until_us;
};

/* frames.c */
extern int channel;
void die(const char *what);
void buffer_add(struct buffer *b, const void *bytes, size_t n);
void buffer_free(struct buffer *b);
void send_frame(uint8_t type, uint32_t id, const void *payload, uint32_t n);
void send_refusal(uint32_t id, int error, const char *what);
void send_result(uint32_t id, int error, const void *bytes, uint32_t n);
uint16_t read16(const uint8_t *p);
uint32_t read32(const uint8_t *p);

/* jobs.c */
extern struct job jobs[MAX_JOBS];
struct job *find_job(uint32_t id);
struct job *new_job(uint32_t id, enum kind kind);
void drain_input(struct job *j);
int pump_output(struct job *j, int *fd, uint8_t type);
void end_job(struct job *j);
void free_job(struct job *j);
void set_nonblocking(int fd);
uint64_t now_us(void);

/* exec.c */
void start_exec(uint32_t id, uint8_t *p, uint32_t n);
void kill_exec(uint32_t id, struct job *j, int signal, int all);
void bound_exec(struct job *j, uint32_t memory_mib);
void resize_exec(struct job *j, uint16_t columns, uint16_t rows);
void close_exec_input(struct job *j);
const char *group_file(uint32_t id, const char *leaf);
void report_exec_end(struct job *j);
/* What its group has counted by now; nothing where it has none. */
struct usage usage_of(struct job *j);
/* Frame x or y, of one that has used that much. */
void send_end(struct job *j, uint8_t type, struct usage used);
void reap(void);

/* kept.c */
const char *process_file(pid_t pid, const char *leaf);
/* A descriptor, opened once; -1 with errno. */
int kept_file(struct job *j, enum kept what);
/* As it is now, until the next is asked for; "" where it cannot be read. */
const char *kept_text(struct job *j, enum kept what);
void close_kept(struct job *j);

/* stay.c */
uint32_t group_of_ended(uint32_t id);
void note_group(const struct job *j);
void note_done(pid_t pid, int said);
void let_stay(struct job *j);
/* What waits in that group is given to nobody, and ends. */
void let_none_stay(uint32_t group);
/* Ends what a process may read; what came for it at the last moment is not read as words of ours. */
void end_input(struct job *j);

/* signals.c */
void signal_group(uint32_t id, int sig);
uint64_t follow_signal(uint64_t now); /* microseconds until it is to be called again, or NEVER */

/* streams.c */
void start_stream(uint32_t id, uint16_t port);
void start_listener(uint32_t id, uint16_t port);
void accept_stream(struct job *listener);
void stream_connected(struct job *j);

/* system.c */
int write_file(const char *path, const char *text);
int read_file(const char *path, char *into, size_t room);
void set_time(uint32_t id, const uint8_t *p, uint32_t n);
void zero_free_memory(uint32_t id, int drop_caches);
void mount_at(uint32_t id, uint8_t *p, uint32_t n);
void unmount_at(uint32_t id, uint8_t *p, uint32_t n);
void get_file(uint32_t id, uint8_t *p, uint32_t n);
void survey(uint32_t id, int drop_caches);
#endif
