/* models/policies/job_scale.h - the hours of a forecast and the widths of an elastic job, cheapest work
 * first.
 *
 * CarbonScaler's greedy. For interval t and the j-th widening from width w_(j-1) to w_j
 *
 *   cost per work   CI_t (P(w_j) - P(w_(j-1))) / (v(w_j) - v(w_(j-1)))
 *
 * with P watts and v speed (work per time). Taken from the cheapest on, j only after j - 1 of the same
 * interval, until the work is done; the last one only for as long as it is needed. For speeds whose gains
 * fall with width that is the least there is. Where the first widening gains nothing, it is suspend-resume.
 *
 * Hanafy et al., "CarbonScaler: Leveraging Cloud Workload Elasticity for Optimizing Carbon-Efficiency",
 * SIGMETRICS 2024. */
#ifndef GW_MODELS_POLICIES_JOB_SCALE_H
#define GW_MODELS_POLICIES_JOB_SCALE_H

#include "models/policies/job_plan.h"

struct gw_job_level {
    uint32_t width;
    double speed, watts;
    double watts_per_speed; /* of this widening */
};

struct gw_job_offer {
    double cost;
    uint32_t slot, level;
};

struct gw_job_scale {
    struct gw_job_level *level; /* in order of width; those that gain nothing are left out */
    size_t n_levels, level_cap;
    struct gw_job_pieces slots;
    uint32_t *taken; /* [slots] levels */
    size_t taken_cap;
    struct gw_job_offer *heap;
    size_t n_heap, heap_cap;
    uint32_t cut_slot; /* the slot whose last level is needed only in part; UINT32_MAX: none */
    double cut_frac;   /* for that share of it */
    double cost;       /* signal times kWh of the plan */
    double dearest;    /* cost per work of the last level taken */
    double work_us;    /* done by the plan; less than was asked for when there is no more room */
};
void gw_job_scale_free(struct gw_job_scale *self);

/* The widths the job may have at a site: from its least one in steps to its greatest, or what the site has.
 * False when memory is out. */
bool gw_job_scale_levels(struct gw_job_scale *self, const struct gw_job_desk *desk,
                         const struct gw_job_view *job, uint32_t site, uint32_t step);

/* Work of `work_us` in self->slots, which the caller laid. False when memory is out. */
bool gw_job_scale_plan(struct gw_job_scale *self, double work_us);

/* How often it stops and resumes. */
size_t gw_job_scale_stops(const struct gw_job_scale *self);

/* Its segments, the last one until the job is done. 0, or what the schedule says. */
int gw_job_scale_write(const struct gw_job_scale *self, struct gw_schedule *out);

/* The cheapest plan of the job at one site by `finish`. Starting, and a checkpoint, a resumption and another
 * layout at each stop and each change of width take time at that width, in which no work is done: the plan
 * has room for those that it makes. Where they take time at all, the plan at the job's own width is drawn as
 * well, and the cheaper one stands. INFINITY: it cannot be done by then; NAN: memory is out. */
double gw_job_scale_fit(struct gw_job_scale *self, const struct gw_job_desk *desk,
                        const struct gw_job_view *job, uint32_t signal, uint32_t site, uint32_t step,
                        int64_t finish_us);

#endif
