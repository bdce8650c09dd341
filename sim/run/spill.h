/* sim/run/spill.h - requests that an overloaded site sends on to another one.
 *
 * A site notes whom it spills while it advances. At the end of the window each gets a site: of those that may
 * serve it, are not overloaded and not out, the one with the shortest round trip to its origin; its own where
 * there is none. It is there at the first window's end that is a round trip between the two sites later, is
 * not sent on again, and its times count from when its user sent it. Only where a model's on_overload is
 * spill: nothing else couples sites within an epoch. */
#ifndef GW_SIM_RUN_SPILL_H
#define GW_SIM_RUN_SPILL_H

#include "sim/run/station.h"
#include "sim/run/tally.h"

struct gw_spilled {
    struct gw_serve_request request; /* as it arrived at `from` */
    uint32_t from, to;
    gw_time_us sent_us; /* by its user */
    gw_time_us due_us;  /* not before */
};

struct gw_spill_list {
    struct gw_spilled *at;
    size_t n, cap;
    bool failed; /* memory ran out */
};

struct gw_spill {
    const struct gw_scenario *sc;
    struct gw_spill_list *noted; /* [sites] since the window began */
    struct gw_spill_list under_way;
};

GW_MUST_USE bool gw_spill_init(struct gw_spill *self, const struct gw_scenario *sc, struct gw_arena *arena);
void gw_spill_fini(struct gw_spill *self);

/* Whether any model of the scenario spills. Then a site has twice as many lanes as demand rows: lane d of
 * what its users send, lane demands + d of what others sent on. */
bool gw_spill_wanted(const struct gw_scenario *sc);

/* Site `from` sends the request of row d on at at_us. Sites may do so side by side. */
void gw_spill_add(struct gw_spill *self, uint32_t from, const struct gw_serve_request *request,
                  gw_time_us at_us);

/* At a window's end, to which all sites have advanced. False when memory is out. */
GW_MUST_USE bool gw_spill_settle(struct gw_spill *self, gw_time_us now_us, const struct gw_station *station,
                                 struct gw_tally *tally);

#endif
