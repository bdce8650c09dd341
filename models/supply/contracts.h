/* models/supply/contracts.h - power purchase agreements and certificates: what a site may claim, never what
 * it physically draws.
 *
 * Contracts change the market-based view and money; the location-based view does not know them.
 *
 *   matched by the hour   M_h = min(C_h, L_h)              annual   M = min(sum C, sum L) of what is left
 *   market-based carbon   sum (L - M) residual + sum M factor of the contract's plants
 *   CFE                   sum [ M_h + g_h (L_h - M_h) ] / sum L_h     all contracts by the hour
 *   settlement            V (strike - wholesale price) of a PPA, V price of certificates
 *
 * L is the site's load, C the contracted output, g the grid's carbon-free share, V the volume settled, h
 * hours of UTC; "annual" is the run, which stands for a year. What is generated beyond the load of its hour
 * counts for nothing by the hour. A physical PPA settles as a virtual one: the plant's output is sold at the
 * wholesale price whoever draws it. Certificates of another market (`same_grid: false`) are paid and match
 * nothing (GHG Protocol, Scope 2 quality criteria). docs/models/accounts.md. */
#ifndef GW_MODELS_SUPPLY_CONTRACTS_H
#define GW_MODELS_SUPPLY_CONTRACTS_H

#include <stdbool.h>

#include "models/grid/region.h"
#include "sim/base/arena.h"

enum gw_contract_kind { GW_CONTRACT_PPA, GW_CONTRACT_CERTIFICATES };
enum gw_contract_matching { GW_CONTRACT_HOURLY, GW_CONTRACT_ANNUAL };
enum gw_contract_output { GW_CONTRACT_STEADY, GW_CONTRACT_LIKE_GRID, GW_CONTRACT_FILE };

struct gw_contract_like_grid {
    double capacity_factor;
};

struct gw_contract_file {
    const char *path, *column; /* the column's name ends in _frac or _percent: output per capacity */
};

struct gw_contract {
    const char *name;
    int32_t kind, matching, technology; /* technology: enum gw_fuel */
    double capacity_kw;
    struct gw_pick output; /* by enum gw_contract_output */
    double price_usd_per_mwh;
    double carbon_gco2_per_kwh; /* NAN: of its technology, by the signal of the score */
    bool same_grid;
};
extern const struct gw_type gw_contracts_type;

/* A contract whose output can be asked for. */
struct gw_contract_ready {
    const struct gw_contract *cfg;
    struct gw_signal output; /* per capacity */
    double carbon_gco2_per_kwh;
    bool renewable;
};

/* lifecycle: which factors stand in for an absent `carbon`. The error's where is the contract's name. */
struct gw_source;
GW_MUST_USE enum gw_status gw_contracts_prepare(const struct gw_contract *cfg, const struct gw_grid *grid,
                                                bool lifecycle, const struct gw_source *source,
                                                struct gw_contract_ready *out, struct gw_arena *arena,
                                                struct gw_error *err);

/* Plants that follow the grid, in the year of another replication of it. */
void gw_contracts_follow(struct gw_contract_ready *self, const struct gw_grid *grid);

/* What a site and its contracts came to, or what a step added to it. */
struct gw_contract_sums {
    double contracted_kwh, matched_kwh, renewable_kwh; /* matched as the contracts say */
    double matched_hourly_kwh;                         /* were all of them by the hour */
    double carbon_free_kwh;                            /* numerator of CFE; stays 0 without a grid's share */
    double market_kgco2, settlement_usd;
};

struct gw_contract_pool {
    double kwh, renewable_kwh, kgco2; /* generated, of it renewable, and its own carbon */
};

struct gw_contract_book {
    const struct gw_contract_ready *contract;
    uint32_t n;
    int64_t hour;
    /* of the hour in progress: load, its carbon by the residual mix, what the grid has free of carbon in it
     */
    double load_kwh, residual_kgco2, grid_free_kwh;
    struct gw_contract_pool hourly, any; /* any: all contracts */
    /* of the run: what the hourly pool leaves, and what the others generate */
    double left_kwh, left_kgco2;
    struct gw_contract_pool annual;
    struct gw_contract_sums closed; /* hours before this one, without the annual pool */
    double contracted_kwh, settlement_usd;
    struct gw_contract_sums before; /* as told up to the step before */
};

void gw_contracts_open(struct gw_contract_book *self, const struct gw_contract_ready *contract, uint32_t n);

struct gw_contract_step {
    gw_time_us from_unix_us, to_unix_us; /* within one hour of UTC, or whole hours */
    double load_kwh, wholesale_usd_per_mwh;
    double residual_gco2_per_kwh, grid_free_frac; /* grid_free_frac: NAN, not known */
    bool generates;                               /* false in the drain: its hours are not the same for all */
};

/* What the step added; steps in order of time. */
struct gw_contract_sums gw_contracts_add(struct gw_contract_book *self, const struct gw_contract_step *step);

#endif
