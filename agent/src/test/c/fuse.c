// Mounts a filesystem in a container, and answers as a bad one does: never, with EIO, or with EROFS though it is mounted
// writable. Until it is killed.
//
//   fuse PID hang|eio|erofs PATH
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char request[1 << 18];

static void reply(int device, unsigned long long unique, int error, void *body, size_t length) {
    struct fuse_out_header out = {(unsigned)(sizeof out + length), error, unique};
    struct iovec parts[] = {{&out, sizeof out}, {body, length}};
    if (writev(device, parts, length ? 2 : 1) < 0 && errno != ENOENT) {
        perror("reply");
    }
}

static void answer(int device, int lies) {
    struct fuse_in_header *in = (struct fuse_in_header *)request;
    switch (in->opcode) {
        case FUSE_FORGET:
        case FUSE_BATCH_FORGET:
        case FUSE_INTERRUPT:
            return;
        case FUSE_INIT: {
            struct fuse_init_out init = {.major = 7, .minor = 31, .max_write = 4096};
            reply(device, in->unique, 0, &init, sizeof init);
            return;
        }
        case FUSE_GETATTR:
            if (lies) {
                struct fuse_attr_out attr = {.attr = {.ino = 1, .mode = S_IFDIR | 0777, .nlink = 2}};
                reply(device, in->unique, 0, &attr, sizeof attr);
                return;
            }
            break;
        case FUSE_LOOKUP:
            if (lies) {
                reply(device, in->unique, -ENOENT, NULL, 0);
                return;
            }
            break;
    }
    reply(device, in->unique, lies ? -EROFS : -EIO, NULL, 0);
}

int main(int argc, char **argv) {
    char name[64], options[128];
    snprintf(name, sizeof name, "/proc/%s/ns/mnt", argc > 3 ? argv[1] : "");
    int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    int namespace = open(name, O_RDONLY | O_CLOEXEC);
    if (device < 0 || namespace < 0 || setns(namespace, CLONE_NEWNS) != 0) {
        perror(name);
        return 1;
    }
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
    if (mount("bad", argv[3], "fuse", 0, options) != 0) {
        perror("mount");
        return 1;
    }
    if (strcmp(argv[2], "hang") == 0) {
        pause();
    }
    puts("mounted");
    fflush(stdout);
    while (read(device, request, sizeof request) > 0) {
        answer(device, strcmp(argv[2], "erofs") == 0);
    }
    return 0;
}
