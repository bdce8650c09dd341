/* SMS-EMOA: N. Beume, B. Naujoks, M. Emmerich, "SMS-EMOA: multiobjective selection based on dominated
 * hypervolume", Eur. J. Oper. Res. 181(3), 2007. One child at a time; of the worst rank the member goes that
 * adds least hypervolume. The reference point lies one range beyond the worst of that rank in each objective,
 * so that units do not matter and the ends of the front stay. */
#include <math.h>

#include "models/policies/search/hypervolume.h"
#include "models/policies/search/search.h"
#include "sim/base/arena.h"

enum { M = GW_PROBLEM_OBJECTIVES_MAX };

struct sms_emoa {
    uint32_t *rank, *order;
    double *f, *contribution; /* of the worst rank */
};

/* Who adds least of order[from..n): its index in the population. */
static uint32_t least(struct sms_emoa *s, const struct gw_front *all, uint32_t from)
{
    const uint32_t m = all->objectives, n = all->n - from;
    double low[M], high[M], reference[M];
    for (uint32_t k = 0; k < m; k++) {
        low[k] = INFINITY;
        high[k] = -INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            s->f[(size_t)i * m + k] = gw_front_f(all, s->order[from + i])[k];
            low[k] = fmin(low[k], s->f[(size_t)i * m + k]);
            high[k] = fmax(high[k], s->f[(size_t)i * m + k]);
        }
        reference[k] = high[k] + (high[k] > low[k] ? high[k] - low[k] : 1.0);
    }
    gw_hypervolume_contributions(s->f, n, m, reference, s->contribution);
    uint32_t worst = 0;
    for (uint32_t i = 1; i < n; i++) {
        worst = s->contribution[i] < s->contribution[worst] ? i : worst;
    }
    return s->order[from + worst];
}

static void drop_one(struct sms_emoa *s, struct gw_front *all)
{
    const uint32_t ranks = gw_front_rank(all->f, all->n, all->objectives, s->rank, s->order);
    uint32_t from = all->n - 1;
    while (from > 0 && s->rank[s->order[from - 1]] == ranks - 1) {
        from--;
    }
    const uint32_t gone = from + 1 == all->n ? s->order[from] : least(s, all, from);
    all->n--;
    if (gone != all->n) {
        gw_front_copy(all, gone, all, all->n);
    }
}

bool gw_sms_emoa_run(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    const struct gw_variation variation = gw_search_variation(how);
    const uint32_t n = how->population;
    struct gw_rng rng;
    struct gw_front all = {0};
    struct gw_arena arena = {0};
    gw_rng_init(&rng, how->seed);
    struct sms_emoa s = {
        .rank = gw_arena_array(&arena, n + 1, sizeof *s.rank),
        .order = gw_arena_array(&arena, n + 1, sizeof *s.order),
        .f = gw_arena_array(&arena, (size_t)(n + 1) * problem->objectives, sizeof *s.f),
        .contribution = gw_arena_array(&arena, n + 1, sizeof *s.contribution),
    };
    const bool ok = s.rank != NULL && s.order != NULL && s.f != NULL && s.contribution != NULL &&
                    gw_search_begin(problem, how, n + 2, &rng, &all);
    while (ok && all.evaluations < how->evaluations) {
        const uint32_t a = gw_variation_below(&rng, n), b = gw_variation_below(&rng, n);
        gw_variation_cross(problem, &variation, &rng, gw_front_x(&all, a), gw_front_x(&all, b),
                           gw_front_x(&all, n), gw_front_x(&all, n + 1));
        gw_variation_mutate(problem, &variation, &rng, gw_front_x(&all, n));
        gw_search_value(problem, &all, n);
        all.n = n + 1;
        drop_one(&s, &all);
    }
    gw_front_reduce(&all);
    gw_arena_fini(&arena);
    *found = all;
    return ok;
}
