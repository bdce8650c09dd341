#include "models/training/yard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/training/yard_private.h"
#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

/* At one instant: who sets accelerators free, then who wants some. */
enum { ENDS, BEGINS };

static gw_time_us earlier(gw_time_us a, gw_time_us b)
{
    return a < b ? a : b;
}

static gw_time_us later_by(gw_time_us from_us, gw_time_us span_us)
{
    return span_us >= GW_NEVER_US - from_us ? GW_NEVER_US : from_us + span_us;
}

static enum gw_status no_memory(struct gw_yard *self)
{
    return gw_fail(self->err, GW_ERR_NOMEM, "training", "out of memory");
}

/* ---- the one event of a job ---- */

static struct gw_event next_event(const struct gw_yard_job *j)
{
    struct gw_event e = {.t_us = GW_NEVER_US, .priority = ENDS};
    gw_time_us begins_us = j->look_us;
    switch (j->phase) {
    case GW_YARD_WORKING:
    case GW_YARD_PREPARING:
        e.t_us = earlier(earlier(j->to_us, j->strike_us), j->cut_us);
        break;
    case GW_YARD_SAVING:
        e.t_us = earlier(j->to_us, j->strike_us);
        break;
    case GW_YARD_MOVING:
        begins_us = earlier(begins_us, j->to_us);
        break;
    case GW_YARD_WAITING:
        begins_us = j->next < j->n ? earlier(begins_us, j->segment[j->next].from_us) : begins_us;
        break;
    case GW_YARD_IN_LINE:
        begins_us = earlier(begins_us, j->cut_us);
        break;
    case GW_YARD_TO_COME:
    case GW_YARD_DONE:
        return e;
    }
    if (begins_us < e.t_us) {
        e.t_us = begins_us;
        e.priority = BEGINS;
    }
    return e;
}

static enum gw_status arm(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    (void)gw_event_cancel(self->queue, j->event);
    struct gw_event e = next_event(j);
    if (e.t_us == GW_NEVER_US) {
        return GW_OK;
    }
    e.object = job;
    e.t_us = e.t_us < self->now_us ? self->now_us : e.t_us;
    j->event = gw_event_push(self->queue, e);
    return j->event.generation != 0 ? GW_OK : no_memory(self);
}

/* ---- holding accelerators ---- */

static void enter(struct gw_yard *self, uint32_t job, enum gw_yard_phase phase, gw_time_us to_us)
{
    struct gw_yard_job *j = &self->job[job];
    j->phase = phase;
    j->from_us = self->now_us;
    j->to_us = to_us;
    gw_yard_books_draw(self, job);
    j->phase_j = 0.0;
}

static void work(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    j->speed = gw_job_speed(&self->cfg.job[job], kind, j->width, j->power) * gw_job_at(kind, j->site).pace;
    enter(self, job, GW_YARD_WORKING, later_by(self->now_us, gw_job_duration(kind, j->left_us, j->speed)));
}

/* Exponential with this rate, from a draw that is the job's own. */
static gw_time_us struck_after(const struct gw_yard *self, uint32_t job, uint64_t what, double per_h)
{
    if (!(per_h > 0.0)) {
        return GW_NEVER_US;
    }
    const uint64_t key = gw_rng_mix(self->cfg.seed ^ gw_rng_mix(self->cfg.job[job].number));
    const double u = gw_rng_unit(gw_rng_mix(key + 2 * (uint64_t)self->job[job].attempts + what));
    const double us = -log1p(-u) / per_h * (double)GW_US_PER_H;
    return us < 9e18 ? (gw_time_us)us : GW_NEVER_US;
}

static void draw_strike(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const double evictions = j->tier == GW_TIER_SPOT ? self->cfg.site[j->site].evictions_per_h : 0.0;
    const gw_time_us evicted_us = struck_after(self, job, 0, evictions);
    const gw_time_us failed_us =
        struck_after(self, job, 1, gw_yard_kind(self, job)->failures_per_h * j->width);
    j->strike = evicted_us <= failed_us ? GW_LOOK_EVICTED : GW_LOOK_FAILED;
    j->strike_us = later_by(self->now_us, earlier(evicted_us, failed_us));
    j->attempts++;
}

/* The segment that has begun gets its accelerators, in this tier. */
static void get(struct gw_yard *self, uint32_t job, uint32_t tier)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    const struct gw_segment *s = &j->segment[j->next++];
    j->site = s->site;
    j->tier = tier;
    j->width = s->width;
    j->power = s->power;
    j->cut_us = s->to_us;
    j->asked = false;
    gw_yard_books_take(self, job);
    draw_strike(self, job);
    const gw_time_us ready_us = j->data_site == GW_YARD_NONE ? kind->start_us
                                : j->data_width == j->width  ? kind->resume_us
                                                             : kind->resume_us + kind->reshape_us;
    if (ready_us > 0) {
        enter(self, job, GW_YARD_PREPARING, self->now_us + ready_us);
    } else {
        work(self, job);
    }
}

/* Its work up to now: what is done, and what of it no checkpoint has. A new phase begins. */
static void settle_work(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    const gw_time_us for_us = self->now_us - j->from_us;
    const double done_us = gw_job_progress(kind, for_us, j->speed);
    const double saved_us = gw_job_saved(kind, for_us, j->speed);
    gw_yard_books_account(self, job);
    if (saved_us > 0.0) {
        j->data_site = j->site;
        j->data_width = j->width;
        j->unsaved_us = done_us - saved_us;
        j->unsaved_j = j->phase_j * (j->unsaved_us / done_us);
    } else {
        j->unsaved_us += done_us;
        j->unsaved_j += j->phase_j;
    }
    j->left_us = fmax(j->left_us - done_us, 0.0);
    j->from_us = self->now_us;
    j->phase_j = 0.0;
}

static void let_go(struct gw_yard *self, uint32_t job)
{
    enter(self, job, GW_YARD_WAITING, GW_NEVER_US);
    gw_yard_books_release(self, job);
}

static void saved(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    j->data_site = j->site;
    j->data_width = j->width;
    j->unsaved_us = j->unsaved_j = 0.0;
    let_go(self, job);
}

/* The end of work before the end of the job: a checkpoint, then the accelerators are free. */
static void stop(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    self->record[job].stops++;
    if (j->phase == GW_YARD_PREPARING) {
        let_go(self, job);
        return;
    }
    settle_work(self, job);
    if (j->unsaved_us > 0.0 && kind->checkpoint_us > 0) {
        enter(self, job, GW_YARD_SAVING, self->now_us + kind->checkpoint_us);
    } else {
        saved(self, job);
    }
}

/* ---- a schedule comes into force ---- */

static enum gw_status begin(struct gw_yard *self, uint32_t job);
static enum gw_status look(struct gw_yard *self, uint32_t job, enum gw_look why);

static bool begins_now(const struct gw_yard *self, const struct gw_yard_job *j)
{
    return j->next < j->n && j->segment[j->next].from_us <= self->now_us;
}

/* The segment that begins now is what the job has already. */
static bool goes_on(const struct gw_yard *self, const struct gw_yard_job *j)
{
    if (!begins_now(self, j)) {
        return false;
    }
    const struct gw_segment *s = &j->segment[j->next];
    const bool tier = s->tier == j->tier || (s->tier == GW_TIER_ANY && j->tier != GW_TIER_SPOT);
    return s->site == j->site && s->width == j->width && tier;
}

/* Only the end of its time, or its power, change. */
static void go_on(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_segment *s = &j->segment[j->next++];
    const bool other_power = s->power != j->power;
    j->cut_us = s->to_us;
    j->power = s->power;
    if (other_power && j->phase == GW_YARD_WORKING) {
        /* the work so far was at the old speed */
        settle_work(self, job);
        work(self, job);
    } else {
        gw_yard_books_draw(self, job);
    }
}

/* Nothing is held: what comes next? */
static enum gw_status rest(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    while (j->next < j->n && j->segment[j->next].to_us <= self->now_us) {
        j->next++;
    }
    if (j->next == j->n && j->look_us == GW_NEVER_US && j->wait_tier == GW_TIERS) {
        return look(self, job, GW_LOOK_ENDED);
    }
    return arm(self, job);
}

static enum gw_status adopt_while_held(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    if (j->phase == GW_YARD_SAVING) {
        return arm(self, job);
    }
    if (goes_on(self, j)) {
        go_on(self, job);
        return arm(self, job);
    }
    stop(self, job);
    return gw_yard_holds(j) ? arm(self, job) : rest(self, job);
}

/* Who stands in line and asks for the same again stays where it stands. */
static bool keeps_place(const struct gw_yard *self, const struct gw_yard_job *j)
{
    const struct gw_yard_draft *d = &self->draft;
    if (j->phase != GW_YARD_IN_LINE || d->n == 0) {
        return false;
    }
    const struct gw_segment *now = &j->segment[j->next], *asked = &d->segment[0];
    return asked->from_us <= self->now_us && asked->site == now->site && asked->tier == now->tier &&
           asked->width == now->width;
}

/* The answer of the policy takes the place of what was planned. */
static enum gw_status adopt(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_yard_draft *d = &self->draft;
    const bool stays = keeps_place(self, j);
    if (j->phase == GW_YARD_IN_LINE && !stays) {
        gw_yard_line_leave(self, job);
    }
    if (!gw_array_reserve((void **)&j->segment, &j->cap, d->n, sizeof *j->segment)) {
        return no_memory(self);
    }
    if (d->n > 0) {
        memcpy(j->segment, d->segment, d->n * sizeof *j->segment);
    }
    j->n = d->n;
    j->next = 0;
    j->look_us = d->public.look_again_us;
    gw_yard_line_watch(self, job, d->public.wait_tier);
    if (stays) {
        j->cut_us = j->segment[0].to_us;
        return arm(self, job);
    }
    if (gw_yard_holds(j)) {
        return adopt_while_held(self, job);
    }
    if (j->phase == GW_YARD_MOVING && begins_now(self, j) && j->segment[0].site == j->site) {
        return arm(self, job);
    }
    j->phase = GW_YARD_WAITING;
    if (begins_now(self, j)) {
        return begin(self, job);
    }
    j->asked = false;
    return arm(self, job);
}

static enum gw_status look(struct gw_yard *self, uint32_t job, enum gw_look why)
{
    self->job[job].look_us = GW_NEVER_US;
    const enum gw_status s = gw_yard_look(self, job, why);
    return s == GW_OK ? adopt(self, job) : s;
}

/* Its segment's time has come: the checkpoint moves, accelerators are taken, or it waits in line. */
static enum gw_status begin(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const struct gw_segment *s = &j->segment[j->next];
    if (j->data_site != GW_YARD_NONE && j->data_site != s->site) {
        const gw_time_us move_us = gw_yard_look_move_us(self, job, j->data_site, s->site);
        self->record[job].moves++;
        if (move_us > 0) {
            j->phase = GW_YARD_MOVING;
            j->site = s->site;
            j->to_us = later_by(self->now_us, move_us);
            return arm(self, job);
        }
        j->data_site = s->site;
    }
    const uint32_t tier = gw_yard_line_tier(self, s, job);
    if (tier != GW_YARD_NONE) {
        get(self, job, tier);
        return arm(self, job);
    }
    if (!j->asked) {
        j->asked = true;
        return look(self, job, GW_LOOK_DENIED);
    }
    gw_yard_line_join(self, job);
    return arm(self, job);
}

/* ---- events ---- */

static enum gw_status finish(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    gw_yard_line_watch(self, job, GW_TIERS);
    struct gw_job_record *r = &self->record[job];
    j->left_us = r->left_us = 0.0;
    let_go(self, job);
    j->phase = GW_YARD_DONE;
    r->end_us = self->now_us;
    self->done++;
    free(j->segment);
    j->segment = NULL;
    j->n = j->next = 0;
    j->cap = 0;
    return gw_yard_look(self, job, GW_LOOK_DONE);
}

/* Its accelerators are gone at once, and with them what was not saved. */
static enum gw_status strike(struct gw_yard *self, uint32_t job, enum gw_look why)
{
    struct gw_yard_job *j = &self->job[job];
    if (j->phase == GW_YARD_WORKING) {
        settle_work(self, job);
    }
    j->left_us = fmin(j->left_us + j->unsaved_us, (double)self->cfg.job[job].work_us);
    gw_yard_books_lose(self, job, j->unsaved_j);
    j->unsaved_us = j->unsaved_j = 0.0;
    self->record[job].evictions += why == GW_LOOK_EVICTED;
    self->record[job].failures += why == GW_LOOK_FAILED;
    let_go(self, job);
    return look(self, job, why);
}

static enum gw_status end_segment(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    if (goes_on(self, j)) {
        go_on(self, job);
        return arm(self, job);
    }
    stop(self, job);
    return gw_yard_holds(j) ? arm(self, job) : rest(self, job);
}

static enum gw_status happen_while_held(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    if (j->to_us <= self->now_us && j->phase == GW_YARD_WORKING) {
        return finish(self, job);
    }
    if (j->strike_us <= self->now_us) {
        return strike(self, job, j->strike);
    }
    if (j->to_us <= self->now_us && j->phase == GW_YARD_SAVING) {
        const bool leaving = j->leaving;
        saved(self, job);
        return leaving ? look(self, job, GW_LOOK_OUTAGE) : rest(self, job);
    }
    if (j->cut_us <= self->now_us && j->phase != GW_YARD_SAVING) {
        return end_segment(self, job);
    }
    if (j->to_us <= self->now_us && j->phase == GW_YARD_PREPARING) {
        work(self, job);
        return arm(self, job);
    }
    return look(self, job, GW_LOOK_AGAIN);
}

static enum gw_status happen(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    if (gw_yard_holds(j)) {
        return happen_while_held(self, job);
    }
    if (j->look_us <= self->now_us) {
        return look(self, job, GW_LOOK_AGAIN);
    }
    if (j->phase == GW_YARD_MOVING) {
        j->phase = GW_YARD_WAITING;
        j->data_site = j->site;
        /* the segment may have ended on the way */
        return begins_now(self, j) && j->segment[j->next].to_us > self->now_us ? begin(self, job)
                                                                               : rest(self, job);
    }
    if (j->phase == GW_YARD_IN_LINE) {
        gw_yard_line_leave(self, job);
        return rest(self, job);
    }
    return begins_now(self, j) ? begin(self, job) : rest(self, job);
}

static enum gw_status arrive(struct gw_yard *self)
{
    const uint32_t job = self->arrived++;
    struct gw_yard_job *j = &self->job[job];
    j->phase = GW_YARD_WAITING;
    j->free_since_us = self->now_us;
    return look(self, job, GW_LOOK_ARRIVED);
}

/* Those who asked to be told that a tier is free here, in the order in which they asked. */
static enum gw_status tell_watchers(struct gw_yard *self, uint32_t site, uint32_t tier)
{
    enum gw_status s = GW_OK;
    gw_yard_line_watchers(self, tier);
    for (uint32_t job = gw_yard_line_next_watcher(self); job != GW_YARD_NONE && s == GW_OK;
         job = gw_yard_line_next_watcher(self)) {
        const uint8_t *allowed = gw_yard_kind(self, job)->allowed;
        const uint32_t needs = gw_yard_needs(self, job, self->cfg.job[job].width);
        const uint32_t there = gw_yard_look_free(self, site, tier);
        if (there == 0) {
            return GW_OK;
        }
        if (self->job[job].phase == GW_YARD_WAITING && there >= needs &&
            gw_yard_line_room(self, job) >= needs && !gw_yard_line_claims(self, site, tier, job) &&
            (allowed == NULL || allowed[site] != 0)) {
            s = look(self, job, GW_LOOK_FREED);
        }
    }
    return s;
}

/* Who waits gets what has become free. */
static enum gw_status serve(struct gw_yard *self)
{
    enum gw_status s = GW_OK;
    self->any_freed = false;
    for (uint32_t site = 0; site < self->cfg.sites && s == GW_OK; site++) {
        if (!self->ground[site].freed) {
            continue;
        }
        self->ground[site].freed = false;
        uint32_t tier = GW_YARD_NONE;
        for (uint32_t job = gw_yard_line_first(self, site, &tier); job != GW_YARD_NONE && s == GW_OK;
             job = gw_yard_line_first(self, site, &tier)) {
            gw_yard_line_leave(self, job);
            get(self, job, tier);
            s = arm(self, job);
        }
        for (uint32_t t = 0; t < GW_TIERS && s == GW_OK; t++) {
            s = tell_watchers(self, site, t);
        }
    }
    return s;
}

static gw_time_us next_arrival(const struct gw_yard *self)
{
    return self->arrived < self->cfg.jobs ? self->cfg.job[self->arrived].submit_us : GW_NEVER_US;
}

enum gw_status gw_yard_advance(struct gw_yard *self, gw_time_us until_us, struct gw_error *err)
{
    enum gw_status s = GW_OK;
    self->err = err;
    while (s == GW_OK) {
        struct gw_event e = {.t_us = GW_NEVER_US};
        const bool any = gw_event_peek(self->queue, &e);
        if (self->any_freed && !(any && e.t_us == self->now_us && e.priority == ENDS)) {
            s = serve(self);
            continue;
        }
        const gw_time_us arrival_us = next_arrival(self);
        if (earlier(e.t_us, arrival_us) >= until_us) {
            break;
        }
        self->now_us = earlier(e.t_us, arrival_us);
        if (e.t_us <= arrival_us) {
            (void)gw_event_pop(self->queue, &e);
            s = happen(self, e.object);
        } else {
            s = arrive(self);
        }
    }
    self->now_us = until_us > self->now_us ? until_us : self->now_us;
    return s;
}

/* ---- what changes from outside ---- */

/* Whose accelerators are taken back first: the lowest priority, of these who got them last. */
static uint32_t first_to_go(const struct gw_yard *self, const struct gw_yard_list *holders)
{
    uint32_t first = GW_YARD_NONE;
    for (uint32_t job = holders->last; job != GW_YARD_NONE; job = self->job[job].link.before) {
        if (!self->job[job].leaving && (first == GW_YARD_NONE || gw_yard_line_priority(self, job) <
                                                                     gw_yard_line_priority(self, first))) {
            first = job;
        }
    }
    return first;
}

/* Its accelerators are not its own any more. Who can save what he did in the grace does so at once. */
static enum gw_status reclaim(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const gw_time_us grace_us = self->cfg.site[j->site].grace_us;
    const gw_time_us until_us =
        j->phase == GW_YARD_SAVING ? j->to_us : self->now_us + gw_yard_kind(self, job)->checkpoint_us;
    if (grace_us == 0 || j->phase == GW_YARD_PREPARING || until_us > self->now_us + grace_us) {
        return strike(self, job, GW_LOOK_OUTAGE);
    }
    if (j->phase == GW_YARD_WORKING) {
        stop(self, job);
    }
    if (!gw_yard_holds(j)) {
        return look(self, job, GW_LOOK_OUTAGE);
    }
    j->leaving = true;
    self->ground[j->site].leaving[j->tier] += gw_yard_needs(self, job, j->width);
    return arm(self, job);
}

enum gw_status gw_yard_resize(struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t total,
                              struct gw_error *err)
{
    struct gw_yard_ground *g = &self->ground[site];
    enum gw_status s = GW_OK;
    self->err = err;
    if (total > g->total[tier]) {
        g->freed = self->any_freed = true;
    }
    gw_yard_books_settle(self, site);
    g->total[tier] = total;
    while (s == GW_OK && total != GW_YARD_UNLIMITED && g->used[tier] - g->leaving[tier] > total) {
        s = reclaim(self, first_to_go(self, &g->holders[tier]));
    }
    return s;
}

enum gw_status gw_yard_outage(struct gw_yard *self, uint32_t site, bool out, struct gw_error *err)
{
    struct gw_yard_ground *g = &self->ground[site];
    enum gw_status s = GW_OK;
    self->err = err;
    g->out = out;
    if (!out) {
        g->freed = self->any_freed = true;
    }
    for (uint32_t t = 0; t < GW_TIERS && out; t++) {
        while (s == GW_OK && g->holders[t].first != GW_YARD_NONE) {
            s = strike(self, g->holders[t].first, GW_LOOK_OUTAGE);
        }
    }
    return s;
}

/* ---- begin and end ---- */

static bool init(struct gw_yard *self)
{
    const uint32_t jobs = self->cfg.jobs, sites = self->cfg.sites;
    self->queue = gw_event_queue_create(256);
    self->job = calloc((size_t)jobs + 1, sizeof *self->job);
    self->record = calloc((size_t)jobs + 1, sizeof *self->record);
    self->ground = calloc((size_t)sites + 1, sizeof *self->ground);
    self->everywhere = malloc((size_t)sites + 1);
    if (self->queue == NULL || self->job == NULL || self->record == NULL || self->ground == NULL ||
        self->everywhere == NULL) {
        return false;
    }
    if (!gw_yard_line_init(self)) {
        return false;
    }
    const struct gw_yard_list empty = {GW_YARD_NONE, GW_YARD_NONE};
    for (uint32_t i = 0; i < jobs; i++) {
        GW_REQUIRE(i == 0 || self->cfg.job[i - 1].submit_us <= self->cfg.job[i].submit_us);
        self->job[i] = (struct gw_yard_job){.to_us = GW_NEVER_US,
                                            .look_us = GW_NEVER_US,
                                            .wait_tier = GW_TIERS,
                                            .data_site = GW_YARD_NONE,
                                            .left_us = (double)self->cfg.job[i].work_us};
        self->record[i] =
            (struct gw_job_record){.start_us = GW_NEVER_US, .end_us = GW_NEVER_US, .site = GW_YARD_NONE};
    }
    for (uint32_t s = 0; s < sites; s++) {
        self->everywhere[s] = 1;
        for (size_t t = 0; t < GW_TIERS; t++) {
            self->ground[s].total[t] = self->cfg.site[s].total[t];
            self->ground[s].holders[t] = empty;
        }
    }
    gw_yard_look_init(self);
    return true;
}

struct gw_yard *gw_yard_create(const struct gw_yard_cfg *cfg)
{
    struct gw_yard *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->cfg = *cfg;
    self->now_us = cfg->begin_us;
    if (!init(self)) {
        gw_yard_destroy(self);
        return NULL;
    }
    for (uint32_t s = 0; s < cfg->sites; s++) {
        self->ground[s].read_us = cfg->begin_us;
    }
    return self;
}

void gw_yard_destroy(struct gw_yard *self)
{
    if (self == NULL) {
        return;
    }
    for (uint32_t i = 0; self->job != NULL && i < self->cfg.jobs; i++) {
        free(self->job[i].segment);
    }
    gw_event_queue_destroy(self->queue);
    gw_yard_line_fini(self);
    free(self->draft.segment);
    free(self->job);
    free(self->record);
    free(self->ground);
    free(self->everywhere);
    free(self);
}

/* ---- what is asked of it ---- */

struct gw_yard_meter gw_yard_read(struct gw_yard *self, uint32_t site, gw_time_us at_us)
{
    return gw_yard_books_read(self, site, at_us);
}

gw_time_us gw_yard_next(const struct gw_yard *self)
{
    struct gw_event e = {.t_us = GW_NEVER_US};
    (void)gw_event_peek(self->queue, &e);
    return self->any_freed ? self->now_us : earlier(e.t_us, next_arrival(self));
}

uint32_t gw_yard_used(const struct gw_yard *self, uint32_t site, uint32_t tier)
{
    return self->ground[site].used[tier];
}

uint32_t gw_yard_done(const struct gw_yard *self)
{
    return self->done;
}

uint64_t gw_yard_looks(const struct gw_yard *self)
{
    return self->looks;
}

void gw_yard_settle(struct gw_yard *self)
{
    for (uint32_t i = 0; i < self->arrived; i++) {
        struct gw_yard_job *j = &self->job[i];
        struct gw_job_record *r = &self->record[i];
        if (gw_yard_holds(j)) {
            gw_yard_books_account(self, i);
        } else if (j->phase != GW_YARD_DONE) {
            r->waited_us += self->now_us - j->free_since_us;
            j->free_since_us = self->now_us;
        }
        r->left_us = gw_yard_look_left_us(self, i);
    }
}

const struct gw_job_record *gw_yard_record(const struct gw_yard *self, uint32_t job)
{
    return &self->record[job];
}

void gw_yard_verify(const struct gw_yard *self)
{
    for (uint32_t s = 0; s < self->cfg.sites; s++) {
        const struct gw_yard_ground *g = &self->ground[s];
        int64_t uw = 0, used[GW_TIERS] = {0};
        uint32_t at_work = 0;
        for (uint32_t i = 0; i < self->cfg.jobs; i++) {
            const struct gw_yard_job *j = &self->job[i];
            if (gw_yard_holds(j) && j->site == s) {
                uw += j->draw_uw;
                used[j->tier] += gw_yard_needs(self, i, j->width);
                at_work += j->phase == GW_YARD_WORKING ? j->width : 0;
            }
        }
        GW_REQUIRE(g->work_uw + g->held_uw == uw && g->at_work == at_work);
        for (size_t t = 0; t < GW_TIERS; t++) {
            GW_REQUIRE(g->used[t] == used[t]);
            GW_REQUIRE(g->leaving[t] <= g->used[t]);
            GW_REQUIRE(g->total[t] == GW_YARD_UNLIMITED || g->used[t] - g->leaving[t] <= g->total[t]);
        }
    }
    gw_event_verify(self->queue);
}
