/* Uses a power that a container may have, on things that belong to the test. Exits with 0 if the kernel lets it.
 *
 *   handle FILE              prints a file's handle, as of its filesystem
 *   open MOUNT HANDLE TEXT   opens the file of that handle through any file of its filesystem, and writes TEXT to it if
 *                            the mount of that file is writable; else it reads a byte
 *   ports                    asks for an I/O port, and does not touch it; a kernel may have no such call
 *   module                   hands the kernel a module that is none
 *   through PROC FILE TEXT   writes TEXT to the machine's FILE through the root directory of whichever process lets it
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef __x86_64__
#include <sys/io.h>
#endif

static int fail(const char *what) {
    perror(what);
    return 1;
}

static union {
    struct file_handle h;
    char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
} handle;

static int print_handle(const char *file) {
    int mount;
    handle.h.handle_bytes = MAX_HANDLE_SZ;
    if (name_to_handle_at(AT_FDCWD, file, &handle.h, &mount, 0)) return fail(file);
    printf("%d:", handle.h.handle_type);
    for (unsigned i = 0; i < handle.h.handle_bytes; i++) printf("%02x", handle.h.f_handle[i]);
    puts("");
    return 0;
}

static int open_handle(const char *mount, const char *text, const char *what) {
    char *hex;
    handle.h.handle_type = strtol(text, &hex, 10);
    hex++;
    handle.h.handle_bytes = strlen(hex) / 2;
    for (unsigned i = 0; i < handle.h.handle_bytes; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) return 2;
        handle.h.f_handle[i] = byte;
    }
    int at = open(mount, O_RDONLY);
    if (at < 0) return fail(mount);
    int fd = open_by_handle_at(at, &handle.h, O_RDWR);
    if (fd >= 0) return write(fd, what, strlen(what)) < 0 ? fail("write") : 0;
    if (errno != EROFS) return fail("open_by_handle_at");
    char byte;
    fd = open_by_handle_at(at, &handle.h, O_RDONLY);
    return fd < 0 || read(fd, &byte, 1) != 1 ? fail("open_by_handle_at") : 0;
}

/* Leaving uid 0 takes away the effective capabilities that have to do with files, and no permitted one. */
static void all_permitted(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data)) return;
    for (int i = 0; i < 2; i++) data[i].effective = data[i].permitted;
    syscall(SYS_capset, &header, data);
}

static int through(const char *proc, const char *file, const char *text) {
    DIR *all = opendir(proc);
    if (!all) return fail(proc);
    for (struct dirent *e; (e = readdir(all));) {
        char path[4096], line[256];
        unsigned uid = 0, gid = 0;
        if (atoi(e->d_name) <= 0) continue;
        snprintf(path, sizeof path, "%s/%s/status", proc, e->d_name);
        FILE *status = fopen(path, "r");
        if (!status) continue;
        while (fgets(line, sizeof line, status)) {
            if (sscanf(line, "Uid: %u", &uid) == 1) continue;
            if (sscanf(line, "Gid: %u", &gid) == 1) break;
        }
        fclose(status);
        setfsgid(gid);
        setfsuid(uid);
        all_permitted();
        snprintf(path, sizeof path, "%s/%s/root%s", proc, e->d_name, file);
        int fd = open(path, O_WRONLY | O_TRUNC);
        if (fd >= 0) return write(fd, text, strlen(text)) < 0 ? fail(path) : 0;
        setfsuid(0);
        setfsgid(0);
        all_permitted();
    }
    fputs("no process leads there\n", stderr);
    return 1;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (argc == 3 && !strcmp(what, "handle")) return print_handle(argv[2]);
    if (argc == 5 && !strcmp(what, "open")) return open_handle(argv[2], argv[3], argv[4]);
    if (argc == 5 && !strcmp(what, "through")) return through(argv[2], argv[3], argv[4]);
#ifdef __x86_64__
    if (!strcmp(what, "ports")) return ioperm(0x80, 1, 1) && errno == EPERM ? fail("ioperm") : 0;
#else
    if (!strcmp(what, "ports")) return 0;
#endif
    if (!strcmp(what, "module")) {
        char none[8] = "none";
        return syscall(SYS_init_module, none, sizeof none, "") && errno == EPERM ? fail("init_module") : 0;
    }
    return 2;
}
