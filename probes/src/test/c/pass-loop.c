// The time that the kernel needs for one pass over many containers: what procfs has to do to try every path as every
// identity, in a loop, with nothing around it.
//
//   pass-loop PASSES PATH... <CONTAINERS     prints the milliseconds of CPU time of one pass
//
// CONTAINERS has a line for each container: the PID of its first process. As the user of that process, and then as root,
// each PATH below its root is tried: create an unnamed file, write two bytes, check whether it may be executed. A file is
// opened for writing. If the open is refused, the attempt ends there.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAX 4096
#define FILE_CAPABILITIES 0x100001f
#define RESOLVE (RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS)

static int directories[MAX];
static int statuses[MAX];
static struct __user_cap_data_struct own[2];

static double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void capabilities(unsigned int effective) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {own[0], own[1]};
    data[0].effective &= effective;
    data[1].effective &= effective == ~0u ? effective : 0;
    if (syscall(SYS_capset, &header, data) != 0) {
        fail("capset");
    }
}

// setfsuid and setfsgid report no failure, so a second call checks the result.
static void become(gid_t group, uid_t user) {
    syscall(SYS_setgroups, 1, &group);
    setfsgid(group);
    setfsuid(user);
    if ((gid_t)setfsgid(-1) != group || (uid_t)setfsuid(-1) != user) {
        fail("setfsuid");
    }
}

static void try_path(int root, const char *path) {
    struct open_how how = {.flags = O_TMPFILE | O_RDWR | O_CLOEXEC, .mode = 0700, .resolve = RESOLVE};
    int fd = syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd < 0 && errno == ENOTDIR) {
        struct open_how file = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE};
        char name[32];
        struct statx status;
        fd = syscall(SYS_openat2, root, path, &file, sizeof file);
        syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status);
        sprintf(name, "/proc/self/fd/%d", fd);
        int opened = open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (opened >= 0) {
            close(opened);
        } else if (errno != EROFS) {
            syscall(SYS_removexattr, name, "user.none");
        }
        close(fd);
        return;
    }
    if (fd < 0) {
        return;
    }
    if (write(fd, ":\n", 2) != 2) {
        fail("write");
    }
    syscall(SYS_faccessat2, fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS);
    close(fd);
}

static void try_all(int directory, int status, int count, char **paths) {
    char text[8192];
    ssize_t length = pread(status, text, sizeof text - 1, 0);
    if (length < 0) {
        fail("status");
    }
    text[length] = 0;
    uid_t user = strtoul(strstr(text, "\nUid:") + 5, 0, 10);
    gid_t group = strtoul(strstr(text, "\nGid:") + 5, 0, 10);
    int root = openat(directory, "root", O_PATH | O_CLOEXEC);
    become(group, user);
    capabilities(0);
    for (int i = 0; i < count; i++) {
        try_path(root, paths[i]);
    }
    capabilities(~0u);
    become(0, 0);
    capabilities(FILE_CAPABILITIES);
    for (int i = 0; i < count; i++) {
        try_path(root, paths[i]);
    }
    capabilities(~0u);
    close(root);
}

int main(int argc, char **argv) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    int containers = 0;
    long pid;
    if (argc < 3) {
        fprintf(stderr, "pass-loop PASSES PATH... <CONTAINERS\n");
        return 2;
    }
    if (syscall(SYS_capget, &header, own) != 0) {
        fail("capget");
    }
    while (containers < MAX && scanf("%ld%*[^\n]", &pid) == 1) {
        char name[32];
        sprintf(name, "/proc/%ld", pid);
        directories[containers] = open(name, O_PATH | O_CLOEXEC);
        statuses[containers] = openat(directories[containers], "status", O_RDONLY | O_CLOEXEC);
        if (statuses[containers] < 0) {
            fail(name);
        }
        containers++;
    }
    int passes = atoi(argv[1]);
    double before = cpu();
    for (int i = 0; i < passes; i++) {
        for (int c = 0; c < containers; c++) {
            try_all(directories[c], statuses[c], argc - 2, argv + 2);
        }
    }
    printf("%.1f\n", (cpu() - before) / passes);
    return 0;
}
