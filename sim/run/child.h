/* sim/run/child.h - another program at work beside a run, asked and answering in lines of text.
 *
 * It is started with its standard input and output tied to us; its standard error stays that of geowatt. It
 * is the leader of a process group of its own: a key that interrupts geowatt does not reach it before
 * geowatt has decided what becomes of it, and what it starts itself is ended with it. Every wait has an end,
 * and ends early when `stop` is set. A program that is gone raises no signal here. */
#ifndef GW_SIM_RUN_CHILD_H
#define GW_SIM_RUN_CHILD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "sim/base/text.h"
#include "sim/core/clock.h"

enum { GW_CHILD_ANSWER_MAX = 16 << 20 }; /* bytes of one line */

struct gw_child {
    pid_t pid; /* 0: none */
    int to, from;
    struct gw_text heard; /* what it said and nobody has read, behind the last line that was read */
    size_t read;          /* bytes of `heard` that were read */
    uint64_t lines;       /* it has said so far */
    const _Atomic int *stop;
};

/* words: the program, looked for in PATH, and its arguments, ended by NULL; stop may be NULL. On failure
 * there is nothing to end. */
GW_MUST_USE enum gw_status gw_child_start(struct gw_child *self, char *const *words, const _Atomic int *stop,
                                          struct gw_error *err);

/* Sends a line, its line feed included. Within the patience the program has to have read it. */
GW_MUST_USE enum gw_status gw_child_tell(struct gw_child *self, const char *line, size_t n,
                                         gw_time_us patience_us, struct gw_error *err);

/* Waits for the next line; *line is ended by NUL instead of the line feed and lives until the next call.
 * GW_ERR_POLICY says how it failed: too late, too long, the program is gone. GW_ERR_INTERRUPTED: `stop`. */
GW_MUST_USE enum gw_status gw_child_hear(struct gw_child *self, gw_time_us patience_us, char **line,
                                         size_t *n, struct gw_error *err);

/* Whether it has said more than was read. */
bool gw_child_has_more(const struct gw_child *self);

/* Its input ends; what has not ended after the patience is killed, with all that it started. Nothing stays. A
 * zeroed struct is fine. */
void gw_child_end(struct gw_child *self, gw_time_us patience_us);

#endif
