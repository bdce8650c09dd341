#include "sim/run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/units.h"
#include "sim/run/timing.h"

enum { SLICE_MS = 100, NAP_MS = 2, CHUNK = 1 << 16 };

extern char **environ;

/* Between making a descriptor and marking it no other thread may start a program, which would keep it. */
static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;

static enum gw_status system_fail(struct gw_error *err, const char *program, const char *what)
{
    return gw_fail(err, GW_ERR_POLICY, program, "%s: %s", what, strerror(errno));
}

/* ---- start ---- */

/* Both ends beyond the standard ones, so that none is in the way when the program gets its own. */
static bool mark(int fd[2])
{
    for (int i = 0; i < 2; i++) {
        const int high = fcntl(fd[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(fd[i]);
        fd[i] = high;
    }
    return fd[0] >= 0 && fd[1] >= 0;
}

static void close_both(int fd[2])
{
    for (int i = 0; i < 2; i++) {
        if (fd[i] >= 0) {
            close(fd[i]);
        }
    }
}

/* Its input is a socket: sending to one whose reader is gone fails, without a signal. */
static bool make_ends(int input[2], int output[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, input) != 0) {
        input[0] = input[1] = -1;
        return false;
    }
    if (!mark(input) || pipe(output) != 0) {
        output[0] = output[1] = -1;
        return false;
    }
    return mark(output);
}

/* Signals as a program finds them that a shell starts. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    int failed = posix_spawnattr_setpgroup(attributes, 0);
    failed |= posix_spawnattr_setsigmask(attributes, &none);
    failed |= posix_spawnattr_setsigdefault(attributes, &all);
    return failed | posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                             POSIX_SPAWN_SETSIGDEF);
}

static int spawn(pid_t *pid, char *const *words, int input, int output)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int failed = posix_spawnattr_init(&attributes);
    if (failed != 0) {
        return failed;
    }
    failed = posix_spawn_file_actions_init(&actions);
    if (failed == 0) {
        failed = set_attributes(&attributes);
        failed = failed != 0 ? failed : posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        failed = failed != 0 ? failed : posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        failed = failed != 0 ? failed : posix_spawnp(pid, words[0], &actions, &attributes, words, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return failed;
}

enum gw_status gw_child_start(struct gw_child *self, char *const *words, const _Atomic int *stop,
                              struct gw_error *err)
{
    *self = (struct gw_child){.stop = stop};
    int input[2], output[2] = {-1, -1};
    enum gw_status s = GW_OK;
    pthread_mutex_lock(&starting);
    if (!make_ends(input, output)) {
        s = system_fail(err, words[0], "no way to talk to it");
    } else {
        errno = spawn(&self->pid, words, input[1], output[1]);
        s = errno != 0 ? system_fail(err, words[0], "cannot be started") : GW_OK;
    }
    pthread_mutex_unlock(&starting);
    if (s != GW_OK) {
        self->pid = 0;
        close_both(input);
        close_both(output);
        return s;
    }
    close(input[1]);
    close(output[1]);
    self->to = input[0];
    self->from = output[0];
    return GW_OK;
}

/* ---- talk ---- */

static enum gw_status interrupted(struct gw_error *err)
{
    return gw_fail(err, GW_ERR_INTERRUPTED, "run", "stopped before its end");
}

/* How it came to its end; it is known that it does not read or write any more, so that comes soon. */
static enum gw_status gone(struct gw_child *self, struct gw_error *err)
{
    siginfo_t info = {0};
    for (int naps = 0; naps < SLICE_MS && info.si_pid == 0; naps += NAP_MS) {
        if (waitid(P_PID, (id_t)self->pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0) {
            break;
        }
        poll(NULL, 0, info.si_pid == 0 ? NAP_MS : 0);
    }
    if (info.si_pid == 0) {
        return gw_fail(err, GW_ERR_POLICY, "program", "it closed its input or output");
    }
    return info.si_code == CLD_EXITED
               ? gw_fail(err, GW_ERR_POLICY, "program", "it ended, with status %d", info.si_status)
               : gw_fail(err, GW_ERR_POLICY, "program", "it was ended by signal %d", info.si_status);
}

/* GW_OK: `fd` is ready, or closed at its other side. */
static enum gw_status wait_for(const struct gw_child *self, int fd, short what, double until_s,
                               struct gw_error *err)
{
    for (;;) {
        if (self->stop != NULL && atomic_load_explicit(self->stop, memory_order_relaxed) != 0) {
            return interrupted(err);
        }
        const double left_ms = (until_s - gw_timing_now_s()) * 1e3;
        if (left_ms <= 0.0) {
            return gw_fail(err, GW_ERR_POLICY, "program", "too late");
        }
        struct pollfd ready = {.fd = fd, .events = what};
        const int n = poll(&ready, 1, left_ms < SLICE_MS ? (int)left_ms + 1 : SLICE_MS);
        if (n > 0) {
            return GW_OK;
        }
        if (n < 0 && errno != EINTR) {
            return system_fail(err, "program", "waiting for it failed");
        }
    }
}

enum gw_status gw_child_tell(struct gw_child *self, const char *line, size_t n, gw_time_us patience_us,
                             struct gw_error *err)
{
    const double until_s = gw_timing_now_s() + gw_s_from_us(patience_us);
    while (n > 0) {
        const ssize_t sent = send(self->to, line, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            line += sent;
            n -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            const enum gw_status s = wait_for(self, self->to, POLLOUT, until_s, err);
            if (s != GW_OK) {
                return s;
            }
        } else if (errno != EINTR) {
            return gone(self, err);
        }
    }
    return GW_OK;
}

/* What was read makes room for what comes. */
static void forget_read(struct gw_child *self)
{
    if (self->read > 0) {
        memmove(self->heard.at, self->heard.at + self->read, self->heard.n - self->read);
        self->heard.n -= self->read;
        self->read = 0;
    }
}

enum gw_status gw_child_hear(struct gw_child *self, gw_time_us patience_us, char **line, size_t *n,
                             struct gw_error *err)
{
    const double until_s = gw_timing_now_s() + gw_s_from_us(patience_us);
    forget_read(self);
    size_t looked = 0;
    for (;;) {
        char *end =
            self->heard.n > looked ? memchr(self->heard.at + looked, '\n', self->heard.n - looked) : NULL;
        if (end != NULL) {
            *end = '\0';
            *line = self->heard.at;
            *n = (size_t)(end - self->heard.at);
            self->read = *n + 1;
            self->lines++;
            return GW_OK;
        }
        looked = self->heard.n;
        if (looked > GW_CHILD_ANSWER_MAX) {
            return gw_fail(err, GW_ERR_POLICY, "program", "a line of more than %d bytes",
                           GW_CHILD_ANSWER_MAX);
        }
        const enum gw_status s = wait_for(self, self->from, POLLIN, until_s, err);
        if (s != GW_OK) {
            return s;
        }
        char chunk[CHUNK];
        const ssize_t got = read(self->from, chunk, sizeof chunk);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return gone(self, err);
        }
        gw_text_add_n(&self->heard, chunk, got > 0 ? (size_t)got : 0);
        if (self->heard.failed) {
            return gw_fail(err, GW_ERR_NOMEM, "program", "out of memory");
        }
    }
}

bool gw_child_has_more(const struct gw_child *self)
{
    struct pollfd ready = {.fd = self->from, .events = POLLIN};
    return self->heard.n > self->read || (poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0);
}

/* ---- end ---- */

/* Whether it has ended by then. What it still says is read, for it may not end before. */
static bool ends_until(struct gw_child *self, double until_s)
{
    bool open = true;
    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)self->pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid != 0) {
            return true;
        }
        const bool stop = self->stop != NULL && atomic_load_explicit(self->stop, memory_order_relaxed) != 0;
        if (stop || gw_timing_now_s() >= until_s) {
            return false;
        }
        struct pollfd ready = {.fd = open ? self->from : -1, .events = POLLIN};
        char chunk[CHUNK];
        if (poll(&ready, 1, NAP_MS) > 0) {
            const ssize_t got = read(self->from, chunk, sizeof chunk);
            open = got > 0 || (got < 0 && errno == EINTR);
        }
    }
}

void gw_child_end(struct gw_child *self, gw_time_us patience_us)
{
    if (self->pid != 0) {
        close(self->to);
        (void)ends_until(self, gw_timing_now_s() + gw_s_from_us(patience_us));
        kill(-self->pid,
             SIGKILL); /* of its group whoever is left; its number is not given away before waitpid */
        while (waitpid(self->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        close(self->from);
    }
    gw_text_fini(&self->heard);
    *self = (struct gw_child){0};
}
