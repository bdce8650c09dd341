#include <math.h>
#include <stdio.h>

#include "models/training/yard_private.h"
#include "sim/base/array.h"
#include "sim/base/units.h"

static const struct gw_yard *yard_of(const struct gw_job_desk *desk)
{
    return ((const struct gw_yard_desk *)desk)->yard;
}

/* ---- the desk ---- */

static const struct gw_signal_integral *signal_of(const struct gw_job_desk *desk, uint32_t signal,
                                                  uint32_t site)
{
    const struct gw_yard *self = yard_of(desk);
    return self->cfg.outlook.at == NULL || site >= self->cfg.sites
               ? NULL
               : self->cfg.outlook.at(self->cfg.outlook.of, signal, site, self->now_us);
}

static double desk_value(const struct gw_job_desk *desk, uint32_t signal, uint32_t site, int64_t at_us)
{
    const struct gw_signal_integral *s = signal_of(desk, signal, site);
    return s != NULL ? gw_signal_integral_at(s, at_us) : (double)NAN;
}

static double desk_integral(const struct gw_job_desk *desk, uint32_t signal, uint32_t site, int64_t from_us,
                            int64_t to_us)
{
    const struct gw_signal_integral *s = signal_of(desk, signal, site);
    return s != NULL && from_us <= to_us ? gw_signal_integral_between(s, from_us, to_us) : (double)NAN;
}

static int64_t desk_edge(const struct gw_job_desk *desk, uint32_t signal, uint32_t site, int64_t after_us)
{
    const struct gw_signal_integral *s = signal_of(desk, signal, site);
    return s != NULL ? gw_signal_integral_edge(s, after_us) : GW_NEVER_US;
}

static int64_t desk_least(const struct gw_job_desk *desk, uint32_t signal, uint32_t site, int64_t from_us,
                          int64_t latest_us, int64_t length_us)
{
    const struct gw_signal_integral *s = signal_of(desk, signal, site);
    return s != NULL ? gw_signal_integral_least(s, from_us, latest_us, length_us) : from_us;
}

uint32_t gw_yard_look_free(const struct gw_yard *self, uint32_t site, uint32_t tier)
{
    if (site >= self->cfg.sites || tier >= GW_TIERS || self->ground[site].out) {
        return 0;
    }
    const struct gw_yard_ground *g = &self->ground[site];
    const uint32_t staying = g->used[tier] - g->leaving[tier];
    return g->total[tier] == GW_YARD_UNLIMITED ? GW_YARD_UNLIMITED
           : g->total[tier] > staying          ? g->total[tier] - staying
                                               : 0;
}

/* What the job that is looked at would get: those whom somebody before it waits for in line are not free. */
static uint32_t desk_free(const struct gw_job_desk *desk, uint32_t site, uint32_t tier)
{
    const struct gw_yard *self = yard_of(desk);
    if (site < self->cfg.sites && tier < GW_TIERS && gw_yard_line_claims(self, site, tier, self->draft.job)) {
        return 0;
    }
    const uint32_t there = gw_yard_look_free(self, site, tier);
    const uint32_t room = gw_yard_line_room(self, self->draft.job);
    const uint32_t least = there < room ? there : room, spares = gw_yard_kind(self, self->draft.job)->spares;
    return least == GW_YARD_UNLIMITED ? least : least > spares ? least - spares : 0;
}

static uint32_t desk_total(const struct gw_job_desk *desk, uint32_t site, uint32_t tier)
{
    const struct gw_yard *self = yard_of(desk);
    return site < self->cfg.sites && tier < GW_TIERS ? self->ground[site].total[tier] : 0;
}

static double desk_usd_per_h(const struct gw_job_desk *desk, uint32_t site, uint32_t tier)
{
    const struct gw_yard *self = yard_of(desk);
    return site < self->cfg.sites && tier < GW_TIERS ? self->cfg.site[site].usd_per_h[tier] : (double)NAN;
}

static double desk_evictions_per_h(const struct gw_job_desk *desk, uint32_t site)
{
    const struct gw_yard *self = yard_of(desk);
    return site < self->cfg.sites ? self->cfg.site[site].evictions_per_h : (double)NAN;
}

static uint32_t number_of(const struct gw_yard *self, const struct gw_job_view *view)
{
    return (uint32_t)((const struct gw_job *)view->job - self->cfg.job);
}

static double desk_speed(const struct gw_job_desk *desk, const struct gw_job_view *view, uint32_t width,
                         double power)
{
    const struct gw_yard *self = yard_of(desk);
    const uint32_t job = number_of(self, view);
    return gw_job_speed(&self->cfg.job[job], gw_yard_kind(self, job), width, power);
}

static double desk_watts(const struct gw_job_desk *desk, const struct gw_job_view *view, uint32_t width,
                         double power)
{
    (void)desk;
    return view->watts * width * power;
}

gw_time_us gw_yard_look_move_us(const struct gw_yard *self, uint32_t job, uint32_t from, uint32_t to)
{
    if (from == to || from == GW_YARD_NONE || self->cfg.gb_per_s == NULL) {
        return 0;
    }
    const double gb_per_s = self->cfg.gb_per_s[(size_t)from * self->cfg.sites + to];
    return gb_per_s > 0.0
               ? (gw_time_us)ceil(gw_yard_kind(self, job)->checkpoint_gb / gb_per_s * (double)GW_US_PER_S)
               : GW_NEVER_US;
}

static int64_t desk_move_us(const struct gw_job_desk *desk, const struct gw_job_view *view, uint32_t from,
                            uint32_t to)
{
    const struct gw_yard *self = yard_of(desk);
    return from < self->cfg.sites && to < self->cfg.sites
               ? gw_yard_look_move_us(self, number_of(self, view), from, to)
               : GW_NEVER_US;
}

static double desk_pace(const struct gw_job_desk *desk, const struct gw_job_view *view, uint32_t site)
{
    const struct gw_yard *self = yard_of(desk);
    return site < self->cfg.sites ? gw_job_at(gw_yard_kind(self, number_of(self, view)), site).pace
                                  : (double)NAN;
}

static double desk_watts_at(const struct gw_job_desk *desk, const struct gw_job_view *view, uint32_t site)
{
    const struct gw_yard *self = yard_of(desk);
    return site < self->cfg.sites ? gw_job_at(gw_yard_kind(self, number_of(self, view)), site).watts
                                  : (double)NAN;
}

/* ---- the schedule ---- */

static bool same_terms(const struct gw_segment *a, const struct gw_segment *b)
{
    return a->site == b->site && a->tier == b->tier && a->width == b->width && a->power == b->power;
}

/* NULL, or what is wrong with a segment. */
static const char *fault(const struct gw_yard_draft *d, const struct gw_segment *s)
{
    const struct gw_yard *self = d->yard;
    const struct gw_job *job = &self->cfg.job[d->job];
    const uint8_t *allowed = gw_yard_kind(self, d->job)->allowed;
    if (s->from_us < self->now_us) {
        return "begins in the past";
    }
    if (s->to_us <= s->from_us) {
        return "ends before it begins";
    }
    if (d->n > 0 && s->from_us < d->segment[d->n - 1].to_us) {
        return "begins before the one before it ends";
    }
    if (s->site >= self->cfg.sites || (allowed != NULL && allowed[s->site] == 0)) {
        return "is at a site where the job may not run";
    }
    if (s->tier > GW_TIER_ANY) {
        return "has a tier that does not exist";
    }
    if (s->width < job->min_width || s->width > job->max_width) {
        return "has a width outside the job's limits";
    }
    if (self->cfg.queue[job->queue].quota > 0 &&
        gw_yard_needs(self, d->job, s->width) > self->cfg.queue[job->queue].quota) {
        return "is wider than the quota of the job's queue";
    }
    if (!(s->power > 0.0 && s->power <= 1.0)) {
        return "has a power that is no share of full power";
    }
    return gw_yard_look_move_us(self, d->job, self->job[d->job].data_site, s->site) == GW_NEVER_US
               ? "is at a site to which its checkpoint has no way"
               : NULL;
}

static int add_segment(struct gw_schedule *public, const struct gw_segment *segment)
{
    struct gw_yard_draft *d = (struct gw_yard_draft *)public;
    const char *why = fault(d, segment);
    if (why != NULL) {
        if (d->broken[0] == '\0') {
            snprintf(d->broken, sizeof d->broken, "segment %u %s", (unsigned)d->n, why);
        }
        return 1;
    }
    if (d->n > 0 && d->segment[d->n - 1].to_us == segment->from_us &&
        same_terms(&d->segment[d->n - 1], segment)) {
        d->segment[d->n - 1].to_us = segment->to_us;
        return 0;
    }
    if (!gw_array_reserve((void **)&d->segment, &d->cap, (size_t)d->n + 1, sizeof *d->segment)) {
        snprintf(d->broken, sizeof d->broken, "there is no memory for segment %u", (unsigned)d->n);
        return 1;
    }
    d->segment[d->n++] = *segment;
    return 0;
}

void gw_yard_look_init(struct gw_yard *self)
{
    self->draft.yard = self;
    self->desk = (struct gw_yard_desk){
        .public = {.bytes = sizeof self->desk.public,
                   .sites = self->cfg.sites,
                   .value = desk_value,
                   .integral = desk_integral,
                   .edge = desk_edge,
                   .least = desk_least,
                   .free = desk_free,
                   .total = desk_total,
                   .usd_per_h = desk_usd_per_h,
                   .evictions_per_h = desk_evictions_per_h,
                   .speed = desk_speed,
                   .watts = desk_watts,
                   .move_us = desk_move_us,
                   .pace = desk_pace,
                   .watts_at = desk_watts_at},
        .yard = self,
    };
}

/* Work that would be left if it stopped now. */
double gw_yard_look_left_us(const struct gw_yard *self, uint32_t job)
{
    const struct gw_yard_job *j = &self->job[job];
    if (j->phase != GW_YARD_WORKING) {
        return j->left_us;
    }
    const double done = gw_job_progress(gw_yard_kind(self, job), self->now_us - j->from_us, j->speed);
    return fmax(j->left_us - done, 0.0);
}

static struct gw_job_view view_of(const struct gw_yard *self, uint32_t job, enum gw_look why)
{
    const struct gw_job *what = &self->cfg.job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    const struct gw_job_queue *queue = &self->cfg.queue[what->queue];
    const struct gw_yard_job *j = &self->job[job];
    const bool holds = gw_yard_holds(j);
    const gw_time_us waited_us = self->record[job].waited_us;
    return (struct gw_job_view){
        .bytes = sizeof(struct gw_job_view),
        .why = (uint32_t)why,
        .number = what->number,
        .now_us = self->now_us,
        .submitted_us = what->submit_us,
        .deadline_us = what->deadline_us,
        .wait_us = queue->wait_us,
        .waited_us =
            holds || j->phase == GW_YARD_DONE ? waited_us : waited_us + self->now_us - j->free_since_us,
        .length_us = what->work_us,
        .left_us = (gw_time_us)ceil(gw_yard_look_left_us(self, job)),
        .queue_mean_us = queue->mean_us,
        .queue = what->queue,
        .width = what->width,
        .min_width = what->min_width,
        .max_width = what->max_width,
        .sites = self->cfg.sites,
        .allowed = kind->allowed != NULL ? kind->allowed : self->everywhere,
        .site = why == GW_LOOK_DONE ? self->record[job].site
                : holds             ? j->site
                                    : j->data_site,
        .held = holds ? j->width : 0,
        .tier = holds ? j->tier : GW_TIERS,
        .watts = kind->watts,
        .held_watts = kind->held_watts,
        .start_us = kind->start_us,
        .resume_us = kind->resume_us,
        .checkpoint_us = kind->checkpoint_us,
        .reshape_us = kind->reshape_us,
        .job = what,
        .meant_us = what->meant_us > what->submit_us ? what->meant_us : what->submit_us,
        .caps = kind->capping.n,
        .cap = kind->capping.power,
        .limit_frac = kind->capping.limit > 0.0 ? kind->capping.limit : 1.0,
    };
}

static enum gw_status broke(struct gw_yard *self, uint32_t job, const char *how)
{
    return gw_fail(self->err, GW_ERR_POLICY, self->cfg.policy_name,
                   "its schedule of job %llu breaks the contract: %s",
                   (unsigned long long)self->cfg.job[job].number, how);
}

enum gw_status gw_yard_look(struct gw_yard *self, uint32_t job, enum gw_look why)
{
    struct gw_yard_draft *d = &self->draft;
    const struct gw_job_view view = view_of(self, job, why);
    struct gw_policy_error error = {0};
    d->public = (struct gw_schedule){
        .bytes = sizeof d->public, .add = add_segment, .look_again_us = GW_NEVER_US, .wait_tier = GW_TIERS};
    d->job = job;
    d->n = 0;
    d->broken[0] = '\0';
    self->looks++;
    if (self->cfg.policy->schedule(self->cfg.self, self->cfg.view, &self->desk.public, &view, &d->public,
                                   &error) != 0) {
        return gw_fail(self->err, GW_ERR_POLICY, self->cfg.policy_name, "its schedule of job %llu failed: %s",
                       (unsigned long long)self->cfg.job[job].number,
                       error.why[0] != '\0' ? error.why : "no reason given");
    }
    if (why == GW_LOOK_DONE) {
        return GW_OK;
    }
    if (d->broken[0] != '\0') {
        return broke(self, job, d->broken);
    }
    if (d->public.look_again_us <= self->now_us) {
        return broke(self, job, "it wants to look again at a time that is not to come");
    }
    if (d->public.wait_tier > GW_TIERS) {
        return broke(self, job, "it waits for a tier that does not exist");
    }
    if (d->n == 0 && d->public.look_again_us == GW_NEVER_US && d->public.wait_tier == GW_TIERS) {
        return broke(self, job, "it has no segment, no time to look again and no tier to wait for");
    }
    return GW_OK;
}
