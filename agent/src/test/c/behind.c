// Changes a container's mounts behind the engine's back, as an operator in a hurry or an intruder on the machine does.
//
//   behind PID ro|rw|super-ro|tmpfs|tmpfs-ro|tmpfs-noexec|umount PATH
//   behind PID bind FROM TO
//   behind PID many PATH          two thousand of them, below a path on which directories can be made
//   behind PID pile PATH          forty of them, one on the other, of which the last is read-only
//   behind PID churn PATH         one that comes and goes without end
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int tmpfs(const char *path, unsigned long flags) {
    return mount("tmpfs", path, "tmpfs", flags, "mode=1777");
}

static int many(const char *path) {
    char below[4096];
    for (int i = 0; i < 2000; i++) {
        snprintf(below, sizeof below, "%s/%d", path, i);
        if (mkdir(below, 0755) != 0 || tmpfs(below, 0) != 0) {
            return -1;
        }
    }
    return 0;
}

static int pile(const char *path) {
    int failed = 0;
    for (int i = 0; i < 40 && !failed; i++) {
        failed = tmpfs(path, i == 39 ? MS_RDONLY : 0);
    }
    return failed;
}

static int churn(const char *path) {
    while (tmpfs(path, 0) == 0 && umount2(path, MNT_DETACH) == 0) {
    }
    return -1;
}

static int change(const char *what, const char *path, const char *to) {
    if (strcmp(what, "ro") == 0) {
        return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
    }
    if (strcmp(what, "rw") == 0) {
        return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND, NULL);
    }
    if (strcmp(what, "super-ro") == 0) {
        return mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL);
    }
    if (strcmp(what, "tmpfs") == 0) {
        return tmpfs(path, 0);
    }
    if (strcmp(what, "tmpfs-ro") == 0) {
        return tmpfs(path, MS_RDONLY);
    }
    if (strcmp(what, "tmpfs-noexec") == 0) {
        return tmpfs(path, MS_NOEXEC);
    }
    if (strcmp(what, "many") == 0) {
        return many(path);
    }
    if (strcmp(what, "pile") == 0) {
        return pile(path);
    }
    if (strcmp(what, "churn") == 0) {
        return churn(path);
    }
    if (strcmp(what, "umount") == 0) {
        return umount2(path, MNT_DETACH);
    }
    if (strcmp(what, "bind") == 0 && to) {
        return mount(path, to, NULL, MS_BIND | MS_REC, NULL);
    }
    fprintf(stderr, "what is %s?\n", what);
    return -1;
}

int main(int argc, char **argv) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%s/ns/mnt", argc > 3 ? argv[1] : "");
    int namespace = open(name, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || setns(namespace, CLONE_NEWNS) != 0) {
        perror(name);
        return 2;
    }
    if (change(argv[2], argv[3], argc > 4 ? argv[4] : NULL) != 0) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
