/* models/policies/search/problem.h - what a search minimises: several objectives over a box, or over rows of
 * shares.
 *
 *   box     low_i <= x_i <= high_i
 *   rows    x is cut into rows of `row` numbers; each is >= 0, 0 where not allowed, and sums to 1
 *
 * Rows are searched as they are, by moving a share from one place to another: a whole share moves as easily
 * as a part, so that vertices, where linear problems have their optima, are reached and not only approached.
 *
 * `moves`, when given, prices the change of one row in less time than a whole evaluation takes. Its state is
 * memory of the searcher's, `bytes` long, aligned for any type; several may be in use at once. */
#ifndef GW_MODELS_POLICIES_SEARCH_PROBLEM_H
#define GW_MODELS_POLICIES_SEARCH_PROBLEM_H

#include <stddef.h>
#include <stdint.h>

enum { GW_PROBLEM_OBJECTIVES_MAX = 8 };

struct gw_move {
    uint32_t from, to; /* indices into x, of one row */
    double amount;     /* > 0, at most x[from] */
};

struct gw_problem_moves {
    size_t bytes;
    /* The state now stands at x; f receives its objectives. */
    void (*start)(const void *context, void *state, const double *x, double *f);
    /* Objectives after the move, which is not made. */
    void (*price)(const void *context, const void *state, const struct gw_move *move, double *f);
    void (*make)(const void *context, void *state, const struct gw_move *move);
};

struct gw_problem {
    uint32_t n, objectives;   /* at least 1, at most GW_PROBLEM_OBJECTIVES_MAX objectives */
    const double *low, *high; /* [n] of a box */
    uint32_t row;             /* 0: a box; else divides n */
    const uint8_t *allowed;   /* [n] of rows, at least one in each; NULL: all */
    void (*eval)(const void *context, const double *x, double *f);
    const struct gw_problem_moves *moves; /* NULL: none */
    const void *context;
};

#endif
