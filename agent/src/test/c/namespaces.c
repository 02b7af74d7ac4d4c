/* What the first process of a container may do to its own namespaces and root directory, to be run in a container:

   stay                does nothing
   chroot DIRECTORY    goes there, and stays
   user                makes a user and a mount namespace of its own, whose root is a tmpfs, read-only
   process PATH        starts a second process that makes a mount namespace of its own and has PATH writable there
   thread PATH         the same by a second thread
   root                has a tmpfs for its root, as it may with CAP_SYS_ADMIN, and makes that read-only
   host PID            enters the mounts of that process
   zombie PATH         starts a second process whose first thread ends, and whose second one does as `thread`
   quiet               ends its first thread when it gets SIGUSR1, and has it again four seconds later
   over                leaves a child behind, and makes a user namespace of its own */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must(int result, const char *what) {
    if (result != 0) {
        perror(what);
        exit(1);
    }
}

static void put(const char *file, const char *text) {
    int fd = open(file, O_WRONLY);
    must(fd < 0 || write(fd, text, strlen(text)) < 0, file);
    close(fd);
}

static void stay(void) {
    for (;;) {
        pause();
    }
}

static void make_tmpfs_root(void) {
    must(mount(0, "/", 0, MS_REC | MS_PRIVATE, 0), "private");
    must(mount("tmpfs", "/tmp", "tmpfs", 0, 0), "tmpfs");
    must(chdir("/tmp"), "/tmp");
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(umount2(".", MNT_DETACH), "umount");
    must(chdir("/"), "/");
    must(mount(0, "/", 0, MS_REMOUNT | MS_RDONLY | MS_BIND, 0), "remount");
}

static void make_user_namespace(void) {
    char map[64];
    int uid = getuid(), gid = getgid();
    must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
    put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %d 1", uid);
    put("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %d 1", gid);
    put("/proc/self/gid_map", map);
}

static void *make_view(void *path) {
    must(unshare(CLONE_FS | CLONE_NEWNS), "unshare");
    must(mount(0, "/", 0, MS_REC | MS_PRIVATE, 0), "private");
    must(mount(0, path, 0, MS_REMOUNT | MS_BIND, 0), "remount");
    stay();
    return 0;
}

static void enter(const char *pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/ns/mnt", pid);
    must(setns(open(path, O_RDONLY), CLONE_NEWNS), path);
}

static int woken[2];

static void *comes_back(void *arguments) {
    char byte;
    if (read(woken[0], &byte, 1) == 1) {
        sleep(4);
        execv("/proc/self/exe", arguments);
    }
    return 0;
}

static void be_quiet(char **arguments) {
    sigset_t signals;
    int got;
    pthread_t thread;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, 0);
    must(pipe(woken), "pipe");
    must(pthread_create(&thread, 0, comes_back, arguments), "thread");
    sigwait(&signals, &got);
    if (write(woken[1], "x", 1) == 1) {
        syscall(SYS_exit, 0);
    }
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "";
    pthread_t thread;
    if (strcmp(what, "chroot") == 0) {
        must(chroot(arguments[2]), "chroot");
        must(chdir("/"), "/");
    } else if (strcmp(what, "user") == 0) {
        make_user_namespace();
        make_tmpfs_root();
    } else if (strcmp(what, "root") == 0) {
        must(unshare(CLONE_NEWNS), "unshare");
        make_tmpfs_root();
    } else if (strcmp(what, "process") == 0) {
        if (fork() == 0) {
            make_view(arguments[2]);
        }
    } else if (strcmp(what, "thread") == 0) {
        must(pthread_create(&thread, 0, make_view, arguments[2]), "thread");
    } else if (strcmp(what, "host") == 0) {
        enter(arguments[2]);
    } else if (strcmp(what, "zombie") == 0) {
        if (fork() == 0) {
            must(pthread_create(&thread, 0, make_view, arguments[2]), "thread");
            syscall(SYS_exit, 0);
        }
    } else if (strcmp(what, "quiet") == 0) {
        be_quiet(arguments);
    } else if (strcmp(what, "over") == 0) {
        if (fork() != 0) {
            must(unshare(CLONE_NEWUSER), "unshare");
        }
    } else if (strcmp(what, "stay") != 0) {
        return 2;
    }
    stay();
}
