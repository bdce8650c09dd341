/* sim/run/foresight.h - what a run's view is told of the future: each signal of the scenario through its
 * forecast.
 *
 * Decisions rest on forecasts, scores on what was. Noise is keyed by (seed, replication, signal, name), so
 * all policies are misled in the same way. */
#ifndef GW_SIM_RUN_FORESIGHT_H
#define GW_SIM_RUN_FORESIGHT_H

#include "sim/run/air.h"

struct gw_foresight {
    const struct gw_scenario *sc;
    const struct gw_air *air;
    uint64_t *site_key;   /* [sites][signals] of the noise */
    uint64_t *demand_key; /* [demands] */
    bool is_hindsight;    /* no forecasts of sites and air: what comes, carbon by the score's signal */
};

GW_MUST_USE bool gw_foresight_init(struct gw_foresight *self, const struct gw_scenario *sc,
                                   uint32_t replication, const struct gw_air *air, struct gw_arena *arena);

/* n epochs from now_us on: mean of a site's signal in the signal's own unit, and of a row's rate in
 * requests/s. */
void gw_foresight_site(const struct gw_foresight *self, uint32_t site, enum gw_forecast_signal signal,
                       gw_time_us now_us, uint32_t n, double *out);
/* The same in n intervals of another length. */
void gw_foresight_intervals(const struct gw_foresight *self, uint32_t site, enum gw_forecast_signal signal,
                            gw_time_us now_us, gw_time_us interval_us, uint32_t n, double *out);
void gw_foresight_demand(const struct gw_foresight *self, uint32_t demand, gw_time_us now_us, uint32_t n,
                         double *out);

/* The instant whose air stands for that of t_us, which lies ahead of now_us. */
gw_time_us gw_foresight_air(const struct gw_foresight *self, gw_time_us now_us, gw_time_us t_us);

#endif
