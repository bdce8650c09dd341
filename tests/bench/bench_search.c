/* Searching for plans, 12 sites, 4 origins, 2 models: prices of moves per second, whole evaluations, a day of
 * 96 epochs planned by the SLIT engine; and exact hypervolume. */
#include <math.h>
#include <stdio.h>

#include "models/policies/routing_problem.h"
#include "models/policies/search/hypervolume.h"
#include "models/policies/search/slit.h"
#include "models/policies/view.h"
#include "tests/bench/bench.h"

void gw_bench_search(struct gw_bench *b);

enum {
    SITES = 12,
    ORIGINS = 4,
    MODELS = 2,
    ROWS = ORIGINS * MODELS,
    MOVES = 4096,
    ROUNDS = 200,
    EPOCHS = 96
};

struct search {
    struct gw_arena arena;
    struct gw_view_store view;
    struct gw_routing_problem routing;
    const struct gw_problem *problem;
    void *state;
    struct gw_move move[MOVES];
    double x[ROWS * SITES];
};

static double between(struct gw_rng *rng, double low, double high)
{
    return low + (high - low) * gw_rng_unit(gw_rng_next(rng));
}

static void fill(struct gw_rng *rng, struct gw_view_store *view, enum gw_view_id id, double low, double high)
{
    const struct gw_table *t = &view->table[id];
    size_t n = 1;
    for (uint32_t k = 0; k < t->rank; k++) {
        n *= t->dim[k];
    }
    for (size_t i = 0; i < n; i++) {
        view->value[id][i] = between(rng, low, high);
    }
}

/* A view with plausible numbers: 8 rows of about 10 requests/s, 12 sites that saturate near 15. */
static bool make_view(struct search *s)
{
    static const char *const names[SITES] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    const struct gw_dims dims = {.bytes = sizeof dims,
                                 .origins = ORIGINS,
                                 .demands = ROWS,
                                 .models = MODELS,
                                 .sites = SITES,
                                 .horizon = 1};
    const struct gw_view_names all = {names, names, names, names};
    if (!gw_view_init(&s->view, &dims, &all, &s->arena)) {
        return false;
    }
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/search"));
    s->view.public.epoch_us = INT64_C(900000000);
    fill(&rng, &s->view, GW_VIEW_DEMAND_RATE, 5, 15);
    fill(&rng, &s->view, GW_VIEW_DEMAND_ALLOWED, 1, 1);
    fill(&rng, &s->view, GW_VIEW_NETWORK_RTT, 5, 250);
    fill(&rng, &s->view, GW_VIEW_SITE_CARBON, 20, 700);
    fill(&rng, &s->view, GW_VIEW_SITE_PRICE, 0.02, 0.2);
    fill(&rng, &s->view, GW_VIEW_SITE_WATER, 0, 4);
    fill(&rng, &s->view, GW_VIEW_SITE_MARGINAL, 1.05, 1.4);
    fill(&rng, &s->view, GW_VIEW_SITE_WATER_ONSITE, 0, 2);
    fill(&rng, &s->view, GW_VIEW_SITE_FIXED_IT, 10, 50);
    fill(&rng, &s->view, GW_VIEW_SITE_FIXED_FACILITY, 60, 80);
    fill(&rng, &s->view, GW_VIEW_SERVING_REQUEST_KWH, 5e-4, 2e-3);
    fill(&rng, &s->view, GW_VIEW_SERVING_CAPACITY, 10, 20);
    fill(&rng, &s->view, GW_VIEW_SERVING_TTFT, 50, 200);
    for (uint32_t d = 0; d < ROWS; d++) {
        s->view.value[GW_VIEW_DEMAND_MODEL][d] = d % MODELS;
        s->view.value[GW_VIEW_DEMAND_ORIGIN][d] = d / MODELS;
    }
    for (size_t i = 0; i < (size_t)MODELS * SITES * GW_VIEW_LOADS; i++) {
        const double load = (double)(i % GW_VIEW_LOADS) / (GW_VIEW_LOADS - 1);
        s->view.value[GW_VIEW_SERVING_POWER][i] = 40.0 * (1.0 - (1.0 - load) * (1.0 - load));
    }
    return gw_routing_problem_init(&s->routing, &s->view.public, 0.8, &s->arena);
}

/* Moves are drawn outside the clock; the state stays where it is. */
static bool stand(struct search *s, enum gw_routing_problem_eval eval)
{
    struct gw_rng rng;
    double f[GW_ROUTING_PROBLEM_OBJECTIVES];
    gw_rng_init(&rng, 1);
    s->problem = gw_routing_problem_now(&s->routing, eval);
    s->state = gw_arena_alloc(&s->arena, s->problem->moves->bytes);
    if (s->state == NULL) {
        return false;
    }
    gw_variation_draw(s->problem, &rng, s->x);
    s->problem->moves->start(s->problem->context, s->state, s->x, f);
    for (size_t i = 0; i < MOVES; i++) {
        do {
            s->move[i] = gw_variation_move(s->problem, &rng, s->x);
        } while (s->move[i].amount <= 0.0);
    }
    return true;
}

static double price(void *context)
{
    const struct search *s = context;
    double f[GW_ROUTING_PROBLEM_OBJECTIVES], sum = 0.0;
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < MOVES; i++) {
            s->problem->moves->price(s->problem->context, s->state, &s->move[i], f);
            sum += f[0];
        }
    }
    gw_bench_keep(sum);
    return (double)ROUNDS * MOVES;
}

static double whole(void *context)
{
    const struct search *s = context;
    double f[GW_ROUTING_PROBLEM_OBJECTIVES], sum = 0.0;
    for (int i = 0; i < 20000; i++) {
        s->problem->eval(s->problem->context, s->x, f);
        sum += f[0];
    }
    gw_bench_keep(sum);
    return 20000;
}

struct day {
    struct search *search;
    struct gw_slit_cfg cfg;
};

static double plan_day(void *context)
{
    const struct day *day = context;
    struct gw_front last = {0};
    double spent = 0.0;
    for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
        const struct gw_search how = {.seed = epoch, .evaluations = 20000, .population = 50, .start = &last};
        struct gw_front found;
        const struct gw_problem *p = gw_routing_problem_now(&day->search->routing, GW_ROUTING_PROBLEM_LINEAR);
        if (!gw_slit_run(p, &how, &day->cfg, &found)) {
            break;
        }
        spent += (double)found.evaluations;
        gw_front_fini(&last);
        last = found;
    }
    gw_front_fini(&last);
    gw_bench_keep(spent);
    return 1.0;
}

struct volumes {
    double f[100 * 4];
    uint32_t m;
};

static double volume(void *context)
{
    const struct volumes *v = context;
    const double reference[] = {2, 2, 2, 2};
    double sum = 0.0;
    for (int i = 0; i < 100; i++) {
        sum += gw_hypervolume(v->f, 100, v->m, reference);
    }
    gw_bench_keep(sum);
    return 100;
}

/* 100 points of a spherical front. */
static void sphere(struct volumes *v)
{
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    for (size_t i = 0; i < 100; i++) {
        double length2 = 0.0;
        for (size_t k = 0; k < v->m; k++) {
            v->f[i * v->m + k] = gw_rng_exponential(&rng);
            length2 += v->f[i * v->m + k] * v->f[i * v->m + k];
        }
        for (size_t k = 0; k < v->m; k++) {
            v->f[i * v->m + k] = 1.0 - v->f[i * v->m + k] / sqrt(length2);
        }
    }
}

void gw_bench_search(struct gw_bench *b)
{
    static struct search s;
    if (make_view(&s) && stand(&s, GW_ROUTING_PROBLEM_LINEAR)) {
        gw_bench_run(b, "plans, linear, a share moved", "plans/s", 8e6, price, &s);
        gw_bench_run(b, "plans, linear, whole", "plans/s", 0, whole, &s);
        struct day day = {&s, gw_slit_presets[GW_SLIT_SLIT]};
        day.cfg.learner = GW_LEARNER_NONE;
        gw_bench_run(b, "day of 96 epochs by slit, 20000 linear plans each", "days/s", 0.5, plan_day, &day);
    }
    if (s.routing.view != NULL && stand(&s, GW_ROUTING_PROBLEM_FULL)) {
        gw_bench_run(b, "plans, full, a share moved", "plans/s", 0, price, &s);
        gw_bench_run(b, "plans, full, whole", "plans/s", 0, whole, &s);
    }
    gw_arena_fini(&s.arena);
    s = (struct search){0};
    for (uint32_t m = 2; m <= 4; m++) {
        char name[64];
        (void)snprintf(name, sizeof name, "hypervolume of 100 points, %u objectives", (unsigned)m);
        struct volumes v = {.m = m};
        sphere(&v);
        gw_bench_run(b, name, "fronts/s", 0, volume, &v);
    }
}
