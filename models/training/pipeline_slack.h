/* models/training/pipeline_slack.h - slowing what nobody waits for in a pipeline of stages.
 *
 * One iteration of a pipeline in the order 1F1B: each stage takes the forward and the backward pass of each
 * micro-batch. Stages that are not equal, and every stage at the beginning and at the end, wait. A pass that
 * could end later without the iteration ending later runs at a lower power cap instead; where a straggler
 * elsewhere makes the iteration longer by a factor anyway, all of them are slowed by it. After Perseus (SOSP
 * 2024), with a simple plan in place of its optimum: pass by pass in order of time, each is stretched into
 * the slack it finds, down to a lowest speed that is chosen so that early passes leave some to later ones.
 * Savings are therefore a lower bound.
 *
 * docs/models/training.md, eq. 20. */
#ifndef GW_MODELS_TRAINING_PIPELINE_SLACK_H
#define GW_MODELS_TRAINING_PIPELINE_SLACK_H

#include "models/hardware/power_cap.h"

enum { GW_PIPELINE_SLACK_PASSES_MAX = 1 << 22 }; /* stages x micro-batches x 2 */

struct gw_pipeline_slack_cfg {
    uint32_t stages, micro_batches;       /* at least 1 each */
    const double *forward_s, *backward_s; /* [stages] of one micro-batch at full speed, positive */
    const struct gw_power_cap *cap;
    double compute_w, wait_w; /* of a stage, at full speed and while it waits; wait_w the lower */
    double straggler;         /* >= 1: the iteration's length is this much more, whatever is done here */
};

struct gw_pipeline_slack {
    double full_s;            /* an iteration at full speed */
    double bubble_frac;       /* of the stages' time in it that they wait */
    double deadline_s;        /* full_s straggler: when it ends with or without slowing */
    double planned_s;         /* when the slowed passes end, at most deadline_s */
    double full_j, planned_j; /* all stages, over deadline_s */
    double saved_frac;
};

/* speed[stages], or NULL: mean speed of each stage's passes, by work. GW_ERR_RANGE for more passes than
 * GW_PIPELINE_SLACK_PASSES_MAX, GW_ERR_NOMEM; outputs are untouched then. */
GW_MUST_USE enum gw_status gw_pipeline_slack_plan(const struct gw_pipeline_slack_cfg *cfg,
                                                  struct gw_pipeline_slack *out, double *speed,
                                                  struct gw_error *err);

#endif
