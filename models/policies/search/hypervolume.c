#include "models/policies/search/hypervolume.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/search/front.h"
#include "models/policies/search/problem.h"

/* Sets of points, one per level of the recursion, one after the other in one block. */
struct sets {
    uint32_t m; /* of all points; deeper levels look only at their first ones */
    const double *reference;
    double *level; /* [levels][n][m] */
    size_t level_size;
};

/* A total order of the values; ties by the values before: equal points are equal. */
static bool before(const double *a, const double *b, uint32_t m)
{
    for (uint32_t k = m; k-- > 0;) {
        if (a[k] != b[k]) {
            return a[k] > b[k];
        }
    }
    return false;
}

/* Worst in the last objective first: what follows then shrinks fastest. Sets are small: insertion. */
static void sort(double *f, uint32_t n, uint32_t m, uint32_t stride)
{
    double moved[GW_PROBLEM_OBJECTIVES_MAX];
    for (uint32_t i = 1; i < n; i++) {
        memcpy(moved, f + (size_t)i * stride, stride * sizeof *f);
        uint32_t j = i;
        while (j > 0 && before(moved, f + (size_t)(j - 1) * stride, m)) {
            j--;
        }
        memmove(f + (size_t)(j + 1) * stride, f + (size_t)j * stride, (i - j) * stride * sizeof *f);
        memcpy(f + (size_t)j * stride, moved, stride * sizeof *f);
    }
}

/* Points that another dominates or repeats are taken out; in place. */
static uint32_t reduce(double *f, uint32_t n, uint32_t m, uint32_t stride)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double *mine = f + (size_t)i * stride;
        bool stays = true;
        uint32_t after = 0;
        for (uint32_t j = 0; j < kept; j++) {
            double *other = f + (size_t)j * stride;
            bool worse = false, better = false;
            for (uint32_t k = 0; k < m; k++) {
                worse = worse || mine[k] > other[k];
                better = better || mine[k] < other[k];
            }
            stays = stays && better;
            if (!stays) {
                break;
            }
            if (worse) { /* neither dominates: the other stays */
                if (after != j) {
                    memcpy(f + (size_t)after * stride, other, stride * sizeof *f);
                }
                after++;
            }
        }
        if (stays) {
            kept = after;
            if (kept != i) {
                memcpy(f + (size_t)kept * stride, mine, stride * sizeof *f);
            }
            kept++;
        }
    }
    return kept;
}

/* Sorted by the second objective falling, so the first rises. */
static double sweep(const double *f, uint32_t n, uint32_t stride, const double *reference)
{
    double area = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = f + (size_t)i * stride;
        const double above = i > 0 ? p[1 - (int)stride] : reference[1];
        area += (reference[0] - p[0]) * (above - p[1]);
    }
    return area;
}

static double volume(const struct sets *s, uint32_t depth, double *f, uint32_t n, uint32_t m);

/* What f[i] adds to the points after it: its box less the part of it that they dominate. */
static double added_by(const struct sets *s, uint32_t depth, const double *f, uint32_t i, uint32_t n,
                       uint32_t m)
{
    const double *p = f + (size_t)i * s->m;
    double box = 1.0;
    for (uint32_t k = 0; k < m; k++) {
        box *= s->reference[k] - p[k];
    }
    double *limited = s->level + (depth + 1) * s->level_size;
    for (uint32_t j = i + 1; j < n; j++) {
        for (uint32_t k = 0; k < m; k++) {
            limited[(size_t)(j - i - 1) * s->m + k] = fmax(f[(size_t)j * s->m + k], p[k]);
        }
    }
    const uint32_t left = reduce(limited, n - i - 1, m, s->m);
    return left > 0 ? box - volume(s, depth + 1, limited, left, m) : box;
}

/* Of points that do not dominate each other. Those after p are better in the last objective, so limited by p
 * they share its value: one objective less below it. */
static double volume(const struct sets *s, uint32_t depth, double *f, uint32_t n, uint32_t m)
{
    sort(f, n, m, s->m);
    if (m == 1) {
        return s->reference[0] - f[0];
    }
    if (m == 2) {
        return sweep(f, n, s->m, s->reference);
    }
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const double height = s->reference[m - 1] - f[(size_t)i * s->m + m - 1];
        sum += height * added_by(s, depth, f, i, n, m - 1);
    }
    return sum;
}

/* The points that count, copied. */
static uint32_t inside(const double *f, uint32_t n, uint32_t m, const double *reference, uint32_t without,
                       double *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool counts = i != without;
        for (uint32_t k = 0; k < m; k++) {
            counts = counts && f[(size_t)i * m + k] < reference[k];
        }
        if (counts) {
            memcpy(out + (size_t)kept++ * m, f + (size_t)i * m, m * sizeof *f);
        }
    }
    return reduce(out, kept, m, m);
}

static bool make_room(struct sets *s, uint32_t n, uint32_t m, const double *reference)
{
    *s = (struct sets){.m = m, .reference = reference, .level_size = (size_t)n * m};
    s->level = malloc(((size_t)(m + 1) * s->level_size + 1) * sizeof *s->level);
    return s->level != NULL;
}

double gw_hypervolume(const double *f, uint32_t n, uint32_t objectives, const double *reference)
{
    struct sets s;
    if (!make_room(&s, n, objectives, reference)) {
        return (double)NAN;
    }
    const uint32_t kept = inside(f, n, objectives, reference, UINT32_MAX, s.level);
    const double v = kept > 0 ? volume(&s, 0, s.level, kept, objectives) : 0.0;
    free(s.level);
    return v;
}

/* What point i adds to all others: the box between it and the reference, less what they dominate of it. */
static double exclusive(const struct sets *s, const double *f, uint32_t n, uint32_t i)
{
    const uint32_t m = s->m;
    const double *p = f + (size_t)i * m;
    double box = 1.0;
    for (uint32_t k = 0; k < m; k++) {
        if (!(p[k] < s->reference[k])) {
            return 0.0;
        }
        box *= s->reference[k] - p[k];
    }
    uint32_t left = 0;
    for (uint32_t j = 0; j < n; j++) {
        double *limited = s->level + (size_t)left * m;
        bool counts = j != i;
        for (uint32_t k = 0; k < m && counts; k++) {
            limited[k] = fmax(f[(size_t)j * m + k], p[k]);
            counts = limited[k] < s->reference[k];
        }
        left += counts;
    }
    left = reduce(s->level, left, m, m);
    return left > 0 ? fmax(box - volume(s, 0, s->level, left, m), 0.0) : box;
}

void gw_hypervolume_contributions(const double *f, uint32_t n, uint32_t objectives, const double *reference,
                                  double *contribution)
{
    struct sets s;
    const bool opened = make_room(&s, n, objectives, reference);
    for (uint32_t i = 0; i < n; i++) {
        contribution[i] = opened ? exclusive(&s, f, n, i) : (double)NAN;
    }
    if (opened) {
        free(s.level);
    }
}
