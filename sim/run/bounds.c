#include "sim/run/bounds.h"

#include <math.h>
#include <string.h>

#include "models/policies/eval.h"
#include "sim/base/units.h"

static bool is_asked(const struct gw_bounds *self, int k)
{
    return (self->asked >> k & 1u) != 0;
}

/* ---- begin and end ---- */

static uint32_t asked_for(const struct gw_scenario *sc)
{
    const struct gw_slice *list = &sc->cfg.score.bounds;
    const int32_t *objective = list->at;
    uint32_t asked = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        asked |= 1u << objective[i];
    }
    return asked;
}

bool gw_bounds_open(struct gw_bounds *self, const struct gw_scenario *sc, uint32_t replication,
                    const struct gw_observer *seen, struct gw_run_result *out, struct gw_arena *arena)
{
    *self = (struct gw_bounds){.sc = sc, .asked = asked_for(sc), .seen = seen};
    if (self->asked == 0) {
        return true;
    }
    const size_t epochs = (size_t)(sc->cfg.time.duration_us / sc->cfg.time.epoch_us);
    self->gap_row = gw_arena_array(&out->arena, epochs * GW_SCORE_OBJECTIVES, sizeof *self->gap_row);
    if (self->gap_row == NULL || !gw_observer_init(&self->real, sc, replication, seen->air, arena)) {
        return false;
    }
    self->real.foresight.is_hindsight = true;
    self->real.set_point_shift_k = seen->set_point_shift_k;
    self->real.demand_factor = seen->demand_factor;
    self->real.onsite = seen->onsite;
    self->real.station = seen->station;
    self->real.bill = seen->bill;
    self->program[GW_BOUND_EPOCH] = gw_plan_lp_create(&seen->view.public);
    self->program[GW_BOUND_DAY] = gw_plan_lp_create(&self->real.view.public);
    return self->program[GW_BOUND_EPOCH] != NULL && self->program[GW_BOUND_DAY] != NULL;
}

void gw_bounds_close(struct gw_bounds *self)
{
    for (int b = 0; b < GW_BOUNDS; b++) {
        gw_plan_lp_destroy(self->program[b]);
    }
}

/* ---- epochs ---- */

static bool overloads(const struct gw_view_store *view, const double *share)
{
    for (uint32_t m = 0; m < view->dims.models; m++) {
        for (uint32_t s = 0; s < view->dims.sites; s++) {
            if (gw_eval_utilisation(view, share, m, s) > 1.0) {
                return true;
            }
        }
    }
    return false;
}

static double rate_of(const struct gw_view_store *view)
{
    double per_s = 0.0;
    for (uint32_t d = 0; d < view->dims.demands; d++) {
        per_s += view->value[GW_VIEW_DEMAND_RATE][(size_t)d * view->dims.horizon];
    }
    return per_s;
}

/* The bounds of one epoch, added up. */
static void add_bounds(struct gw_bounds *self, enum gw_bound which, const struct gw_view_store *view,
                       double bound[GW_SCORE_OBJECTIVES])
{
    const double requests = rate_of(view) * gw_s_from_us(view->public.epoch_us);
    gw_sum_add(&self->requests[which], requests);
    for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
        bound[k] = is_asked(self, k) ? gw_plan_lp_bound(self->program[which], (enum gw_objective)k) : NAN;
        gw_sum_add(&self->bound[which][k], bound[k] * (k == GW_OBJ_TTFT_MS ? requests : 1.0));
    }
}

/* The gaps of a plan, where it has one: without overload, to a bound above nothing. */
static void add_gaps(struct gw_bounds *self, const double *share)
{
    const struct gw_view_store *view = &self->seen->view;
    double *row = self->gap_row + (self->rows - 1) * GW_SCORE_OBJECTIVES, value[GW_OBJECTIVES];
    const bool valid = !overloads(view, share);
    gw_eval_plan(view, share, value);
    for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
        const double bound = row[k];
        row[k] = valid && bound > 0.0 ? (value[k] - bound) / bound : NAN;
        if (isfinite(row[k])) {
            gw_sum_add(&self->gap[k], row[k]);
            self->gaps[k]++;
        }
    }
}

/* Batteries act on forecasts: in hindsight too they do what they were ordered. */
static void copy_batteries(const struct gw_view_store *from, const struct gw_view_store *to)
{
    static const enum gw_view_id tables[] = {GW_VIEW_BATTERY_TAKE, GW_VIEW_BATTERY_GIVE, GW_VIEW_BATTERY_LOW,
                                             GW_VIEW_BATTERY_HIGH};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        memcpy(to->value[tables[i]], from->value[tables[i]], from->dims.sites * sizeof(double));
    }
}

void gw_bounds_planned(struct gw_bounds *self, gw_time_us now_us, const double *share, const double *realised)
{
    if (self->asked == 0) {
        return;
    }
    self->rows++;
    add_bounds(self, GW_BOUND_EPOCH, &self->seen->view,
               self->gap_row + (self->rows - 1) * GW_SCORE_OBJECTIVES);
    if (share != NULL) {
        add_gaps(self, share);
    }
    gw_observer_epoch(&self->real, now_us, realised);
    copy_batteries(&self->seen->view, &self->real.view);
}

void gw_bounds_over(struct gw_bounds *self, const uint64_t *sent, const double *realised, bool one_by_one)
{
    if (self->asked == 0) {
        return;
    }
    if (one_by_one) {
        add_gaps(self, realised);
    }
    const struct gw_view_store *view = &self->real.view;
    const double epoch_s = gw_s_from_us(view->public.epoch_us);
    for (uint32_t d = 0; d < view->dims.demands; d++) {
        double n = 0.0;
        for (uint32_t s = 0; s < view->dims.sites; s++) {
            n += (double)sent[(size_t)d * view->dims.sites + s];
        }
        view->value[GW_VIEW_DEMAND_RATE][(size_t)d * view->dims.horizon] = n / epoch_s;
    }
    double bound[GW_SCORE_OBJECTIVES];
    add_bounds(self, GW_BOUND_DAY, view, bound);
}

/* ---- results ---- */

void gw_bounds_write(const struct gw_bounds *self, struct gw_run_result *out)
{
    out->changes_work = self->sc->variant[out->policy].slot[GW_SLOTS_DIRECTIVES].ops != NULL;
    out->gap = self->gap_row;
    out->n_gaps = self->rows;
    for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
        const bool valid = is_asked(self, k) && !out->changes_work;
        for (int b = 0; b < GW_BOUNDS; b++) {
            const double over = k == GW_OBJ_TTFT_MS ? gw_sum_value(self->requests[b]) : 1.0;
            out->bound[b][k] = valid ? gw_sum_value(self->bound[b][k]) / over : NAN;
        }
        out->score[gw_score_objective((enum gw_objective)k).plan_gap] =
            valid && self->gaps[k] > 0 ? gw_sum_value(self->gap[k]) / (double)self->gaps[k] : NAN;
    }
}

/* The first policy that routes so; NULL when none does. */
static const struct gw_run_result *run_of(const struct gw_scenario *sc, const struct gw_result *result,
                                          const char *policy, uint32_t replication)
{
    for (uint32_t p = 0; p < result->policies; p++) {
        const struct gw_policy_ops *ops = sc->variant[p].slot[GW_SLOTS_ROUTING].ops;
        if (ops != NULL && strcmp(ops->name, policy) == 0) {
            return &result->run[(size_t)p * result->replications + replication];
        }
    }
    return NULL;
}

static double sim_gap(const struct gw_run_result *run, const struct gw_run_result *lp, enum gw_score score)
{
    const bool comparable = lp != NULL && run->error.status == GW_OK && lp->error.status == GW_OK &&
                            gw_score_comparable(run->score, lp->score) && lp->score[score] > 0.0;
    return comparable ? run->score[score] / lp->score[score] - 1.0 : NAN;
}

void gw_bounds_fill_sim_gaps(const struct gw_scenario *sc, struct gw_result *result)
{
    for (uint32_t r = 0; r < result->replications; r++) {
        for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
            const struct gw_score_objective of = gw_score_objective((enum gw_objective)k);
            const struct gw_run_result *lp = run_of(sc, result, of.policy, r);
            for (uint32_t p = 0; p < result->policies; p++) {
                struct gw_run_result *run = &result->run[(size_t)p * result->replications + r];
                run->score[of.sim_gap] = sim_gap(run, lp, of.score);
            }
        }
    }
}
