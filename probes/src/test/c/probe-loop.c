// The time that the kernel needs for a probe: only the system calls of the procfs witness, in a loop.
//
//   probe-loop ROOT PATH COUNT     prints the nanoseconds of one probe
//
// PATH is probed below ROOT, a container's /proc/PID/root: create an unnamed file, write two bytes, check whether it may be
// executed. If the open is refused, the probe ends there.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "probe-loop ROOT PATH COUNT\n");
        return 2;
    }
    int root = open(argv[1], O_PATH | O_CLOEXEC);
    if (root < 0) {
        perror(argv[1]);
        return 1;
    }
    long count = atol(argv[3]);
    struct open_how how = {
        .flags = O_TMPFILE | O_RDWR | O_CLOEXEC,
        .mode = 0700,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
    };
    long long from = now();
    for (long i = 0; i < count; i++) {
        int fd = syscall(SYS_openat2, root, argv[2], &how, sizeof how);
        if (fd < 0) {
            continue;
        }
        if (write(fd, ":\n", 2) != 2) {
            perror("write");
            return 1;
        }
        syscall(SYS_faccessat2, fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS);
        close(fd);
    }
    printf("%lld\n", (now() - from) / count);
    return 0;
}
