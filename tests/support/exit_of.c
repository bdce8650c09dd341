#include "tests/support/exit_of.h"

#include "tests/support/near.h"

#include <sys/wait.h>
#include <unistd.h>

/* Reads until the child has closed its end; what has no room is read all the same, or the child would wait.
 */
static void read_to_end(int fd, char *said, size_t size)
{
    char some[512];
    size_t n = 0;
    for (ssize_t got = read(fd, some, sizeof some); got > 0; got = read(fd, some, sizeof some)) {
        for (ssize_t i = 0; i < got && n + 1 < size; i++) {
            said[n++] = some[i];
        }
    }
    if (size > 0) {
        said[n] = '\0';
    }
}

int gw_exit_of(void (*act)(void), char *said, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        act();
        _exit(0);
    }
    close(ends[1]);
    read_to_end(ends[0], said, said != NULL ? size : 0);
    close(ends[0]);
    int status;
    assert_true(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
