/* sim/run/meter.h - the reading of a site's meters at a step boundary: from engine steps to the grid, into
 * the books.
 *
 *   accelerators (busy, idle) -> host -> power supply -> IT
 *   IT -> plant: cooling, power chain, water -> own PV and wind, battery -> import -> carbon, water off site,
 *   cost
 *
 * Accelerator energy is exact per engine step; everything above it sees the step's mean power, and the plant
 * the air of every five minutes of it. Idle draw, spare nodes and hosts at rest are charged over the scored
 * time only, which is the same for all policies; in the drain only what the remaining work adds.
 * docs/contracts.md, "Meter cut" and "Drain". */
#ifndef GW_SIM_RUN_METER_H
#define GW_SIM_RUN_METER_H

#include "sim/run/air.h"
#include "sim/run/billing.h"
#include "sim/run/ledger.h"
#include "sim/run/onsite.h"
#include "sim/run/scenario.h"
#include "sim/run/station.h"

/* A site's reading of one step, before it is booked. */
struct gw_meter {
    double entry[GW_ACCOUNT_COUNT];
    double marginal_kg; /* of the import, by score.marginal_signal; NAN without it */
    double *share;      /* [demands][GW_SHARE_COUNT] */

    struct gw_billing *billing; /* of this run: tariff, contracts, price of carbon */
    /* kept from reading to reading: for how long the plant's free cooling has been shut, and what the policy
     * last ordered */
    double shut_s, set_point_shift_k;
    struct gw_onsite *onsite;      /* NULL: all is bought */
    struct gw_yard_meter training; /* of this step */
    bool dark;                     /* the site is out in this step: no plant runs */
};

/* Reads the station at to_us (it has been advanced to it), the step being [from_us, to_us), and the jobs in
 * out->training: the energy of the nodes. `idle_counts`: the step lies in the scored time. group_meter
 * [groups of the site] and class_j [demands] are scratch, class_j until gw_meter_rest. */
void gw_meter_nodes(const struct gw_scenario *sc, uint32_t site, struct gw_station *station,
                    gw_time_us from_us, gw_time_us to_us, bool idle_counts,
                    struct gw_replica_meter *group_meter, double *class_j, struct gw_meter *out);

/* What own plants give beyond what the nodes in `meter` and the plant around them take, all through the step,
 * and the most site power that a kW of IT more costs, up to more_kw of them. */
struct gw_meter_spare {
    double kw, pue;
};
struct gw_meter_spare gw_meter_spare(const struct gw_scenario *sc, uint32_t site, gw_time_us from_us,
                                     gw_time_us to_us, bool idle_counts, double more_kw,
                                     const struct gw_air *air, const struct gw_meter *meter);

/* The rest of the reading. air: of the run. GW_ERR_RANGE when a signal has no value in the step. */
GW_MUST_USE enum gw_status gw_meter_rest(const struct gw_scenario *sc, uint32_t site, gw_time_us from_us,
                                         gw_time_us to_us, bool idle_counts, const struct gw_air *air,
                                         const double *class_j, struct gw_meter *out, struct gw_error *err);

/* The part of it above the nodes, whose entries stand in out: plant, supply, grid. Shares are left alone. */
GW_MUST_USE enum gw_status gw_meter_site(const struct gw_scenario *sc, uint32_t site, gw_time_us from_us,
                                         gw_time_us to_us, bool idle_counts, const struct gw_air *air,
                                         struct gw_meter *out, struct gw_error *err);

#endif
