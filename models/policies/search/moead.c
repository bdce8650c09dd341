/* MOEA/D: Q. Zhang, H. Li, "MOEA/D: a multiobjective evolutionary algorithm based on decomposition", IEEE
 * Trans. Evol. Comput. 11(6), 2007; neighbourhood 20, mating within it with probability 0.9 and at most two
 * replacements per child as in its 2009 successor. Each member serves one direction w:
 *
 *   two objectives     Tchebycheff    g = max_k w_k (f_k - ideal_k) / span_k
 *   more               PBI            g = d1 + 5 d2, along and off the direction, objectives scaled alike
 *
 * span is the range of the members' objectives, taken anew in each generation: without it one large objective
 * rules. */
#include <math.h>
#include <string.h>

#include "models/policies/search/search.h"
#include "models/policies/search/weights.h"
#include "sim/base/arena.h"

enum { M = GW_PROBLEM_OBJECTIVES_MAX, NEIGHBOURS = 20, REPLACE_MAX = 2 };
static const double mating_neighbour_prob = 0.9, theta = 5.0;

struct moead {
    const struct gw_problem *problem;
    struct gw_variation variation;
    struct gw_rng rng;
    struct gw_front members; /* one per direction, then room for two children */
    double *weight;          /* [n][m] */
    uint32_t *near;          /* [n][neighbours] */
    uint32_t *order;         /* scratch */
    uint32_t n, neighbours;
    double ideal[M], span[M], least[M];
};

static void observe(struct moead *s, const double *f)
{
    for (uint32_t k = 0; k < s->problem->objectives; k++) {
        s->ideal[k] = fmin(s->ideal[k], f[k]);
    }
}

/* Range of the members. While they crowd in a corner it is narrow, and a narrow range would hold them there:
 * at least a hundredth of the first population's counts. */
static void measure(struct moead *s)
{
    double low[M], high[M];
    s->members.n = s->n;
    gw_front_range(&s->members, low, high);
    for (uint32_t k = 0; k < s->problem->objectives; k++) {
        s->least[k] = s->least[k] > 0.0 ? s->least[k] : fmax(0.01 * (high[k] - low[k]), 1e-300);
        s->span[k] = fmax(high[k] - s->ideal[k], s->least[k]);
    }
}

static double tchebycheff(const struct moead *s, const double *w, const double *f)
{
    double worst = 0.0;
    for (uint32_t k = 0; k < s->problem->objectives; k++) {
        worst = fmax(worst, fmax(w[k], 1e-6) * (f[k] - s->ideal[k]) / s->span[k]);
    }
    return worst;
}

static double pbi(const struct moead *s, const double *w, const double *f)
{
    double length2 = 0.0, along = 0.0, w2 = 0.0;
    for (uint32_t k = 0; k < s->problem->objectives; k++) {
        const double d = (f[k] - s->ideal[k]) / s->span[k];
        length2 += d * d;
        along += d * w[k];
        w2 += w[k] * w[k];
    }
    const double d1 = along / sqrt(w2);
    return d1 + theta * sqrt(fmax(length2 - d1 * d1, 0.0));
}

static double value(const struct moead *s, uint32_t direction, const double *f)
{
    const double *w = s->weight + (size_t)direction * s->problem->objectives;
    return s->problem->objectives == 2 ? tchebycheff(s, w, f) : pbi(s, w, f);
}

static void shuffle(struct gw_rng *rng, uint32_t *list, uint32_t n)
{
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = gw_variation_below(rng, i), moved = list[j];
        list[j] = list[i - 1];
        list[i - 1] = moved;
    }
}

/* A child for direction i, and whom it replaces. */
static void breed(struct moead *s, uint32_t i)
{
    const bool local = gw_variation_unit(&s->rng) < mating_neighbour_prob;
    const uint32_t pool = local ? s->neighbours : s->n;
    for (uint32_t j = 0; j < pool; j++) {
        s->order[j] = local ? s->near[(size_t)i * s->neighbours + j] : j;
    }
    shuffle(&s->rng, s->order, pool);
    const uint32_t child = s->n;
    gw_variation_cross(s->problem, &s->variation, &s->rng, gw_front_x(&s->members, s->order[0]),
                       gw_front_x(&s->members, s->order[1]), gw_front_x(&s->members, child),
                       gw_front_x(&s->members, child + 1));
    gw_variation_mutate(s->problem, &s->variation, &s->rng, gw_front_x(&s->members, child));
    gw_search_value(s->problem, &s->members, child);
    const double *f = gw_front_f(&s->members, child);
    observe(s, f);
    shuffle(&s->rng, s->order, pool);
    for (uint32_t j = 0, replaced = 0; j < pool && replaced < REPLACE_MAX; j++) {
        const uint32_t other = s->order[j];
        if (value(s, other, f) < value(s, other, gw_front_f(&s->members, other))) {
            gw_front_copy(&s->members, other, &s->members, child);
            replaced++;
        }
    }
}

static bool allocate(struct moead *s, struct gw_arena *arena)
{
    const uint32_t m = s->problem->objectives;
    s->weight = gw_arena_array(arena, (size_t)s->n * m, sizeof *s->weight);
    s->near = gw_arena_array(arena, (size_t)s->n * s->neighbours, sizeof *s->near);
    s->order = gw_arena_array(arena, s->n, sizeof *s->order);
    if (s->weight == NULL || s->near == NULL || s->order == NULL) {
        return false;
    }
    gw_weights_spread(m, s->n, &s->rng, s->weight);
    gw_weights_neighbours(s->weight, s->n, m, s->neighbours, s->near);
    return true;
}

bool gw_moead_run(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    struct moead s = {.problem = problem, .variation = gw_search_variation(how), .n = how->population};
    if (how->variation.crossover_prob <= 0.0) {
        s.variation.crossover_prob = 1.0; /* as published */
    }
    struct gw_arena arena = {0};
    s.neighbours = s.n < NEIGHBOURS ? s.n : NEIGHBOURS;
    gw_rng_init(&s.rng, how->seed);
    const bool ok = allocate(&s, &arena) && gw_search_begin(problem, how, s.n + 2, &s.rng, &s.members);
    if (ok) {
        for (uint32_t k = 0; k < problem->objectives; k++) {
            s.ideal[k] = INFINITY;
        }
        for (uint32_t i = 0; i < s.n; i++) {
            observe(&s, gw_front_f(&s.members, i));
        }
        while (s.members.evaluations < how->evaluations) {
            measure(&s);
            for (uint32_t i = 0; i < s.n && s.members.evaluations < how->evaluations; i++) {
                breed(&s, i);
            }
        }
        gw_front_reduce(&s.members);
    }
    gw_arena_fini(&arena);
    *found = s.members;
    return ok;
}
