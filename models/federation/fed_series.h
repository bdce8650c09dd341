/* models/federation/fed_series.h - a federated job on its own, driven by series instead of a run's sites.
 *
 * What holds is level between two steps of the series; the policy speaks at every multiple of `decide_us`.
 * Forecasts are the series themselves: whoever wants worse ones drives the engine himself. */
#ifndef GW_MODELS_FEDERATION_FED_SERIES_H
#define GW_MODELS_FEDERATION_FED_SERIES_H

#include "models/federation/federation.h"

/* Values [client][step], n steps each; NULL: those of gw_federation_plain(). excess is its domain's. */
struct gw_fed_series {
    gw_time_us step_us;
    uint32_t n;
    const double *const *excess_kw, *const *spare_frac, *const *pue;
    const double *const *carbon, *const *price, *const *water_onsite, *const *water_offsite;
    const double *const *renewable_frac, *const *buffer_frac;
};

/* Drives `job` from 0 until its goal, or to the end of the series when `to_end`. decide_us divides step_us or
 * is a multiple of it; horizon: steps that the policy sees, at least 1. */
GW_MUST_USE enum gw_status gw_fed_series_run(struct gw_federation *job, uint32_t clients,
                                             const struct gw_fed_series *series, gw_time_us decide_us,
                                             uint32_t horizon, bool to_end, struct gw_error *err);

#endif
