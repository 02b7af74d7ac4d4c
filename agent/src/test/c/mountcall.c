// Makes one mount call, prints "done", and waits until its standard input ends, so that it can be looked at.
//
//   mountcall CALL PATH [PID]
//
// CALL: remount, setattr, tmpfs, tree, user. PID: enters the mount namespace of that process first.
// user: mounts a tmpfs in a user namespace and a mount namespace of its own.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The headers of the C library and of the kernel do not go together.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);

#define REMOUNT 0x20
#define BIND 0x1000
#define RECURSIVE 0x4000
#define PRIVATE 0x40000

static int fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return 1;
}

int main(int count, char **args) {
    if (count < 3) {
        return fail("usage");
    }
    const char *call = args[1];
    const char *path = args[2];
    if (count > 3) {
        char name[64];
        snprintf(name, sizeof name, "/proc/%s/ns/mnt", args[3]);
        int namespace = open(name, O_RDONLY | O_CLOEXEC);
        if (namespace < 0 || setns(namespace, CLONE_NEWNS) != 0) {
            return fail("setns");
        }
    }
    int failed = 0;
    if (strcmp(call, "remount") == 0) {
        failed = mount(NULL, path, NULL, REMOUNT | BIND, NULL);
    } else if (strcmp(call, "setattr") == 0) {
        struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};
        failed = (int)syscall(SYS_mount_setattr, AT_FDCWD, path, 0, &attributes, sizeof attributes);
    } else if (strcmp(call, "tmpfs") == 0) {
        failed = mount("tmpfs", path, "tmpfs", 0, NULL);
    } else if (strcmp(call, "tree") == 0) {
        int filesystem = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
        failed = filesystem < 0 || syscall(SYS_fsconfig, filesystem, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0;
        int mounted = (int)syscall(SYS_fsmount, filesystem, FSMOUNT_CLOEXEC, 0);
        failed = failed || mounted < 0
                 || syscall(SYS_move_mount, mounted, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0;
    } else if (strcmp(call, "user") == 0) {
        failed = unshare(CLONE_NEWUSER | CLONE_NEWNS) || mount(NULL, "/", NULL, PRIVATE | RECURSIVE, NULL)
                 || mount("tmpfs", path, "tmpfs", 0, NULL);
    } else {
        return fail("usage");
    }
    if (failed) {
        return fail(call);
    }
    puts("done");
    fflush(stdout);
    char end;
    return read(0, &end, 1) < 0;
}
