#include "models/policies/search/lp.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

#include "sim/base/check.h"

struct gw_lp {
    glp_prob *program;
    uint32_t rows, columns;
    int *index; /* 1-based, as GLPK wants it */
    double *value;
    bool solved; /* there is a basis to start from */
    uint64_t iterations;
};

struct gw_lp *gw_lp_create(uint32_t rows, uint32_t columns)
{
    struct gw_lp *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    *self = (struct gw_lp){
        .rows = rows,
        .columns = columns,
        .index = calloc((size_t)columns + 1, sizeof *self->index),
        .value = calloc((size_t)columns + 1, sizeof *self->value),
    };
    if (self->index == NULL || self->value == NULL) {
        gw_lp_destroy(self);
        return NULL;
    }
    (void)glp_term_out(GLP_OFF);
    self->program = glp_create_prob();
    glp_add_rows(self->program, (int)rows);
    glp_add_cols(self->program, (int)columns);
    return self;
}

void gw_lp_destroy(struct gw_lp *self)
{
    if (self == NULL) {
        return;
    }
    if (self->program != NULL) {
        glp_delete_prob(self->program);
    }
    free(self->index);
    free(self->value);
    free(self);
}

static int kind_of(double low, double high)
{
    GW_REQUIRE(low <= high); /* also false for NaN */
    if (isinf(low)) {
        return isinf(high) ? GLP_FR : GLP_UP;
    }
    return isinf(high) ? GLP_LO : low == high ? GLP_FX : GLP_DB;
}

void gw_lp_column(struct gw_lp *self, uint32_t column, double low, double high)
{
    GW_REQUIRE(column < self->columns);
    glp_set_col_bnds(self->program, (int)column + 1, kind_of(low, high), low, high);
}

void gw_lp_cost(struct gw_lp *self, uint32_t column, double cost)
{
    GW_REQUIRE(column < self->columns && isfinite(cost));
    glp_set_obj_coef(self->program, (int)column + 1, cost);
}

void gw_lp_row(struct gw_lp *self, uint32_t row, double low, double high, uint32_t n, const uint32_t *column,
               const double *coefficient)
{
    GW_REQUIRE(row < self->rows && n <= self->columns);
    int used = 0;
    for (uint32_t i = 0; i < n; i++) {
        GW_REQUIRE(column[i] < self->columns && isfinite(coefficient[i]));
        if (coefficient[i] != 0.0) {
            self->index[++used] = (int)column[i] + 1;
            self->value[used] = coefficient[i];
        }
    }
    glp_set_mat_row(self->program, (int)row + 1, used, self->index, self->value);
    gw_lp_row_bounds(self, row, low, high);
}

void gw_lp_row_bounds(struct gw_lp *self, uint32_t row, double low, double high)
{
    GW_REQUIRE(row < self->rows);
    glp_set_row_bnds(self->program, (int)row + 1, kind_of(low, high), low, high);
}

/* The first solution goes through the presolver, later ones start from the last basis. New coefficients may
 * have made it singular: then once more from the beginning. */
static int simplex(struct gw_lp *self)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.presolve = self->solved ? GLP_OFF : GLP_ON;
    const int before = glp_get_it_cnt(self->program);
    int status = glp_simplex(self->program, &how);
    if (status == GLP_EBADB || status == GLP_ESING || status == GLP_ECOND || status == GLP_EFAIL) {
        glp_adv_basis(self->program, 0);
        status = glp_simplex(self->program, &how);
    }
    self->iterations += (uint64_t)(glp_get_it_cnt(self->program) - before);
    return status;
}

enum gw_lp_outcome gw_lp_solve(struct gw_lp *self)
{
    const int status = simplex(self);
    if (status == GLP_ENOPFS || status == GLP_ENODFS) { /* says the presolver */
        return status == GLP_ENOPFS ? GW_LP_INFEASIBLE : GW_LP_UNBOUNDED;
    }
    if (status != 0) {
        return GW_LP_FAILED;
    }
    switch (glp_get_status(self->program)) {
    case GLP_OPT:
        self->solved = true;
        return GW_LP_OPTIMAL;
    case GLP_NOFEAS:
    case GLP_INFEAS:
        return GW_LP_INFEASIBLE;
    case GLP_UNBND:
        return GW_LP_UNBOUNDED;
    default:
        return GW_LP_FAILED;
    }
}

double gw_lp_objective(const struct gw_lp *self)
{
    return glp_get_obj_val(self->program);
}

double gw_lp_value(const struct gw_lp *self, uint32_t column)
{
    return glp_get_col_prim(self->program, (int)column + 1);
}

uint64_t gw_lp_iterations(const struct gw_lp *self)
{
    return self->iterations;
}
