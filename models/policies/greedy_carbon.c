/* Greedy carbon: demand row by row, fill the site where one more request emits least, up to a share of its
 * capacity, then the next cleanest. Sites that would miss the row's limit on the time to first token come
 * after those that meet it. What finds no room anywhere is spread over the allowed sites in proportion to
 * capacity: overload is then everybody's, and the score shows it.
 *
 * Energy of a site's own panels and turbines that its machines at rest leave over emits nothing: what a row
 * would draw there counts only as far as it must be bought.
 *
 * The baseline that optimisers are compared with: it looks at one epoch, one row after the other in scenario
 * order. Stateless; draws no random numbers. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"

struct cfg {
    double fill;
    double slo_margin_ms;
};

static const struct gw_policy_param params[] = {
    {"fill", "1", GW_PARAM_NUMBER, offsetof(struct cfg, fill), 0.8, 0.01, 1.0, NULL,
     "Share of a site's capacity that is filled before the next site is used"},
    {"slo_margin", "ms", GW_PARAM_NUMBER, offsetof(struct cfg, slo_margin_ms), 0.0, 0.0, 1e5, NULL,
     "Margin kept below a row's limit on the time to first token"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct greedy_carbon {
    struct cfg cfg;
    /* tables of the view, found once */
    const double *rate, *model, *origin, *allowed, *limit_ms, *rtt_ms, *ttft_ms;
    const double *request_kwh, *capacity, *marginal, *carbon, *fixed_kw, *onsite_kw;
    double *used_frac; /* [models][sites] capacity given away this epoch */
    double *drawn_kw;  /* [sites] facility power of what was given to the site this epoch */
    uint8_t *tried;    /* [sites] */
};

static void greedy_carbon_destroy(void *self)
{
    struct greedy_carbon *g = self;
    if (g != NULL) {
        free(g->used_frac);
        free(g->drawn_kw);
        free(g->tried);
        free(g);
    }
}

static int greedy_carbon_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                                struct gw_policy_error *error)
{
    (void)seed;
    struct greedy_carbon *g = calloc(1, sizeof *g);
    double *used_frac = calloc((size_t)view->dims->models * view->dims->sites, sizeof *used_frac);
    double *drawn_kw = calloc(view->dims->sites, sizeof *drawn_kw);
    uint8_t *tried = calloc(view->dims->sites, sizeof *tried);
    if (g == NULL || used_frac == NULL || drawn_kw == NULL || tried == NULL) {
        free(g);
        free(used_frac);
        free(drawn_kw);
        free(tried);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *g = (struct greedy_carbon){
        .cfg = *(const struct cfg *)cfg,
        .rate = view->table(view, "demand.rate")->v,
        .model = view->table(view, "demand.model")->v,
        .origin = view->table(view, "demand.origin")->v,
        .allowed = view->table(view, "demand.allowed")->v,
        .limit_ms = view->table(view, "demand.slo_ttft")->v,
        .rtt_ms = view->table(view, "network.rtt")->v,
        .ttft_ms = view->table(view, "serving.ttft")->v,
        .request_kwh = view->table(view, "serving.request_kwh")->v,
        .capacity = view->table(view, "serving.capacity")->v,
        .marginal = view->table(view, "site.marginal")->v,
        .carbon = view->table(view, "site.carbon")->v,
        .fixed_kw = view->table(view, "site.fixed_facility")->v,
        .onsite_kw = view->table(view, "site.onsite")->v,
        .used_frac = used_frac,
        .drawn_kw = drawn_kw,
        .tried = tried,
    };
    *self = g;
    return 0;
}

/* Share of row d that still finds room at site s, at most `left`. */
static double room_share(const struct greedy_carbon *g, const struct gw_dims *dims, uint32_t d, size_t s,
                         double left)
{
    const double rate = g->rate[(size_t)d * dims->horizon];
    const double used = g->used_frac[(size_t)g->model[d] * dims->sites + s];
    const double room = fmax(g->cfg.fill - used, 0.0) * g->capacity[(size_t)d * dims->sites + s];
    return rate * left <= room ? left : room / rate;
}

/* Facility power that a share of row d draws at site s. */
static double power_kw(const struct greedy_carbon *g, const struct gw_dims *dims, uint32_t d, size_t s,
                       double share)
{
    return 3600.0 * g->rate[(size_t)d * dims->horizon] * share * g->request_kwh[(size_t)d * dims->sites + s] *
           g->marginal[s * dims->horizon];
}

/* How much of what row d would draw at site s must be bought, 0 to 1. */
static double bought_frac(const struct greedy_carbon *g, const struct gw_dims *dims, uint32_t d, size_t s,
                          double left)
{
    const double onsite_kw = g->onsite_kw[s * dims->horizon];
    const double before_kw = g->fixed_kw[s * dims->horizon] + g->drawn_kw[s] - onsite_kw;
    if (onsite_kw == 0.0 || before_kw >= 0.0) {
        return 1.0;
    }
    const double more_kw = power_kw(g, dims, d, s, room_share(g, dims, d, s, left));
    return more_kw > 0.0 ? fmax(before_kw + more_kw, 0.0) / more_kw : 0.0;
}

/* The best site for row d that was not tried yet: sites within the limit first, then the cleanest; strict
 * comparisons, so that a tie goes to the site that stands first. SIZE_MAX when all were tried. */
static size_t next_site(const struct greedy_carbon *g, const struct gw_dims *dims, uint32_t d, double left)
{
    const uint32_t sites = dims->sites;
    const double limit_ms = g->limit_ms[d] - g->cfg.slo_margin_ms;
    size_t best = SIZE_MAX;
    double best_gco2 = INFINITY;
    bool best_in_time = false;

    for (uint32_t s = 0; s < sites; s++) {
        const size_t cell = (size_t)d * sites + s;
        if (g->tried[s] || g->allowed[cell] == 0.0) {
            continue;
        }
        const bool in_time = g->rtt_ms[(size_t)g->origin[d] * sites + s] + g->ttft_ms[cell] <= limit_ms;
        const size_t now = (size_t)s * dims->horizon;
        const double gco2 =
            g->request_kwh[cell] * g->marginal[now] * g->carbon[now] * bought_frac(g, dims, d, s, left);
        if (best == SIZE_MAX || (in_time && !best_in_time) || (in_time == best_in_time && gco2 < best_gco2)) {
            best = s;
            best_gco2 = gco2;
            best_in_time = in_time;
        }
    }
    return best;
}

/* What is left of row d when every site is filled: to each site by its capacity. */
static void spread(const struct greedy_carbon *g, uint32_t sites, uint32_t d, double left, double *share)
{
    double capacity = 0.0;
    for (uint32_t s = 0; s < sites; s++) {
        capacity += g->allowed[(size_t)d * sites + s] * g->capacity[(size_t)d * sites + s];
    }
    for (uint32_t s = 0; s < sites; s++) {
        const size_t cell = (size_t)d * sites + s;
        share[s] += left * g->allowed[cell] * g->capacity[cell] / capacity;
    }
}

static int greedy_carbon_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                              struct gw_policy_error *error)
{
    (void)error;
    struct greedy_carbon *g = self;
    const struct gw_dims *dims = view->dims;
    const uint32_t sites = dims->sites;
    memset(g->used_frac, 0, (size_t)dims->models * sites * sizeof *g->used_frac);
    memset(g->drawn_kw, 0, sites * sizeof *g->drawn_kw);

    for (uint32_t d = 0; d < dims->demands; d++) {
        const double rate = g->rate[(size_t)d * dims->horizon];
        double *share = plan->share + (size_t)d * sites;
        double left = 1.0;
        memset(share, 0, sites * sizeof *share);
        memset(g->tried, 0, sites);

        for (size_t s = next_site(g, dims, d, left); left > 0.0 && s != SIZE_MAX;
             s = next_site(g, dims, d, left)) {
            share[s] = room_share(g, dims, d, s, left);
            g->drawn_kw[s] += power_kw(g, dims, d, s, share[s]);
            g->used_frac[(size_t)g->model[d] * sites + s] +=
                rate * share[s] / g->capacity[(size_t)d * sites + s];
            left -= share[s];
            g->tried[s] = 1;
        }
        if (left > 0.0) {
            spread(g, sites, d, left, share);
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_greedy_carbon = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "greedy-carbon",
    .summary = "The site where a request emits least, up to a share of its capacity",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = greedy_carbon_create,
    .destroy = greedy_carbon_destroy,
    .plan = greedy_carbon_plan,
};
