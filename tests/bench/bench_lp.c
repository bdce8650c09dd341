/* Plans by linear programming: 12 sites, 4 origins and 2 models, cold and along 50 weights; 50 sites, 20
 * origins and 10 models, cold and once more with the next epoch's carbon. Each of carbon and cost, and with
 * the time to first token, which brings the rows of waiting. Rates are programs or fronts per second. */
#include <stdio.h>

#include "models/policies/search/plan_lp.h"
#include "models/policies/view.h"
#include "sim/base/check.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"

void gw_bench_lp(struct gw_bench *b);

enum { NAMES = 256 };

struct world {
    struct gw_arena arena;
    struct gw_view_store view;
    struct gw_rng rng;
    char text[NAMES][8];
    const char *name[NAMES];
    struct gw_plan_lp *lp;
    uint32_t weights;
    double ttft; /* weight */
};

static double between(struct world *w, double low, double high)
{
    return low + (high - low) * gw_rng_unit(gw_rng_next(&w->rng));
}

static void next_epoch(struct world *w)
{
    for (uint32_t s = 0; s < w->view.dims.sites; s++) {
        w->view.value[GW_VIEW_SITE_CARBON][s] = between(w, 20, 800);
        w->view.value[GW_VIEW_SITE_PRICE][s] = between(w, 0.02, 0.2);
    }
}

static void make(struct world *w, uint32_t sites, uint32_t origins, uint32_t models)
{
    *w = (struct world){0};
    gw_rng_init(&w->rng, 1);
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(w->text[i], sizeof w->text[i], "n%03u", (unsigned)i);
        w->name[i] = w->text[i];
    }
    const struct gw_dims dims = {.bytes = sizeof dims,
                                 .origins = origins,
                                 .demands = origins * models,
                                 .models = models,
                                 .sites = sites,
                                 .horizon = 1};
    const struct gw_view_names names = {w->name, w->name, w->name, w->name};
    GW_REQUIRE(gw_view_init(&w->view, &dims, &names, &w->arena));
    w->view.public.epoch_us = INT64_C(900000000);
    double **v = w->view.value;
    for (uint32_t s = 0; s < sites; s++) {
        v[GW_VIEW_SITE_MARGINAL][s] = between(w, 1.05, 1.5);
        v[GW_VIEW_SITE_FIXED_FACILITY][s] = 10;
        for (uint32_t m = 0; m < models; m++) {
            const double kw = between(w, 10, 100);
            for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
                v[GW_VIEW_SERVING_POWER][((size_t)m * sites + s) * GW_VIEW_LOADS + u] =
                    kw * u / (GW_VIEW_LOADS - 1);
            }
        }
    }
    for (uint32_t d = 0; d < dims.demands; d++) {
        v[GW_VIEW_DEMAND_MODEL][d] = d / origins;
        v[GW_VIEW_DEMAND_ORIGIN][d] = d % origins;
        v[GW_VIEW_DEMAND_RATE][d] = 10.0 * sites / origins / 1.9;
        for (uint32_t s = 0; s < sites; s++) {
            v[GW_VIEW_DEMAND_ALLOWED][(size_t)d * sites + s] = 1;
            v[GW_VIEW_SERVING_CAPACITY][(size_t)d * sites + s] = 10;
            v[GW_VIEW_SERVING_TTFT][(size_t)d * sites + s] = 100;
            v[GW_VIEW_NETWORK_RTT][(size_t)(d % origins) * sites + s] = between(w, 5, 250);
        }
    }
    next_epoch(w);
}

static void solve(struct gw_plan_lp *lp, uint32_t weights, double ttft)
{
    for (uint32_t i = 1; i <= weights; i++) {
        const double part = (double)i / weights;
        const double weight[GW_OBJECTIVES] = {
            [GW_OBJ_CARBON_KG] = part, [GW_OBJ_COST_USD] = 10.0 * (1.0 - part), [GW_OBJ_TTFT_MS] = ttft};
        GW_REQUIRE(gw_plan_lp_solve(lp, weight) == GW_LP_OPTIMAL);
    }
}

static double cold(void *context)
{
    struct world *w = context;
    struct gw_plan_lp *lp = gw_plan_lp_create(&w->view.public);
    GW_REQUIRE(lp != NULL);
    gw_plan_lp_read(lp, 0.9, true);
    solve(lp, w->weights, w->ttft);
    gw_plan_lp_destroy(lp);
    return 1.0;
}

static double again(void *context)
{
    struct world *w = context;
    next_epoch(w);
    gw_plan_lp_read(w->lp, 0.9, true);
    solve(w->lp, w->weights, w->ttft);
    return 1.0;
}

static void finish(struct world *w)
{
    gw_plan_lp_destroy(w->lp);
    gw_arena_fini(&w->arena);
}

static void run(struct gw_bench *b, double ttft, const char *const name[4])
{
    struct world w;
    make(&w, 12, 4, 2);
    w.ttft = ttft;
    w.weights = 1;
    gw_bench_run(b, name[0], "programs/s", 1000, cold, &w);
    w.weights = 50;
    gw_bench_run(b, name[1], "fronts/s", 333, cold, &w);
    finish(&w);
    if (!gw_bench_wanted(b, name[2]) && !gw_bench_wanted(b, name[3])) {
        return;
    }
    make(&w, 50, 20, 10);
    w.ttft = ttft;
    w.weights = 1;
    gw_bench_run(b, name[2], "programs/s", 1 / 0.3, cold, &w);
    w.lp = gw_plan_lp_create(&w.view.public);
    GW_REQUIRE(w.lp != NULL);
    (void)again(&w);
    gw_bench_run(b, name[3], "programs/s", 10, again, &w);
    finish(&w);
}

void gw_bench_lp(struct gw_bench *b)
{
    static const char *const linear[] = {"plan LP 12 x 4 x 2, cold",
                                         "plan LP 12 x 4 x 2, front of 50 weights",
                                         "plan LP 50 x 20 x 10, cold", "plan LP 50 x 20 x 10, next epoch"};
    static const char *const waiting[] = {
        "plan LP 12 x 4 x 2, waiting, cold", "plan LP 12 x 4 x 2, waiting, front of 50 weights",
        "plan LP 50 x 20 x 10, waiting, cold", "plan LP 50 x 20 x 10, waiting, next epoch"};
    run(b, 0.0, linear);
    run(b, 1e-3, waiting);
}
