#include "models/policies/search/variation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static bool open_to(const struct gw_problem *p, uint32_t i)
{
    return p->allowed == NULL || p->allowed[i] != 0;
}

/* A place of the row that may hold a share, each as likely as its gap to the one before makes it; rows have
 * at least one. */
static uint32_t place_of(const struct gw_problem *p, struct gw_rng *rng, uint32_t row)
{
    uint32_t at = gw_variation_below(rng, p->row);
    while (!open_to(p, row * p->row + at)) {
        at = at + 1 < p->row ? at + 1 : 0;
    }
    return row * p->row + at;
}

void gw_variation_draw(const struct gw_problem *p, struct gw_rng *rng, double *x)
{
    if (p->row == 0) {
        for (uint32_t i = 0; i < p->n; i++) {
            x[i] = p->low[i] + (p->high[i] - p->low[i]) * gw_variation_unit(rng);
        }
        return;
    }
    memset(x, 0, p->n * sizeof *x);
    for (uint32_t r = 0; r < p->n / p->row; r++) {
        double left = 1.0;
        for (uint32_t parts = 1 + gw_variation_below(rng, 3); parts > 1; parts--) {
            const double part = left * gw_variation_unit(rng);
            x[place_of(p, rng, r)] += part;
            left -= part;
        }
        x[place_of(p, rng, r)] += left;
    }
}

/* ---- in a box ---- */

/* Spread factor of one child, kept within the bound on its side. */
static double spread(double u, double eta, double room)
{
    const double alpha = 2.0 - pow(room, -(eta + 1.0));
    return u <= 1.0 / alpha ? pow(u * alpha, 1.0 / (eta + 1.0))
                            : pow(1.0 / (2.0 - u * alpha), 1.0 / (eta + 1.0));
}

static void cross_value(const struct gw_variation *how, struct gw_rng *rng, double low, double high,
                        double *a, double *b)
{
    const double least = fmin(*a, *b), most = fmax(*a, *b), gap = most - least;
    if (gap < 1e-14) {
        return;
    }
    const double u = gw_variation_unit(rng), middle = least + most;
    const double down = spread(u, how->crossover_eta, 1.0 + 2.0 * (least - low) / gap);
    const double up = spread(u, how->crossover_eta, 1.0 + 2.0 * (high - most) / gap);
    const double one = fmin(fmax(0.5 * (middle - down * gap), low), high);
    const double two = fmin(fmax(0.5 * (middle + up * gap), low), high);
    const bool swapped = gw_variation_unit(rng) < 0.5;
    *a = swapped ? two : one;
    *b = swapped ? one : two;
}

static void mutate_value(double eta, struct gw_rng *rng, double low, double high, double *x)
{
    const double width = high - low, power = 1.0 / (eta + 1.0);
    if (width <= 0.0) {
        return;
    }
    const double u = gw_variation_unit(rng);
    double d = 0.0;
    if (u < 0.5) {
        const double room = 1.0 - (*x - low) / width;
        d = pow(2.0 * u + (1.0 - 2.0 * u) * pow(room, eta + 1.0), power) - 1.0;
    } else {
        const double room = 1.0 - (high - *x) / width;
        d = 1.0 - pow(2.0 * (1.0 - u) + (2.0 * u - 1.0) * pow(room, eta + 1.0), power);
    }
    *x = fmin(fmax(*x + d * width, low), high);
}

/* ---- over rows ---- */

struct gw_move gw_variation_move(const struct gw_problem *p, struct gw_rng *rng, const double *x)
{
    const uint32_t row = gw_variation_below(rng, p->n / p->row), first = row * p->row;
    struct gw_move move = {.from = first + gw_variation_below(rng, p->row)};
    while (x[move.from] <= 0.0) {
        move.from = move.from + 1 < first + p->row ? move.from + 1 : first;
    }
    move.to = place_of(p, rng, row);
    if (move.to != move.from) {
        const double u = gw_variation_unit(rng);
        move.amount = x[move.from] * (u < 0.5 ? 1.0 : 2.0 * (1.0 - u));
    }
    return move;
}

/* ---- both ---- */

void gw_variation_cross(const struct gw_problem *p, const struct gw_variation *how, struct gw_rng *rng,
                        const double *a, const double *b, double *child, double *other)
{
    memcpy(child, a, p->n * sizeof *a);
    memcpy(other, b, p->n * sizeof *b);
    if (gw_variation_unit(rng) >= how->crossover_prob) {
        return;
    }
    if (p->row == 0) {
        for (uint32_t i = 0; i < p->n; i++) {
            if (gw_variation_unit(rng) < 0.5) {
                cross_value(how, rng, p->low[i], p->high[i], &child[i], &other[i]);
            }
        }
        return;
    }
    for (uint32_t first = 0; first < p->n; first += p->row) {
        if (gw_variation_unit(rng) < 0.5) {
            memcpy(child + first, b + first, p->row * sizeof *a);
            memcpy(other + first, a + first, p->row * sizeof *b);
        }
    }
}

void gw_variation_mutate(const struct gw_problem *p, const struct gw_variation *how, struct gw_rng *rng,
                         double *x)
{
    const uint32_t parts = p->row == 0 ? p->n : p->n / p->row;
    for (uint32_t i = 0; i < parts; i++) {
        if (gw_variation_unit(rng) * parts >= 1.0) {
            continue;
        }
        if (p->row == 0) {
            mutate_value(how->mutation_eta, rng, p->low[i], p->high[i], &x[i]);
        } else {
            gw_variation_step(p, how, rng, x);
        }
    }
}

void gw_variation_step(const struct gw_problem *p, const struct gw_variation *how, struct gw_rng *rng,
                       double *x)
{
    if (p->row == 0) {
        const uint32_t i = gw_variation_below(rng, p->n);
        mutate_value(how->mutation_eta, rng, p->low[i], p->high[i], &x[i]);
        return;
    }
    const struct gw_move move = gw_variation_move(p, rng, x);
    if (move.amount > 0.0) {
        gw_variation_make(x, &move);
    }
}
