/* sim/run/exec_message.h - what a policy that is a program of its own is told: one line of JSON per plan.
 *
 * The first message of an episode has `facts` and every table; later ones have the tables that have changed.
 * What is infinite or not known is null. docs/policies/exec.md is the map. */
#ifndef GW_SIM_RUN_EXEC_MESSAGE_H
#define GW_SIM_RUN_EXEC_MESSAGE_H

#include "models/policies/view.h"
#include "sim/base/text.h"
#include "sim/core/clock.h"

/* Who is told, and of what. */
struct gw_exec_subject {
    const char *policy; /* the variant's name */
    uint32_t slots;     /* enum gw_slot, or-ed */
    uint64_t seed;
    int64_t episode, episodes; /* episode 1 to `episodes` are training; 0 is scored */
};

/* Of each table what was told last. A zeroed struct has told nothing. */
struct gw_exec_told {
    double *value[GW_VIEW_COUNT];
    bool begun;
};
void gw_exec_message_forget(struct gw_exec_told *self);

/* The message that asks for a plan, or, with `done`, says that the episode is over. False when memory is out.
 */
GW_MUST_USE bool gw_exec_message(const struct gw_exec_subject *subject, const struct gw_view *view, bool done,
                                 struct gw_exec_told *told, struct gw_text *out);

#endif
