/* Power caps of the accelerators of each model at each site.
 *
 * uncapped and static-cap hold one cap all the time. chase follows the grid (Yang, Meng, Xu, arXiv
 * 2303.02508): at every plan, per model and site, the cap p that minimises
 *
 *   [eta P(p) CI + (1 - eta) P_max CI_max] / throughput(p)
 *
 * with the power P and the throughput of a saturated replica under the cap, CI the carbon intensity of the
 * coming epoch; P_max is the largest P, CI_max the dirtiest intensity. chase-static takes the mean intensity
 * of the hours ahead at the beginning instead and keeps its cap: what of Chase's saving is capping alone.
 * Caps that would leave a model less capacity than its load needs are not taken. docs/policies/power.md. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/view.h"

/* ---- one cap ---- */

struct static_cfg {
    double cap;
};

static const struct gw_policy_param static_params[] = {
    {"cap", "1", GW_PARAM_NUMBER, offsetof(struct static_cfg, cap), 0.7, 0.1, 1.0, NULL,
     "Share of the limit; what lies below the lowest cap measured is that one"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static void order_cap(struct gw_plan *plan, uint32_t m, uint32_t s, double cap)
{
    const struct gw_order order = {.kind = GW_ORDER_POWER_CAP, .at = {m, s}, .value = cap};
    (void)plan->order(plan, &order);
}

static void order_everywhere(const struct gw_view *view, struct gw_plan *plan, double cap)
{
    for (uint32_t m = 0; m < view->dims->models; m++) {
        for (uint32_t s = 0; s < view->dims->sites; s++) {
            order_cap(plan, m, s, cap);
        }
    }
}

static int uncapped_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                         struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    order_everywhere(view, plan, 1.0);
    return 0;
}

static int static_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct static_cfg *own = malloc(sizeof *own);
    if (own == NULL) {
        return 1;
    }
    *own = *(const struct static_cfg *)cfg;
    *self = own;
    return 0;
}

static int static_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                       struct gw_policy_error *error)
{
    (void)error;
    order_everywhere(view, plan, ((const struct static_cfg *)self)->cap);
    return 0;
}

/* ---- Chase ---- */

struct chase_cfg {
    double eta, high, load;
};

static const struct gw_policy_param chase_params[] = {
    {"eta", "1", GW_PARAM_NUMBER, offsetof(struct chase_cfg, eta), 0.5, 0.0, 1.0, NULL,
     "Weight of carbon; the rest is that of time"},
    {"high", "gCO2/kWh", GW_PARAM_NUMBER, offsetof(struct chase_cfg, high), 0.0, 0.0, 1e5, NULL,
     "Intensity of the dirtiest hour; 0: the highest that was seen or is forecast"},
    {"load", "1", GW_PARAM_NUMBER, offsetof(struct chase_cfg, load), 0.8, 0.01, 1.0, NULL,
     "Utilisation that a cap must not raise a model above"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct chase {
    struct chase_cfg cfg;
    bool settled; /* chase-static: its caps are ordered */
    double *high; /* [sites] intensity seen or forecast so far */
    double *full; /* [models][sites] replica's capacity under the cap in force, over that without */
};

static void chase_destroy(void *self)
{
    struct chase *p = self;
    if (p != NULL) {
        free(p->high);
        free(p->full);
        free(p);
    }
}

static int chase_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                        struct gw_policy_error *error)
{
    (void)seed;
    (void)error;
    const size_t cells = (size_t)view->dims->models * view->dims->sites;
    struct chase *p = calloc(1, sizeof *p);
    double *high = calloc((size_t)view->dims->sites + 1, sizeof *high);
    double *full = calloc(cells + 1, sizeof *full);
    if (p == NULL || high == NULL || full == NULL) {
        free(p);
        free(high);
        free(full);
        return 1;
    }
    for (size_t i = 0; i < cells; i++) {
        full[i] = 1.0;
    }
    *p = (struct chase){.cfg = *(const struct chase_cfg *)cfg, .high = high, .full = full};
    *self = p;
    return 0;
}

static double cap_of(uint32_t c)
{
    return 0.4 + 0.05 * c;
}

/* The dirtiest hour known, which is noted, and the mean of the hours ahead. */
static double look_ahead(struct chase *p, const struct gw_view *view, uint32_t s)
{
    const uint32_t horizon = view->dims->horizon;
    const double *carbon = view->table(view, "site.carbon")->v + (size_t)s * horizon;
    double mean = 0.0;
    for (uint32_t h = 0; h < horizon; h++) {
        p->high[s] = fmax(p->high[s], carbon[h]);
        mean += carbon[h] / horizon;
    }
    return mean;
}

/* Utilisation of a model at a site without a cap: the last epoch's, at the caps it had. */
static double uncapped_load(const struct chase *p, const struct gw_view *view, uint32_t m, uint32_t s)
{
    const size_t cell = (size_t)m * view->dims->sites + s;
    return view->table(view, "state.utilisation")->v[cell] * p->full[cell];
}

static void choose(struct chase *p, const struct gw_view *view, uint32_t m, uint32_t s, double carbon,
                   struct gw_plan *plan)
{
    const size_t cell = (size_t)m * view->dims->sites + s;
    const double *capacity = view->table(view, "power.cap_capacity")->v + cell * GW_VIEW_CAPS;
    const double *kw = view->table(view, "power.cap_kw")->v + cell * GW_VIEW_CAPS;
    const double most = capacity[GW_VIEW_CAPS - 1], most_kw = kw[GW_VIEW_CAPS - 1];
    const double high = p->cfg.high > 0.0 ? p->cfg.high : p->high[s];
    const double load = uncapped_load(p, view, m, s);
    uint32_t best = GW_VIEW_CAPS - 1;
    double least = INFINITY;
    for (uint32_t c = GW_VIEW_CAPS; c-- > 0 && most > 0.0;) { /* of equal ones the highest cap */
        const double cost = (p->cfg.eta * kw[c] * carbon + (1.0 - p->cfg.eta) * most_kw * high) / capacity[c];
        const bool enough = c == GW_VIEW_CAPS - 1 || load * most / capacity[c] <= p->cfg.load;
        if (enough && cost < least * (1.0 - 1e-12)) {
            least = cost;
            best = c;
        }
    }
    p->full[cell] = most > 0.0 ? capacity[best] / most : 1.0;
    order_cap(plan, m, s, cap_of(best));
}

static int chase_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                      struct gw_policy_error *error)
{
    (void)error;
    struct chase *p = self;
    const double *carbon = view->table(view, "site.carbon")->v;
    for (uint32_t s = 0; s < view->dims->sites; s++) {
        (void)look_ahead(p, view, s);
        for (uint32_t m = 0; m < view->dims->models; m++) {
            choose(p, view, m, s, carbon[(size_t)s * view->dims->horizon], plan);
        }
    }
    return 0;
}

static int chase_static_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                             struct gw_policy_error *error)
{
    (void)error;
    struct chase *p = self;
    for (uint32_t s = 0; s < view->dims->sites && !p->settled; s++) {
        const double mean = look_ahead(p, view, s);
        for (uint32_t m = 0; m < view->dims->models; m++) {
            choose(p, view, m, s, mean, plan);
        }
    }
    p->settled = true;
    return 0;
}

const struct gw_policy_ops gw_policy_power_caps_none = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_POWER,
    .name = "uncapped",
    .summary = "Accelerators may draw up to their limit",
    .plan = uncapped_plan,
};

const struct gw_policy_ops gw_policy_power_caps_static = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_POWER,
    .name = "static-cap",
    .summary = "One power cap everywhere, all the time",
    .params = static_params,
    .cfg_size = sizeof(struct static_cfg),
    .create = static_create,
    .destroy = free,
    .plan = static_plan,
};

const struct gw_policy_ops gw_policy_power_caps_chase = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_POWER,
    .name = "chase",
    .summary = "Power caps that follow the carbon intensity, against lost time",
    .reference = "chase-2023",
    .params = chase_params,
    .cfg_size = sizeof(struct chase_cfg),
    .create = chase_create,
    .destroy = chase_destroy,
    .plan = chase_plan,
};

const struct gw_policy_ops gw_policy_power_caps_chase_static = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_POWER,
    .name = "chase-static",
    .summary = "Chase's cap for the mean carbon intensity, all the time",
    .reference = "chase-2023",
    .params = chase_params,
    .cfg_size = sizeof(struct chase_cfg),
    .create = chase_create,
    .destroy = chase_destroy,
    .plan = chase_static_plan,
};
