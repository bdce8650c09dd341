/* eglb: the cost of electricity, and the footprint of whichever region has the largest, are to be low; after
 * eGLB (Li et al., e-Energy 2024).
 *
 *   minimise  w_cost cost(x) / cost(even) + w_carbon max_s C_s(x) / C(even) + w_water max_s W_s(x) / W(even)
 *
 * C_s and W_s are region s's footprint since the run began: what earlier plans were expected to bring there
 * and what this one adds, plant at rest included. (even): of the coming epoch, were all rows spread evenly;
 * per site for C and W. The paper steers towards the minimax of the whole horizon by dual mirror descent; we
 * carry the sums themselves. docs/policies/eglb.md. Draws no random numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/share_lp.h"

enum footprint { CARBON, WATER, FOOTPRINTS };

struct cfg {
    double cost;
    double footprint[FOOTPRINTS];
    double limit;
};

static const struct gw_policy_param params[] = {
    {"cost", "1", GW_PARAM_NUMBER, offsetof(struct cfg, cost), 1.0, 0.0, 1e6, NULL,
     "Weight of the cost of electricity and transfer, relative to that of even shares"},
    {"carbon", "1", GW_PARAM_NUMBER, offsetof(struct cfg, footprint) + CARBON * sizeof(double), 1.0, 0.0, 1e6,
     NULL, "Weight of the largest carbon footprint of a site, relative to the mean of even shares"},
    {"water", "1", GW_PARAM_NUMBER, offsetof(struct cfg, footprint) + WATER * sizeof(double), 1.0, 0.0, 1e6,
     NULL, "Weight of the largest water footprint of a site"},
    {"limit", "1", GW_PARAM_NUMBER, offsetof(struct cfg, limit), 0.9, 0.01, 1.0, NULL,
     "Load of a site's replicas that is exceeded only when all are at it"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct eglb {
    struct cfg cfg;
    struct gw_share_lp program;
    double *total; /* [footprints][sites] of all epochs so far, kg and L */
};

static void eglb_destroy(void *self)
{
    struct eglb *e = self;
    if (e != NULL) {
        gw_share_lp_fini(&e->program);
        free(e->total);
        free(e);
    }
}

static int eglb_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                       struct gw_policy_error *error)
{
    (void)seed;
    struct eglb *e = calloc(1, sizeof *e);
    if (e != NULL) {
        e->cfg = *(const struct cfg *)cfg;
        e->total = calloc((size_t)FOOTPRINTS * view->dims->sites, sizeof *e->total);
    }
    if (e == NULL || e->total == NULL || !gw_share_lp_init(&e->program, view, FOOTPRINTS, e->cfg.limit)) {
        eglb_destroy(e);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *self = e;
    return 0;
}

/* What a site leaves behind whatever is routed there, and what the whole of row d brings. */
static void read_site(struct eglb *e, const struct gw_view *view, uint32_t s)
{
    const size_t now = (size_t)s * view->dims->horizon;
    const double hours = (double)view->epoch_us / 3.6e9;
    const double carbon = view->table(view, "site.carbon")->v[now] / 1e3;
    const double water = view->table(view, "site.water")->v[now];
    const double water_onsite = view->table(view, "site.water_onsite")->v[now];
    const double marginal = view->table(view, "site.marginal")->v[now];
    const double *transfer = view->table(view, "network.transfer")->v;
    const double rest_kwh = hours * fmax(view->table(view, "site.fixed_facility")->v[now] -
                                             view->table(view, "site.onsite")->v[now],
                                         0.0);
    struct gw_share_lp_peak *peak = e->program.peak;
    peak[CARBON].base[s] = rest_kwh * carbon;
    peak[WATER].base[s] = rest_kwh * water + hours * view->table(view, "site.fixed_it")->v[s] * water_onsite;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const size_t cell = (size_t)d * view->dims->sites + s;
        const double requests = 3600.0 * hours * e->program.rate[d];
        const double it_kwh = requests * gw_share_lp_request_kwh(&e->program, d, s);
        peak[CARBON].part[cell] = it_kwh * marginal * carbon;
        peak[WATER].part[cell] = it_kwh * (marginal * water + water_onsite);
        e->program.cost[cell] =
            it_kwh * marginal * view->table(view, "site.price")->v[now] + requests * transfer[cell];
    }
}

/* Sum over all cells of a table, each row in equal parts to the sites that are open to it. */
static double of_even_shares(const struct gw_share_lp *program, const struct gw_dims *dims,
                             const double *value)
{
    double sum = 0.0;
    for (size_t row = 0; row < (size_t)dims->demands * dims->sites; row += dims->sites) {
        double n = 0.0, all = 0.0;
        for (uint32_t s = 0; s < dims->sites; s++) {
            n += program->open[row + s];
            all += program->open[row + s] != 0 ? value[row + s] : 0.0;
        }
        sum += all / n;
    }
    return sum;
}

static double relative(double weight, double to)
{
    return to > 0.0 ? weight / to : weight;
}

/* Weights as the header has them; what went before joins this epoch's rest. */
static void weigh(struct eglb *e, const struct gw_dims *dims)
{
    struct gw_share_lp *program = &e->program;
    const double even_usd = of_even_shares(program, dims, program->cost);
    for (size_t i = 0; i < (size_t)dims->demands * dims->sites; i++) {
        program->cost[i] *= relative(e->cfg.cost, even_usd);
    }
    for (uint32_t k = 0; k < FOOTPRINTS; k++) {
        double even = of_even_shares(program, dims, program->peak[k].part);
        for (uint32_t s = 0; s < dims->sites; s++) {
            even += program->peak[k].base[s];
            program->peak[k].base[s] += e->total[k * dims->sites + s];
        }
        program->peak[k].weight = relative(e->cfg.footprint[k], even / dims->sites);
    }
}

static void remember(struct eglb *e, const struct gw_dims *dims, const double *share)
{
    for (uint32_t k = 0; k < FOOTPRINTS; k++) {
        for (uint32_t s = 0; s < dims->sites; s++) {
            double *total = &e->total[k * dims->sites + s];
            *total = e->program.peak[k].base[s];
            for (uint32_t d = 0; d < dims->demands; d++) {
                const size_t cell = (size_t)d * dims->sites + s;
                *total += share[cell] * e->program.peak[k].part[cell];
            }
        }
    }
}

static int eglb_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                     struct gw_policy_error *error)
{
    struct eglb *e = self;
    gw_share_lp_begin(&e->program);
    for (uint32_t s = 0; s < view->dims->sites; s++) {
        read_site(e, view, s);
    }
    weigh(e, view->dims);
    if (gw_share_lp_plan(&e->program, plan->share, error) != 0) {
        return 1;
    }
    remember(e, view->dims, plan->share);
    return 0;
}

const struct gw_policy_ops gw_policy_eglb = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "eglb",
    .summary = "Low cost, and a low footprint where it is largest, after eGLB",
    .reference =
        "P. Li et al., Towards Environmentally Equitable AI via Geographical Load Balancing, e-Energy "
        "2024, arXiv:2307.05494",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = eglb_create,
    .destroy = eglb_destroy,
    .plan = eglb_plan,
};
