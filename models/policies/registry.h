/* models/policies/registry.h - the built-in policies. To add one: a file beside this, a line here, a test, a
 * page. */
#ifndef GW_MODELS_POLICIES_REGISTRY_H
#define GW_MODELS_POLICIES_REGISTRY_H

#include "models/policies/policy.h"
#include "models/policies/slots.h"
#include "sim/tree/bind.h"

#define GW_BUILTIN_POLICIES(X)                                                                               \
    X(nearest)                                                                                               \
    X(round_robin)                                                                                           \
    X(uniform)                                                                                               \
    X(random_site)                                                                                           \
    X(least_loaded)                                                                                          \
    X(most_available)                                                                                        \
    X(greedy_carbon)                                                                                         \
    X(greedy_water)                                                                                          \
    X(greedy_cost)                                                                                           \
    X(greedy_ttft)                                                                                           \
    X(greedy_energy)                                                                                         \
    X(greedy_weighted)                                                                                       \
    X(carbonmin)                                                                                             \
    X(casper)                                                                                                \
    X(waterwise)                                                                                             \
    X(eglb)                                                                                                  \
    X(helix_geo)                                                                                             \
    X(splitwise_geo)                                                                                         \
    X(static)                                                                                                \
    X(reactive)                                                                                              \
    X(forecast)                                                                                              \
    X(scale_to_zero)                                                                                         \
    X(battery_rules_own)                                                                                     \
    X(battery_rules_carbon)                                                                                  \
    X(battery_rules_price)                                                                                   \
    X(battery_rules_peak)                                                                                    \
    X(power_caps_none)                                                                                       \
    X(power_caps_static)                                                                                     \
    X(power_caps_chase)                                                                                      \
    X(power_caps_chase_static)                                                                               \
    X(sprout)                                                                                                \
    X(sprout_static)                                                                                         \
    X(fixed_answers_full)                                                                                    \
    X(fixed_answers_shortest)                                                                                \
    X(quality_tiers)                                                                                         \
    X(slit)                                                                                                  \
    X(slit_lp)                                                                                               \
    X(shield)                                                                                                \
    X(moela)                                                                                                 \
    X(mosaic)                                                                                                \
    X(nsga2)                                                                                                 \
    X(nsga3)                                                                                                 \
    X(moead)                                                                                                 \
    X(sms_emoa)                                                                                              \
    X(random_search)                                                                                         \
    X(anneal)                                                                                                \
    X(ga)                                                                                                    \
    X(lp_carbon)                                                                                             \
    X(lp_water)                                                                                              \
    X(lp_cost)                                                                                               \
    X(lp_ttft)                                                                                               \
    X(lp_weighted)                                                                                           \
    X(run_now)                                                                                               \
    X(job_caps_fixed)                                                                                        \
    X(job_caps_zeus)                                                                                         \
    X(job_caps_chase)                                                                                        \
    X(job_caps_chase_static)                                                                                 \
    X(fed_rank_all)                                                                                          \
    X(fed_rank_central)                                                                                      \
    X(fed_rank_random)                                                                                       \
    X(fed_rank_lowest_ci)                                                                                    \
    X(fed_rank_lowest_cost)                                                                                  \
    X(fed_rank_lowest_water)                                                                                 \
    X(excess_power)                                                                                          \
    X(curtailment)                                                                                           \
    X(carbon_budget)                                                                                         \
    X(alpha_fair)                                                                                            \
    X(powertrip)                                                                                             \
    X(fedsustain)                                                                                            \
    X(fed_oracle)                                                                                            \
    X(lowest_slot)                                                                                           \
    X(lowest_window)                                                                                         \
    X(carbon_time)                                                                                           \
    X(wait_awhile)                                                                                           \
    X(ecovisor_threshold)                                                                                    \
    X(pcaps)                                                                                                 \
    X(double_threshold)                                                                                      \
    X(res_first)                                                                                             \
    X(spot_first)                                                                                            \
    X(spot_res)                                                                                              \
    X(carbon_scaler)                                                                                         \
    X(carbon_flex)                                                                                           \
    X(vcc)                                                                                                   \
    X(geo_migrate)                                                                                           \
    X(oracle)

#define GW_POLICY_DECLARE(name) extern const struct gw_policy_ops gw_policy_##name;
GW_BUILTIN_POLICIES(GW_POLICY_DECLARE)
#undef GW_POLICY_DECLARE

/* By the name users write ("greedy-carbon"); NULL when unknown. */
const struct gw_policy_ops *gw_registry_find(const char *name);
const char *const *gw_registry_names(void); /* ended by NULL; "plugin" and "exec" included */
const char *const *gw_registry_names_for(enum gw_slots_index slot); /* those made for a slot */

/* The parameter table of a policy as a binder type, for GW_NAMED rows; NULL when unknown. "plugin" has `path`
 * and `set`, "exec" what a struct gw_exec_cfg holds. */
const struct gw_type *gw_registry_type(const char *name);

/* What `{ policy: plugin, path: ./my.so, set: { limit: 3 } }` binds to. */
struct gw_plugin_cfg {
    const char *path;
    struct gw_names set; /* parameter -> text */
};

/* What `{ policy: exec, command: [python3, my.py], timeout: 10 s }` binds to. Who runs it makes the choice:
 * models start no programs. */
struct gw_exec_cfg {
    struct gw_slice command; /* texts */
    int64_t timeout_us, episodes;
};

/* A policy ready to be created: its table and its configuration (cfg_size bytes). */
struct gw_policy_choice {
    const struct gw_policy_ops *ops;
    const void *cfg;
    void *library;     /* of a plug-in; closed by gw_registry_close */
    uint64_t checksum; /* of the plug-in's file; 0 when built in */
};

/* Resolves what a GW_NAMED row bound to, which is not "exec": finds the built-in one, or loads the plug-in
 * and reads its parameters. */
GW_MUST_USE enum gw_status gw_registry_open(const struct gw_named *row, struct gw_policy_choice *out,
                                            struct gw_arena *arena, struct gw_error *err);
void gw_registry_close(struct gw_policy_choice *choice);

#endif
