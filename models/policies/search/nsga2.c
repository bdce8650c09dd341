/* NSGA-II: K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, "A fast and elitist multiobjective genetic algorithm:
 * NSGA-II", IEEE Trans. Evol. Comput. 6(2), 2002. Parents by binary tournament on rank, then crowding;
 * survivors by rank, and of the last rank that fits only in part the least crowded. Beyond three objectives
 * nearly everybody has rank 0 and crowding alone leads nowhere. */
#include <math.h>
#include <stdlib.h>

#include "models/policies/search/search.h"
#include "sim/base/arena.h"

struct nsga2 {
    const struct gw_problem *problem;
    struct gw_variation variation;
    struct gw_rng rng;
    struct gw_front all; /* parents, then their children */
    uint32_t *rank, *order;
    double *crowding;
    uint8_t *stays;
};

/* Insertion by one objective, ties by index; ranks are short or nearly sorted. */
static void sort_by(const struct gw_front *all, uint32_t k, uint32_t *member, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        const uint32_t moved = member[i];
        const double value = gw_front_f(all, moved)[k];
        uint32_t j = i;
        while (j > 0 && (gw_front_f(all, member[j - 1])[k] > value ||
                         (gw_front_f(all, member[j - 1])[k] == value && member[j - 1] > moved))) {
            member[j] = member[j - 1];
            j--;
        }
        member[j] = moved;
    }
}

/* Perimeter of the box between a member's neighbours in its rank, each objective scaled to the rank's range.
 */
static void crowd(struct nsga2 *s, uint32_t *member, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        s->crowding[member[i]] = 0.0;
    }
    for (uint32_t k = 0; k < s->all.objectives; k++) {
        sort_by(&s->all, k, member, n);
        const double low = gw_front_f(&s->all, member[0])[k],
                     range = gw_front_f(&s->all, member[n - 1])[k] - low;
        s->crowding[member[0]] = INFINITY;
        s->crowding[member[n - 1]] = INFINITY;
        for (uint32_t i = 1; i + 1 < n && range > 0.0; i++) {
            s->crowding[member[i]] +=
                (gw_front_f(&s->all, member[i + 1])[k] - gw_front_f(&s->all, member[i - 1])[k]) / range;
        }
    }
}

/* The least crowded of a rank stay: sorted by crowding falling, ties by index. */
static void keep_spread(struct nsga2 *s, uint32_t *member, uint32_t n, uint32_t room)
{
    for (uint32_t i = 1; i < n; i++) {
        const uint32_t moved = member[i];
        uint32_t j = i;
        while (j > 0 && (s->crowding[member[j - 1]] < s->crowding[moved] ||
                         (s->crowding[member[j - 1]] == s->crowding[moved] && member[j - 1] > moved))) {
            member[j] = member[j - 1];
            j--;
        }
        member[j] = moved;
    }
    for (uint32_t i = 0; i < n; i++) {
        s->stays[member[i]] = i < room;
    }
}

/* Ranks and crowds everybody, then leaves the best `room` of them, in the order of their indices. */
static void survive(struct nsga2 *s, uint32_t room)
{
    struct gw_front *all = &s->all;
    gw_front_rank(all->f, all->n, all->objectives, s->rank, s->order);
    for (uint32_t from = 0; from < all->n;) {
        uint32_t to = from;
        while (to < all->n && s->rank[s->order[to]] == s->rank[s->order[from]]) {
            to++;
        }
        crowd(s, s->order + from, to - from);
        keep_spread(s, s->order + from, to - from, from < room ? room - from : 0);
        from = to;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        if (s->stays[i]) {
            gw_front_copy(all, kept, all, i);
            s->rank[kept] = s->rank[i];
            s->crowding[kept++] = s->crowding[i];
        }
    }
    all->n = kept;
}

static uint32_t winner(const struct nsga2 *s, uint32_t a, uint32_t b)
{
    if (s->rank[a] != s->rank[b]) {
        return s->rank[a] < s->rank[b] ? a : b;
    }
    return s->crowding[b] > s->crowding[a] ? b : a;
}

static void shuffle(struct nsga2 *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t j = gw_variation_below(&s->rng, i + 1);
        s->order[i] = s->order[j];
        s->order[j] = i;
    }
}

/* Everybody meets two others: the order is shuffled twice, and four in a row make two parents. */
static void breed(struct nsga2 *s, uint32_t parents)
{
    uint32_t met = parents;
    while (s->all.n < 2 * parents) {
        const uint32_t at = s->all.n;
        if (met + 4 > parents) {
            shuffle(s, parents);
            met = 0;
        }
        const uint32_t *four = s->order + met;
        const uint32_t a = winner(s, four[0], four[1]), b = winner(s, four[2], four[3]);
        met += 4;
        gw_variation_cross(s->problem, &s->variation, &s->rng, gw_front_x(&s->all, a), gw_front_x(&s->all, b),
                           gw_front_x(&s->all, at), gw_front_x(&s->all, at + 1));
        for (uint32_t i = at; i < at + 2 && i < 2 * parents; i++) {
            gw_variation_mutate(s->problem, &s->variation, &s->rng, gw_front_x(&s->all, i));
            gw_search_value(s->problem, &s->all, i);
            s->all.n++;
        }
    }
}

bool gw_nsga2_run(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    struct nsga2 s = {.problem = problem, .variation = gw_search_variation(how)};
    struct gw_arena arena = {0};
    const uint32_t n = how->population, cap = 2 * n + 1;
    gw_rng_init(&s.rng, how->seed);
    s.rank = gw_arena_array(&arena, cap, sizeof *s.rank);
    s.order = gw_arena_array(&arena, cap, sizeof *s.order);
    s.crowding = gw_arena_array(&arena, cap, sizeof *s.crowding);
    s.stays = gw_arena_array(&arena, cap, sizeof *s.stays);
    const bool ok = s.rank != NULL && s.order != NULL && s.crowding != NULL && s.stays != NULL &&
                    gw_search_begin(problem, how, cap, &s.rng, &s.all);
    if (ok) {
        survive(&s, n);
        while (s.all.evaluations + n <= how->evaluations) {
            breed(&s, n);
            survive(&s, n);
        }
        gw_front_reduce(&s.all);
    }
    gw_arena_fini(&arena);
    *found = s.all;
    return ok;
}
