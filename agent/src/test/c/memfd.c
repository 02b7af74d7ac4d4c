/* Keeps an anonymous file of memory open for writing, and mapped, as a just-in-time compiler does. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    int fd = memfd_create("jit", 0);
    if (fd < 0 || ftruncate(fd, 4096))
        return 1;
    if (mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, fd, 0) == MAP_FAILED)
        return 1;
    for (;;)
        pause();
}
