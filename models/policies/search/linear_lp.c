#include "models/policies/search/linear_lp.h"

#include <math.h>
#include <stdlib.h>

#include "models/policies/search/lp.h"
#include "models/policies/search/weights.h"

enum { M = GW_PROBLEM_OBJECTIVES_MAX };

struct front {
    const struct gw_linear *linear;
    struct gw_lp *lp;
    uint32_t *column;
    double *coefficient, *x;
    double low[M], high[M];
};

/* Every row goes somewhere. */
static void add_rows(struct front *s)
{
    const struct gw_linear *l = s->linear;
    for (uint32_t r = 0; r < l->rows; r++) {
        for (uint32_t p = 0; p < l->places; p++) {
            const uint32_t i = r * l->places + p;
            gw_lp_column(s->lp, i, 0.0, l->allowed[i] != 0 ? 1.0 : 0.0);
            s->column[p] = i;
            s->coefficient[p] = 1.0;
        }
        gw_lp_row(s->lp, r, 1.0, 1.0, l->places, s->column, s->coefficient);
    }
}

/* And finds room there. */
static void add_room(struct front *s)
{
    const struct gw_linear *l = s->linear;
    for (uint32_t g = 0; g < l->groups; g++) {
        for (uint32_t p = 0; p < l->places; p++) {
            uint32_t n = 0;
            for (uint32_t r = 0; r < l->rows; r++) {
                if (l->group[r] == g) {
                    s->column[n] = r * l->places + p;
                    s->coefficient[n++] = l->load[r * l->places + p];
                }
            }
            gw_lp_row(s->lp, l->rows + g * l->places + p, -INFINITY, l->room, n, s->column, s->coefficient);
        }
    }
}

/* The plan that is least in the weighted sum, into x and f; what rounding left is scaled away. */
static bool solve(struct front *s, const double *weight, double *f)
{
    const struct gw_linear *l = s->linear;
    for (uint32_t i = 0; i < l->rows * l->places; i++) {
        double cost = 0.0;
        for (uint32_t k = 0; k < l->objectives; k++) {
            const double width = s->high[k] > s->low[k] ? s->high[k] - s->low[k] : 1.0;
            cost += weight[k] * l->cost[(size_t)i * l->objectives + k] / width;
        }
        gw_lp_cost(s->lp, i, cost);
    }
    if (gw_lp_solve(s->lp) != GW_LP_OPTIMAL) {
        return false;
    }
    for (uint32_t r = 0; r < l->rows; r++) {
        double sum = 0.0;
        for (uint32_t i = r * l->places; i < (r + 1) * l->places; i++) {
            s->x[i] = fmax(gw_lp_value(s->lp, i), 0.0);
            sum += s->x[i];
        }
        for (uint32_t i = r * l->places; i < (r + 1) * l->places; i++) {
            s->x[i] /= sum;
        }
    }
    l->problem.eval(l->problem.context, s->x, f);
    return true;
}

static bool find_range(struct front *s)
{
    const uint32_t m = s->linear->objectives;
    double low[M], high[M];
    for (uint32_t k = 0; k < m; k++) {
        low[k] = INFINITY;
        high[k] = -INFINITY;
        s->low[k] = 0.0;
        s->high[k] = 1.0;
    }
    for (uint32_t best = 0; best < m; best++) {
        double weight[M] = {0}, f[M];
        weight[best] = 1.0;
        if (!solve(s, weight, f)) {
            return false;
        }
        for (uint32_t k = 0; k < m; k++) {
            low[k] = fmin(low[k], f[k]);
            high[k] = fmax(high[k], f[k]);
        }
    }
    for (uint32_t k = 0; k < m; k++) {
        s->low[k] = low[k];
        s->high[k] = high[k];
    }
    return true;
}

static bool make(struct front *s, const double *lattice, uint32_t n, struct gw_front *out)
{
    add_rows(s);
    add_room(s);
    bool ok = find_range(s);
    for (uint32_t i = 0; ok && i < n; i++) {
        double f[M];
        ok = solve(s, lattice + (size_t)i * s->linear->objectives, f) && gw_front_append(out, s->x, f);
    }
    return ok;
}

bool gw_linear_lp_front(const struct gw_linear *linear, uint32_t n, struct gw_front *out)
{
    const uint32_t m = linear->objectives, cells = linear->rows * linear->places;
    const uint32_t parts = gw_weights_lattice_parts(m, n);
    const uint32_t directions = (uint32_t)gw_weights_lattice_size(m, parts);
    const uint32_t most = linear->rows > linear->places ? linear->rows : linear->places;
    struct front s = {.linear = linear,
                      .lp = gw_lp_create(linear->rows + linear->groups * linear->places, cells),
                      .column = calloc(most, sizeof *s.column),
                      .coefficient = calloc(most, sizeof *s.coefficient),
                      .x = calloc(cells, sizeof *s.x)};
    double *lattice = calloc((size_t)directions * m, sizeof *lattice);
    bool ok = s.lp != NULL && s.column != NULL && s.coefficient != NULL && s.x != NULL && lattice != NULL &&
              gw_front_init(out, cells, m, directions);
    if (ok) {
        gw_weights_lattice(m, parts, lattice);
        ok = make(&s, lattice, directions, out);
    }
    gw_lp_destroy(s.lp);
    free(s.column);
    free(s.coefficient);
    free(s.x);
    free(lattice);
    return ok;
}
