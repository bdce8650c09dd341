#include "models/grid/margin.h"

#include <math.h>

#include "sim/base/units.h"

enum { PARTS = 12, NOTHING = 0, HYDRO = GW_MARGIN_KINDS - 1 };

static const enum gw_fuel kind[GW_MARGIN_KINDS] = {GW_FUEL_COAL, GW_FUEL_GAS, GW_FUEL_OIL,
                                                   GW_FUEL_OTHER, [HYDRO] = GW_FUEL_HYDRO};

/* --- shares ------------------------------------------------------------------------------------- */

/* Reservoirs hold a fixed amount of water: what they give now a thermal plant gives later, so they count only
 * where there is nothing else. False when nothing answers but wind and sun. */
static bool answering(const struct gw_merit *merit, size_t i, double share[GW_MARGIN_KINDS])
{
    double sum = 0;
    for (int k = 0; k < HYDRO; k++) {
        share[k] = merit->slope[kind[k]] * merit->generation[kind[k]][i];
        sum += share[k];
    }
    share[HYDRO] = sum > 0 ? 0 : merit->generation[GW_FUEL_HYDRO][i];
    sum += share[HYDRO];
    for (int k = 0; k < GW_MARGIN_KINDS && sum > 0; k++) {
        share[k] /= sum;
    }
    return sum > 0 && merit->curtailed[i] <= 0;
}

static void set_factors(struct gw_margin *out, int first, const struct gw_zone *zone)
{
    for (int k = 0; k < GW_MARGIN_KINDS; k++) {
        out->state[first + k].lifecycle_gco2_per_kwh = zone->lifecycle_gco2_per_kwh.of[kind[k]];
        out->state[first + k].direct_gco2_per_kwh = zone->direct_gco2_per_kwh.of[kind[k]];
    }
}

/* Adds the plants of a grid with a weight to the hour's shares; memory is taken for those that occur. */
static bool add(struct gw_margin *out, int first, const struct gw_merit *merit, double weight, size_t i,
                struct gw_arena *arena)
{
    double share[GW_MARGIN_KINDS];
    const bool plants = answering(merit, i, share);
    for (int s = 0; s < GW_MARGIN_KINDS + 1; s++) {
        const int state = s == GW_MARGIN_KINDS ? NOTHING : first + s;
        const double part = s == GW_MARGIN_KINDS ? (plants ? 0 : weight) : plants ? weight * share[s] : 0;
        if (part > 0 && out->state[state].share == NULL) {
            out->state[state].share = gw_arena_array(arena, out->n, sizeof(double));
            if (out->state[state].share == NULL) {
                return false;
            }
        }
        if (part > 0) {
            out->state[state].share[i] += part;
        }
    }
    return true;
}

bool gw_margin_make(const struct gw_zone *zone, const struct gw_merit *own, const struct gw_merit *theirs,
                    struct gw_margin *out, struct gw_arena *arena)
{
    const double margin = zone->import != NULL ? zone->import->marginal_frac : 0;
    *out = (struct gw_margin){.n = own->n};
    set_factors(out, 1, zone);
    if (zone->import != NULL) {
        set_factors(out, 1 + GW_MARGIN_KINDS, zone->import->from);
    }
    for (size_t i = 0; i < out->n; i++) {
        if (!add(out, 1, own, 1 - margin, i, arena) ||
            (margin > 0 && !add(out, 1 + GW_MARGIN_KINDS, theirs, margin, i, arena))) {
            return false;
        }
    }
    return true;
}

/* --- hours and their parts ---------------------------------------------------------------------- */

static double factor_of(const struct gw_margin *self, int state, bool direct)
{
    return direct ? self->state[state].direct_gco2_per_kwh : self->state[state].lifecycle_gco2_per_kwh;
}

static double share_of(const struct gw_margin *self, int state, size_t hour)
{
    return self->state[state].share != NULL ? self->state[state].share[hour] : 0;
}

double gw_margin_hour(const struct gw_margin *self, bool direct, size_t hour)
{
    double sum = 0;
    for (int s = 0; s < GW_MARGIN_STATES; s++) {
        sum += share_of(self, s, hour) * factor_of(self, s, direct);
    }
    return sum;
}

/* A state from one moment of an hour to another, in parts of it. */
static void hold(double *y, double from, double to, double factor)
{
    for (int k = (int)from; k < PARTS && k < to; k++) {
        y[k] += (fmin(to, k + 1) - fmax(from, k)) * factor;
    }
}

/* Goes once round the states, beginning with `first`; returns the last one that had a turn. */
static int fill_hour(const struct gw_margin *self, bool direct, size_t hour, int first, double *y)
{
    double from = 0;
    int last = first;
    for (int s = 0; s < GW_MARGIN_STATES; s++) {
        const int state = (first + s) % GW_MARGIN_STATES;
        const double share = share_of(self, state, hour);
        if (share > 0) {
            hold(y, from, from + PARTS * share, factor_of(self, state, direct));
            from += PARTS * share;
            last = state;
        }
    }
    return last;
}

bool gw_margin_refine(const struct gw_margin *self, bool direct, gw_time_us start_unix_us,
                      struct gw_series *out, struct gw_arena *arena)
{
    double *y = gw_arena_array(arena, self->n, PARTS * sizeof *y);
    if (y == NULL) {
        return false;
    }
    int turn = NOTHING;
    for (size_t i = 0; i < self->n; i++) {
        turn = fill_hour(self, direct, i, turn, y + i * PARTS);
    }
    *out = (struct gw_series){
        .start_unix_us = start_unix_us, .step_us = GW_US_PER_H / PARTS, .n = self->n * PARTS, .value = y};
    return true;
}
