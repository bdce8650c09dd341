#include <stdlib.h>

#include "models/training/yard_private.h"

enum { WISHES = GW_TIERS + 1 }; /* a tier, or any */

static uint32_t queue_of(const struct gw_yard *self, uint32_t job)
{
    return self->cfg.job[job].queue;
}

int32_t gw_yard_line_priority(const struct gw_yard *self, uint32_t job)
{
    return self->cfg.queue[queue_of(self, job)].priority;
}

uint32_t gw_yard_line_room(const struct gw_yard *self, uint32_t job)
{
    const uint32_t q = queue_of(self, job), quota = self->cfg.queue[q].quota;
    return quota == 0 ? GW_YARD_UNLIMITED : quota > self->held[q] ? quota - self->held[q] : 0;
}

static const struct gw_segment *wish(const struct gw_yard *self, uint32_t job)
{
    return &self->job[job].segment[self->job[job].next];
}

static uint32_t *wanted(const struct gw_yard *self, uint32_t site, uint32_t queue)
{
    return &self->ground[site].wanted[(size_t)queue * WISHES];
}

bool gw_yard_line_claims(const struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t job)
{
    const uint32_t own = queue_of(self, job);
    for (uint32_t q = 0; q < self->queues && !self->cfg.backfill; q++) {
        const uint32_t first = self->ground[site].line[q].first;
        if (first == GW_YARD_NONE || self->cfg.queue[q].priority < self->cfg.queue[own].priority) {
            continue;
        }
        const uint32_t *of = wanted(self, site, q);
        const bool full =
            gw_yard_line_room(self, first) < gw_yard_needs(self, first, wish(self, first)->width);
        if (full ? q == own : of[tier] > 0 || (tier != GW_TIER_SPOT && of[GW_TIER_ANY] > 0)) {
            return true;
        }
    }
    return false;
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

uint32_t gw_yard_line_tier(const struct gw_yard *self, const struct gw_segment *segment, uint32_t job)
{
    uint32_t closed = 0;
    for (uint32_t t = 0; t < GW_TIERS; t++) {
        closed |= (gw_yard_line_claims(self, segment->site, t, job) ? 1u : 0u) << t;
    }
    const uint32_t needs = gw_yard_needs(self, job, segment->width);
    return gw_yard_line_room(self, job) < needs ? GW_YARD_NONE
                                                : fitting(self, segment->site, segment->tier, needs, closed);
}

void gw_yard_line_join(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    j->phase = GW_YARD_IN_LINE;
    j->site = wish(self, job)->site;
    j->cut_us = wish(self, job)->to_us;
    j->joined = self->joins++;
    gw_yard_books_list_add(self, &self->ground[j->site].line[queue_of(self, job)], job);
    j->tier = wish(self, job)->tier;
    wanted(self, j->site, queue_of(self, job))[j->tier]++;
}

void gw_yard_line_leave(struct gw_yard *self, uint32_t job)
{
    struct gw_yard_job *j = &self->job[job];
    gw_yard_books_list_remove(self, &self->ground[j->site].line[queue_of(self, job)], job);
    wanted(self, j->site, queue_of(self, job))[j->tier]--;
    j->phase = GW_YARD_WAITING;
    /* who stands behind it may be the first of a tier now */
    self->ground[j->site].freed = self->any_freed = true;
}

/* Of the jobs at which a walk stands the next: by priority, then who came first. */
static uint32_t ahead(const struct gw_yard *self, const uint32_t *cursor, bool watching)
{
    uint32_t best = GW_YARD_NONE;
    for (uint32_t q = 0; q < self->queues; q++) {
        const uint32_t job = cursor[q];
        if (job == GW_YARD_NONE) {
            continue;
        }
        const int32_t over =
            best == GW_YARD_NONE ? 1 : gw_yard_line_priority(self, job) - gw_yard_line_priority(self, best);
        const bool earlier =
            best != GW_YARD_NONE && (watching ? self->job[job].watched < self->job[best].watched
                                              : self->job[job].joined < self->job[best].joined);
        best = over > 0 || (over == 0 && earlier) ? job : best;
    }
    return best;
}

uint32_t gw_yard_line_first(const struct gw_yard *self, uint32_t site, uint32_t *tier)
{
    const uint32_t all = (1u << GW_TIERS) - 1;
    uint32_t closed = 0;
    for (uint32_t t = 0; t < GW_TIERS; t++) {
        closed |= (gw_yard_look_free(self, site, t) == 0 ? 1u : 0u) << t;
    }
    for (uint32_t q = 0; q < self->queues; q++) {
        self->cursor[q] = self->ground[site].line[q].first;
    }
    for (uint32_t job = ahead(self, self->cursor, false); job != GW_YARD_NONE && closed != all;
         job = ahead(self, self->cursor, false)) {
        const struct gw_segment *s = wish(self, job);
        const uint32_t needs = gw_yard_needs(self, job, s->width);
        const bool room = gw_yard_line_room(self, job) >= needs;
        *tier = room ? fitting(self, site, s->tier, needs, closed) : GW_YARD_NONE;
        if (*tier != GW_YARD_NONE) {
            return job;
        }
        self->cursor[queue_of(self, job)] = self->job[job].link.after;
        if (!self->cfg.backfill && !room) {
            self->cursor[queue_of(self, job)] = GW_YARD_NONE; /* nor those of its queue behind it */
        } else if (!self->cfg.backfill) {
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
        unwatch(self, &self->watchers[j->wait_tier][queue_of(self, job)], job);
    }
    j->wait_tier = tier;
    if (tier == GW_TIERS) {
        return;
    }
    struct gw_yard_list *list = &self->watchers[tier][queue_of(self, job)];
    j->watched = self->joins++;
    j->watch = (struct gw_yard_link){list->last, GW_YARD_NONE};
    if (list->last != GW_YARD_NONE) {
        self->job[list->last].watch.after = job;
    } else {
        list->first = job;
    }
    list->last = job;
}

void gw_yard_line_watchers(struct gw_yard *self, uint32_t tier)
{
    for (uint32_t q = 0; q < self->queues; q++) {
        self->told[q] = self->watchers[tier][q].first;
    }
}

uint32_t gw_yard_line_next_watcher(struct gw_yard *self)
{
    const uint32_t job = ahead(self, self->told, true);
    if (job != GW_YARD_NONE) {
        self->told[queue_of(self, job)] = self->job[job].watch.after;
    }
    return job;
}

/* ---- begin and end ---- */

static struct gw_yard_list *empty_lists(uint32_t n)
{
    struct gw_yard_list *list = calloc(n, sizeof *list);
    for (uint32_t q = 0; list != NULL && q < n; q++) {
        list[q] = (struct gw_yard_list){GW_YARD_NONE, GW_YARD_NONE};
    }
    return list;
}

bool gw_yard_line_init(struct gw_yard *self)
{
    self->queues = 1;
    for (uint32_t i = 0; i < self->cfg.jobs; i++) {
        self->queues = queue_of(self, i) >= self->queues ? queue_of(self, i) + 1 : self->queues;
    }
    self->held = calloc(self->queues, sizeof *self->held);
    self->cursor = calloc(self->queues, sizeof *self->cursor);
    self->told = calloc(self->queues, sizeof *self->told);
    bool good = self->held != NULL && self->cursor != NULL && self->told != NULL;
    for (size_t t = 0; t < GW_TIERS; t++) {
        self->watchers[t] = empty_lists(self->queues);
        good = good && self->watchers[t] != NULL;
    }
    for (uint32_t s = 0; s < self->cfg.sites; s++) {
        self->ground[s].line = empty_lists(self->queues);
        self->ground[s].wanted = calloc((size_t)self->queues * WISHES, sizeof *self->ground[s].wanted);
        good = good && self->ground[s].line != NULL && self->ground[s].wanted != NULL;
    }
    return good;
}

void gw_yard_line_fini(struct gw_yard *self)
{
    for (uint32_t s = 0; self->ground != NULL && s < self->cfg.sites; s++) {
        free(self->ground[s].line);
        free(self->ground[s].wanted);
    }
    for (size_t t = 0; t < GW_TIERS; t++) {
        free(self->watchers[t]);
    }
    free(self->held);
    free(self->cursor);
    free(self->told);
}
