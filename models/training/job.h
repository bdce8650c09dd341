/* models/training/job.h - training jobs: what is known of one before it runs.
 *
 * Work is counted as the time that the job takes alone on `width` accelerators at full power; another width
 * makes it faster or slower by its scaling curve, a power limit by its power curve. Many jobs share one kind.
 * Times are simulated. docs/models/training.md, "Jobs and schedules". */
#ifndef GW_MODELS_TRAINING_JOB_H
#define GW_MODELS_TRAINING_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "models/training/scaling.h"
#include "sim/core/clock.h"

/* Throughput by width. A curve by nodes of so many accelerators (proportional below one node); or a table (in
 * order of width; straight lines between its rows, proportional before the first, flat after the last); or
 * without either width^exponent. */
struct gw_job_scaling {
    double exponent;
    uint32_t n;
    const double *width, *throughput; /* [n] */
    const struct gw_scaling *curve;
    double per_node;
};

/* Throughput by the share of full power. A table as above, or without one power^exponent. `limit` is the
 * power that the accelerator may draw over what the job draws uncapped; 0: the same. */
struct gw_job_capping {
    double exponent;
    uint32_t n;
    const double *power, *throughput; /* [n] */
    double limit;
};

/* Of a kind at one site: its accelerators' pace over that of those by which work is counted, and watts. */
struct gw_job_here {
    double pace, watts, held_watts;
};

/* What jobs have in common: everything that costs time and is no work. */
struct gw_job_kind {
    struct gw_job_scaling scaling;
    struct gw_job_capping capping;
    double watts, held_watts; /* of an accelerator with its share of the node: at work; held without work */
    gw_time_us start_us;      /* from getting accelerators to the first work: provision, load, compile */
    gw_time_us resume_us;     /* the same from a checkpoint */
    gw_time_us checkpoint_us; /* writing one, work stands still */
    gw_time_us interval_us;   /* of work between two checkpoints; GW_NEVER_US: only when it is stopped */
    gw_time_us reshape_us;    /* resuming with another width, on top */
    double checkpoint_gb;
    uint32_t spares;                /* accelerators held at rest beside those at work */
    double failures_per_h;          /* of an accelerator */
    const uint8_t *allowed;         /* [sites]; NULL: all */
    const struct gw_job_here *here; /* [sites]; NULL: alike everywhere */
};

struct gw_job {
    uint64_t number; /* unique; the last word in every tie */
    gw_time_us submit_us, work_us;
    gw_time_us deadline_us; /* GW_NEVER_US: none */
    gw_time_us meant_us;    /* when it would begin where nobody plans; before submit_us: then */
    uint32_t width, min_width, max_width;
    uint32_t queue, kind;
};

/* A queue: what its jobs are told to expect. */
struct gw_job_queue {
    const char *name;
    gw_time_us longest_us; /* jobs up to this length are in it, unless an earlier queue has them */
    gw_time_us wait_us;    /* GW_NEVER_US: no limit */
    double mean_us;        /* length of its jobs, counted by gw_job_assign */
    int32_t priority;      /* higher: served first, and last to give accelerators back */
    uint32_t quota;        /* accelerators that its jobs hold at a time, wherever they are; 0: no limit */
};

/* Puts each job into the first queue that takes its length, the last one if none does, and counts the means.
 */
void gw_job_assign(struct gw_job *job, size_t n, struct gw_job_queue *queue, uint32_t queues);

struct gw_job_here gw_job_at(const struct gw_job_kind *kind, uint32_t site);

/* Work done per time, 1 at the job's own width and full power. */
double gw_job_speed(const struct gw_job *job, const struct gw_job_kind *kind, uint32_t width, double power);

/* Time of work and checkpoints between from the beginning of an interval until `left_us` is done at this
 * speed, rounded up; and back: work done after `for_us`, and the part of it that is saved. */
gw_time_us gw_job_duration(const struct gw_job_kind *kind, double left_us, double speed);
double gw_job_progress(const struct gw_job_kind *kind, gw_time_us for_us, double speed);
double gw_job_saved(const struct gw_job_kind *kind, gw_time_us for_us, double speed);

/* When a job submitted at this moment should be done, by the calendar: the next workday at `hour`, or the
 * next Monday or Thursday at `hour`; UTC, strictly after `from`. */
enum gw_job_calendar { GW_JOB_NEXT_WORKDAY, GW_JOB_SEMI_WEEKLY };
gw_time_us gw_job_calendar_deadline(enum gw_job_calendar rule, gw_time_us from_unix_us, int hour);

#endif
