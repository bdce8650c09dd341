#include "sim/base/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local const struct gw_check_context *current;

const struct gw_check_context *gw_check_enter(const struct gw_check_context *context)
{
    const struct gw_check_context *previous = current;
    current = context;
    return previous;
}

static const char *or_unknown(const char *name)
{
    return name != NULL ? name : "?";
}

void gw_check_failed(const char *condition, const char *file, int line)
{
    const struct gw_check_context *c = current;
    if (c == NULL) {
        fprintf(stderr, "geowatt: internal error: %s:%d: %s does not hold\n", file, line, condition);
    } else {
        fprintf(stderr,
                "geowatt: internal error: %s:%d: %s does not hold "
                "(scenario %s, policy %s, seed %" PRIu64 ", replication %" PRIu32 ", time %" PRId64
                " us, event %" PRIu64 ")\n",
                file, line, condition, or_unknown(c->scenario), or_unknown(c->policy), c->seed,
                c->replication, c->now_us, c->event);
    }
    /* Not exit(): handlers would run on the state that was just found broken. */
    fflush(stderr);
    _Exit(70);
}
