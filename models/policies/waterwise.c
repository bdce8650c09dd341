/* waterwise: carbon and water together, water by the stress of its basin, and batch requests held for a
 * better hour; after WaterWise (Jiang et al., 2025).
 *
 *   score_ds  = w_carbon carbon_ds / max_s carbon_ds + w_water water_ds / max_s water_ds
 *   carbon_ds = kwh marginal carbon        water_ds = kwh (marginal water + onsite) (1 + stress)
 *   minimise  sum_ds x_ds rate_d score_ds, a site's load <= limit; kwh: gw_share_lp_request_kwh
 *
 * Rows that somebody waits for use only sites within their limit on the time to first token. A row of class
 * batch is held while the forecast, up to its deadline, has an epoch whose best site scores lower by `gain`.
 * docs/policies/waterwise.md says what the paper does and what is ours. Draws no random numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/share_lp.h"

struct cfg {
    double carbon, water, limit, gain, pace;
};

static const struct gw_policy_param params[] = {
    {"carbon", "1", GW_PARAM_NUMBER, offsetof(struct cfg, carbon), 0.5, 0.0, 1e6, NULL,
     "Weight of carbon, relative to the worst site's"},
    {"water", "1", GW_PARAM_NUMBER, offsetof(struct cfg, water), 0.5, 0.0, 1e6, NULL,
     "Weight of water, relative to the worst site's"},
    {"limit", "1", GW_PARAM_NUMBER, offsetof(struct cfg, limit), 0.9, 0.01, 1.0, NULL,
     "Load of a site's replicas that is exceeded only when all are at it"},
    {"gain", "1", GW_PARAM_NUMBER, offsetof(struct cfg, gain), 0.05, 0.0, 1.0, NULL,
     "By how much a later epoch must score lower for batch requests to wait for it"},
    {"pace", "1", GW_PARAM_NUMBER, offsetof(struct cfg, pace), 4.0, 1.0, 1e4, NULL,
     "How much faster than they came held requests go, as the row's release has it"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct waterwise {
    struct cfg cfg;
    const struct gw_view *view;
    struct gw_share_lp program;
    double *value;          /* [sites] scratch */
    int64_t *held_since_us; /* [demands]; -1: not held */
    /* tables of the view, found once */
    const double *marginal, *carbon, *water, *water_onsite, *stress, *rtt_ms, *ttft_ms, *origin, *limit_ms,
        *held, *patience_s;
};

static void waterwise_destroy(void *self)
{
    struct waterwise *w = self;
    if (w != NULL) {
        gw_share_lp_fini(&w->program);
        free(w->value);
        free(w->held_since_us);
        free(w);
    }
}

static void find_tables(struct waterwise *w, const struct gw_view *view)
{
    w->marginal = view->table(view, "site.marginal")->v;
    w->carbon = view->table(view, "site.carbon")->v;
    w->water = view->table(view, "site.water")->v;
    w->water_onsite = view->table(view, "site.water_onsite")->v;
    w->stress = view->table(view, "site.stress")->v;
    w->rtt_ms = view->table(view, "network.rtt")->v;
    w->ttft_ms = view->table(view, "serving.ttft")->v;
    w->origin = view->table(view, "demand.origin")->v;
    w->limit_ms = view->table(view, "demand.slo_ttft")->v;
    w->held = view->table(view, "demand.held")->v;
    w->patience_s = view->table(view, "demand.patience")->v;
}

static int waterwise_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                            struct gw_policy_error *error)
{
    (void)seed;
    struct waterwise *w = calloc(1, sizeof *w);
    if (w != NULL) {
        w->cfg = *(const struct cfg *)cfg;
        w->view = view;
        w->value = calloc(view->dims->sites, sizeof *w->value);
        w->held_since_us = calloc(view->dims->demands, sizeof *w->held_since_us);
    }
    if (w == NULL || w->value == NULL || w->held_since_us == NULL ||
        !gw_share_lp_init(&w->program, view, 0, w->cfg.limit)) {
        waterwise_destroy(w);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    find_tables(w, view);
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        w->held_since_us[d] = -1;
    }
    *self = w;
    return 0;
}

/* ---- scores ---- */

struct footprint {
    double carbon_g, water_l;
};

/* Of a request of row d at site s in epoch h from now. */
static struct footprint footprint_of(const struct waterwise *w, uint32_t d, uint32_t s, uint32_t h)
{
    const size_t then = (size_t)s * w->view->dims->horizon + h;
    const double it_kwh = gw_share_lp_request_kwh(&w->program, d, s);
    const double bought_kwh = it_kwh * w->marginal[then];
    return (struct footprint){
        .carbon_g = bought_kwh * w->carbon[then],
        .water_l = (bought_kwh * w->water[then] + it_kwh * w->water_onsite[then]) * w->stress[s],
    };
}

/* The worst open site's, now. */
static struct footprint worst_of(const struct waterwise *w, uint32_t d)
{
    struct footprint worst = {0};
    for (uint32_t s = 0; s < w->view->dims->sites; s++) {
        if (w->program.open[(size_t)d * w->view->dims->sites + s] != 0) {
            const struct footprint f = footprint_of(w, d, s, 0);
            worst.carbon_g = fmax(worst.carbon_g, f.carbon_g);
            worst.water_l = fmax(worst.water_l, f.water_l);
        }
    }
    return worst;
}

static double score(const struct waterwise *w, struct footprint f, struct footprint worst)
{
    const double carbon = worst.carbon_g > 0.0 ? f.carbon_g / worst.carbon_g : 0.0;
    const double water = worst.water_l > 0.0 ? f.water_l / worst.water_l : 0.0;
    return w->cfg.carbon * carbon + w->cfg.water * water;
}

/* ---- where ---- */

/* Who waits is served in time where that is possible; who does not may go anywhere. */
static void open_sites(struct waterwise *w, uint32_t d)
{
    const uint32_t sites = w->view->dims->sites;
    for (uint32_t s = 0; s < sites; s++) {
        w->value[s] = w->rtt_ms[(size_t)w->origin[d] * sites + s] + w->ttft_ms[(size_t)d * sites + s];
    }
    if (!(w->patience_s[d] > 0.0)) {
        gw_share_lp_within(&w->program, d, w->value, w->limit_ms[d]);
    }
}

/* ---- when ---- */

static double best_score(const struct waterwise *w, uint32_t d, uint32_t h, struct footprint worst)
{
    const uint32_t sites = w->view->dims->sites;
    double best = INFINITY;
    for (uint32_t s = 0; s < sites; s++) {
        if (w->program.open[(size_t)d * sites + s] != 0) {
            best = fmin(best, score(w, footprint_of(w, d, s, h), worst));
        }
    }
    return best;
}

/* Whether row d waits: within what is left of its patience a better epoch is forecast. */
static bool holds(const struct waterwise *w, uint32_t d, struct footprint worst)
{
    const struct gw_view *view = w->view;
    const int64_t since_us = w->held_since_us[d] < 0 ? view->now_us : w->held_since_us[d];
    const double left_s = w->patience_s[d] - (double)(view->now_us - since_us) / 1e6;
    const double now = best_score(w, d, 0, worst);
    for (uint32_t h = 1; h < view->dims->horizon && (double)h * (double)view->epoch_us / 1e6 <= left_s; h++) {
        if (best_score(w, d, h, worst) < now * (1.0 - w->cfg.gain)) {
            return true;
        }
    }
    return false;
}

/* While what was held goes, a row is as much larger as its queue moves faster than time. Before the scenario
 * begins nothing is held: work of the burn-in would be scored. */
static void release(struct waterwise *w, uint32_t d, struct footprint worst, struct gw_plan *plan)
{
    const bool hold = w->view->now_us >= 0 && holds(w, d, worst);
    w->held_since_us[d] = !hold ? -1 : w->held_since_us[d] < 0 ? w->view->now_us : w->held_since_us[d];
    w->program.rate[d] *= !hold && w->held[d] > 0.0 ? w->cfg.pace : 1.0;
    plan->order(plan, &(struct gw_order){.kind = GW_ORDER_RELEASE, .at = {d}, .value = hold ? 0.0 : 1.0});
}

static int waterwise_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                          struct gw_policy_error *error)
{
    struct waterwise *w = self;
    gw_share_lp_begin(&w->program);
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        open_sites(w, d);
        const struct footprint worst = worst_of(w, d);
        if (w->patience_s[d] > 0.0) {
            release(w, d, worst, plan);
        }
        for (uint32_t s = 0; s < view->dims->sites; s++) {
            w->program.cost[(size_t)d * view->dims->sites + s] =
                w->program.rate[d] * score(w, footprint_of(w, d, s, 0), worst);
        }
    }
    return gw_share_lp_plan(&w->program, plan->share, error);
}

const struct gw_policy_ops gw_policy_waterwise = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "waterwise",
    .summary = "Carbon and stress-weighted water together, batch requests held for a better hour, after "
               "WaterWise",
    .reference =
        "Y. Jiang et al., WaterWise: Co-optimizing Carbon- and Water-Footprint Toward Environmentally "
        "Sustainable Cloud Computing, 2025, arXiv:2501.17944",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = waterwise_create,
    .destroy = waterwise_destroy,
    .plan = waterwise_plan,
};
