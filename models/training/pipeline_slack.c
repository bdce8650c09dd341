#include "models/training/pipeline_slack.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/check.h"

/* Passes of stage s stand in its own order at [s x 2 M, (s + 1) x 2 M); their place by kind and micro-batch
 * in `at`. Both neighbours in time are known: the one before on this stage, and the one it takes data from.
 */
struct pass {
    uint32_t stage, micro_batch;
    bool backward;
    double work_s;         /* at full speed */
    double start_s, end_s; /* as planned */
    double latest_s;       /* end, with everything after it at full speed */
};

struct plan {
    const struct gw_pipeline_slack_cfg *cfg;
    uint32_t per_stage;
    size_t n;
    struct pass *pass;
    uint32_t *order; /* all passes, each after those it waits for */
    double slowdown; /* of every pass, by the time that a straggler gives */
    double *stage_s; /* time each stage works, as planned */
};

/* 1F1B: stage s takes S - s - 1 forward passes first, then one forward and one backward in turn, then what is
 * left of the backward ones. */
static void order_stage(struct plan *self, uint32_t s)
{
    const struct gw_pipeline_slack_cfg *cfg = self->cfg;
    const uint32_t m = cfg->micro_batches, ahead = cfg->stages - s - 1 < m ? cfg->stages - s - 1 : m;
    uint32_t forward = 0, backward = 0;
    for (uint32_t k = 0; k < self->per_stage; k++) {
        const bool is_backward = forward == m || (forward > ahead && forward - backward > ahead);
        self->pass[(size_t)s * self->per_stage + k] = (struct pass){
            .stage = s,
            .micro_batch = is_backward ? backward++ : forward++,
            .backward = is_backward,
            .work_s = is_backward ? cfg->backward_s[s] : cfg->forward_s[s],
        };
    }
}

/* Place of a micro-batch's pass on a stage: the inverse of order_stage. */
static uint32_t place(const struct plan *self, uint32_t s, uint32_t micro_batch, bool backward)
{
    const struct gw_pipeline_slack_cfg *cfg = self->cfg;
    const uint32_t m = cfg->micro_batches, ahead = cfg->stages - s - 1 < m ? cfg->stages - s - 1 : m;
    uint32_t k;
    if (backward) {
        const uint32_t forwards = micro_batch + ahead + 1;
        k = micro_batch + (forwards < m ? forwards : m);
    } else {
        k = micro_batch <= ahead ? micro_batch : 2 * micro_batch - ahead;
    }
    return s * self->per_stage + k;
}

/* The pass that gives this one its data, or the one that takes its data; UINT32_MAX: none. */
static uint32_t giver(const struct plan *self, const struct pass *p)
{
    if (!p->backward) {
        return p->stage > 0 ? place(self, p->stage - 1, p->micro_batch, false) : UINT32_MAX;
    }
    return p->stage + 1 < self->cfg->stages ? place(self, p->stage + 1, p->micro_batch, true)
                                            : place(self, p->stage, p->micro_batch, false);
}

static uint32_t taker(const struct plan *self, const struct pass *p)
{
    if (p->backward) {
        return p->stage > 0 ? place(self, p->stage - 1, p->micro_batch, true) : UINT32_MAX;
    }
    return p->stage + 1 < self->cfg->stages ? place(self, p->stage + 1, p->micro_batch, false)
                                            : place(self, p->stage, p->micro_batch, true);
}

/* When the passes before it have ended. */
static double ready_s(const struct plan *self, uint32_t i)
{
    const uint32_t from = giver(self, &self->pass[i]);
    const double data_s = from != UINT32_MAX ? self->pass[from].end_s : 0.0;
    const double stage_s = i % self->per_stage > 0 ? self->pass[i - 1].end_s : 0.0;
    return fmax(data_s, stage_s);
}

/* Every pass once, as soon as what it waits for is in the order; stages in turn. */
static void order_all(struct plan *self, uint32_t *next, bool *done)
{
    size_t n = 0;
    while (n < self->n) {
        const size_t before = n;
        for (uint32_t s = 0; s < self->cfg->stages; s++) {
            while (next[s] < self->per_stage) {
                const uint32_t i = s * self->per_stage + next[s];
                const uint32_t from = giver(self, &self->pass[i]);
                if (from != UINT32_MAX && !done[from]) {
                    break;
                }
                done[i] = true;
                self->order[n++] = i;
                next[s]++;
            }
        }
        GW_REQUIRE(n > before);
    }
}

static double run_full(struct plan *self)
{
    double end_s = 0.0;
    for (size_t k = 0; k < self->n; k++) {
        struct pass *p = &self->pass[self->order[k]];
        p->start_s = ready_s(self, self->order[k]);
        p->end_s = p->start_s + p->work_s;
        end_s = fmax(end_s, p->end_s);
    }
    return end_s;
}

static void find_latest(struct plan *self, double deadline_s)
{
    for (size_t k = self->n; k-- > 0;) {
        const uint32_t i = self->order[k];
        struct pass *p = &self->pass[i];
        const uint32_t to = taker(self, p);
        p->latest_s = deadline_s;
        if (to != UINT32_MAX) {
            p->latest_s = fmin(p->latest_s, self->pass[to].latest_s - self->slowdown * self->pass[to].work_s);
        }
        if (i % self->per_stage + 1 < self->per_stage) {
            const struct pass *next = p + 1;
            p->latest_s = fmin(p->latest_s, next->latest_s - self->slowdown * next->work_s);
        }
    }
}

/* Energy above waiting, per time of work at full speed; the sum over passes is what slowing can change. */
static double above_wait_j(const struct gw_pipeline_slack_cfg *cfg, double speed)
{
    return (gw_power_cap_power(cfg->cap, speed) * cfg->compute_w - cfg->wait_w) / speed;
}

/* A curve of straight lines or a power law has one valley; steps of a thousandth find it. */
static double cheapest_speed(const struct gw_pipeline_slack_cfg *cfg)
{
    const double lowest = gw_power_cap_lowest_speed(cfg->cap);
    const int steps = 1000;
    double best = 1.0, best_j = above_wait_j(cfg, 1.0);
    for (int i = steps - 1; i >= 0; i--) {
        const double speed = lowest + (1.0 - lowest) * i / steps, j = above_wait_j(cfg, speed);
        if (j < best_j) {
            best = speed;
            best_j = j;
        }
    }
    return best;
}

/* Each pass into the time until its latest end, but not below `slowest`. Returns joules above waiting. */
static double stretch(struct plan *self, double slowest, double *end_s)
{
    double sum_j = 0.0;
    *end_s = 0.0;
    for (uint32_t s = 0; s < self->cfg->stages; s++) {
        self->stage_s[s] = 0.0;
    }
    for (size_t k = 0; k < self->n; k++) {
        struct pass *p = &self->pass[self->order[k]];
        const double least_s = self->slowdown * p->work_s;
        p->start_s = ready_s(self, self->order[k]);
        const double room_s = fmax(p->latest_s - p->start_s, least_s); /* rounding alone makes it less */
        const double speed = fmax(p->work_s / room_s, slowest);
        p->end_s = p->start_s + p->work_s / speed;
        *end_s = fmax(*end_s, p->end_s);
        self->stage_s[p->stage] += p->work_s / speed;
        sum_j += p->work_s * above_wait_j(self->cfg, speed);
    }
    return sum_j;
}

/* Early passes would take all the slack: of some lowest speeds the one under which it is best shared. */
static double stretch_best(struct plan *self, double slowest, double *end_s)
{
    enum { TRIES = 16 };
    const double quickest = 1.0 / self->slowdown;
    double best = quickest, best_j = stretch(self, quickest, end_s);
    for (int i = 0; i < TRIES; i++) {
        const double speed = slowest + (quickest - slowest) * i / TRIES;
        const double j = stretch(self, speed, end_s);
        if (j < best_j) {
            best = speed;
            best_j = j;
        }
    }
    return stretch(self, best, end_s);
}

static double work_s(const struct gw_pipeline_slack_cfg *cfg, uint32_t s)
{
    return cfg->micro_batches * (cfg->forward_s[s] + cfg->backward_s[s]);
}

static void fill(struct plan *self, struct gw_pipeline_slack *out)
{
    const struct gw_pipeline_slack_cfg *cfg = self->cfg;
    *out = (struct gw_pipeline_slack){0};
    double busy_s = 0.0;
    for (uint32_t s = 0; s < cfg->stages; s++) {
        busy_s += work_s(cfg, s);
    }
    out->full_s = run_full(self);
    out->bubble_frac = 1.0 - busy_s / (cfg->stages * out->full_s);
    out->deadline_s = out->full_s * cfg->straggler;
    const double slowest = cheapest_speed(cfg);
    self->slowdown = fmin(cfg->straggler, 1.0 / slowest);
    find_latest(self, out->deadline_s);
    const double waiting_j = cfg->stages * out->deadline_s * cfg->wait_w;
    out->full_j = waiting_j + busy_s * (cfg->compute_w - cfg->wait_w);
    out->planned_j = waiting_j + stretch_best(self, slowest, &out->planned_s);
    out->saved_frac = 1.0 - out->planned_j / out->full_j;
}

enum gw_status gw_pipeline_slack_plan(const struct gw_pipeline_slack_cfg *cfg, struct gw_pipeline_slack *out,
                                      double *speed, struct gw_error *err)
{
    GW_REQUIRE(cfg->stages > 0 && cfg->micro_batches > 0);
    GW_REQUIRE(cfg->straggler >= 1.0 && cfg->wait_w <= cfg->compute_w);
    const double n = 2.0 * cfg->stages * cfg->micro_batches;
    if (n > GW_PIPELINE_SLACK_PASSES_MAX) {
        return gw_fail(err, GW_ERR_RANGE, "pipeline",
                       "%u stages with %u micro-batches are more than %d passes", cfg->stages,
                       cfg->micro_batches, (int)GW_PIPELINE_SLACK_PASSES_MAX);
    }
    struct plan plan = {.cfg = cfg, .per_stage = 2 * cfg->micro_batches, .n = (size_t)n};
    plan.pass = malloc(plan.n * sizeof *plan.pass);
    plan.order = malloc(plan.n * sizeof *plan.order);
    uint32_t *next = calloc(cfg->stages, sizeof *next);
    bool *done = calloc(plan.n, sizeof *done);
    plan.stage_s = calloc(cfg->stages, sizeof *plan.stage_s);
    enum gw_status status = GW_OK;
    if (plan.pass == NULL || plan.order == NULL || next == NULL || done == NULL || plan.stage_s == NULL) {
        status = gw_fail(err, GW_ERR_NOMEM, "pipeline", "out of memory");
        goto out;
    }
    for (uint32_t s = 0; s < cfg->stages; s++) {
        order_stage(&plan, s);
    }
    order_all(&plan, next, done);
    fill(&plan, out);
    for (uint32_t s = 0; speed != NULL && s < cfg->stages; s++) {
        speed[s] = work_s(cfg, s) / plan.stage_s[s];
    }
out:
    free(plan.stage_s);
    free(done);
    free(next);
    free(plan.order);
    free(plan.pass);
    return status;
}
