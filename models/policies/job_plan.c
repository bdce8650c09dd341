#include "models/policies/job_plan.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/array.h"
#include "sim/base/units.h"

const char *const gw_job_plan_signals[] = {"carbon", "price", NULL};

int64_t gw_job_plan_overhead_us(const struct gw_job_view *job)
{
    if (job->held > 0) {
        return 0;
    }
    return job->site == UINT32_MAX ? job->start_us : job->resume_us;
}

static int64_t least_us(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most_us(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct gw_job_window gw_job_plan_window(const struct gw_job_view *job, int64_t length_us, double unlimited_s)
{
    const int64_t busy_us = gw_job_plan_overhead_us(job) + length_us;
    int64_t latest_us = job->now_us + (int64_t)(unlimited_s * 1e6);
    if (job->wait_us != INT64_MAX) {
        latest_us = job->now_us + job->wait_us - job->waited_us;
        latest_us =
            job->deadline_us == INT64_MAX ? latest_us : least_us(latest_us, job->deadline_us - busy_us);
    } else if (job->deadline_us != INT64_MAX) {
        latest_us = job->deadline_us - busy_us;
    }
    latest_us = most_us(latest_us, job->now_us);
    return (struct gw_job_window){latest_us, latest_us + busy_us};
}

bool gw_job_plan_fits(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t site)
{
    return job->allowed[site] != 0 && (desk->total(desk, site, GW_TIER_RESERVED) >= job->width ||
                                       desk->total(desk, site, GW_TIER_ON_DEMAND) >= job->width);
}

/* ---- one start ---- */

/* Less is better. The rate is negative where waiting saves, 0 at the start itself. now_cost: of the cheapest
 * start without waiting, over the sites; what waiting has to be better than. */
static double start_cost(const struct gw_job_desk *desk, const struct gw_job_ask *ask, uint32_t site,
                         int64_t at_us, double now_cost)
{
    if (ask->rule == GW_JOB_START_SLOT) {
        return desk->value(desk, ask->signal, site, at_us);
    }
    const double cost = desk->integral(desk, ask->signal, site, at_us, at_us + ask->length_us);
    return ask->rule == GW_JOB_START_RATE
               ? (cost - now_cost) / gw_h_from_us(at_us - ask->from_us + ask->length_us)
               : cost;
}

/* The next instant worth a look after `at`. */
static int64_t next_start(const struct gw_job_desk *desk, const struct gw_job_ask *ask, uint32_t site,
                          int64_t at_us)
{
    if (ask->step_us > 0) {
        return at_us + ask->step_us;
    }
    const int64_t begins_us = desk->edge(desk, ask->signal, site, at_us);
    const int64_t ends_us = desk->edge(desk, ask->signal, site, at_us + ask->length_us);
    return least_us(begins_us, ends_us == INT64_MAX ? ends_us : ends_us - ask->length_us);
}

struct best {
    double cost;
    struct gw_job_start start;
};

/* scale: of the costs that are compared, so that rounding is told from a difference. */
static void offer(struct best *best, double cost, double scale, struct gw_job_start start)
{
    if (best->start.site == UINT32_MAX || cost < best->cost - GW_JOB_PLAN_ALIKE * scale) {
        *best = (struct best){cost, start};
    }
}

static void search_site(const struct gw_job_desk *desk, const struct gw_job_ask *ask, uint32_t site,
                        double now_cost, struct best *best)
{
    const double rate = fabs(now_cost) / gw_h_from_us(ask->length_us);
    const int64_t last_us = ask->rule == GW_JOB_START_NOW ? ask->from_us : ask->latest_us;
    int64_t at_us = ask->rule == GW_JOB_START_LAST ? ask->latest_us : ask->from_us;
    while (at_us <= last_us) {
        const double cost = start_cost(desk, ask, site, at_us, now_cost);
        const double scale = ask->rule == GW_JOB_START_RATE ? rate : fabs(cost);
        offer(best, cost, scale, (struct gw_job_start){at_us, site});
        const int64_t next_us = next_start(desk, ask, site, at_us);
        if (next_us == INT64_MAX) {
            break;
        }
        at_us = next_us;
    }
}

bool gw_job_plan_may(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t site)
{
    const bool settled = job->site != UINT32_MAX && gw_job_plan_fits(desk, job, job->site);
    return settled ? site == job->site : gw_job_plan_fits(desk, job, site);
}

static uint32_t first_allowed(const struct gw_job_view *job)
{
    uint32_t s = 0;
    while (s + 1 < job->sites && job->allowed[s] == 0) {
        s++;
    }
    return s;
}

struct gw_job_start gw_job_plan_start(const struct gw_job_desk *desk, const struct gw_job_view *job,
                                      const struct gw_job_ask *ask)
{
    struct best best = {.start = {ask->from_us, UINT32_MAX}};
    struct gw_job_ask a = *ask;
    a.length_us = most_us(a.length_us, 1);
    double now_cost = INFINITY;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (gw_job_plan_may(desk, job, s)) {
            now_cost = fmin(now_cost, desk->integral(desk, a.signal, s, a.from_us, a.from_us + a.length_us));
        }
    }
    for (uint32_t s = 0; s < job->sites; s++) {
        if (gw_job_plan_may(desk, job, s)) {
            search_site(desk, &a, s, now_cost, &best);
        }
    }
    if (best.start.site == UINT32_MAX) {
        best.start.site = job->site != UINT32_MAX ? job->site : first_allowed(job);
    }
    return best.start;
}

/* ---- pieces ---- */

void gw_job_plan_free(struct gw_job_pieces *self)
{
    free(self->at);
    *self = (struct gw_job_pieces){0};
}

/* Of a piece: its value, or the mean where a series is read as straight lines. Never the quotient of a
 * difference of sums where it can be the value: equal hours are to be equal. */
static double mean(const struct gw_job_desk *desk, uint32_t signal, uint32_t site, int64_t from_us,
                   int64_t to_us)
{
    const double value = desk->value(desk, signal, site, from_us);
    const double over = desk->integral(desk, signal, site, from_us, to_us) / gw_h_from_us(to_us - from_us);
    return fabs(over - value) <= GW_JOB_PLAN_ALIKE * fabs(value) ? value : over;
}

static bool add_piece(struct gw_job_pieces *self, struct gw_job_piece piece)
{
    if (!gw_array_reserve((void **)&self->at, &self->cap, self->n + 1, sizeof piece)) {
        return false;
    }
    self->at[self->n++] = piece;
    return true;
}

bool gw_job_plan_lay(struct gw_job_pieces *self, const struct gw_job_desk *desk, uint32_t signal,
                     uint32_t site, int64_t from_us, int64_t to_us)
{
    self->n = 0;
    while (from_us < to_us) {
        const int64_t end_us = least_us(desk->edge(desk, signal, site, from_us), to_us);
        const double value = mean(desk, signal, site, from_us, end_us);
        if (!add_piece(self, (struct gw_job_piece){from_us, end_us, value, site})) {
            return false;
        }
        from_us = end_us;
    }
    return true;
}

bool gw_job_plan_lay_least(struct gw_job_pieces *self, const struct gw_job_desk *desk,
                           const struct gw_job_view *job, uint32_t signal, int64_t from_us, int64_t to_us)
{
    self->n = 0;
    while (from_us < to_us) {
        int64_t end_us = to_us;
        for (uint32_t s = 0; s < job->sites; s++) {
            if (gw_job_plan_fits(desk, job, s)) {
                end_us = least_us(end_us, desk->edge(desk, signal, s, from_us));
            }
        }
        struct gw_job_piece best = {from_us, end_us, INFINITY, UINT32_MAX};
        for (uint32_t s = 0; s < job->sites; s++) {
            const double value =
                gw_job_plan_fits(desk, job, s) ? mean(desk, signal, s, from_us, end_us) : INFINITY;
            if (value < best.value) {
                best.value = value;
                best.site = s;
            }
        }
        if (best.site == UINT32_MAX) {
            return true; /* it fits nowhere: no pieces */
        }
        if (!add_piece(self, best)) {
            return false;
        }
        from_us = end_us;
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    const struct gw_job_piece *p = a, *q = b;
    if (p->value != q->value) {
        return p->value < q->value ? -1 : 1;
    }
    return p->from_us < q->from_us ? -1 : p->from_us > q->from_us;
}

static int by_time(const void *a, const void *b)
{
    const struct gw_job_piece *p = a, *q = b;
    return p->from_us < q->from_us ? -1 : p->from_us > q->from_us;
}

static bool touch(const struct gw_job_piece *a, const struct gw_job_piece *b)
{
    return a->to_us == b->from_us && a->site == b->site;
}

/* Takes `spare` off the piece that begins at from_us, at the side where it touches nothing. */
static void cut(struct gw_job_pieces *self, int64_t from_us, int64_t spare_us)
{
    for (size_t i = 0; i < self->n; i++) {
        struct gw_job_piece *p = &self->at[i];
        if (p->from_us == from_us) {
            const bool before = i > 0 && touch(p - 1, p);
            const bool after = i + 1 < self->n && touch(p, p + 1);
            if (after && !before) {
                p->from_us += spare_us;
            } else {
                p->to_us -= spare_us;
            }
            return;
        }
    }
}

double gw_job_plan_cheapest(struct gw_job_pieces *self, int64_t need_us)
{
    qsort(self->at, self->n, sizeof *self->at, by_value);
    double cost = 0.0;
    size_t kept = 0;
    int64_t spare_us = 0, dearest_us = 0;
    while (kept < self->n && need_us > 0) {
        const struct gw_job_piece *p = &self->at[kept++];
        const int64_t take_us = least_us(p->to_us - p->from_us, need_us);
        cost += p->value * gw_h_from_us(take_us);
        need_us -= take_us;
        spare_us = p->to_us - p->from_us - take_us;
        dearest_us = p->from_us;
    }
    self->n = kept;
    qsort(self->at, self->n, sizeof *self->at, by_time);
    if (spare_us > 0) {
        cut(self, dearest_us, spare_us);
    }
    return cost;
}

double gw_job_plan_quantile(struct gw_job_pieces *self, double share)
{
    if (self->n == 0) {
        return NAN;
    }
    const double all_us = (double)(self->at[self->n - 1].to_us - self->at[0].from_us);
    qsort(self->at, self->n, sizeof *self->at, by_value);
    double below_us = 0.0, value = self->at[0].value;
    for (size_t i = 0; i < self->n && below_us <= share * all_us; i++) {
        value = self->at[i].value;
        below_us += (double)(self->at[i].to_us - self->at[i].from_us);
    }
    qsort(self->at, self->n, sizeof *self->at, by_time);
    return value;
}

size_t gw_job_plan_spans(const struct gw_job_pieces *self)
{
    size_t spans = 0;
    for (size_t i = 0; i < self->n; i++) {
        spans += i == 0 || !touch(&self->at[i - 1], &self->at[i]);
    }
    return spans;
}

/* ---- schedules ---- */

int gw_job_plan_run(struct gw_schedule *out, const struct gw_job_view *job, uint32_t site, uint32_t tier,
                    int64_t at_us)
{
    const struct gw_segment segment = {at_us, INT64_MAX, site, tier, job->width, 1.0};
    return out->add(out, &segment);
}

int gw_job_plan_write(struct gw_schedule *out, const struct gw_job_view *job,
                      const struct gw_job_pieces *pieces)
{
    int bad = 0;
    for (size_t i = 0; i < pieces->n && bad == 0;) {
        const struct gw_job_piece *p = &pieces->at[i];
        struct gw_segment segment = {p->from_us, p->to_us, p->site, GW_TIER_ANY, job->width, 1.0};
        for (i++; i < pieces->n && touch(&pieces->at[i - 1], &pieces->at[i]); i++) {
            segment.to_us = pieces->at[i].to_us;
        }
        segment.to_us = i == pieces->n ? INT64_MAX : segment.to_us;
        bad = out->add(out, &segment);
    }
    return bad;
}

bool gw_job_plan_interrupted(const struct gw_job_view *job)
{
    return job->why == GW_LOOK_DENIED || job->why == GW_LOOK_EVICTED || job->why == GW_LOOK_FAILED ||
           job->why == GW_LOOK_OUTAGE;
}
