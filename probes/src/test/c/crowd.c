// Starts processes, each in its own mount namespace like a container, until standard input ends.
//
//   crowd DIRECTORY COUNT
//
// Prints "PID ID" for each once it runs. A bind mount contains its id, since no control group does.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static void member(const char *home, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount(home, home, NULL, MS_BIND, NULL) != 0) {
        perror(home);
        kill(parent, SIGKILL);
        _exit(1);
    }
    printf("%d %s\n", getpid(), home);
    fflush(stdout);
    for (;;) {
        pause();
    }
}

int main(int argc, char **argv) {
    if (argc != 3 || chdir(argv[1]) != 0) {
        fputs("crowd DIRECTORY COUNT\n", stderr);
        return 2;
    }
    pid_t self = getpid();
    for (int i = 0; i < atoi(argv[2]); i++) {
        char id[65];
        snprintf(id, sizeof id, "%064x", i);
        if (mkdir(id, 0755) != 0) {
            perror(id);
            return 1;
        }
        pid_t pid = fork();
        if (pid == 0) {
            member(id, self);
        } else if (pid < 0) {
            perror("fork");
            return 1;
        }
    }
    while (getchar() != EOF) {
    }
    return 0;
}
