/* models/policies/search/search.h - what all searches have in common: their settings and their call.
 *
 *   struct gw_search how = {.seed = 1, .evaluations = 25000, .population = 100};
 *   struct gw_front found = {0};
 *   bool ok = gw_nsga2_run(&problem, &how, &found);
 *   ...
 *   gw_front_fini(&found);
 *
 * A search is a function of problem and settings: no clock, no global state, one thread. It stops when its
 * evaluations are used up (never more, and fewer only by what the last generation would have exceeded), and
 * returns those members of its last population that no other dominates. False: memory is out, or there are
 * not enough evaluations to value the first population. */
#ifndef GW_MODELS_POLICIES_SEARCH_SEARCH_H
#define GW_MODELS_POLICIES_SEARCH_SEARCH_H

#include <stdbool.h>

#include "models/policies/search/front.h"
#include "models/policies/search/problem.h"
#include "models/policies/search/variation.h"

struct gw_search {
    uint64_t seed, evaluations;
    uint32_t population;           /* at least 4 */
    struct gw_variation variation; /* zeroed: the usual values */
    const struct gw_front *start;  /* members to begin with, the first `population` of them; NULL: none */
};

typedef bool gw_search_fn(const struct gw_problem *problem, const struct gw_search *how,
                          struct gw_front *found);

/* Each in its own file, which says how it works and whose it is. */
gw_search_fn gw_nsga2_run, gw_nsga3_run, gw_moead_run, gw_sms_emoa_run;
gw_search_fn gw_random_search_run, gw_anneal_run, gw_ga_run;

/* ---- for those who write one ---- */

/* The variation, with zeros replaced by the usual values: 0.9, 20, 20. */
struct gw_variation gw_search_variation(const struct gw_search *how);

/* An empty `population` with room for `cap` >= how->population members is filled with start members and
 * random ones and valued. False when memory is out or evaluations do not suffice. */
GW_MUST_USE bool gw_search_begin(const struct gw_problem *problem, const struct gw_search *how, uint32_t cap,
                                 struct gw_rng *rng, struct gw_front *population);

/* Values member i, which counts as an evaluation of the population's. */
void gw_search_value(const struct gw_problem *problem, struct gw_front *population, uint32_t i);

#endif
