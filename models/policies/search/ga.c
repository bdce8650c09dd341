/* A genetic algorithm on a weighted sum, once per direction: the unit vectors and the even mix, each with an
 * equal part of the evaluations and the population of the last one to begin with. Tournaments of two, one
 * elite (J. Holland 1975; D. Goldberg, "Genetic algorithms in search, optimization and machine learning",
 * 1989). The front it returns has at most one member per direction and whatever else of the last population
 * none dominates. */
#include <string.h>

#include "models/policies/search/scalar.h"
#include "models/policies/search/search.h"
#include "sim/base/arena.h"

struct ga {
    const struct gw_problem *problem;
    struct gw_variation variation;
    struct gw_rng rng;
    struct gw_scalar scalar;
    double weight[GW_PROBLEM_OBJECTIVES_MAX];
    double *value; /* [n] of the parents */
    struct gw_front now, next, out;
};

static uint32_t best_of(const struct ga *s)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < s->now.n; i++) {
        best = s->value[i] < s->value[best] ? i : best;
    }
    return best;
}

static uint32_t tournament(struct ga *s)
{
    const uint32_t a = gw_variation_below(&s->rng, s->now.n), b = gw_variation_below(&s->rng, s->now.n);
    return s->value[b] < s->value[a] ? b : a;
}

static void appraise(struct ga *s)
{
    for (uint32_t i = 0; i < s->now.n; i++) {
        s->value[i] = gw_scalar_of(&s->scalar, s->weight, gw_front_f(&s->now, i));
    }
}

/* The elite stays, everybody else is a child: n - 1 evaluations. */
static void generation(struct ga *s)
{
    const uint32_t n = s->now.n;
    s->next.n = 0;
    gw_front_copy(&s->next, 0, &s->now, best_of(s));
    for (uint32_t i = 1; i < n; i++) {
        const uint32_t a = tournament(s), b = tournament(s);
        gw_variation_cross(s->problem, &s->variation, &s->rng, gw_front_x(&s->now, a), gw_front_x(&s->now, b),
                           gw_front_x(&s->next, i), gw_front_x(&s->next, n));
        gw_variation_mutate(s->problem, &s->variation, &s->rng, gw_front_x(&s->next, i));
        s->problem->eval(s->problem->context, gw_front_x(&s->next, i), gw_front_f(&s->next, i));
    }
    s->next.n = n;
    s->next.evaluations = s->now.evaluations + n - 1;
    const struct gw_front swapped = s->now;
    s->now = s->next;
    s->next = swapped;
    appraise(s);
}

/* Direction k: objective k alone, or all alike when k is their number. */
static bool search(struct ga *s, uint32_t k, uint64_t until)
{
    const uint32_t m = s->problem->objectives;
    for (uint32_t j = 0; j < m; j++) {
        s->weight[j] = k == m ? 1.0 / m : (j == k ? 1.0 : 0.0);
    }
    appraise(s);
    while (s->now.evaluations + s->now.n - 1 <= until) {
        generation(s);
    }
    const uint32_t best = best_of(s);
    bool added = false;
    return gw_front_insert(&s->out, gw_front_x(&s->now, best), gw_front_f(&s->now, best), &added);
}

bool gw_ga_run(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    struct ga s = {.problem = problem, .variation = gw_search_variation(how)};
    struct gw_arena arena = {0};
    const uint32_t n = how->population, m = problem->objectives;
    gw_rng_init(&s.rng, how->seed);
    s.value = gw_arena_array(&arena, n, sizeof *s.value);
    bool ok = s.value != NULL && gw_search_begin(problem, how, n + 1, &s.rng, &s.now) &&
              gw_front_init(&s.next, problem->n, m, n + 1) && gw_front_init(&s.out, problem->n, m, n);
    if (ok) {
        gw_scalar_fit(&s.scalar, &s.now);
    }
    const uint64_t first = s.now.evaluations, each = (how->evaluations - first) / (m + 1);
    for (uint32_t k = 0; ok && k <= m; k++) {
        ok = search(&s, k, first + (k + 1) * each);
    }
    for (uint32_t i = 0; ok && i < s.now.n; i++) {
        bool added = false;
        ok = gw_front_insert(&s.out, gw_front_x(&s.now, i), gw_front_f(&s.now, i), &added);
    }
    s.out.evaluations = s.now.evaluations;
    gw_front_fini(&s.now);
    gw_front_fini(&s.next);
    gw_arena_fini(&arena);
    *found = s.out;
    return ok;
}
