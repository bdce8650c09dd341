/* Simulated annealing of weighted sums: a chain per direction, population many, each with an equal part of
 * the evaluations (S. Kirkpatrick, C. Gelatt, M. Vecchi, "Optimization by simulated annealing", Science 220,
 * 1983; geometric cooling). The temperature falls from a tenth to a ten-thousandth of the range of a random
 * population. */
#include <math.h>
#include <string.h>

#include "models/policies/search/scalar.h"
#include "models/policies/search/search.h"
#include "models/policies/search/weights.h"
#include "sim/base/arena.h"

static const double hot = 0.1, cold = 1e-4;

struct chain {
    const struct gw_problem *problem;
    const struct gw_variation *variation;
    struct gw_rng *rng;
    struct gw_scalar scalar;
};

/* Walks from member i, with the place behind the last member for what is tried; member i ends at the best. */
static void walk(struct chain *c, struct gw_front *all, uint32_t i, const double *weight, uint64_t steps)
{
    const uint32_t m = all->objectives, tried = all->n, at = all->n + 1;
    const size_t x_size = all->vars * sizeof(double), f_size = m * sizeof(double);
    double best = gw_scalar_of(&c->scalar, weight, gw_front_f(all, i)), now = best;
    memcpy(gw_front_x(all, at), gw_front_x(all, i), x_size);
    for (uint64_t step = 0; step < steps; step++) {
        const double temperature = hot * pow(cold / hot, (double)step / (double)steps);
        memcpy(gw_front_x(all, tried), gw_front_x(all, at), x_size);
        gw_variation_step(c->problem, c->variation, c->rng, gw_front_x(all, tried));
        gw_search_value(c->problem, all, tried);
        const double then = gw_scalar_of(&c->scalar, weight, gw_front_f(all, tried));
        if (then <= now || gw_variation_unit(c->rng) < exp((now - then) / temperature)) {
            memcpy(gw_front_x(all, at), gw_front_x(all, tried), x_size);
            now = then;
        }
        if (then < best) {
            best = then;
            memcpy(gw_front_x(all, i), gw_front_x(all, tried), x_size);
            memcpy(gw_front_f(all, i), gw_front_f(all, tried), f_size);
        }
    }
}

bool gw_anneal_run(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    const struct gw_variation variation = gw_search_variation(how);
    const uint32_t n = how->population, m = problem->objectives;
    struct gw_rng rng;
    struct gw_front all = {0};
    struct gw_arena arena = {0};
    gw_rng_init(&rng, how->seed);
    double *weight = gw_arena_array(&arena, (size_t)n * m, sizeof *weight);
    const bool ok = weight != NULL && gw_search_begin(problem, how, n + 2, &rng, &all);
    if (ok) {
        struct chain chain = {.problem = problem, .variation = &variation, .rng = &rng};
        gw_scalar_fit(&chain.scalar, &all);
        gw_weights_spread(m, n, &rng, weight);
        const uint64_t steps = (how->evaluations - all.evaluations) / n;
        for (uint32_t i = 0; i < n; i++) {
            walk(&chain, &all, i, weight + (size_t)i * m, steps);
        }
        gw_front_reduce(&all);
    }
    gw_arena_fini(&arena);
    *found = all;
    return ok;
}
