#include <math.h>

#include "models/training/yard_private.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

/* ---- lists ---- */

void gw_yard_books_list_add(struct gw_yard *self, struct gw_yard_list *list, uint32_t job)
{
    struct gw_yard_link *link = &self->job[job].link;
    *link = (struct gw_yard_link){list->last, GW_YARD_NONE};
    if (list->last != GW_YARD_NONE) {
        self->job[list->last].link.after = job;
    } else {
        list->first = job;
    }
    list->last = job;
}

void gw_yard_books_list_remove(struct gw_yard *self, struct gw_yard_list *list, uint32_t job)
{
    const struct gw_yard_link link = self->job[job].link;
    if (link.before != GW_YARD_NONE) {
        self->job[link.before].link.after = link.after;
    } else {
        list->first = link.after;
    }
    if (link.after != GW_YARD_NONE) {
        self->job[link.after].link.before = link.before;
    } else {
        list->last = link.before;
    }
}

/* ---- accelerators ---- */

bool gw_yard_books_fits(const struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t width)
{
    return gw_yard_look_free(self, site, tier) >= width;
}

/* A site's sums up to now. */
static void settle(struct gw_yard *self, struct gw_yard_ground *g, const struct gw_yard_site *site)
{
    const gw_time_us span_us = self->now_us - g->read_us;
    if (span_us == 0) {
        return;
    }
    const double s = gw_s_from_us(span_us), h = gw_h_from_us(span_us);
    gw_sum_add(&g->work, (double)g->work_uw * 1e-6 * s);
    gw_sum_add(&g->held, (double)g->held_uw * 1e-6 * s);
    gw_sum_add(&g->work_s, g->at_work * s);
    for (size_t t = 0; t < GW_TIERS; t++) {
        gw_sum_add(&g->held_s[t], g->used[t] * s);
    }
    const uint32_t staying = g->used[GW_TIER_RESERVED] - g->leaving[GW_TIER_RESERVED];
    const uint32_t total = g->total[GW_TIER_RESERVED],
                   nodes = total > site->rented ? total - site->rented : 0;
    gw_sum_add(&g->nodes_s, (staying < nodes ? staying : nodes) * s);
    gw_sum_add(&g->usd, (g->used[GW_TIER_ON_DEMAND] * site->usd_per_h[GW_TIER_ON_DEMAND] +
                         g->used[GW_TIER_SPOT] * site->usd_per_h[GW_TIER_SPOT]) *
                            h);
    g->read_us = self->now_us;
}

void gw_yard_books_settle(struct gw_yard *self, uint32_t site)
{
    settle(self, &self->ground[site], &self->cfg.site[site]);
}

void gw_yard_books_take(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    struct gw_yard_ground *g = &self->ground[j->site];
    const uint32_t needs = gw_yard_needs(self, job, j->width);
    GW_CHECK(gw_yard_books_fits(self, j->site, j->tier, needs));
    settle(self, g, &self->cfg.site[j->site]);
    g->used[j->tier] += needs;
    self->held[self->cfg.job[job].queue] += needs;
    gw_yard_books_list_add(self, &g->holders[j->tier], job);
    j->booked_us = self->now_us;
    struct gw_job_record *r = &self->record[job];
    r->waited_us += self->now_us - j->free_since_us;
    r->site = j->site;
    r->start_us = r->start_us == GW_NEVER_US ? self->now_us : r->start_us;
}

void gw_yard_books_release(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    struct gw_yard_ground *g = &self->ground[j->site];
    const uint32_t needs = gw_yard_needs(self, job, j->width);
    GW_REQUIRE(j->draw_uw == 0);
    settle(self, g, &self->cfg.site[j->site]);
    gw_yard_books_list_remove(self, &g->holders[j->tier], job);
    g->used[j->tier] -= needs;
    g->leaving[j->tier] -= j->leaving ? needs : 0;
    j->leaving = false;
    self->held[self->cfg.job[job].queue] -= needs;
    g->freed = self->any_freed = true;
    /* whom the quota kept waiting may stand elsewhere */
    for (uint32_t s = 0; s < self->cfg.sites && self->cfg.queue[self->cfg.job[job].queue].quota > 0; s++) {
        self->ground[s].freed = true;
    }
    j->free_since_us = self->now_us;
}

/* ---- power ---- */

/* The part of the time from now to the end of the work or of the segment in which checkpoints are written. */
static double saving_frac(const struct gw_yard *self, uint32_t job)
{
    const struct gw_yard_job *j = &self->job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    const gw_time_us end_us = j->to_us < j->cut_us ? j->to_us : j->cut_us;
    if (kind->interval_us == GW_NEVER_US || end_us <= self->now_us) {
        return 0.0;
    }
    const double span_us = (double)(end_us - self->now_us);
    const double worked_us = gw_job_progress(kind, end_us - j->from_us, 1.0) -
                             gw_job_progress(kind, self->now_us - j->from_us, 1.0);
    return (span_us - worked_us) / span_us;
}

/* Watts that the job draws in its phase, and how much of them is for holding. */
static double watts_of(const struct gw_yard *self, uint32_t job, double *held)
{
    const struct gw_yard_job *j = &self->job[job];
    const struct gw_job_kind *kind = gw_yard_kind(self, job);
    const struct gw_job_here here = gw_job_at(kind, j->site);
    const double hold = here.held_watts * j->width, rest = here.held_watts * kind->spares;
    *held = 0.0;
    if (j->phase == GW_YARD_PREPARING || j->phase == GW_YARD_SAVING) {
        *held = hold + rest;
        return *held;
    }
    if (j->phase != GW_YARD_WORKING) {
        return 0.0;
    }
    const double saving = saving_frac(self, job);
    *held = hold * saving + rest;
    return *held + here.watts * j->width * j->power * (1.0 - saving);
}

void gw_yard_books_draw(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    struct gw_yard_ground *g = &self->ground[j->site];
    double held = 0.0;
    const double watts = watts_of(self, job, &held);
    settle(self, g, &self->cfg.site[j->site]);
    gw_yard_books_account(self, job);
    g->work_uw -= j->draw_uw - j->draw_held_uw;
    g->held_uw -= j->draw_held_uw;
    g->at_work -= j->draw_width;
    j->draw_uw = llround(watts * 1e6);
    j->draw_held_uw = llround(held * 1e6);
    j->draw_width = j->phase == GW_YARD_WORKING ? j->width : 0;
    g->work_uw += j->draw_uw - j->draw_held_uw;
    g->held_uw += j->draw_held_uw;
    g->at_work += j->draw_width;
}

void gw_yard_books_account(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    const gw_time_us span_us = self->now_us - j->booked_us;
    if (span_us == 0) {
        return;
    }
    const struct gw_yard_site *site = &self->cfg.site[j->site];
    struct gw_job_record *r = &self->record[job];
    const double watts = (double)j->draw_uw * 1e-6, joules = watts * gw_s_from_us(span_us);
    r->energy_j += joules;
    j->phase_j += joules;
    if (site->carbon != NULL) {
        r->carbon_g += watts * 1e-3 * gw_signal_integral_between(site->carbon, j->booked_us, self->now_us);
    }
    r->usd += site->usd_per_h[j->tier] * gw_yard_needs(self, job, j->width) * gw_h_from_us(span_us);
    j->booked_us = self->now_us;
}

void gw_yard_books_lose(struct gw_yard *self, uint32_t job, double lost_j)
{
    self->record[job].lost_j += lost_j;
    gw_sum_add(&self->ground[self->job[job].site].lost, lost_j);
}

/* ---- readings ---- */

static double take(struct gw_sum *sum)
{
    const double x = gw_sum_value(*sum);
    *sum = (struct gw_sum){0};
    return x;
}

struct gw_yard_meter gw_yard_books_read(struct gw_yard *self, uint32_t site, gw_time_us at_us)
{
    struct gw_yard_ground *g = &self->ground[site];
    GW_REQUIRE(at_us >= self->now_us);
    self->now_us = at_us;
    settle(self, g, &self->cfg.site[site]);
    struct gw_yard_meter out = {.work_j = take(&g->work),
                                .held_j = take(&g->held),
                                .lost_j = take(&g->lost),
                                .work_s = take(&g->work_s),
                                .nodes_s = take(&g->nodes_s),
                                .usd = take(&g->usd)};
    for (size_t t = 0; t < GW_TIERS; t++) {
        out.held_s[t] = take(&g->held_s[t]);
    }
    return out;
}
