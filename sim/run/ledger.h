/* sim/run/ledger.h - the books of one run: energy, carbon, water and money per site and step, and per demand
 * row.
 *
 * The run fills one entry per site and step; sums are compensated. Nothing is averaged: a ratio (PUE, WUE, g
 * per request) is a quotient of two sums taken when it is asked for. The audit adds up sources and uses
 * independently of the code that filled them. */
#ifndef GW_SIM_RUN_LEDGER_H
#define GW_SIM_RUN_LEDGER_H

#include <stdbool.h>

#include "sim/base/arena.h"
#include "sim/core/clock.h"
#include "sim/core/moments.h"

/* X(id, name, unit, doc): the accounts of a site. */
#define GW_ACCOUNTS(X)                                                                                       \
    X(BUSY, "busy_kwh", "kWh", "Accelerators while an engine step runs")                                     \
    X(IDLE, "idle_kwh", "kWh",                                                                               \
      "Accelerators of standing replicas between steps, and unused ones beside them")                        \
    X(HOST, "host_kwh", "kWh", "Fans, CPU and network that follow the accelerators' work")                   \
    X(HOST_IDLE, "host_idle_kwh", "kWh", "Hosts of nodes with replicas at rest")                             \
    X(SPARE, "spare_kwh", "kWh", "Nodes without replicas in their spare state")                              \
    X(LOADING, "loading_kwh", "kWh", "Nodes that wake, and accelerators into which weights are loaded")      \
    X(PSU, "psu_kwh", "kWh", "Losses of the nodes' power supplies")                                          \
    X(COOLING, "cooling_kwh", "kWh", "Heat removal")                                                         \
    X(CHAIN, "power_chain_kwh", "kWh", "UPS, distribution and lighting")                                     \
    X(IMPORT, "import_kwh", "kWh", "Bought from the grid")                                                   \
    X(PV, "pv_kwh", "kWh", "Given by the site's own panels, used or not")                                    \
    X(WIND, "wind_kwh", "kWh", "Given by the site's own turbines, used or not")                              \
    X(CHARGE, "charge_kwh", "kWh", "Into the battery, at its terminals")                                     \
    X(DISCHARGE, "discharge_kwh", "kWh", "Out of the battery, at its terminals")                             \
    X(BATTERY_LOSS, "battery_loss_kwh", "kWh", "Lost in the battery")                                        \
    X(STORED, "stored_kwh", "kWh", "Change of the energy in the battery's cells")                            \
    X(EXPORT, "export_kwh", "kWh", "Given to the grid, for nothing")                                         \
    X(CURTAILED, "curtailed_kwh", "kWh", "Of own panels and turbines, used by nobody")                       \
    X(UNSERVED, "unserved_kwh", "kWh", "Missing beyond the import limit")                                    \
    X(SETTLED, "settled_kwh", "kWh", "Bought, or saved, to bring the battery back to its start")             \
    X(CARBON_LIFECYCLE, "carbon_lifecycle_kgco2", "kgCO2",                                                   \
      "Of the imported energy, average lifecycle signal")                                                    \
    X(CARBON_DIRECT, "carbon_direct_kgco2", "kgCO2", "Of the imported energy, average direct signal")        \
    X(WATER_ONSITE, "water_onsite_l", "L", "Consumed on site")                                               \
    X(WATER_WITHDRAWN, "water_withdrawn_l", "L", "Withdrawn on site")                                        \
    X(WATER_DISCHARGED, "water_discharged_l", "L", "Given back of what was withdrawn on site")               \
    X(WATER_STRESSED, "water_stressed_l", "L", "Consumed on site, weighted by the stress of its basin")      \
    X(WATER_OFFSITE, "water_offsite_l", "L", "Consumed by the power plants behind the imported energy")      \
    X(WATER_OFFSITE_HYDRO, "water_offsite_with_hydro_l", "L",                                                \
      "The same by the second convention, which counts what reservoirs evaporate")                           \
    X(HEAT_REUSED, "heat_reused_kwh", "kWh", "Heat handed to its user, before any heat pump")                \
    X(HEAT_PUMP, "heat_pump_kwh", "kWh",                                                                     \
      "Electricity that lifts this heat to the user's temperature: drawn at the site, outside the facility") \
    X(COST, "energy_cost_usd", "USD", "Imported energy at the tariff's price of its step")                   \
    X(DEMAND_CHARGE, "demand_charge_usd", "USD",                                                             \
      "Highest power of each month above what was owed before, pro-rated to the run's part of the month")    \
    X(DEMAND_OWED, "demand_owed_usd", "USD",                                                                 \
      "Charge on power that is owed whatever the run does, from before it or by contract; in no cost")       \
    X(COINCIDENT, "coincident_usd", "USD", "Charge on power at the hours of the system's peak")              \
    X(FIXED_CHARGE, "fixed_charge_usd", "USD", "Charge per month, pro-rated")                                \
    X(CARBON_PRICE, "carbon_price_usd", "USD", "Carbon of the score's signal at the price of carbon")        \
    X(CONTRACT_COST, "contract_usd", "USD", "Settlement of contracts and price of certificates")             \
    X(CONTRACTED, "contracted_kwh", "kWh", "Generated by contracted plants")                                 \
    X(MATCHED, "matched_kwh", "kWh", "Of it credited to the import, by the hour or over the run as agreed")  \
    X(MATCHED_RENEWABLE, "matched_renewable_kwh", "kWh", "Of that from renewable plants")                    \
    X(MATCHED_HOURLY, "matched_hourly_kwh", "kWh", "What all contracts would be credited with by the hour")  \
    X(CARBON_FREE, "carbon_free_kwh", "kWh",                                                                 \
      "Import that is free of carbon hour by hour, through contracts or through the grid")                   \
    X(CARBON_MARKET, "carbon_market_kgco2", "kgCO2",                                                         \
      "Of the imported energy in the market-based view: contracts first, the rest as residual mix")          \
    X(NETWORK_IN, "network_in_gb", "GB", "Prompts and, from another site, keys and values")                  \
    X(NETWORK_OUT, "network_out_gb", "GB", "Answers and, to another site, keys and values")                  \
    X(NETWORK, "network_kwh", "kWh", "Of the network outside, for both: not drawn here, not imported")       \
    X(TRANSFER, "transfer_usd", "USD", "Answers at the price of data that leaves the site")                  \
    X(BUSY_S, "busy_s", "s", "Replica seconds with an engine step running")                                  \
    X(REPLICA_S, "replica_s", "s", "Replica seconds standing")                                               \
    X(BATCH_S, "batch_s", "s", "Running sequences times busy time")                                          \
    X(TOKENS_OUT, "tokens_out", "tok", "Output tokens emitted")                                              \
    X(PROMPT_TOK, "prompt_tok", "tok", "Prompt tokens processed, recomputed ones included")                  \
    X(ENGINE_STEPS, "engine_steps", "1", "Engine steps")                                                     \
    X(ENGINE_EVENTS, "engine_events", "1", "Events the simulator needed for them")                           \
    X(PREEMPTIONS, "preemptions", "1", "Sequences put back to the queue for lack of KV memory")              \
    X(ARRIVED, "arrived", "1", "Requests sent to the site")                                                  \
    X(FINISHED, "finished", "1", "Requests answered in full")                                                \
    X(TTFT_S, "ttft_s", "s", "Their times to first token, summed")                                           \
    X(SPILLED, "spilled", "1", "Requests sent on to another site")                                           \
    X(TRAINING, "training_kwh", "kWh",                                                                       \
      "Accelerators of training jobs at work, with their share of the nodes")                                \
    X(TRAINING_HELD, "training_held_kwh", "kWh",                                                             \
      "The same held without work: starting, writing checkpoints, changing width")                           \
    X(TRAINING_GAP, "training_gap_kwh", "kWh",                                                               \
      "Of that, of federated jobs: starting, transfers, adding up; the rest of theirs waits or rests")       \
    X(TRAINING_LOST, "training_lost_kwh", "kWh",                                                             \
      "Of the energy of training, for work that was lost; told when it is lost")                             \
    X(FED_SURPLUS, "federated_surplus_kwh", "kWh",                                                           \
      "Of own plants, left for federated jobs by everything else at the site")                               \
    X(FED_UPDATES, "federated_updates", "1",                                                                 \
      "Updates of the site's clients that rounds of federated jobs took")                                    \
    X(TRAINING_S, "training_s", "s", "Accelerator seconds of training jobs at work")                         \
    X(INSTANCES, "instances_usd", "USD", "Accelerators rented for training; in no cost of energy")

#define GW_ACCOUNT_ENUM(id, name, unit, doc) GW_ACCOUNT_##id,
enum gw_account { GW_ACCOUNTS(GW_ACCOUNT_ENUM) GW_ACCOUNT_COUNT };
#undef GW_ACCOUNT_ENUM

struct gw_account_doc {
    const char *name, *unit, *doc;
};
struct gw_account_doc gw_ledger_account(enum gw_account account);

/* What a demand row used: its share of busy energy, carried through to the meter. */
enum gw_share {
    GW_SHARE_BUSY_KWH,
    GW_SHARE_IMPORT_KWH,
    GW_SHARE_CARBON_KG,
    GW_SHARE_WATER_L,
    GW_SHARE_COST_USD,
    GW_SHARE_COUNT
};
extern const char *const gw_ledger_share_names[];

struct gw_ledger {
    uint32_t sites, demands;
    gw_time_us step_us, every_us; /* every_us: a multiple of step_us; rows of the time series */
    struct gw_sum *total;         /* [sites][GW_ACCOUNT_COUNT] over the scored horizon and drain */
    struct gw_sum
        *demand;    /* [sites][demands][GW_SHARE_COUNT]; sites apart so that they can be filled in parallel */
    double *series; /* [rows][sites][GW_ACCOUNT_COUNT], growing */
    size_t rows, cap_rows;
    gw_time_us now_us; /* end of the last step entered */
};

GW_MUST_USE bool gw_ledger_init(struct gw_ledger *self, uint32_t sites, uint32_t demands, gw_time_us step_us,
                                gw_time_us every_us, struct gw_arena *arena);
void gw_ledger_fini(struct gw_ledger *self);

/* Makes room for the step [from, from + step_us), so that sites can then enter it in parallel. */
GW_MUST_USE bool gw_ledger_open_step(struct gw_ledger *self, gw_time_us from_us);

/* Adds a site's entry of that step, and the shares of the demand rows (share[demands][GW_SHARE_COUNT]). */
void gw_ledger_enter(struct gw_ledger *self, gw_time_us from_us, uint32_t site, const double *entry,
                     const double *share);

double gw_ledger_site(const struct gw_ledger *self, uint32_t site, enum gw_account account);
double gw_ledger_sum(const struct gw_ledger *self, enum gw_account account); /* over sites, in order */
double gw_ledger_demand(const struct gw_ledger *self, uint32_t demand, enum gw_share share);

/* The largest relative difference between sources and uses, over sites and balances. */
double gw_ledger_residual(const struct gw_ledger *self);

#endif
