// Remounts the root of a container, as an attacker on the host or an operator may do, and prints the time.
//
//   remount PID
//
// Reads lines, "rw" or "ro", and answers each with the monotonic clock in nanoseconds, before the call and after it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%s/ns/mnt", argc > 1 ? argv[1] : "");
    int namespace = open(name, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || setns(namespace, CLONE_NEWNS) != 0) {
        perror(name);
        return 1;
    }
    char line[16];
    while (fgets(line, sizeof line, stdin)) {
        unsigned long flags = MS_REMOUNT | MS_BIND | (strcmp(line, "ro\n") == 0 ? MS_RDONLY : 0);
        long long before = now();
        if (mount(NULL, "/", NULL, flags, NULL) != 0) {
            perror("remount");
            return 1;
        }
        printf("%lld %lld\n", before, now());
        fflush(stdout);
    }
    return 0;
}
