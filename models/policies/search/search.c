#include "models/policies/search/search.h"

#include <string.h>

struct gw_variation gw_search_variation(const struct gw_search *how)
{
    struct gw_variation v = how->variation;
    v.crossover_prob = v.crossover_prob > 0.0 ? v.crossover_prob : 0.9;
    v.crossover_eta = v.crossover_eta > 0.0 ? v.crossover_eta : 20.0;
    v.mutation_eta = v.mutation_eta > 0.0 ? v.mutation_eta : 20.0;
    return v;
}

void gw_search_value(const struct gw_problem *problem, struct gw_front *population, uint32_t i)
{
    problem->eval(problem->context, gw_front_x(population, i), gw_front_f(population, i));
    population->evaluations++;
}

bool gw_search_begin(const struct gw_problem *problem, const struct gw_search *how, uint32_t cap,
                     struct gw_rng *rng, struct gw_front *population)
{
    *population = (struct gw_front){0};
    if (how->evaluations < how->population ||
        !gw_front_init(population, problem->n, problem->objectives, cap)) {
        return false;
    }
    const uint32_t known = how->start != NULL ? how->start->n : 0;
    for (uint32_t i = 0; i < how->population; i++) {
        if (i < known) {
            memcpy(gw_front_x(population, i), gw_front_x(how->start, i), problem->n * sizeof(double));
        } else {
            gw_variation_draw(problem, rng, gw_front_x(population, i));
        }
        gw_search_value(problem, population, i);
    }
    population->n = how->population;
    return true;
}
