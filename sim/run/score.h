/* sim/run/score.h - the columns by which policies are compared. docs/results-format.md explains each.
 *
 * Columns are sums or quotients of sums over sites, or quantiles over requests that arrived within the scored
 * time. Unanswered requests count at their age when the run ended. */
#ifndef GW_SIM_RUN_SCORE_H
#define GW_SIM_RUN_SCORE_H

#include <stdbool.h>

#include "models/policies/policy.h"

enum gw_better { GW_BETTER_NEITHER, GW_BETTER_LOW, GW_BETTER_HIGH };

/* X(id, name, unit, better, doc) */
#define GW_SCORES(X)                                                                                         \
    X(CARBON, "carbon_kgco2", "kgCO2", LOW,                                                                  \
      "Operational carbon of all imported energy, by the score's signal")                                    \
    X(WATER, "water_l", "L", LOW, "Water consumed on site and off site")                                     \
    X(COST, "cost_usd", "USD", LOW,                                                                          \
      "Energy, power and fixed charges of the tariff, charges per month pro-rated to the run's part; and "   \
      "data that leaves the sites")                                                                          \
    X(TTFT_MEAN, "ttft_ms_mean", "ms", LOW, "Time to first token, network and API included")                 \
    X(TTFT_P50, "ttft_ms_p50", "ms", LOW, "Median time to first token")                                      \
    X(TTFT_P95, "ttft_ms_p95", "ms", LOW, "95th percentile of the time to first token")                      \
    X(TTFT_P99, "ttft_ms_p99", "ms", LOW, "99th percentile of the time to first token")                      \
    X(TPOT_MEAN, "tpot_ms_mean", "ms", LOW, "Time per output token after the first, mean over requests")     \
    X(TPOT_P50, "tpot_ms_p50", "ms", LOW, "Median time per output token")                                    \
    X(TPOT_P95, "tpot_ms_p95", "ms", LOW, "95th percentile of the time per output token")                    \
    X(TPOT_P99, "tpot_ms_p99", "ms", LOW, "99th percentile of the time per output token")                    \
    X(E2E_MEAN, "e2e_ms_mean", "ms", LOW, "Time from sending a request to its last token")                   \
    X(E2E_P50, "e2e_ms_p50", "ms", LOW, "Median end-to-end time")                                            \
    X(E2E_P95, "e2e_ms_p95", "ms", LOW, "95th percentile of the end-to-end time")                            \
    X(E2E_P99, "e2e_ms_p99", "ms", LOW, "99th percentile of the end-to-end time")                            \
    X(SLO, "slo_frac", "1", HIGH, "Requests that met every limit of their row, of those that have one")      \
    X(ARRIVED, "arrived", "1", NEITHER, "Requests sent within the scored time")                              \
    X(COMPLETED, "completed", "1", HIGH, "Of these, answered in full")                                       \
    X(DROPPED, "dropped", "1", LOW, "Of these, refused")                                                     \
    X(TIMED_OUT, "timed_out", "1", LOW, "Of these, gave up at their time-out")                               \
    X(DEADLINE_MISS, "deadline_miss_frac", "1", LOW,                                                         \
      "Requests of batch rows that were not answered in full by their deadline")                             \
    X(UNSERVED, "unserved_frac", "1", LOW, "Share not answered in full when the run ended")                  \
    X(QUALITY, "quality", "1", HIGH,                                                                         \
      "How often answers are preferred over what they would be without directives; rows with directives")    \
    X(TOKENS_OUT, "tokens_out", "tok", NEITHER, "Output tokens of completed requests")                       \
    X(ENERGY, "energy_kwh", "kWh", LOW, "Imported energy, batteries brought back to their start")            \
    X(IT, "it_kwh", "kWh", LOW, "Energy at the nodes' plugs")                                                \
    X(IDLE_FRAC, "idle_frac", "1", LOW,                                                                      \
      "Share of IT energy drawn without work: idle accelerators, hosts at rest, spare nodes")                \
    X(PUE, "pue", "1", LOW, "Facility energy over IT energy")                                                \
    X(WUE, "wue_l_per_kwh", "L/kWh", LOW, "Water consumed on site over IT energy")                           \
    X(WUE_WITHDRAWN, "wue_withdrawn_l_per_kwh", "L/kWh", LOW, "Water withdrawn on site over IT energy")      \
    X(WUE_FACILITY, "wue_facility_l_per_kwh", "L/kWh", LOW, "Water consumed on site over facility energy")   \
    X(WATER_WITHDRAWN, "water_withdrawn_l", "L", LOW, "Water withdrawn on site")                             \
    X(WATER_WITH_HYDRO, "water_with_hydro_l", "L", LOW,                                                      \
      "Water consumed on site and off site, with what reservoirs evaporate")                                 \
    X(WATER_STRESSED, "water_stressed_l", "L", LOW,                                                          \
      "Water consumed on site, weighted by the stress of its basin")                                         \
    X(CUE, "cue_kg_per_kwh", "kg/kWh", LOW, "Carbon over IT energy")                                         \
    X(ERF, "erf", "1", HIGH, "Reused heat over facility energy")                                             \
    X(ERE, "ere", "1", LOW, "Facility energy less reused heat, over IT energy")                              \
    X(CARBON_LIFECYCLE, "carbon_lifecycle_kgco2", "kgCO2", LOW, "Carbon by the average life-cycle signal")   \
    X(CARBON_DIRECT, "carbon_direct_kgco2", "kgCO2", LOW, "Carbon by the average direct signal")             \
    X(CARBON_MARKET, "carbon_market_kgco2", "kgCO2", LOW,                                                    \
      "Carbon in the market-based view, by the score's signal")                                              \
    X(CFE, "cfe_frac", "1", HIGH, "Energy free of carbon: own, and imported as matched by the hour")         \
    X(MATCHED, "matched_frac", "1", HIGH, "Imported energy that contracts are credited with")                \
    X(REF, "ref", "1", HIGH,                                                                                 \
      "Own renewable energy and that of contracts over what facility and heat pumps drew")                   \
    X(CARBON_PRICE, "carbon_price_usd", "USD", LOW, "Carbon at the price of carbon; not in cost_usd")        \
    X(CONTRACT_COST, "contract_usd", "USD", LOW, "Settlement of contracts; not in cost_usd")                 \
    X(TRANSFER, "transfer_usd", "USD", LOW, "Data that leaves the sites; in cost_usd")                       \
    X(NETWORK, "network_kwh", "kWh", LOW,                                                                    \
      "Energy of the network between users and sites; not in energy_kwh")                                    \
    X(DELTA_MARGINAL, "delta_carbon_marginal_kgco2", "kgCO2", LOW,                                           \
      "Carbon more than under the baseline policy, by the marginal signal: a change, never a total")         \
    X(CARBON_PER_REQUEST, "carbon_g_per_request", "gCO2", LOW, "Carbon over completed requests")             \
    X(CARBON_PER_KTOK, "carbon_g_per_ktok", "gCO2", LOW, "Carbon over 1000 output tokens")                   \
    X(ENERGY_PER_REQUEST, "energy_wh_per_request", "Wh", LOW, "Imported energy over completed requests")     \
    X(ENERGY_PER_KTOK, "energy_wh_per_ktok", "Wh", LOW, "Imported energy over 1000 output tokens")           \
    X(WATER_PER_REQUEST, "water_ml_per_request", "mL", LOW, "Water consumed over completed requests")        \
    X(MEAN_BATCH, "mean_batch", "1", NEITHER, "Running sequences, mean over busy replica time")              \
    X(BUSY_FRAC, "busy_frac", "1", NEITHER, "Replica time with an engine step running")                      \
    X(ESTIMATE_ERROR_CARBON, "estimate_error_carbon", "1", NEITHER,                                          \
      "Plan evaluator over simulated carbon, minus 1; none where policies see another signal than the "      \
      "score's")                                                                                             \
    X(ESTIMATE_ERROR_TTFT, "estimate_error_ttft", "1", NEITHER,                                              \
      "Plan evaluator over simulated mean TTFT, minus 1")                                                    \
    X(EVALUATIONS, "evaluations", "1", NEITHER, "Plans that the policy valued, where it says so")            \
    X(HYPERVOLUME, "hypervolume", "1", HIGH,                                                                 \
      "Of the fronts that the policy found, mean over epochs, between each objective's worst and best")      \
    X(HYPERVOLUME_RATIO, "hypervolume_ratio", "1", HIGH,                                                     \
      "That over the hypervolume of the front of as many linear programs as lp_front asks for; may exceed "  \
      "1")                                                                                                   \
    X(PLAN_GAP_CARBON, "plan_gap_carbon_frac", "1", LOW,                                                     \
      "Plans' carbon by the evaluator over the least of any, minus 1, mean over epochs; score.bounds asks "  \
      "for it")                                                                                              \
    X(PLAN_GAP_WATER, "plan_gap_water_frac", "1", LOW, "The same of water")                                  \
    X(PLAN_GAP_COST, "plan_gap_cost_frac", "1", LOW, "The same of cost")                                     \
    X(PLAN_GAP_TTFT, "plan_gap_ttft_frac", "1", LOW, "The same of the mean time to first token")             \
    X(SIM_GAP_CARBON, "sim_gap_carbon_frac", "1", LOW,                                                       \
      "Carbon over that of the policy lp-carbon in this result, minus 1; no bound, may be negative")         \
    X(SIM_GAP_WATER, "sim_gap_water_frac", "1", LOW, "The same of water and lp-water")                       \
    X(SIM_GAP_COST, "sim_gap_cost_frac", "1", LOW, "The same of cost and lp-cost")                           \
    X(SIM_GAP_TTFT, "sim_gap_ttft_frac", "1", LOW, "The same of the mean time to first token and lp-ttft")   \
    X(ONSITE, "onsite_kwh", "kWh", NEITHER, "Energy of own panels and turbines that was used or stored")     \
    X(CURTAILED, "curtailed_kwh", "kWh", LOW, "Energy of own panels and turbines that nobody used")          \
    X(NEAR_SATURATION, "near_saturation_frac", "1", LOW,                                                     \
      "Flow mode: requests that met a site above 85 % of its capacity, where its times are rough")           \
    X(MISSING, "unserved_kwh", "kWh", LOW, "Energy missing beyond import limits")                            \
    X(RESIDUAL, "audit_residual", "1", NEITHER, "Largest relative imbalance of sources and uses")            \
    X(JOBS, "jobs", "1", NEITHER, "Training jobs submitted")                                                 \
    X(JOBS_DONE, "jobs_done", "1", HIGH, "Of these, done when the run ended")                                \
    X(JOB_DELAY, "job_delay_h_mean", "h", LOW,                                                               \
      "Later than had each run alone and at once; of what is not done, its age less its work")               \
    X(JOB_DELAY_P95, "job_delay_h_p95", "h", LOW, "95th percentile of this delay")                           \
    X(JOB_START, "job_start_h_mean", "h", LOW, "From submission to the first accelerators")                  \
    X(JOB_MISSED, "job_deadline_miss_frac", "1", LOW,                                                        \
      "Jobs not done by their deadline, of those that have one")                                             \
    X(TRAINING, "training_kwh", "kWh", LOW, "IT energy of training jobs")                                    \
    X(TRAINING_LOST, "training_lost_kwh", "kWh", LOW, "Of it for work that was lost")                        \
    X(TRAINING_CARBON, "training_carbon_kgco2", "kgCO2", LOW,                                                \
      "Carbon of this energy by the score's signal, without cooling and power chain")                        \
    X(TRAINING_WORK, "training_work_h", "h", NEITHER,                                                        \
      "Accelerator hours of work done, counted at each job's own width")                                     \
    X(INSTANCES, "instances_usd", "USD", LOW, "Accelerators rented for training; not in cost_usd")           \
    X(ROUNDS, "rounds", "1", NEITHER, "Rounds of federated jobs that closed with work")                      \
    X(LEARNT, "learnt_tok", "tok", NEITHER,                                                                  \
      "Tokens at one site that would have taught as much as these rounds")                                   \
    X(LOSS_RATIO, "loss_ratio", "1", LOW,                                                                    \
      "Final loss of federated jobs over that of one site after the same tokens")                            \
    X(LEARNT_H, "learnt_h", "h", LOW,                                                                        \
      "Until federated jobs had reached their loss, mean; the run's end where they had not")

#define GW_SCORE_ENUM(id, name, unit, better, doc) GW_SCORE_##id,
enum gw_score { GW_SCORES(GW_SCORE_ENUM) GW_SCORE_COUNT };
#undef GW_SCORE_ENUM

struct gw_score_doc {
    const char *name, *unit, *doc;
    enum gw_better better;
};
struct gw_score_doc gw_score_doc(enum gw_score column);

/* GW_SCORE_COUNT when there is no such column. */
enum gw_score gw_score_find(const char *name);

/* Objectives that have bounds: the first ones of enum gw_objective, as `score.bounds` calls them. */
enum { GW_SCORE_OBJECTIVES = GW_OBJ_TTFT_MS + 1 };
extern const char *const gw_score_objective_names[]; /* ends with NULL */
struct gw_score_objective {
    const char *policy; /* by linear programming */
    enum gw_score score, plan_gap, sim_gap;
};
struct gw_score_objective gw_score_objective(enum gw_objective objective);

/* Rows whose work done differs by more than this share are not comparable. */
#define GW_SCORE_WORK_TOLERANCE 1e-3

/* True when both rows did the same work (completed requests and output tokens) and neither lacked energy
 * beyond an import limit. Where directives say how long answers are, their tokens are the decision and do not
 * count. */
bool gw_score_comparable(const double *score, const double *baseline);

/* The same where users answer to the service (sessions, elastic demand): how much they ask for is then an
 * outcome, and totals are compared per completed request. True when both rows answered something, the same
 * share of what was asked for, and neither lacked energy. */
bool gw_score_comparable_per_request(const double *score, const double *baseline);

/* A column that such rows compare per completed request: money and amounts of something. */
bool gw_score_is_total(enum gw_score column);

#endif
