/* NSGA-III: K. Deb, H. Jain, "An evolutionary many-objective optimization algorithm using
 * reference-point-based nondominated sorting approach, part I", IEEE Trans. Evol. Comput. 18(4), 2014.
 * Survivors by rank; of the last rank that fits only in part, those that serve the reference directions with
 * the fewest members. Objectives are normalised anew in each generation: ideal point, extreme points of the
 * axes, intercepts of the plane through them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/search/search.h"
#include "models/policies/search/weights.h"
#include "sim/base/arena.h"

enum { M = GW_PROBLEM_OBJECTIVES_MAX };

struct nsga3 {
    const struct gw_problem *problem;
    struct gw_variation variation;
    struct gw_rng rng;
    struct gw_front all; /* parents, then their children */
    double *direction;   /* [directions][m] */
    uint32_t directions;
    double ideal[M], extreme[M][M], span[M];
    bool seen; /* extreme points of earlier generations */
    uint32_t *rank, *order, *niche, *count;
    double *distance;
    uint8_t *stays;
};

/* ---- normalisation ---- */

/* How far a point lies from axis k: the largest of its other objectives counts 1e6-fold. */
static double off_axis(const double *f, const double *ideal, uint32_t k, uint32_t m)
{
    double worst = -INFINITY;
    for (uint32_t j = 0; j < m; j++) {
        worst = fmax(worst, (f[j] - ideal[j]) * (j == k ? 1.0 : 1e6));
    }
    return worst;
}

/* Solves a x = 1 by elimination with pivots; false when the extreme points span no plane. */
static bool solve(double a[M][M], uint32_t m, double *x)
{
    double right[M];
    for (uint32_t k = 0; k < m; k++) {
        right[k] = 1.0;
    }
    for (uint32_t k = 0; k < m; k++) {
        uint32_t pivot = k;
        for (uint32_t i = k + 1; i < m; i++) {
            pivot = fabs(a[i][k]) > fabs(a[pivot][k]) ? i : pivot;
        }
        if (!(fabs(a[pivot][k]) > 1e-12)) {
            return false;
        }
        for (uint32_t j = 0; j < m; j++) {
            const double moved = a[k][j];
            a[k][j] = a[pivot][j];
            a[pivot][j] = moved;
        }
        const double moved = right[k];
        right[k] = right[pivot];
        right[pivot] = moved;
        for (uint32_t i = k + 1; i < m; i++) {
            const double factor = a[i][k] / a[k][k];
            for (uint32_t j = k; j < m; j++) {
                a[i][j] -= factor * a[k][j];
            }
            right[i] -= factor * right[k];
        }
    }
    for (uint32_t k = m; k-- > 0;) {
        double sum = right[k];
        for (uint32_t j = k + 1; j < m; j++) {
            sum -= a[k][j] * x[j];
        }
        x[k] = sum / a[k][k];
    }
    return true;
}

/* Ideal, extreme points (those of earlier generations compete) and intercepts; where the plane gives no
 * sensible intercept, the worst value of the first rank. `first`: how many stand in it. */
static void normalise(struct nsga3 *s, uint32_t first)
{
    const uint32_t m = s->all.objectives;
    for (uint32_t k = 0; k < m; k++) {
        s->ideal[k] = s->seen ? s->ideal[k] : INFINITY;
        for (uint32_t i = 0; i < s->all.n; i++) {
            s->ideal[k] = fmin(s->ideal[k], gw_front_f(&s->all, i)[k]);
        }
    }
    double a[M][M], slope[M];
    for (uint32_t k = 0; k < m; k++) {
        double best = s->seen ? off_axis(s->extreme[k], s->ideal, k, m) : INFINITY;
        for (uint32_t i = 0; i < first; i++) {
            const double *f = gw_front_f(&s->all, s->order[i]);
            const double off = off_axis(f, s->ideal, k, m);
            if (off < best) {
                best = off;
                memcpy(s->extreme[k], f, m * sizeof *f);
            }
        }
        for (uint32_t j = 0; j < m; j++) {
            a[k][j] = s->extreme[k][j] - s->ideal[j];
        }
    }
    s->seen = true;
    const bool plane = solve(a, m, slope);
    for (uint32_t k = 0; k < m; k++) {
        double worst = -INFINITY, worst_of_all = -INFINITY;
        for (uint32_t i = 0; i < s->all.n; i++) {
            const double f = gw_front_f(&s->all, s->order[i])[k];
            worst_of_all = fmax(worst_of_all, f);
            worst = i < first ? worst_of_all : worst;
        }
        const double intercept = plane && slope[k] > 1e-6 ? 1.0 / slope[k] : INFINITY;
        s->span[k] = intercept <= worst_of_all - s->ideal[k] ? intercept : worst - s->ideal[k];
        s->span[k] = s->span[k] > 1e-12 ? s->span[k] : 1.0;
    }
}

/* ---- niches ---- */

/* The direction nearest to member i, and how far its line is, squared. */
static void associate(struct nsga3 *s, uint32_t i)
{
    const uint32_t m = s->all.objectives;
    double f[M], length2 = 0.0;
    for (uint32_t k = 0; k < m; k++) {
        f[k] = (gw_front_f(&s->all, i)[k] - s->ideal[k]) / s->span[k];
        length2 += f[k] * f[k];
    }
    s->distance[i] = INFINITY;
    for (uint32_t d = 0; d < s->directions; d++) {
        const double *w = s->direction + (size_t)d * m;
        double along = 0.0, w2 = 0.0;
        for (uint32_t k = 0; k < m; k++) {
            along += f[k] * w[k];
            w2 += w[k] * w[k];
        }
        const double off = fmax(length2 - along * along / w2, 0.0);
        if (off < s->distance[i]) {
            s->distance[i] = off;
            s->niche[i] = d;
        }
    }
}

/* A direction with the fewest members of those that still have candidates in order[from..to), by chance among
 * equals. */
static uint32_t emptiest(struct nsga3 *s, uint32_t from, uint32_t to)
{
    uint32_t best = UINT32_MAX, ties = 0;
    for (uint32_t i = from; i < to; i++) {
        const uint32_t d = s->niche[s->order[i]];
        if (s->stays[s->order[i]] != 0 || d == best) {
            continue;
        }
        if (best == UINT32_MAX || s->count[d] < s->count[best]) {
            best = d;
            ties = 1;
        } else if (s->count[d] == s->count[best] && gw_variation_below(&s->rng, ++ties) == 0) {
            best = d;
        }
    }
    return best;
}

/* Of a direction's candidates: the nearest when it has no member yet, else any. */
static uint32_t candidate(struct nsga3 *s, uint32_t from, uint32_t to, uint32_t direction)
{
    uint32_t best = UINT32_MAX, seen = 0;
    for (uint32_t i = from; i < to; i++) {
        const uint32_t member = s->order[i];
        if (s->stays[member] != 0 || s->niche[member] != direction) {
            continue;
        }
        const bool better =
            best == UINT32_MAX || (s->count[direction] == 0 ? s->distance[member] < s->distance[best]
                                                            : gw_variation_below(&s->rng, ++seen + 1) == 0);
        best = better ? member : best;
    }
    return best;
}

static void survive(struct nsga3 *s, uint32_t room)
{
    struct gw_front *all = &s->all;
    gw_front_rank(all->f, all->n, all->objectives, s->rank, s->order);
    uint32_t from = 0, to = 0, first = 0; /* order[from..to): the rank that fills the room */
    while (to < room) {
        from = to;
        while (to < all->n && s->rank[s->order[to]] == s->rank[s->order[from]]) {
            to++;
        }
        first = from == 0 ? to : first;
    }
    normalise(s, first);
    memset(s->count, 0, s->directions * sizeof *s->count);
    for (uint32_t i = 0; i < all->n; i++) {
        const uint32_t member = s->order[i];
        s->stays[member] = i < from || to == room ? i < to : 0;
        if (i < to) {
            associate(s, member);
            s->count[s->niche[member]] += i < from;
        }
    }
    for (uint32_t chosen = to == room ? room : from; chosen < room; chosen++) {
        const uint32_t direction = emptiest(s, from, to), member = candidate(s, from, to, direction);
        s->stays[member] = 1;
        s->count[direction]++;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        if (s->stays[i] != 0) {
            gw_front_copy(all, kept++, all, i);
        }
    }
    all->n = kept;
}

static void breed(struct nsga3 *s, uint32_t parents)
{
    while (s->all.n < 2 * parents) {
        const uint32_t at = s->all.n;
        const uint32_t a = gw_variation_below(&s->rng, parents), b = gw_variation_below(&s->rng, parents);
        gw_variation_cross(s->problem, &s->variation, &s->rng, gw_front_x(&s->all, a), gw_front_x(&s->all, b),
                           gw_front_x(&s->all, at), gw_front_x(&s->all, at + 1));
        for (uint32_t i = at; i < at + 2 && i < 2 * parents; i++) {
            gw_variation_mutate(s->problem, &s->variation, &s->rng, gw_front_x(&s->all, i));
            gw_search_value(s->problem, &s->all, i);
            s->all.n++;
        }
    }
}

static bool allocate(struct nsga3 *s, struct gw_arena *arena, uint32_t population)
{
    const uint32_t m = s->problem->objectives, cap = 2 * population + 1;
    uint32_t parts = gw_weights_lattice_parts(m, population);
    parts = parts > 0 ? parts : 1;
    s->directions = (uint32_t)gw_weights_lattice_size(m, parts);
    s->direction = gw_arena_array(arena, (size_t)s->directions * m, sizeof *s->direction);
    s->count = gw_arena_array(arena, s->directions, sizeof *s->count);
    s->rank = gw_arena_array(arena, cap, sizeof *s->rank);
    s->order = gw_arena_array(arena, cap, sizeof *s->order);
    s->niche = gw_arena_array(arena, cap, sizeof *s->niche);
    s->distance = gw_arena_array(arena, cap, sizeof *s->distance);
    s->stays = gw_arena_array(arena, cap, sizeof *s->stays);
    if (s->direction == NULL || s->count == NULL || s->rank == NULL || s->order == NULL || s->niche == NULL ||
        s->distance == NULL || s->stays == NULL) {
        return false;
    }
    gw_weights_lattice(m, parts, s->direction);
    return true;
}

bool gw_nsga3_run(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    struct nsga3 s = {.problem = problem, .variation = gw_search_variation(how)};
    if (how->variation.crossover_eta <= 0.0) {
        s.variation.crossover_eta = 30.0; /* as published */
    }
    if (how->variation.crossover_prob <= 0.0) {
        s.variation.crossover_prob = 1.0;
    }
    struct gw_arena arena = {0};
    gw_rng_init(&s.rng, how->seed);
    const bool ok = allocate(&s, &arena, how->population) &&
                    gw_search_begin(problem, how, 2 * how->population + 1, &s.rng, &s.all);
    while (ok && s.all.evaluations + how->population <= how->evaluations) {
        breed(&s, how->population);
        survive(&s, how->population);
    }
    gw_front_reduce(&s.all);
    gw_arena_fini(&arena);
    *found = s.all;
    return ok;
}
