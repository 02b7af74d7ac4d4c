// What can be written in a container, found out by other means than writeprobe's: each identity, in a process of its own
// in the container's mount namespace, creates a file with a name in every directory that there is, and runs it.
//
//   oracle PID <PATHS
//
// Reads paths, one a line, and adds every mount and every directory. Prints fields with tabs between them:
//
//   mount  ID PARENT POINT TYPE VISIBLE READ-ONLY
//   place  PATH REAL-PATH KIND MOUNT READ-ONLY
//   fact   IDENTITY PATH WRITE-ERRNO RUN-ERRNO
//
// KIND is d, f, o (other) or - (nothing there). RUN-ERRNO is that of execve on a file that is no program: ENOEXEC where
// it may run; -1 where it was not tried.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 20000, GROUPS = 64, DEEP = 8 };

struct identity {
    uid_t uid;
    gid_t gid;
    gid_t groups[GROUPS];
    int count;
    unsigned long long capabilities;
};

static char *paths[MOST];
static int known;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void add(const char *path) {
    for (int i = 0; i < known; i++) {
        if (strcmp(paths[i], path) == 0) {
            return;
        }
    }
    if (known == MOST) {
        errno = E2BIG;
        die("paths");
    }
    paths[known++] = strdup(path);
}

static FILE *of(const char *pid, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
    FILE *file = fopen(path, "re");
    if (!file) {
        die(path);
    }
    return file;
}

// The first process of the container, as it is, and root of the container with all that it may get.
static void read_identities(const char *pid, struct identity *service, struct identity *root) {
    char line[4096];
    FILE *status = of(pid, "status");
    while (fgets(line, sizeof line, status)) {
        sscanf(line, "Uid: %*u %*u %*u %u", &service->uid);
        sscanf(line, "Gid: %*u %*u %*u %u", &service->gid);
        sscanf(line, "CapEff: %llx", &service->capabilities);
        sscanf(line, "CapBnd: %llx", &root->capabilities);
        if (strncmp(line, "Groups:", 7) == 0) {
            for (char *word = strtok(line + 7, " \t\n"); word && service->count < GROUPS; word = strtok(NULL, " \t\n")) {
                service->groups[service->count++] = (gid_t)atoi(word);
            }
        }
    }
    fclose(status);
    if (service->uid == 0) {
        memcpy(root->groups, service->groups, sizeof root->groups);
        root->count = service->count;
    } else {
        root->count = 1;
    }
}

static void become(const struct identity *who) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {0};
    for (int i = 0; i < 2; i++) {
        data[i].effective = data[i].permitted = (unsigned)(who->capabilities >> (32 * i));
    }
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups((size_t)who->count, who->groups)
            || setresgid(who->gid, who->gid, who->gid) || setresuid(who->uid, who->uid, who->uid)
            || syscall(SYS_capset, &header, data)) {
        die("become");
    }
}

static int runs(char *file) {
    pid_t child = fork();
    if (child == 0) {
        char *arguments[] = {file, NULL};
        execv(file, arguments);
        _exit(errno);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void try(const char *identity, const char *path) {
    struct stat status;
    int run = -1;
    int wrote = 0;
    // Where nothing can be seen, the attempt says why.
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        if (!S_ISREG(status.st_mode)) {
            return;
        }
        int file = open(path, O_WRONLY | O_CLOEXEC);
        wrote = file < 0 ? errno : 0;
        close(file);
    } else {
        char name[PATH_MAX + 64];
        snprintf(name, sizeof name, "%s/.oracle-%d", path, getpid());
        int file = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0700);
        if (file < 0) {
            wrote = errno;
        } else {
            wrote = write(file, ":\n", 2) == 2 ? 0 : errno;
            close(file);
            run = runs(name);
            if (unlink(name) != 0) {
                die(name);
            }
        }
    }
    printf("fact\t%s\t%s\t%d\t%d\n", identity, path, wrote, run);
}

static int mount_of(const char *path) {
    struct statx status;
    return statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, STATX_MNT_ID, &status) == 0 ? (int)status.stx_mnt_id : -1;
}

static int read_only(const char *path) {
    struct statvfs status;
    return statvfs(path, &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

static void place(const char *path) {
    struct stat status;
    char real[PATH_MAX];
    if (stat(path, &status) != 0) {
        printf("place\t%s\t%s\t-\t-1\t0\n", path, path);
        return;
    }
    char kind = S_ISDIR(status.st_mode) ? 'd' : S_ISREG(status.st_mode) ? 'f' : 'o';
    printf("place\t%s\t%s\t%c\t%d\t%d\n", path, realpath(path, real) ? real : path, kind, mount_of(path), read_only(path));
}

// A bind of the machine's /proc has a directory for each of its threads.
static int view_of_the_kernel(const char *path) {
    struct statfs filesystem;
    if (statfs(path, &filesystem) == 0
            && (filesystem.f_type == PROC_SUPER_MAGIC || filesystem.f_type == SYSFS_MAGIC)) {
        return 1;
    }
    return strcmp(path, "/proc") == 0 || strcmp(path, "/sys") == 0 || strcmp(path, "/dev/pts") == 0
            || strcmp(path, "/dev/mqueue") == 0 || strcmp(path, "/dev/fd") == 0;
}

static void walk(const char *path, int depth) {
    add(path);
    DIR *directory = depth < DEEP ? opendir(path) : NULL;
    if (!directory) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        char below[PATH_MAX];
        struct stat status;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        snprintf(below, sizeof below, "%s/%s", strcmp(path, "/") == 0 ? "" : path, entry->d_name);
        if (!view_of_the_kernel(below) && lstat(below, &status) == 0 && S_ISDIR(status.st_mode)) {
            walk(below, depth + 1);
        }
    }
    closedir(directory);
}

// mountinfo writes space, tab, newline and backslash as three octal digits.
static void unescape(char *text) {
    char *to = text;
    for (char *from = text; *from; to++) {
        if (from[0] == '\\' && from[1] && from[2] && from[3]) {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + from[3] - '0');
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = 0;
}

static void read_mounts(FILE *mountinfo) {
    char line[65536];
    while (fgets(line, sizeof line, mountinfo)) {
        int id, parent;
        char point[PATH_MAX], type[64];
        char *rest = strstr(line, " - ");
        if (!rest || sscanf(line, "%d %d %*s %*s %4095s", &id, &parent, point) != 3 || sscanf(rest, " - %63s", type) != 1) {
            continue;
        }
        unescape(point);
        int visible = mount_of(point) == id;
        printf("mount\t%d\t%d\t%s\t%s\t%d\t%d\n", id, parent, point, type, visible, visible && read_only(point));
        if (!view_of_the_kernel(point) && strncmp(point, "/proc/", 6) != 0 && strncmp(point, "/sys/", 5) != 0) {
            add(point);
        }
    }
}

static void each(const char *name, const struct identity *who) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        become(who);
        for (int i = 0; i < known; i++) {
            try(name, paths[i]);
        }
        exit(0);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) {
        die(name);
    }
}

int main(int argc, char **argv) {
    char line[PATH_MAX];
    struct identity service = {0}, root = {0};
    if (argc != 2) {
        return 2;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        add(line);
    }
    read_identities(argv[1], &service, &root);
    FILE *namespace = of(argv[1], "ns/mnt");
    int proc = open("/proc", O_PATH | O_CLOEXEC);
    if (setns(fileno(namespace), CLONE_NEWNS) != 0) {
        die("setns");
    }
    // Its own: the process's would only tell what lies below its root directory.
    int own = openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
    FILE *mountinfo = own < 0 ? NULL : fdopen(own, "r");
    if (!mountinfo) {
        die("mountinfo");
    }
    umask(0);
    read_mounts(mountinfo);
    walk("/", 0);
    for (int i = 0; i < known; i++) {
        place(paths[i]);
    }
    each("service", &service);
    each("root", &root);
    return 0;
}
