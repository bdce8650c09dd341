#include "models/policies/job_scale.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/array.h"
#include "sim/base/units.h"

enum { ROUNDS = 8 }; /* of making room for stops and changes of width */

void gw_job_scale_free(struct gw_job_scale *self)
{
    free(self->level);
    free(self->taken);
    free(self->heap);
    gw_job_plan_free(&self->slots);
    *self = (struct gw_job_scale){0};
}

static bool add_level(struct gw_job_scale *self, struct gw_job_level level)
{
    if (!gw_array_reserve((void **)&self->level, &self->level_cap, self->n_levels + 1, sizeof level)) {
        return false;
    }
    self->level[self->n_levels++] = level;
    return true;
}

bool gw_job_scale_levels(struct gw_job_scale *self, const struct gw_job_desk *desk,
                         const struct gw_job_view *job, uint32_t site, uint32_t step)
{
    const uint32_t reserved = desk->total(desk, site, GW_TIER_RESERVED);
    const uint32_t on_demand = desk->total(desk, site, GW_TIER_ON_DEMAND);
    const uint32_t room = reserved > on_demand ? reserved : on_demand;
    const uint32_t most = job->max_width < room ? job->max_width : room;
    struct gw_job_level last = {0};
    self->n_levels = 0;
    for (uint64_t width = job->min_width; width <= most; width += step) {
        struct gw_job_level level = {.width = (uint32_t)width};
        level.speed = desk->speed(desk, job, level.width, 1.0);
        level.watts = desk->watts(desk, job, level.width, 1.0);
        if (level.speed <= last.speed) {
            break;
        }
        level.watts_per_speed = (level.watts - last.watts) / (level.speed - last.speed);
        if (!add_level(self, level)) {
            return false;
        }
        last = level;
    }
    return true;
}

/* ---- the heap of what may be taken next ---- */

static bool cheaper(const struct gw_job_offer *a, const struct gw_job_offer *b)
{
    if (a->cost != b->cost) {
        return a->cost < b->cost;
    }
    return a->slot != b->slot ? a->slot < b->slot : a->level < b->level;
}

static void sink(struct gw_job_offer *heap, size_t n, size_t i)
{
    const struct gw_job_offer moved = heap[i];
    for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
        child += child + 1 < n && cheaper(&heap[child + 1], &heap[child]);
        if (!cheaper(&heap[child], &moved)) {
            break;
        }
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = moved;
}

static bool prepare(struct gw_job_scale *self)
{
    const size_t n = self->slots.n;
    if (!gw_array_reserve((void **)&self->taken, &self->taken_cap, n, sizeof *self->taken) ||
        !gw_array_reserve((void **)&self->heap, &self->heap_cap, n, sizeof *self->heap)) {
        return false;
    }
    for (size_t t = 0; t < n; t++) {
        self->taken[t] = 0;
        self->heap[t] =
            (struct gw_job_offer){self->slots.at[t].value * self->level[0].watts_per_speed, (uint32_t)t, 0};
    }
    self->n_heap = n;
    for (size_t i = n / 2; i > 0; i--) {
        sink(self->heap, n, i - 1);
    }
    return true;
}

/* Takes the cheapest offer; the next level of its slot takes its place. */
static struct gw_job_offer take(struct gw_job_scale *self)
{
    const struct gw_job_offer best = self->heap[0];
    const uint32_t next = best.level + 1;
    self->taken[best.slot] = next;
    if (next < self->n_levels) {
        self->heap[0].level = next;
        self->heap[0].cost = self->slots.at[best.slot].value * self->level[next].watts_per_speed;
    } else {
        self->heap[0] = self->heap[--self->n_heap];
    }
    if (self->n_heap > 0) {
        sink(self->heap, self->n_heap, 0);
    }
    return best;
}

bool gw_job_scale_plan(struct gw_job_scale *self, double work_us)
{
    self->cut_slot = UINT32_MAX;
    self->cut_frac = 1.0;
    self->cost = self->dearest = self->work_us = 0.0;
    self->n_heap = 0;
    if (self->slots.n == 0 || self->n_levels == 0) {
        return true;
    }
    if (!prepare(self)) {
        return false;
    }
    while (self->n_heap > 0 && self->work_us < work_us) {
        const struct gw_job_offer o = take(self);
        const struct gw_job_piece *slot = &self->slots.at[o.slot];
        const double before = o.level > 0 ? self->level[o.level - 1].speed : 0.0;
        const double gain_us = (self->level[o.level].speed - before) * (double)(slot->to_us - slot->from_us);
        const double frac = fmin((work_us - self->work_us) / gain_us, 1.0);
        self->work_us = frac < 1.0 ? work_us : self->work_us + gain_us;
        self->cost += o.cost / 1e3 * frac * gain_us / 3.6e9;
        self->dearest = o.cost;
        if (frac < 1.0) {
            self->cut_slot = o.slot;
            self->cut_frac = frac;
        }
    }
    return true;
}

/* ---- its segments ---- */

/* Up to two parts of a slot: *n of them, in order of time. A slot that is cut at its first level leaves the
 * side free that touches nothing; at a higher one the wider part comes first. */
static uint32_t parts(const struct gw_job_scale *self, size_t t, struct gw_segment part[2])
{
    const struct gw_job_piece *slot = &self->slots.at[t];
    const uint32_t taken = self->taken[t];
    if (taken == 0) {
        return 0;
    }
    part[0] = (struct gw_segment){
        slot->from_us, slot->to_us, slot->site, GW_TIER_ANY, self->level[taken - 1].width, 1.0};
    if (t != self->cut_slot) {
        return 1;
    }
    const int64_t part_us = (int64_t)ceil(self->cut_frac * (double)(slot->to_us - slot->from_us));
    if (taken > 1) {
        part[1] = part[0];
        part[0].to_us = part[1].from_us = slot->from_us + part_us;
        part[1].width = self->level[taken - 2].width;
        return part[0].to_us < slot->to_us ? 2 : 1;
    }
    const bool before = t > 0 && self->taken[t - 1] > 0;
    const bool after = t + 1 < self->slots.n && self->taken[t + 1] > 0;
    if (after && !before) {
        part[0].from_us = slot->to_us - part_us;
    } else {
        part[0].to_us = slot->from_us + part_us;
    }
    return 1;
}

size_t gw_job_scale_stops(const struct gw_job_scale *self)
{
    size_t spans = 0;
    int64_t end_us = INT64_MIN;
    for (size_t t = 0; t < self->slots.n && self->n_levels > 0; t++) {
        struct gw_segment part[2];
        const uint32_t n = parts(self, t, part);
        if (n > 0) {
            spans += part[0].from_us != end_us;
            end_us = part[n - 1].to_us;
        }
    }
    return spans > 0 ? spans - 1 : 0;
}

static bool joins(const struct gw_segment *open, const struct gw_segment *next)
{
    return open->width == next->width && open->site == next->site && open->to_us == next->from_us;
}

static double speed_of(const struct gw_job_scale *self, uint32_t width)
{
    size_t j = 0;
    while (j + 1 < self->n_levels && self->level[j].width != width) {
        j++;
    }
    return self->level[j].speed;
}

/* Work that the plan leaves undone while it starts, saves, resumes and is laid out anew, each at its width.
 */
static double lost_us(const struct gw_job_scale *self, const struct gw_job_view *job)
{
    const int64_t again_us = job->checkpoint_us + job->resume_us;
    double lost = 0.0;
    struct gw_segment open = {.width = 0};
    for (size_t t = 0; t < self->slots.n && self->n_levels > 0; t++) {
        struct gw_segment part[2];
        const uint32_t n = parts(self, t, part);
        for (uint32_t k = 0; k < n; k++) {
            const double speed = speed_of(self, part[k].width);
            if (open.width == 0) {
                lost += (double)gw_job_plan_overhead_us(job) * speed;
            } else if (!joins(&open, &part[k])) {
                lost += (double)(again_us + (open.width != part[k].width ? job->reshape_us : 0)) * speed;
            }
            open = part[k];
        }
    }
    return lost;
}

int gw_job_scale_write(const struct gw_job_scale *self, struct gw_schedule *out)
{
    struct gw_segment open = {.width = 0};
    for (size_t t = 0; t < self->slots.n && self->n_levels > 0; t++) {
        struct gw_segment part[2];
        const uint32_t n = parts(self, t, part);
        for (uint32_t k = 0; k < n; k++) {
            if (joins(&open, &part[k])) {
                open.to_us = part[k].to_us;
                continue;
            }
            if (open.width != 0 && out->add(out, &open) != 0) {
                return 1;
            }
            open = part[k];
        }
    }
    open.to_us = INT64_MAX;
    return open.width != 0 ? out->add(out, &open) : 0;
}

/* With the levels as they are. */
static double fit(struct gw_job_scale *self, const struct gw_job_desk *desk, const struct gw_job_view *job,
                  uint32_t signal, uint32_t site, int64_t finish_us)
{
    double need_us = (double)job->left_us;
    for (int round = 0; round < ROUNDS; round++) {
        if (!gw_job_plan_lay(&self->slots, desk, signal, site, job->now_us, finish_us) ||
            !gw_job_scale_plan(self, need_us)) {
            return NAN;
        }
        if (self->work_us < need_us) {
            return INFINITY;
        }
        const double lost = lost_us(self, job);
        if ((double)job->left_us + lost <= need_us) {
            return self->cost;
        }
        need_us = (double)job->left_us + lost;
    }
    return INFINITY;
}

double gw_job_scale_fit(struct gw_job_scale *self, const struct gw_job_desk *desk,
                        const struct gw_job_view *job, uint32_t signal, uint32_t site, uint32_t step,
                        int64_t finish_us)
{
    if (!gw_job_scale_levels(self, desk, job, site, step)) {
        return NAN;
    }
    const double elastic = fit(self, desk, job, signal, site, finish_us);
    if (isnan(elastic) || job->checkpoint_us + job->resume_us + job->reshape_us == 0) {
        return elastic;
    }
    struct gw_job_view rigid = *job; /* where changes cost time, its own width may be better */
    rigid.min_width = rigid.max_width = job->width;
    if (!gw_job_scale_levels(self, desk, &rigid, site, step)) {
        return NAN;
    }
    const double fixed = fit(self, desk, &rigid, signal, site, finish_us);
    if (isnan(fixed) || fixed <= elastic) {
        return fixed;
    }
    return gw_job_scale_levels(self, desk, job, site, step) ? fit(self, desk, job, signal, site, finish_us)
                                                            : NAN;
}
