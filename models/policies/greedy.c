/* The greedy policies: one per objective, and one for a weighted sum. Each demand row goes where one more
 * request costs least, up to a share of capacity, then to the next. The baselines that optimisers are
 * compared with: they look at one epoch, one row after the other in scenario order. Stateless; draw no random
 * numbers. The engine: models/policies/filling.h; docs/policies/greedy.md. */
#include <stdio.h>

#include "models/policies/filling.h"
#include "models/policies/registry.h"

struct cfg {
    double fill, slo_margin_ms;
    double weight[GW_OBJECTIVES]; /* of greedy-weighted */
};

#define COMMON                                                                                               \
    {"fill",                                                                                                 \
     "1",                                                                                                    \
     GW_PARAM_NUMBER,                                                                                        \
     offsetof(struct cfg, fill),                                                                             \
     0.8,                                                                                                    \
     0.01,                                                                                                   \
     1.0,                                                                                                    \
     NULL,                                                                                                   \
     "Share of a site's capacity that is filled before the next site is used"},                              \
    {                                                                                                        \
        "slo_margin", "ms", GW_PARAM_NUMBER, offsetof(struct cfg, slo_margin_ms), 0.0, 0.0, 1e5, NULL,       \
            "Margin kept below a row's limit on the time to first token"                                     \
    }
#define WEIGHT(key, k, def, doc)                                                                             \
    {                                                                                                        \
        key, "1", GW_PARAM_NUMBER, offsetof(struct cfg, weight) + (k) * sizeof(double), def, 0.0, 1e6, NULL, \
            doc                                                                                              \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }
static const struct gw_policy_param params[] = {COMMON, END};
static const struct gw_policy_param weighted_params[] = {
    COMMON,
    WEIGHT("carbon", GW_OBJ_CARBON_KG, 1.0, "Weight of carbon, relative to the row's mean over its sites"),
    WEIGHT("water", GW_OBJ_WATER_L, 1.0, "Weight of water"),
    WEIGHT("cost", GW_OBJ_COST_USD, 1.0, "Weight of cost"),
    WEIGHT("ttft", GW_OBJ_TTFT_MS, 1.0, "Weight of the time to first token"),
    WEIGHT("energy", GW_OBJ_ENERGY_KWH, 0.0, "Weight of energy"),
    END,
};

static int create(void **self, const struct cfg *cfg, const double weight[GW_OBJECTIVES],
                  const struct gw_view *view, struct gw_policy_error *error)
{
    struct gw_filling_cfg greedy = {.fill = cfg->fill, .guard = true, .slo_margin_ms = cfg->slo_margin_ms};
    for (uint32_t k = 0; k < GW_OBJECTIVES; k++) {
        greedy.weight[k] = weight[k];
    }
    *self = gw_filling_create(view, &greedy);
    if (*self == NULL) {
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    return 0;
}

static void destroy(void *self)
{
    gw_filling_destroy(self);
}

static int plan(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    gw_filling_plan(self, plan->share);
    return 0;
}

#define POLICY(id, key, table, weights, text)                                                                \
    static int id##_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,          \
                           struct gw_policy_error *error)                                                    \
    {                                                                                                        \
        (void)seed;                                                                                          \
        return create(self, cfg, weights, view, error);                                                      \
    }                                                                                                        \
    const struct gw_policy_ops gw_policy_greedy_##id = {                                                     \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_ROUTING,                                                                            \
        .name = key,                                                                                         \
        .summary = text,                                                                                     \
        .params = table,                                                                                     \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = id##_create,                                                                               \
        .destroy = destroy,                                                                                  \
        .plan = plan,                                                                                        \
    }
#define ONLY(k) ((const double[GW_OBJECTIVES]){[k] = 1.0})
POLICY(carbon, "greedy-carbon", params, ONLY(GW_OBJ_CARBON_KG),
       "The site where a request emits least, up to a share of its capacity");
POLICY(water, "greedy-water", params, ONLY(GW_OBJ_WATER_L),
       "The site where a request consumes least water, on site and off it");
POLICY(cost, "greedy-cost", params, ONLY(GW_OBJ_COST_USD),
       "The site where a request costs least, its answer's way included");
POLICY(ttft, "greedy-ttft", params, ONLY(GW_OBJ_TTFT_MS),
       "The site where the first token comes soonest, waiting included");
POLICY(energy, "greedy-energy", params, ONLY(GW_OBJ_ENERGY_KWH),
       "The site where a request draws least energy");
POLICY(weighted, "greedy-weighted", weighted_params, ((const struct cfg *)cfg)->weight,
       "The site where a weighted sum of carbon, water, cost, time and energy is least");
