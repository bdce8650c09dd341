/* Random search: draws, and keeps those that none dominates. What a search must beat to be one. */
#include "models/policies/search/search.h"

bool gw_random_search_run(const struct gw_problem *problem, const struct gw_search *how,
                          struct gw_front *found)
{
    struct gw_rng rng;
    struct gw_front drawn = {0}, best = {0};
    gw_rng_init(&rng, how->seed);
    bool ok = gw_search_begin(problem, how, how->population, &rng, &drawn) &&
              gw_front_init(&best, problem->n, problem->objectives, how->population);
    for (uint32_t i = 0; ok && i < drawn.n; i++) {
        bool added = false;
        ok = gw_front_insert(&best, gw_front_x(&drawn, i), gw_front_f(&drawn, i), &added);
    }
    while (ok && drawn.evaluations < how->evaluations) {
        bool added = false;
        gw_variation_draw(problem, &rng, gw_front_x(&drawn, 0));
        gw_search_value(problem, &drawn, 0);
        ok = gw_front_insert(&best, gw_front_x(&drawn, 0), gw_front_f(&drawn, 0), &added);
    }
    best.evaluations = drawn.evaluations;
    gw_front_fini(&drawn);
    *found = best;
    return ok;
}
