/* sim/run/billing.h - money and claims of a site during a run: its tariff, its contracts, the price of
 * carbon.
 *
 * Fed with each step's import after its carbon is known; entries of the books come out. What a contract is
 * credited with and a month's peak are known only as hours and months fill: each entry says by how much the
 * sum up to now has changed. */
#ifndef GW_SIM_RUN_BILLING_H
#define GW_SIM_RUN_BILLING_H

#include "models/supply/contracts.h"
#include "models/supply/tariff.h"
#include "sim/run/ledger.h"
#include "sim/run/scenario.h"

struct gw_billing {
    const struct gw_grid *grid; /* of this run */
    struct gw_tariff_bill bill;
    struct gw_contract_book book;
};

/* Lives in the arena; NULL when memory is out. */
GW_MUST_USE struct gw_billing *gw_billing_open(const struct gw_scenario *sc, uint32_t site,
                                               const struct gw_grid *grid, struct gw_arena *arena);

/* The step [from, to) of simulated time: import and carbon of `entry` are read, its money and claims filled.
 * scored: not in the drain. False when the grid has no price in the step. */
GW_MUST_USE bool gw_billing_add(struct gw_billing *self, const struct gw_scenario *sc, uint32_t site,
                                gw_time_us from_us, gw_time_us to_us, bool scored, double *entry);

/* A battery's debt or surplus at the end of the scored time, at the mean prices of that time; no contract is
 * credited with it and no peak made by it. kwh may be negative. */
void gw_billing_settle(struct gw_billing *self, const struct gw_scenario *sc, uint32_t site, double kwh,
                       double *entry);

#endif
