#include "sim/cli/terminal.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "sim/run/run.h"

enum { BAR_COLUMNS = 30, REDRAW_MS = 200, SILENT_MS = 1000 };

bool gw_terminal_colour(FILE *to)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fileno(to)) && (no_colour == NULL || no_colour[0] == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

unsigned gw_terminal_columns(FILE *to)
{
    struct winsize size;
    if (isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
        return size.ws_col;
    }
    return 80;
}

/* Messages quote the user's text; what would steer the terminal is shown as "?". */
static void print_sentence(const char *where, const char *why)
{
    char line[sizeof((struct gw_error *)0)->where + sizeof((struct gw_error *)0)->why + 4];
    snprintf(line, sizeof line, "%s: %s", where, why);
    for (unsigned char *p = (unsigned char *)line; *p != '\0'; p++) {
        const bool c1 = p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0;
        if (*p < 0x20 || *p == 0x7F || c1) {
            *p = '?';
            p[c1] = '?';
        }
    }
    fprintf(stderr, "%s\n", line);
}

int gw_terminal_errors(const struct gw_errors *errs)
{
    for (uint32_t i = 0; i < errs->n; i++) {
        print_sentence(errs->item[i].where, errs->item[i].why);
    }
    if (errs->dropped > 0) {
        fprintf(stderr, "geowatt: and %u more\n", (unsigned)errs->dropped);
    }
    return gw_status_exit(gw_errors_status(errs));
}

int gw_terminal_error(const struct gw_error *err)
{
    print_sentence(err->where, err->why);
    return gw_status_exit(err->status);
}

/* ---- progress ---- */

struct gw_progress {
    struct gw_run_watch *watch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over, drawn;
    struct timespec began;
};

static double seconds_since(const struct timespec *t)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) * 1e-9;
}

static void draw(struct gw_progress *self)
{
    const uint64_t done = atomic_load(&self->watch->done), total = atomic_load(&self->watch->total);
    if (total == 0) {
        return;
    }
    const double frac = (double)(done < total ? done : total) / (double)total;
    char bar[BAR_COLUMNS + 1];
    for (int i = 0; i < BAR_COLUMNS; i++) {
        bar[i] = i < (int)(frac * BAR_COLUMNS) ? '#' : '.';
    }
    bar[BAR_COLUMNS] = '\0';
    const double spent_s = seconds_since(&self->began);
    if (frac > 0.02) {
        fprintf(stderr, "\r[%s] %3.0f %%  %.0f s left \033[K", bar, frac * 100.0, spent_s / frac - spent_s);
    } else {
        fprintf(stderr, "\r[%s] %3.0f %% \033[K", bar, frac * 100.0);
    }
    self->drawn = true;
}

static void *redraw(void *at)
{
    struct gw_progress *self = at;
    long wait_ms = SILENT_MS;
    pthread_mutex_lock(&self->lock);
    while (!self->over) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += wait_ms % 1000 * 1000000L;
        until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&self->ended, &self->lock, &until);
        if (!self->over) {
            draw(self);
        }
        wait_ms = REDRAW_MS;
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

struct gw_progress *gw_terminal_progress_begin(struct gw_run_watch *watch, bool quiet)
{
    struct gw_progress *self = quiet || !isatty(STDERR_FILENO) ? NULL : calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->watch = watch;
    clock_gettime(CLOCK_MONOTONIC, &self->began);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->ended, NULL);
    if (pthread_create(&self->thread, NULL, redraw, self) != 0) {
        free(self);
        return NULL;
    }
    return self;
}

void gw_terminal_progress_end(struct gw_progress *self)
{
    if (self == NULL) {
        return;
    }
    pthread_mutex_lock(&self->lock);
    self->over = true;
    pthread_cond_signal(&self->ended);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    if (self->drawn) {
        fputs("\r\033[K", stderr);
    }
    pthread_cond_destroy(&self->ended);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

/* ---- signals ---- */

/* A handler has no argument, so the watch it sets must be reachable from here. */
static struct gw_run_watch *caught;

static void on_signal(int number)
{
    if (atomic_exchange(&caught->stop, number) != 0) {
        _exit(gw_status_exit(GW_ERR_INTERRUPTED));
    }
}

void gw_terminal_catch_signals(struct gw_run_watch *watch)
{
    caught = watch;
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}
