#include "sim/run/trainings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "sim/run/outages.h"

/* ---- jobs ---- */

struct list {
    struct gw_job *at;
    size_t n, cap;
    const struct gw_scenario *sc;
};

static const struct gw_training_section *section(const struct gw_scenario *sc)
{
    return &sc->cfg.training;
}

static gw_time_us deadline_of(const struct gw_scenario *sc, const struct gw_job_terms_cfg *terms,
                              const struct gw_job *job)
{
    const struct gw_pick *rule = &terms->deadline;
    const gw_time_us start_unix_us = sc->cfg.time.start_unix_us;
    const gw_time_us end_us = job->submit_us + job->work_us;
    switch ((enum gw_deadline_alt)rule->alt) {
    case GW_DEADLINE_AFTER:
        return job->submit_us + *(const gw_time_us *)rule->at;
    case GW_DEADLINE_SLACK:
        return job->submit_us + llround(*(const double *)rule->at * (double)job->work_us);
    case GW_DEADLINE_WORKDAY:
    case GW_DEADLINE_SEMIWEEK:
        return gw_job_calendar_deadline(rule->alt == GW_DEADLINE_WORKDAY ? GW_JOB_NEXT_WORKDAY
                                                                         : GW_JOB_SEMI_WEEKLY,
                                        start_unix_us + end_us, (int)terms->deadline_hour) -
               start_unix_us;
    case GW_DEADLINE_NONE:
        break;
    }
    return GW_NEVER_US;
}

/* submit_us, work_us and width are set; a deadline of its own may be. */
static bool add(struct list *list, uint32_t source, struct gw_job job, gw_time_us own_deadline_us)
{
    const struct gw_job_terms_cfg *terms = list->sc->training.source[source].terms;
    if (!gw_array_reserve((void **)&list->at, &list->cap, list->n + 1, sizeof *list->at)) {
        return false;
    }
    const uint32_t least = terms->min_width != GW_ABSENT ? (uint32_t)terms->min_width : job.width;
    const uint32_t most = terms->max_width != GW_ABSENT ? (uint32_t)terms->max_width : job.width;
    job.min_width = least < job.width ? least : job.width;
    job.max_width = most > job.width ? most : job.width;
    job.kind = source;
    job.number = list->n;
    job.deadline_us =
        own_deadline_us != GW_NEVER_US ? job.submit_us + own_deadline_us : deadline_of(list->sc, terms, &job);
    job.meant_us = job.submit_us;
    job.submit_us = job.submit_us > terms->ahead_us ? job.submit_us - terms->ahead_us : 0;
    list->at[list->n++] = job;
    return true;
}

static bool add_row(struct list *list, uint32_t source)
{
    const struct gw_training_job_cfg *cfg =
        (const struct gw_training_job_cfg *)section(list->sc)->jobs.at + source;
    bool good = true;
    for (int64_t i = 0; i < cfg->times && good; i++) {
        const struct gw_job job = {.submit_us = cfg->at_us + i * cfg->every_us,
                                   .work_us = list->sc->training.source[source].work_us,
                                   .width = (uint32_t)cfg->accelerators};
        if (job.submit_us < list->sc->cfg.time.duration_us) {
            good = add(list, source, job, GW_NEVER_US);
        }
    }
    return good;
}

static bool add_stream(struct list *list, uint32_t index, uint32_t replication)
{
    const struct gw_scenario *sc = list->sc;
    const uint32_t source = section(sc)->jobs.n + index;
    const struct gw_training_stream_cfg *cfg =
        (const struct gw_training_stream_cfg *)section(sc)->streams.at + index;
    const gw_time_us to_us = cfg->to_us != GW_ABSENT && cfg->to_us < sc->cfg.time.duration_us
                                 ? cfg->to_us
                                 : sc->cfg.time.duration_us;
    bool good = true;
    if (cfg->generate != NULL) {
        char name[GW_NAME_BYTES_MAX + 32];
        snprintf(name, sizeof name, "training/%.*s", (int)GW_NAME_BYTES_MAX, cfg->name);
        struct gw_job_stream stream;
        gw_job_stream_init(&stream, cfg->generate, sc->cfg.time.start_unix_us, cfg->from_us,
                           gw_rng_seed((uint64_t)sc->cfg.seed, replication, name));
        struct gw_job job = {0};
        while (good && gw_job_stream_next(&stream, to_us, &job)) {
            good = add(list, source, job, GW_NEVER_US);
        }
        return good;
    }
    const struct gw_jobs *trace = &sc->training.source[source].trace;
    for (uint32_t i = 0; i < trace->n && good; i++) {
        const struct gw_jobs_row *row = &trace->row[i];
        const gw_time_us work_us = llround((double)row->work_us / cfg->trace->speed);
        const struct gw_job job = {.submit_us = cfg->from_us + row->submit_us,
                                   .work_us = work_us > 0 ? work_us : 1,
                                   .width = row->width};
        if (job.submit_us < to_us) {
            good = add(list, source, job, row->deadline_us);
        }
    }
    return good;
}

static int by_submission(const void *a, const void *b)
{
    const struct gw_job *x = a, *y = b;
    if (x->submit_us != y->submit_us) {
        return x->submit_us < y->submit_us ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool make_jobs(struct gw_trainings *self, uint32_t replication)
{
    const struct gw_scenario *sc = self->sc;
    struct list list = {.sc = sc};
    bool good = true;
    for (uint32_t i = 0; i < section(sc)->jobs.n && good; i++) {
        good = add_row(&list, i);
    }
    for (uint32_t i = 0; i < section(sc)->streams.n && good; i++) {
        good = add_stream(&list, i, replication);
    }
    good = good && list.n < UINT32_MAX;
    self->n = (uint32_t)list.n;
    self->job = good ? gw_arena_array(self->arena, list.n, sizeof *self->job) : NULL;
    self->queue = gw_arena_array(self->arena, sc->training.queues, sizeof *self->queue);
    good = self->job != NULL && self->queue != NULL;
    if (good && list.n > 0) {
        memcpy(self->job, list.at, list.n * sizeof *self->job);
        qsort(self->job, list.n, sizeof *self->job, by_submission);
    }
    if (good) {
        memcpy(self->queue, sc->training.queue, sc->training.queues * sizeof *self->queue);
        gw_job_assign(self->job, self->n, self->queue, sc->training.queues);
    }
    for (uint32_t i = 0; good && i < self->n; i++) {
        const uint32_t quota = self->queue[self->job[i].queue].quota;
        const uint32_t spares = sc->training.kind[self->job[i].kind].spares;
        const uint32_t most = quota > self->job[i].width + spares ? quota - spares : self->job[i].width;
        if (quota > 0 && self->job[i].max_width > most) {
            self->job[i].max_width = most;
        }
    }
    free(list.at);
    return good;
}

/* ---- signals ---- */

/* The score's carbon, step by step, for the records: what the books will say. */
static bool make_truth(struct gw_trainings *self, uint32_t s, const struct gw_air *air)
{
    const struct gw_scenario *sc = self->sc;
    const struct gw_signal *carbon = &air->grid[s].carbon[sc->cfg.score.signal];
    const gw_time_us step_us = sc->cfg.time.step_us;
    const uint32_t n = (uint32_t)((sc->cfg.time.duration_us + sc->drain_max_us) / step_us);
    struct gw_signal_integral *truth = gw_arena_alloc(self->arena, sizeof *truth);
    if (truth == NULL || !gw_signal_integral_init(truth, GW_READING_STEP, 0, step_us, n, self->arena)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const gw_time_us unix_us = sc->cfg.time.start_unix_us + i * step_us;
        truth->value[i] = gw_signal_mean(carbon, unix_us, unix_us + step_us);
    }
    gw_signal_integral_seal(truth);
    self->site[s].carbon = truth;
    return true;
}

static bool is_oracle(const struct gw_trainings *self, uint32_t s, enum gw_forecast_signal signal)
{
    return gw_forecast_is_oracle(self->sc->site[s].forecast[signal].method);
}

static void issue(struct gw_trainings *self, struct gw_trainings_issue *at, uint32_t s,
                  enum gw_forecast_signal signal, gw_time_us from_us)
{
    const double scale = signal == GW_FORECAST_PRICE ? 1e-3 : 1.0; /* USD/MWh */
    at->signal.start_us = from_us;
    gw_foresight_intervals(self->foresight, s, signal, from_us, section(self->sc)->slot_us, at->signal.n,
                           at->signal.value);
    at->missing = isnan(at->signal.value[0]);
    for (uint32_t i = 0; i < at->signal.n; i++) {
        at->signal.value[i] *= scale;
    }
    gw_signal_integral_seal(&at->signal);
    at->issued_us = from_us;
    at->made = true;
}

/* A perfect forecast is issued once, for the whole run; others with every slot. */
static const struct gw_signal_integral *outlook(void *of, uint32_t signal, uint32_t s, gw_time_us now_us)
{
    struct gw_trainings *self = of;
    if (signal > GW_JOB_PRICE) {
        return NULL;
    }
    const enum gw_forecast_signal which = signal == GW_JOB_CARBON ? GW_FORECAST_CARBON : GW_FORECAST_PRICE;
    struct gw_trainings_issue *at = &self->issue[(size_t)s * 2 + signal];
    const gw_time_us slot_us = section(self->sc)->slot_us;
    const gw_time_us due_us = is_oracle(self, s, which) ? 0 : now_us / slot_us * slot_us;
    if (!at->made || at->issued_us != due_us) {
        issue(self, at, s, which, due_us);
    }
    return at->missing ? NULL : &at->signal;
}

static bool make_signals(struct gw_trainings *self, const struct gw_air *air)
{
    const struct gw_scenario *sc = self->sc;
    const gw_time_us slot_us = section(sc)->slot_us, all_us = sc->cfg.time.duration_us + sc->drain_max_us;
    const gw_time_us horizon_us = section(sc)->horizon_us;
    self->site = gw_arena_array(self->arena, sc->n_sites, sizeof *self->site);
    self->issue = gw_arena_array(self->arena, (size_t)sc->n_sites * 2, sizeof *self->issue);
    self->dark = gw_arena_array(self->arena, sc->n_sites, sizeof *self->dark);
    if (self->site == NULL || self->issue == NULL || self->dark == NULL) {
        return false;
    }
    bool good = true;
    for (uint32_t s = 0; s < sc->n_sites && good; s++) {
        self->site[s] = sc->training.site[s];
        good = make_truth(self, s, air);
        for (uint32_t k = 0; k < 2 && good; k++) {
            const bool oracle =
                is_oracle(self, s, k == GW_JOB_CARBON ? GW_FORECAST_CARBON : GW_FORECAST_PRICE);
            const gw_time_us span_us = oracle && all_us > horizon_us ? all_us : horizon_us;
            good = gw_signal_integral_init(&self->issue[s * 2 + k].signal,
                                           (enum gw_reading)section(sc)->reading, 0, slot_us,
                                           (uint32_t)((span_us + slot_us - 1) / slot_us), self->arena);
        }
    }
    return good;
}

/* ---- begin and end ---- */

static uint32_t most_of(const struct gw_trainings *self, uint32_t s)
{
    const struct gw_training_place *place = &self->sc->training.place[s];
    uint32_t most = 0;
    for (size_t t = 0; t < GW_TIERS; t++) {
        most = self->site[s].total[t] > most ? self->site[s].total[t] : most;
    }
    if (place->spare) {
        const struct gw_pool_cfg *pool =
            (const struct gw_pool_cfg *)self->sc->site[s].cfg->pools.at + place->pool;
        const int64_t all = pool->count * place->node->count + self->site[s].rented;
        most = all > (int64_t)most ? (uint32_t)all : most;
    }
    return most;
}

static enum gw_status check_widths(const struct gw_trainings *self, struct gw_error *err)
{
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_job *job = &self->job[i];
        const struct gw_job_kind *kind = &self->sc->training.kind[job->kind];
        uint32_t most = 0;
        for (uint32_t s = 0; s < self->sc->n_sites; s++) {
            const uint32_t here = kind->allowed[s] != 0 ? most_of(self, s) : 0;
            most = here > most ? here : most;
        }
        const struct gw_job_queue *queue = &self->queue[job->queue];
        if (queue->quota > 0 && job->width + kind->spares > queue->quota) {
            return gw_fail(err, GW_ERR_RANGE, "training",
                           "a job of \"%s\" has %u accelerators, and the quota of its queue \"%s\" is %u",
                           self->sc->training.source[job->kind].name, (unsigned)(job->width + kind->spares),
                           queue->name, (unsigned)queue->quota);
        }
        if ((uint64_t)job->min_width + kind->spares > most) {
            return gw_fail(err, GW_ERR_RANGE, "training",
                           "a job of \"%s\" needs %u accelerators, and no site that it may run at has more "
                           "than %u: see training.capacity",
                           self->sc->training.source[job->kind].name,
                           (unsigned)(job->min_width + kind->spares), (unsigned)most);
        }
    }
    return GW_OK;
}

static const struct gw_decider *decider_of(const struct gw_deciders *deciders)
{
    for (uint32_t i = 0; i < deciders->n; i++) {
        if ((deciders->decider[i].slots & GW_SLOT_TRAINING) != 0) {
            return &deciders->decider[i];
        }
    }
    return NULL;
}

enum gw_status gw_trainings_open(struct gw_trainings *self, const struct gw_scenario *sc,
                                 uint32_t replication, const struct gw_air *air,
                                 const struct gw_foresight *foresight, const struct gw_deciders *deciders,
                                 const struct gw_view_store *view, struct gw_arena *arena,
                                 struct gw_error *err)
{
    *self = (struct gw_trainings){.sc = sc, .foresight = foresight, .arena = arena};
    if (sc->training.sources == 0) {
        return GW_OK;
    }
    if (!make_jobs(self, replication) || !make_signals(self, air)) {
        return gw_fail(err, GW_ERR_NOMEM, "training", "out of memory");
    }
    const enum gw_status s = check_widths(self, err);
    if (s != GW_OK) {
        return s;
    }
    const struct gw_decider *decider = decider_of(deciders);
    GW_REQUIRE(decider != NULL); /* the slot has a default */
    const struct gw_yard_cfg cfg = {
        .job = self->job,
        .jobs = self->n,
        .kind = sc->training.kind,
        .queue = self->queue,
        .site = self->site,
        .sites = sc->n_sites,
        .gb_per_s = sc->training.gb_per_s,
        .backfill = section(sc)->backfill,
        .seed = gw_rng_seed((uint64_t)sc->cfg.seed, replication, "training/luck"),
        .outlook = {outlook, self},
        .policy = decider->choice->ops,
        .self = decider->self,
        .policy_name = deciders->variant->name,
        .view = &view->public,
    };
    self->yard = gw_yard_create(&cfg);
    return self->yard != NULL ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "training", "out of memory");
}

void gw_trainings_close(struct gw_trainings *self)
{
    gw_yard_destroy(self->yard);
    self->yard = NULL;
}

/* ---- time ---- */

enum gw_status gw_trainings_advance(struct gw_trainings *self, gw_time_us to_us, struct gw_error *err)
{
    return self->yard == NULL || to_us <= 0 ? GW_OK : gw_yard_advance(self->yard, to_us, err);
}

/* Accelerators of nodes on which no replica stands. */
static uint32_t spare_accelerators(const struct gw_trainings *self, uint32_t s,
                                   const struct gw_station *station)
{
    const struct gw_training_place *place = &self->sc->training.place[s];
    const struct gw_site *site = &self->sc->site[s];
    int64_t nodes = site->pool_nodes[place->pool];
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_group *group = &site->group[g];
        if (group->pool == place->pool) {
            const uint32_t up = station->staged && station->fleet != NULL
                                    ? gw_fleet_group_up(station->fleet, g)
                                    : group->replicas;
            nodes -= ((int64_t)up + group->per_node - 1) / group->per_node;
        }
    }
    return nodes > 0 ? (uint32_t)(nodes * place->node->count) : 0;
}

enum gw_status gw_trainings_change(struct gw_trainings *self, gw_time_us now_us,
                                   const struct gw_station *station, struct gw_error *err)
{
    enum gw_status status = GW_OK;
    for (uint32_t s = 0; self->yard != NULL && now_us >= 0 && s < self->sc->n_sites && status == GW_OK; s++) {
        const bool dark = gw_outages_at(self->sc, s, GW_OUTAGE_SITE, now_us);
        if (dark != self->dark[s]) {
            self->dark[s] = dark;
            status = gw_yard_outage(self->yard, s, dark, err);
        }
        if (status == GW_OK && self->sc->training.place[s].spare && !dark) {
            status = gw_yard_resize(self->yard, s, GW_TIER_RESERVED,
                                    self->site[s].rented + spare_accelerators(self, s, &station[s]), err);
        }
    }
    return status;
}

struct gw_yard_meter gw_trainings_read(struct gw_trainings *self, uint32_t site, gw_time_us to_us)
{
    return self->yard == NULL || to_us <= 0 ? (struct gw_yard_meter){0}
                                            : gw_yard_read(self->yard, site, to_us);
}

bool gw_trainings_left(const struct gw_trainings *self)
{
    return self->yard != NULL && gw_yard_next(self->yard) != GW_NEVER_US;
}

/* ---- scores ---- */

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Hours later than had it run alone at once; of what is not done its age tells at least as much. */
static double delay_h(const struct gw_job *job, const struct gw_job_record *r, gw_time_us end_us)
{
    const gw_time_us done_us = r->end_us != GW_NEVER_US ? r->end_us : end_us;
    return fmax(gw_h_from_us(done_us - job->meant_us - job->work_us), r->end_us != GW_NEVER_US ? -1e9 : 0.0);
}

static void fill_rows(const struct gw_trainings *self, struct gw_job_row *row)
{
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_job *job = &self->job[i];
        const struct gw_job_record *r = gw_yard_record(self->yard, i);
        row[i] = (struct gw_job_row){
            .number = job->number,
            .source = job->kind,
            .queue = job->queue,
            .site = r->site,
            .width = job->width,
            .stops = r->stops,
            .moves = r->moves,
            .evictions = r->evictions,
            .failures = r->failures,
            .submit_us = job->submit_us,
            .work_us = job->work_us,
            .deadline_us = job->deadline_us,
            .start_us = r->start_us,
            .end_us = r->end_us,
            .waited_us = r->waited_us,
            .energy_kwh = gw_kwh_from_j(r->energy_j),
            .lost_kwh = gw_kwh_from_j(r->lost_j),
            .carbon_kg = gw_kg_from_g(r->carbon_g),
            .usd = r->usd,
        };
    }
}

bool gw_trainings_score(const struct gw_trainings *self, gw_time_us end_us, const struct gw_ledger *ledger,
                        struct gw_run_result *out)
{
    double *score = out->score;
    score[GW_SCORE_TRAINING] =
        gw_ledger_sum(ledger, GW_ACCOUNT_TRAINING) + gw_ledger_sum(ledger, GW_ACCOUNT_TRAINING_HELD);
    score[GW_SCORE_TRAINING_LOST] = gw_ledger_sum(ledger, GW_ACCOUNT_TRAINING_LOST);
    score[GW_SCORE_INSTANCES] = gw_ledger_sum(ledger, GW_ACCOUNT_INSTANCES);
    score[GW_SCORE_JOBS] = self->n;
    score[GW_SCORE_JOBS_DONE] = self->yard != NULL ? gw_yard_done(self->yard) : 0;
    score[GW_SCORE_JOB_DELAY] = score[GW_SCORE_JOB_DELAY_P95] = score[GW_SCORE_JOB_START] = NAN;
    score[GW_SCORE_JOB_MISSED] = NAN;
    score[GW_SCORE_TRAINING_WORK] = score[GW_SCORE_TRAINING_CARBON] = 0.0;
    if (self->n == 0) {
        return true;
    }
    gw_yard_settle(self->yard);
    double *delay = gw_arena_array(self->arena, self->n, sizeof *delay);
    out->job = gw_arena_array(&out->arena, self->n, sizeof *out->job);
    if (delay == NULL || out->job == NULL) {
        return false;
    }
    struct gw_sum delays = {0}, starts = {0}, work = {0}, carbon = {0};
    uint64_t missed = 0, promised = 0;
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_job *job = &self->job[i];
        const struct gw_job_record *r = gw_yard_record(self->yard, i);
        delay[i] = delay_h(job, r, end_us);
        gw_sum_add(&delays, delay[i]);
        gw_sum_add(&starts,
                   gw_h_from_us((r->start_us != GW_NEVER_US ? r->start_us : end_us) - job->submit_us));
        gw_sum_add(&work, ((double)job->work_us - r->left_us) / (double)GW_US_PER_H * job->width);
        gw_sum_add(&carbon, r->carbon_g);
        promised += job->deadline_us != GW_NEVER_US;
        missed += job->deadline_us != GW_NEVER_US && r->end_us > job->deadline_us;
    }
    qsort(delay, self->n, sizeof *delay, ascending);
    const size_t p95 = (size_t)ceil(0.95 * self->n);
    score[GW_SCORE_JOB_DELAY] = gw_sum_value(delays) / self->n;
    score[GW_SCORE_JOB_DELAY_P95] = delay[(p95 > 0 ? p95 : 1) - 1];
    score[GW_SCORE_JOB_START] = gw_sum_value(starts) / self->n;
    score[GW_SCORE_JOB_MISSED] = promised > 0 ? (double)missed / (double)promised : NAN;
    score[GW_SCORE_TRAINING_WORK] = gw_sum_value(work);
    score[GW_SCORE_TRAINING_CARBON] = gw_kg_from_g(gw_sum_value(carbon));
    out->n_jobs = self->n;
    fill_rows(self, out->job);
    return true;
}
