#include "models/policies/search/front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/search/problem.h"

bool gw_front_init(struct gw_front *self, uint32_t vars, uint32_t objectives, uint32_t cap)
{
    *self = (struct gw_front){.vars = vars, .objectives = objectives, .cap = cap};
    self->x = calloc((size_t)cap * vars + 1, sizeof *self->x);
    self->f = calloc((size_t)cap * objectives + 1, sizeof *self->f);
    if (self->x == NULL || self->f == NULL) {
        gw_front_fini(self);
        return false;
    }
    return true;
}

void gw_front_fini(struct gw_front *self)
{
    free(self->x);
    free(self->f);
    *self = (struct gw_front){0};
}

static bool grow(struct gw_front *self)
{
    const uint32_t cap = self->cap < 8 ? 16 : 2 * self->cap;
    double *x = realloc(self->x, ((size_t)cap * self->vars + 1) * sizeof *x);
    if (x == NULL) {
        return false;
    }
    self->x = x;
    double *f = realloc(self->f, ((size_t)cap * self->objectives + 1) * sizeof *f);
    if (f == NULL) {
        return false;
    }
    self->f = f;
    self->cap = cap;
    return true;
}

bool gw_front_append(struct gw_front *self, const double *x, const double *f)
{
    if (self->n == self->cap && !grow(self)) {
        return false;
    }
    memcpy(gw_front_x(self, self->n), x, self->vars * sizeof *x);
    memcpy(gw_front_f(self, self->n), f, self->objectives * sizeof *f);
    self->n++;
    return true;
}

void gw_front_copy(struct gw_front *self, uint32_t i, const struct gw_front *from, uint32_t j)
{
    memmove(gw_front_x(self, i), gw_front_x(from, j), self->vars * sizeof *self->x);
    memmove(gw_front_f(self, i), gw_front_f(from, j), self->objectives * sizeof *self->f);
    self->n = i == self->n ? i + 1 : self->n;
}

bool gw_front_dominates(const double *f, const double *g, uint32_t objectives)
{
    bool better = false;
    for (uint32_t k = 0; k < objectives; k++) {
        if (!(f[k] <= g[k])) {
            return false;
        }
        better = better || f[k] < g[k];
    }
    return better;
}

static bool equal(const double *f, const double *g, uint32_t objectives)
{
    for (uint32_t k = 0; k < objectives; k++) {
        if (f[k] != g[k]) {
            return false;
        }
    }
    return true;
}

bool gw_front_insert(struct gw_front *self, const double *x, const double *f, bool *added)
{
    *added = false;
    for (uint32_t i = 0; i < self->n; i++) {
        const double *g = gw_front_f(self, i);
        if (gw_front_dominates(g, f, self->objectives) || equal(g, f, self->objectives)) {
            return true;
        }
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->n; i++) {
        if (!gw_front_dominates(f, gw_front_f(self, i), self->objectives)) {
            if (kept != i) {
                gw_front_copy(self, kept, self, i);
            }
            kept++;
        }
    }
    self->n = kept;
    *added = gw_front_append(self, x, f);
    return *added;
}

/* ---- ranks ---- */

static int lexicographic(const double *f, uint32_t objectives, uint32_t i, uint32_t j)
{
    const double *a = f + (size_t)i * objectives, *b = f + (size_t)j * objectives;
    for (uint32_t k = 0; k < objectives; k++) {
        if (a[k] != b[k]) {
            return a[k] < b[k] ? -1 : 1;
        }
    }
    return i < j ? -1 : 1;
}

/* Heap sort: in place, and no comparator that would need a global. */
static void sift(const double *f, uint32_t objectives, uint32_t *order, uint32_t root, uint32_t end)
{
    for (;;) {
        uint32_t child = 2 * root + 1;
        if (child >= end) {
            return;
        }
        if (child + 1 < end && lexicographic(f, objectives, order[child], order[child + 1]) < 0) {
            child++;
        }
        if (lexicographic(f, objectives, order[root], order[child]) >= 0) {
            return;
        }
        const uint32_t swapped = order[root];
        order[root] = order[child];
        order[child] = swapped;
        root = child;
    }
}

static void sort(const double *f, uint32_t objectives, uint32_t *order, uint32_t n)
{
    for (uint32_t i = n / 2; i-- > 0;) {
        sift(f, objectives, order, i, n);
    }
    for (uint32_t end = n; end-- > 1;) {
        const uint32_t last = order[end];
        order[end] = order[0];
        order[0] = last;
        sift(f, objectives, order, 0, end);
    }
}

/* In lexicographic order a point can only be dominated by earlier ones (Zhang et al., "An efficient approach
 * to nondominated sorting", IEEE Trans. Evol. Comput. 19(2), 2015): the latest of a rank is asked first. */
uint32_t gw_front_rank(const double *f, uint32_t n, uint32_t objectives, uint32_t *rank, uint32_t *order)
{
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    sort(f, objectives, order, n);
    uint32_t ranks = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double *mine = f + (size_t)order[i] * objectives;
        uint32_t at = 0; /* lowest rank that may still hold it */
        for (uint32_t j = i; j-- > 0;) {
            if (rank[order[j]] >= at &&
                gw_front_dominates(f + (size_t)order[j] * objectives, mine, objectives)) {
                at = rank[order[j]] + 1;
            }
        }
        rank[order[i]] = at;
        ranks = at + 1 > ranks ? at + 1 : ranks;
    }

    /* stable by rank: insertion of runs that are already in order */
    uint32_t filled = 0;
    for (uint32_t r = 0; r < ranks; r++) {
        for (uint32_t i = filled; i < n; i++) {
            if (rank[order[i]] == r) {
                const uint32_t moved = order[i];
                memmove(order + filled + 1, order + filled, (i - filled) * sizeof *order);
                order[filled++] = moved;
            }
        }
    }
    return ranks;
}

void gw_front_reduce(struct gw_front *self)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->n; i++) {
        const double *mine = gw_front_f(self, i);
        bool stays = true;
        for (uint32_t j = 0; j < kept && stays; j++) {
            stays = !equal(gw_front_f(self, j), mine, self->objectives) &&
                    !gw_front_dominates(gw_front_f(self, j), mine, self->objectives);
        }
        for (uint32_t j = i + 1; j < self->n && stays; j++) {
            stays = !gw_front_dominates(gw_front_f(self, j), mine, self->objectives);
        }
        if (stays) {
            gw_front_copy(self, kept++, self, i);
        }
    }
    self->n = kept;
}

/* ---- ranges and picks ---- */

void gw_front_range(const struct gw_front *self, double *low, double *high)
{
    for (uint32_t k = 0; k < self->objectives; k++) {
        low[k] = INFINITY;
        high[k] = -INFINITY;
        for (uint32_t i = 0; i < self->n; i++) {
            low[k] = fmin(low[k], gw_front_f(self, i)[k]);
            high[k] = fmax(high[k], gw_front_f(self, i)[k]);
        }
    }
}

uint32_t gw_front_pick(const struct gw_front *self, const double *weight)
{
    double low[GW_PROBLEM_OBJECTIVES_MAX], high[GW_PROBLEM_OBJECTIVES_MAX];
    gw_front_range(self, low, high);
    uint32_t best = 0;
    double best_sum = INFINITY;
    for (uint32_t i = 0; i < self->n; i++) {
        double sum = 0.0;
        for (uint32_t k = 0; k < self->objectives; k++) {
            if (high[k] > low[k]) {
                sum += weight[k] * (gw_front_f(self, i)[k] - low[k]) / (high[k] - low[k]);
            }
        }
        if (sum < best_sum) {
            best = i;
            best_sum = sum;
        }
    }
    return best;
}
