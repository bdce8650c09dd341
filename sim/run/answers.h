/* sim/run/answers.h - answers on their way back to users who go on: sessions.
 *
 * Sites note what they answered, each in a list of its own; at a window's edge the sources hear of it, row by
 * row in order of (time at the user, number), whatever the sites' order and the threads. */
#ifndef GW_SIM_RUN_ANSWERS_H
#define GW_SIM_RUN_ANSWERS_H

#include "sim/run/scenario.h"

struct gw_answer {
    gw_time_us at_us; /* at the user */
    uint64_t number;
    uint32_t demand, in_tok, out_tok;
};

/* Of one site. Zeroed: empty. */
struct gw_answers {
    struct gw_answer *at;
    size_t n, cap;
    bool failed; /* memory ran out */
};
void gw_answers_fini(struct gw_answers *self);

/* Notes a finished request of row d at site s, late_us later on its way (wire.h); nothing when nobody waits
 * for answers of that row. */
void gw_answers_add(struct gw_answers *self, const struct gw_scenario *sc, uint32_t d, uint32_t s,
                    gw_time_us late_us, const struct gw_served *served);

/* Tells the sources what all sites have noted, and empties the lists. Times are simulated; edge_us is the
 * window's end. */
GW_MUST_USE bool gw_answers_tell(struct gw_answers *site, const struct gw_scenario *sc,
                                 struct gw_request_source *const *source, gw_time_us edge_us);

#endif
