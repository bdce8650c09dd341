/* models/policies/search/lp.h - linear programs, solved by GLPK.
 *
 *   minimise  sum_j cost_j x_j     row_low_i <= sum_j a_ij x_j <= row_high_i,   low_j <= x_j <= high_j
 *
 * Rows and columns are made once; bounds, costs and coefficients may be set anew between solutions, which
 * then start from the last basis. GLPK keeps its state per thread: a program lives and dies in one thread.
 * What would make GLPK abort (NaN, bounds that cross) is our bug and is caught before. */
#ifndef GW_MODELS_POLICIES_SEARCH_LP_H
#define GW_MODELS_POLICIES_SEARCH_LP_H

#include <stdbool.h>
#include <stdint.h>

struct gw_lp;

enum gw_lp_outcome { GW_LP_OPTIMAL, GW_LP_INFEASIBLE, GW_LP_UNBOUNDED, GW_LP_FAILED };

/* NULL when memory is out. */
struct gw_lp *gw_lp_create(uint32_t rows, uint32_t columns);
void gw_lp_destroy(struct gw_lp *self); /* accepts NULL */

/* Infinite bounds are no bounds. */
void gw_lp_column(struct gw_lp *self, uint32_t column, double low, double high);
void gw_lp_cost(struct gw_lp *self, uint32_t column, double cost);
/* All n entries of a row: each column at most once. */
void gw_lp_row(struct gw_lp *self, uint32_t row, double low, double high, uint32_t n, const uint32_t *column,
               const double *coefficient);

/* Its bounds alone; -INFINITY and INFINITY take it out of the program. */
void gw_lp_row_bounds(struct gw_lp *self, uint32_t row, double low, double high);

enum gw_lp_outcome gw_lp_solve(struct gw_lp *self);

/* Of the last optimal solution. */
double gw_lp_objective(const struct gw_lp *self);
double gw_lp_value(const struct gw_lp *self, uint32_t column);
uint64_t gw_lp_iterations(const struct gw_lp *self); /* of the simplex, over all solutions */

#endif
