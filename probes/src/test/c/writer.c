/* Writes in the current directory as fast as it can, and prints the wall-clock time and the CPU time of one operation,
 * in nanoseconds: writer LOAD MILLISECONDS */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DIRECTORIES 500

static char bytes[1 << 20];

static long long now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void made(const char *path, size_t size) {
    int fd = open(path, O_CREAT | O_WRONLY, 0644);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd)) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const char *load = argv[1];
    char path[64], own[32];
    snprintf(own, sizeof own, "w%d", getpid());
    if (mkdir(own, 0755) || chdir(own)) return 1;
    int log = open("log", O_CREAT | O_WRONLY, 0644);
    for (int i = 0; i < DIRECTORIES; i++) {
        snprintf(path, sizeof path, "d%d", i);
        if (mkdir(path, 0755)) return 1;
    }
    long long from = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID), end = from + atoll(argv[2]) * 1000000;
    long n = 0;
    do {
        for (int i = 0; i < 16; i++, n++) {
            if (!strcmp(load, "files")) { /* small ones, each removed again */
                snprintf(path, sizeof path, "f%ld", n % 1000);
                made(path, 100);
                unlink(path);
            } else if (!strcmp(load, "tree")) { /* the same in many directories */
                snprintf(path, sizeof path, "d%ld/f%ld", n % DIRECTORIES, n);
                made(path, 100);
                unlink(path);
            } else if (!strcmp(load, "bytes")) { /* to one file that stays open */
                if (pwrite(log, bytes, 1, 0) != 1) return 1;
            } else if (!strcmp(load, "reopen")) { /* to one file that is opened each time */
                made("again", 1);
            } else if (!strcmp(load, "blocks")) { /* of a megabyte */
                if (pwrite(log, bytes, sizeof bytes, (n % 64) << 20) != (ssize_t)sizeof bytes) return 1;
            } else {
                return 2;
            }
        }
    } while (now(CLOCK_MONOTONIC) < end);
    printf("%lld %lld\n", (now(CLOCK_MONOTONIC) - from) / n, (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / n);
    return 0;
}
