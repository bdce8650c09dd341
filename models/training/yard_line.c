#include "models/training/yard_private.h"

static bool wanted_by(const struct gw_yard *self, uint32_t site, uint32_t tier)
{
    const struct gw_yard_ground *g = &self->ground[site];
    return g->wanted[tier] > 0 || (tier != GW_TIER_SPOT && g->wanted[GW_TIER_ANY] > 0);
}

bool gw_yard_line_claims(const struct gw_yard *self, uint32_t site, uint32_t tier)
{
    return !self->cfg.backfill && wanted_by(self, site, tier);
}

/* Of the tiers that a segment may have the first that fits; `closed`: bits of tiers that are not for it. */
static uint32_t fitting(const struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t width,
                        uint32_t closed)
{
    const uint32_t first = tier == GW_TIER_ANY ? GW_TIER_RESERVED : tier;
    const uint32_t last = tier == GW_TIER_ANY ? GW_TIER_ON_DEMAND : tier;
    for (uint32_t t = first; t <= last; t++) {
        if ((closed >> t & 1u) == 0 && gw_yard_books_fits(self, site, t, width)) {
            return t;
        }
    }
    return GW_YARD_NONE;
}

uint32_t gw_yard_line_tier(const struct gw_yard *self, const struct gw_segment *segment)
{
    uint32_t closed = 0;
    for (uint32_t t = 0; t < GW_TIERS; t++) {
        closed |= (gw_yard_line_claims(self, segment->site, t) ? 1u : 0u) << t;
    }
    return fitting(self, segment->site, segment->tier, segment->width, closed);
}

static const struct gw_segment *wish(const struct gw_yard *self, uint32_t job)
{
    return &self->job[job].segment[self->job[job].next];
}

void gw_yard_line_join(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    j->phase = GW_YARD_IN_LINE;
    j->site = wish(self, job)->site;
    j->cut_us = wish(self, job)->to_us;
    gw_yard_books_list_add(self, &self->ground[j->site].line, job);
    self->ground[j->site].wanted[wish(self, job)->tier]++;
    j->tier = wish(self, job)->tier;
}

void gw_yard_line_leave(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    gw_yard_books_list_remove(self, &self->ground[j->site].line, job);
    self->ground[j->site].wanted[j->tier]--;
    j->phase = GW_YARD_WAITING;
    /* who stands behind it may be the first of a tier now */
    self->ground[j->site].freed = self->any_freed = true;
}

uint32_t gw_yard_line_first(const struct gw_yard *self, uint32_t site, uint32_t *tier)
{
    const struct gw_yard_ground *g = &self->ground[site];
    uint32_t closed = 0;
    for (uint32_t t = 0; t < GW_TIERS; t++) {
        closed |= (gw_yard_look_free(self, site, t) == 0 ? 1u : 0u) << t;
    }
    const uint32_t all = (1u << GW_TIERS) - 1;
    for (uint32_t job = g->line.first; job != GW_YARD_NONE && closed != all;
         job = self->job[job].link.after) {
        const struct gw_segment *s = wish(self, job);
        *tier = fitting(self, site, s->tier, s->width, closed);
        if (*tier != GW_YARD_NONE) {
            return job;
        }
        if (!self->cfg.backfill) {
            closed |=
                s->tier == GW_TIER_ANY ? 1u << GW_TIER_RESERVED | 1u << GW_TIER_ON_DEMAND : 1u << s->tier;
        }
    }
    return GW_YARD_NONE;
}

/* ---- waiting for a tier, anywhere ---- */

static void unwatch(struct gw_yard *self, struct gw_yard_list *list, uint32_t job)
{
    const struct gw_yard_link link = self->job[job].watch;
    if (link.before != GW_YARD_NONE) {
        self->job[link.before].watch.after = link.after;
    } else {
        list->first = link.after;
    }
    if (link.after != GW_YARD_NONE) {
        self->job[link.after].watch.before = link.before;
    } else {
        list->last = link.before;
    }
}

void gw_yard_line_watch(struct gw_yard *self, uint32_t job, uint32_t tier)
{
    struct gw_yard_job *j = &self->job[job];
    if (j->wait_tier == tier) {
        return; /* it keeps its place */
    }
    if (j->wait_tier != GW_TIERS) {
        unwatch(self, &self->watchers[j->wait_tier], job);
    }
    j->wait_tier = tier;
    if (tier == GW_TIERS) {
        return;
    }
    struct gw_yard_list *list = &self->watchers[tier];
    j->watch = (struct gw_yard_link){list->last, GW_YARD_NONE};
    if (list->last != GW_YARD_NONE) {
        self->job[list->last].watch.after = job;
    } else {
        list->first = job;
    }
    list->last = job;
}
