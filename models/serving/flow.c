#include "models/serving/flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

/* A full engine is the estimate just below its capacity; so are times of an engine that nearly is. */
static const double full_load = 0.98;
/* Work that is left over by rounding, of a step's. */
static const double dust = 1e-12;

/* Requests that arrived evenly over a time and wait. */
struct cohort {
    gw_time_us from_us, to_us;
    double work_s;
};

/* What waits for one model, the first come first. Space is used again when the queue has been empty. */
struct backlog {
    struct cohort *cohort;
    double *requests; /* [cap][classes] */
    size_t first, n, cap, requests_cap;
    double work_s;
};

struct group {
    struct gw_fleet_group cfg;
    struct gw_replica_meter sum;
    double prompt_tok, out_tok, steps; /* fractions of the counts in sum */
};

struct gw_flow {
    struct gw_flow_sink sink;
    uint32_t models, classes, n_groups;
    gw_time_us now_us;
    struct group *group;
    struct gw_flow_class *class;
    enum gw_dispatch *dispatch;
    double *work_s;           /* [classes] seconds of all replicas per request */
    double *arriving;         /* [classes] requests until the next advance */
    double *share;            /* [classes] of what the class asks for */
    double *class_j;          /* [classes] since the last reading */
    double *served, *scratch; /* [classes] */
    struct backlog *backlog;
    double *running;                   /* [models] */
    struct gw_fleet_load *load, *read; /* [models] since the last reading; of it */
    double *arrived, *finished;        /* [models] of load, not yet whole */
};

/* --- begin and end -------------------------------------------------------------------------------- */

static double work_of(const struct gw_flow *self, const struct gw_flow_class *class)
{
    double capacity = 0.0;
    for (uint32_t g = 0; g < self->n_groups; g++) {
        const struct gw_fleet_group *group = &self->group[g].cfg;
        if (group->model == class->model) {
            capacity += group->replicas * gw_serving_capacity(group->cfg, &class->load);
        }
    }
    return 1.0 / capacity;
}

struct gw_flow *gw_flow_create(const struct gw_flow_cfg *cfg, const struct gw_flow_sink *sink)
{
    struct gw_flow *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    const size_t groups = (size_t)cfg->n_groups + 1, models = (size_t)cfg->models + 1,
                 classes = (size_t)cfg->classes + 1;
    *self = (struct gw_flow){.sink = *sink,
                             .models = cfg->models,
                             .classes = cfg->classes,
                             .n_groups = cfg->n_groups,
                             .now_us = cfg->base_us,
                             .group = calloc(groups, sizeof *self->group),
                             .class = calloc(classes, sizeof *self->class),
                             .dispatch = calloc(models, sizeof *self->dispatch),
                             .work_s = calloc(classes, sizeof *self->work_s),
                             .arriving = calloc(classes, sizeof *self->arriving),
                             .share = calloc(classes, sizeof *self->share),
                             .class_j = calloc(classes, sizeof *self->class_j),
                             .served = calloc(classes, sizeof *self->served),
                             .scratch = calloc(classes, sizeof *self->scratch),
                             .backlog = calloc(models, sizeof *self->backlog),
                             .load = calloc(models, sizeof *self->load),
                             .read = calloc(models, sizeof *self->read),
                             .arrived = calloc(models, sizeof *self->arrived),
                             .finished = calloc(models, sizeof *self->finished),
                             .running = calloc(models, sizeof *self->running)};
    if (self->group == NULL || self->class == NULL || self->dispatch == NULL || self->work_s == NULL ||
        self->arriving == NULL || self->share == NULL || self->class_j == NULL || self->served == NULL ||
        self->scratch == NULL || self->backlog == NULL || self->running == NULL || self->load == NULL ||
        self->read == NULL || self->arrived == NULL || self->finished == NULL) {
        gw_flow_destroy(self);
        return NULL;
    }
    for (uint32_t g = 0; g < cfg->n_groups; g++) {
        self->group[g].cfg = cfg->group[g];
    }
    for (uint32_t m = 0; m < cfg->models; m++) {
        GW_REQUIRE(cfg->dispatch[m] != GW_DISPATCH_PACK);
        self->dispatch[m] = cfg->dispatch[m];
    }
    for (uint32_t c = 0; c < cfg->classes; c++) {
        self->class[c] = cfg->class[c];
        self->work_s[c] = work_of(self, &cfg->class[c]);
    }
    return self;
}

void gw_flow_destroy(struct gw_flow *self)
{
    if (self == NULL) {
        return;
    }
    for (uint32_t m = 0; self->backlog != NULL && m < self->models; m++) {
        free(self->backlog[m].cohort);
        free(self->backlog[m].requests);
    }
    free(self->group);
    free(self->class);
    free(self->dispatch);
    free(self->work_s);
    free(self->arriving);
    free(self->share);
    free(self->class_j);
    free(self->served);
    free(self->scratch);
    free(self->backlog);
    free(self->running);
    free(self->load);
    free(self->read);
    free(self->arrived);
    free(self->finished);
    free(self);
}

void gw_flow_push(struct gw_flow *self, uint32_t class, double requests, double share)
{
    GW_REQUIRE(requests >= 0.0);
    GW_REQUIRE(isfinite(self->work_s[class]));
    self->arriving[class] += requests;
    self->share[class] = share;
}

/* --- the state of the engines --------------------------------------------------------------------- */

/* All classes of a model as one load, each weighted by its requests; the context by its tokens. */
static struct gw_serving_load mix_of(const struct gw_flow *self, uint32_t model, const double *requests)
{
    struct gw_serving_load mix = {0};
    double n = 0.0, decodes = 0.0, cached = 0.0;
    for (uint32_t c = 0; c < self->classes; c++) {
        if (self->class[c].model != model || requests[c] == 0.0) {
            continue;
        }
        const struct gw_serving_load *l = &self->class[c].load;
        const double x = requests[c];
        n += x;
        mix.in_tok += x * l->in_tok;
        mix.out_tok += x * l->out_tok;
        mix.in_tok_sq += x * fmax(l->in_tok_sq, l->in_tok * l->in_tok);
        mix.out_tok_sq += x * fmax(l->out_tok_sq, l->out_tok * l->out_tok);
        mix.context_tok += x * (l->out_tok - 1.0) * gw_serving_context_tok(l);
        decodes += x * (l->out_tok - 1.0);
        cached += x * l->in_tok * l->cached_frac;
    }
    mix.cached_frac = cached / mix.in_tok;
    mix.context_tok = decodes > 0.0 ? mix.context_tok / decodes : 0.0;
    mix.in_tok /= n;
    mix.out_tok /= n;
    mix.in_tok_sq /= n;
    mix.out_tok_sq /= n;
    mix.rate_per_s = n;
    return mix;
}

/* What a model's replicas do for a while. */
struct regime {
    struct gw_flow_point point;
    double running;  /* requests in the engines */
    double energy_j; /* during steps, per second */
};

/* Adds `span_s` seconds of this operating point to a group's meters. */
static void meter_group(struct group *g, const struct gw_serving_load *load,
                        const struct gw_serving_estimate *e, double span_s)
{
    const double replica_s = span_s * g->cfg.replicas;
    const double idle_w = g->cfg.cfg->power.n_accelerators * g->cfg.cfg->power.idle_w;
    const double busy_s = replica_s * e->busy_frac;
    const double requests = replica_s * load->rate_per_s;
    g->sum.busy_s += busy_s;
    g->sum.idle_j += (replica_s - busy_s) * idle_w;
    g->sum.busy_j += replica_s * e->power_w - (replica_s - busy_s) * idle_w;
    g->sum.token_steps += busy_s * e->batch;
    g->prompt_tok += requests * load->in_tok * (1.0 - load->cached_frac);
    g->out_tok += requests * load->out_tok;
    g->steps += e->step_s > 0.0 ? busy_s / e->step_s : 0.0;
}

/* The same for the telemetry of the model. */
static void note_load(struct gw_fleet_load *load, const struct group *g, const struct gw_serving_load *mix,
                      const struct gw_replica_meter *before, double span_s)
{
    const double replica_s = span_s * g->cfg.replicas;
    const double room_tok = (double)g->cfg.cfg->kv_blocks * g->cfg.cfg->block_tok;
    const double batch_s = g->sum.token_steps - before->token_steps;
    const double kv_tok_s = fmin(batch_s * gw_serving_context_tok(mix), replica_s * room_tok);
    load->busy_s += g->sum.busy_s - before->busy_s;
    load->batch_s += batch_s;
    load->running_s += batch_s;
    load->replica_s += replica_s;
    load->kv_tok_s += kv_tok_s;
    load->room_tok_s += replica_s * room_tok;
    load->kv_peak_frac = fmax(load->kv_peak_frac, kv_tok_s / (replica_s * room_tok));
}

static void add_point(struct gw_flow_point *sum, const struct gw_serving_estimate *e, double share)
{
    sum->utilisation += share * e->utilisation;
    sum->busy_frac += share * e->met_frac;
    sum->met_s += share * e->met_s;
    sum->prompt_s += share * e->prompt_s;
    sum->wait_frac += share * e->wait_frac;
    sum->wait_s += share * e->wait_s;
    sum->queue_s += share * fmax(e->ttft_s - e->wait_s - e->alone_s - 0.5 * e->met_frac * e->met_s, 0.0);
    sum->lump_s += share * e->lump_s;
    sum->room_tok += share * e->room_tok;
    sum->plain_s += share * e->plain_s;
    sum->itl_s += share * e->itl_s;
    sum->jitter_s2_per_s += share * e->jitter_s2_per_s;
}

/* The share of a model's requests that one replica of the group gets: as much as it can serve of them, or by
 * turns as many as every other. */
static double share_of(const struct gw_flow *self, const struct group *g, const struct gw_serving_load *mix)
{
    return self->dispatch[g->cfg.model] == GW_DISPATCH_ROUND_ROBIN ? 1.0
                                                                   : gw_serving_capacity(g->cfg.cfg, mix);
}

/* The replicas of a model at `rate` requests/s of a mix for span_s seconds; a full engine when more than they
 * can. */
static struct regime run_model(struct gw_flow *self, uint32_t model, struct gw_serving_load mix,
                               double rate_per_s, double span_s)
{
    struct regime r = {.point.in_tok = mix.in_tok};
    double shares = 0.0;
    for (uint32_t i = 0; i < self->n_groups; i++) {
        const struct group *g = &self->group[i];
        shares += g->cfg.model == model ? g->cfg.replicas * share_of(self, g, &mix) : 0.0;
    }
    for (uint32_t i = 0; i < self->n_groups; i++) {
        struct group *g = &self->group[i];
        if (g->cfg.model != model) {
            continue;
        }
        const double share = share_of(self, g, &mix) / shares;
        const double most = full_load * gw_serving_capacity(g->cfg.cfg, &mix);
        struct gw_serving_estimate e;
        mix.rate_per_s = fmin(rate_per_s * share, most);
        mix.level = self->dispatch[model] == GW_DISPATCH_LEAST_PENDING ? g->cfg.replicas : 1;
        gw_serving_estimate_state(g->cfg.cfg, &mix, &e);
        mix.rate_per_s = rate_per_s * share; /* what it brings, it brings */
        const struct gw_replica_meter before = g->sum;
        meter_group(g, &mix, &e, span_s);
        note_load(&self->load[model], g, &mix, &before, span_s);
        r.energy_j += g->sum.busy_j - before.busy_j;
        r.running += g->cfg.replicas * e.batch * e.busy_frac;
        add_point(&r.point, &e, share * g->cfg.replicas);
    }
    return r;
}

/* ---- bursts ---- */

/* By how much the index of dispersion of all that arrives for a model, over a window, is above 1. */
static double excess_over(const struct gw_flow *self, uint32_t model, const double *requests, double span_s,
                          double window_s)
{
    double n = 0.0, excess = 0.0;
    for (uint32_t c = 0; c < self->classes; c++) {
        if (self->class[c].model == model && requests[c] > 0.0) {
            const double asked_per_s = requests[c] / (span_s * self->share[c]);
            n += requests[c];
            excess += requests[c] * self->share[c] *
                      (gw_burst_idc(&self->class[c].burst, asked_per_s, window_s) - 1.0);
        }
    }
    return n > 0.0 ? excess / n : 0.0;
}

/* Sequences that all replicas of a model decode when they are full. */
static double places_of(const struct gw_flow *self, uint32_t model, struct gw_serving_load mix)
{
    double places = 0.0;
    for (uint32_t i = 0; i < self->n_groups; i++) {
        const struct gw_fleet_group *g = &self->group[i].cfg;
        if (g->model == model) {
            struct gw_serving_estimate e;
            mix.level = g->replicas;
            mix.rate_per_s = full_load * gw_serving_capacity(g->cfg, &mix);
            gw_serving_estimate_state(g->cfg, &mix, &e);
            places += g->replicas * e.batch;
        }
    }
    return places;
}

static double replicas_of(const struct gw_flow *self, uint32_t model)
{
    double n = 0.0;
    for (uint32_t i = 0; i < self->n_groups; i++) {
        n += self->group[i].cfg.model == model ? self->group[i].cfg.replicas : 0.0;
    }
    return n;
}

/* What bursts add to a state of engines that keep up: docs/models/flow.md, eq. 4 to 6. */
static void add_bursts(const struct gw_flow *self, uint32_t model, const double *requests, double span_s,
                       const struct gw_serving_load *mix, struct regime *r)
{
    double n = 0.0, work_s = 0.0;
    for (uint32_t c = 0; c < self->classes; c++) {
        n += self->class[c].model == model ? requests[c] : 0.0;
        work_s += self->class[c].model == model ? requests[c] * self->work_s[c] : 0.0;
    }
    const double forever_s = 1e9;
    double excess = excess_over(self, model, requests, span_s, forever_s);
    if (!(fabs(excess) > 1e-9)) {
        return;
    }
    const double rho = fmin(work_s / span_s, full_load), unit_s = work_s / n;
    for (int i = 0; i < 20; i++) {
        excess =
            excess_over(self, model, requests, span_s, unit_s * (2.0 + excess) / ((1.0 - rho) * (1.0 - rho)));
    }
    const double more_s = 0.5 * excess * unit_s / (1.0 - rho);
    const double crowd = n / span_s * more_s;
    const double room = fmax(places_of(self, model, *mix) - r->running, 0.0);
    const double outside = crowd > 0.0 ? exp(-room / crowd) : 0.0;
    struct gw_flow_point *p = &r->point;
    p->wait_frac = 1.0 - (1.0 - p->wait_frac) * (1.0 - rho * outside);
    p->wait_s += more_s * outside;
    p->itl_s += mix->out_tok > 1.0 ? fmax(more_s, 0.0) * (1.0 - outside) / (mix->out_tok - 1.0) : 0.0;
    r->running += fmax(crowd, 0.0) * (1.0 - outside);
    const double replicas = replicas_of(self, model);
    const double idle = fmax(1.0 - n / span_s / replicas * p->prompt_s, 1.0 - full_load);
    double clump = 0.0;
    for (int i = 0; i < 20; i++) {
        clump = excess_over(self, model, requests, span_s, p->prompt_s * (2.0 + clump) / (idle * idle)) /
                replicas;
    }
    p->queue_s = fmax(p->queue_s + clump * p->prompt_s / idle, 0.0);
}

/* Energy of steps goes to classes by their part of the work. */
static void share_energy(struct gw_flow *self, uint32_t model, const double *requests, double energy_j)
{
    double work_s = 0.0;
    for (uint32_t c = 0; c < self->classes; c++) {
        work_s += self->class[c].model == model ? requests[c] * self->work_s[c] : 0.0;
    }
    for (uint32_t c = 0; c < self->classes && work_s > 0.0; c++) {
        if (self->class[c].model == model) {
            self->class_j[c] += energy_j * requests[c] * self->work_s[c] / work_s;
        }
    }
}

static void emit(const struct gw_flow *self, uint32_t model, const double *requests,
                 const struct gw_flow_batch *like)
{
    struct gw_flow_batch batch = *like;
    double *finished = &self->finished[model];
    for (uint32_t c = 0; c < self->classes; c++) {
        if (self->class[c].model == model && requests[c] > 0.0) {
            batch.class = c;
            batch.requests = requests[c];
            *finished += requests[c];
            self->sink.served(self->sink.to, &batch);
        }
    }
}

static double rate_of(const struct gw_flow *self, uint32_t model, const double *requests, double span_s)
{
    double n = 0.0;
    for (uint32_t c = 0; c < self->classes; c++) {
        n += self->class[c].model == model ? requests[c] : 0.0;
    }
    return n / span_s;
}

/* --- those who wait ------------------------------------------------------------------------------- */

static bool append(struct gw_flow *self, struct backlog *b, uint32_t model, const double *requests,
                   double part, const struct cohort *cohort)
{
    void *at = b->cohort, *rows = b->requests;
    if (!gw_array_reserve(&at, &b->cap, b->first + b->n + 1, sizeof *b->cohort)) {
        return false;
    }
    b->cohort = at;
    if (!gw_array_reserve(&rows, &b->requests_cap, (b->first + b->n + 1) * self->classes,
                          sizeof *b->requests)) {
        return false;
    }
    b->requests = rows;
    double *row = b->requests + (b->first + b->n) * self->classes;
    for (uint32_t c = 0; c < self->classes; c++) {
        row[c] = self->class[c].model == model ? requests[c] * part : 0.0;
    }
    b->cohort[b->first + b->n++] = *cohort;
    b->work_s += cohort->work_s;
    return true;
}

/* The part of a cohort that is served when rest_s of work can be done. */
static double part_of(const struct cohort *cohort, double rest_s)
{
    return cohort->work_s > rest_s * (1.0 + dust) ? rest_s / cohort->work_s : 1.0;
}

/* Counts what the first work_s of the queue are, into served[classes]. */
static void count_first(const struct gw_flow *self, const struct backlog *b, double work_s, double *served)
{
    double rest_s = work_s;
    for (size_t i = b->first; i < b->first + b->n && rest_s > dust * work_s; i++) {
        const double part = part_of(&b->cohort[i], rest_s);
        for (uint32_t c = 0; c < self->classes; c++) {
            served[c] += part * b->requests[i * self->classes + c];
        }
        rest_s -= part * b->cohort[i].work_s;
    }
}

/* Takes them out and hands them over: the engines begin with them at from_us. */
static void serve_first(struct gw_flow *self, struct backlog *b, uint32_t model, double work_s,
                        gw_time_us from_us, const struct gw_flow_point *point)
{
    double done_s = 0.0;
    while (b->n > 0 && work_s - done_s > dust * work_s) {
        struct cohort *cohort = &b->cohort[b->first];
        double *requests = b->requests + b->first * self->classes;
        const double part = part_of(cohort, work_s - done_s);
        const double now_s = done_s + part * cohort->work_s;
        const double span_us = (double)(cohort->to_us - cohort->from_us);
        const gw_time_us to_us = cohort->from_us + (gw_time_us)llround(part * span_us);
        for (uint32_t c = 0; c < self->classes; c++) {
            self->scratch[c] = part * requests[c];
            requests[c] -= self->scratch[c];
        }
        const struct gw_flow_batch like = {.from_us = cohort->from_us,
                                           .to_us = to_us,
                                           .delay_from_s =
                                               fmax(gw_s_from_us(from_us - cohort->from_us) + done_s, 0.0),
                                           .delay_to_s = fmax(gw_s_from_us(from_us - to_us) + now_s, 0.0),
                                           .point = point};
        emit(self, model, self->scratch, &like);
        b->work_s -= part * cohort->work_s;
        cohort->work_s *= 1.0 - part;
        cohort->from_us = to_us;
        b->first += part == 1.0;
        b->n -= part == 1.0;
        done_s = now_s;
    }
    if (b->n == 0) {
        b->first = 0;
        b->work_s = 0.0;
    }
}

/* --- time ----------------------------------------------------------------------------------------- */

/* Full engines from now on for span_s seconds, on what waits and on the first `part` of what arrives. */
static bool run_full(struct gw_flow *self, uint32_t model, double part, double span_s,
                     const struct cohort *arriving)
{
    struct backlog *b = &self->backlog[model];
    if (arriving->work_s > 0.0 && !append(self, b, model, self->arriving, part, arriving)) {
        return false;
    }
    const double work_s = fmin(span_s, b->work_s);
    memset(self->served, 0, self->classes * sizeof *self->served);
    count_first(self, b, work_s, self->served);
    const double rate_per_s = rate_of(self, model, self->served, span_s);
    const struct gw_serving_load mix = mix_of(self, model, self->served);
    struct regime r = run_model(self, model, mix, rate_per_s, span_s);
    r.point.wait_frac = r.point.wait_s = 0.0; /* they have waited */
    r.point.full = true;
    share_energy(self, model, self->served, r.energy_j);
    serve_first(self, b, model, work_s, self->now_us, &r.point);
    self->running[model] = r.running;
    return true;
}

/* Engines that keep up. */
static void run_stable(struct gw_flow *self, uint32_t model, double part, gw_time_us from_us,
                       gw_time_us until_us)
{
    for (uint32_t c = 0; c < self->classes; c++) {
        self->served[c] = self->class[c].model == model ? part * self->arriving[c] : 0.0;
    }
    const double span_s = gw_s_from_us(until_us - from_us);
    const double rate_per_s = rate_of(self, model, self->served, span_s);
    struct gw_serving_load mix = {.in_tok = 1.0, .out_tok = 1.0};
    if (rate_per_s > 0.0) {
        mix = mix_of(self, model, self->served);
    }
    struct regime r = run_model(self, model, mix, rate_per_s, span_s);
    if (rate_per_s > 0.0) {
        add_bursts(self, model, self->served, span_s, &mix, &r);
    }
    share_energy(self, model, self->served, r.energy_j);
    const struct gw_flow_batch like = {.from_us = from_us, .to_us = until_us, .point = &r.point};
    emit(self, model, self->served, &like);
    self->running[model] = r.running;
}

static bool advance_model(struct gw_flow *self, uint32_t model, gw_time_us until_us)
{
    const double span_s = gw_s_from_us(until_us - self->now_us);
    double work_s = 0.0;
    for (uint32_t c = 0; c < self->classes; c++) {
        work_s += self->class[c].model == model && self->arriving[c] > 0.0
                      ? self->arriving[c] * self->work_s[c]
                      : 0.0;
    }
    const double load = work_s / span_s, waiting_s = self->backlog[model].work_s;
    if (waiting_s == 0.0 && load <= 1.0) {
        run_stable(self, model, 1.0, self->now_us, until_us);
        return true;
    }

    /* the queue is empty after full_s, to a microsecond */
    const double full_s = load < 1.0 ? fmin(waiting_s / (1.0 - load), span_s) : span_s;
    gw_time_us full_to_us = self->now_us + (gw_time_us)llround(full_s * 1e6);
    full_to_us = full_to_us > self->now_us ? full_to_us : self->now_us + 1;
    full_to_us = full_to_us < until_us ? full_to_us : until_us;
    const double part = gw_s_from_us(full_to_us - self->now_us) / span_s;
    const struct cohort arriving = {self->now_us, full_to_us, part * work_s};
    if (!run_full(self, model, part, part * span_s, &arriving)) {
        return false;
    }
    if (full_to_us < until_us) {
        run_stable(self, model, 1.0 - part, full_to_us, until_us);
    }
    return true;
}

static double waiting_of(const struct gw_flow *self, uint32_t model)
{
    double n = 0.0;
    for (uint32_t c = 0; self->backlog[model].n > 0 && c < self->classes; c++) {
        n += self->class[c].model == model ? gw_flow_waiting(self, c) : 0.0;
    }
    return n;
}

static uint32_t peak_of(uint32_t peak, double n)
{
    return n > peak ? (uint32_t)fmin(ceil(n), UINT32_MAX) : peak;
}

bool gw_flow_advance(struct gw_flow *self, gw_time_us until_us)
{
    GW_REQUIRE(until_us >= self->now_us);
    if (until_us == self->now_us) {
        return true;
    }
    for (uint32_t m = 0; m < self->models; m++) {
        const double before = waiting_of(self, m);
        for (uint32_t c = 0; c < self->classes; c++) {
            self->arrived[m] += self->class[c].model == m ? self->arriving[c] : 0.0;
        }
        if (!advance_model(self, m, until_us)) {
            return false;
        }
        const double after = waiting_of(self, m);
        struct gw_fleet_load *load = &self->load[m];
        load->waiting_s += 0.5 * (before + after) * gw_s_from_us(until_us - self->now_us);
        load->waiting_peak = peak_of(load->waiting_peak, fmax(before, after));
        load->running_peak = peak_of(load->running_peak, self->running[m]);
    }
    memset(self->arriving, 0, self->classes * sizeof *self->arriving);
    self->now_us = until_us;
    return true;
}

/* --- meters and questions ------------------------------------------------------------------------- */

/* Whole tokens and steps into the reading; what is left over stays for the next. */
static uint64_t whole(double *count)
{
    const double n = floor(*count + 1e-6);
    *count -= n;
    return (uint64_t)n;
}

void gw_flow_meter(struct gw_flow *self, struct gw_replica_meter *group, double *class_j)
{
    for (uint32_t i = 0; i < self->n_groups; i++) {
        struct group *g = &self->group[i];
        group[i] = g->sum;
        group[i].prompt_tok = whole(&g->prompt_tok);
        group[i].out_tok = whole(&g->out_tok);
        group[i].steps = whole(&g->steps);
        group[i].events = 1;
        g->sum = (struct gw_replica_meter){0};
    }
    for (uint32_t m = 0; m < self->models; m++) {
        self->load[m].arrived = whole(&self->arrived[m]);
        self->load[m].finished = whole(&self->finished[m]);
        self->read[m] = self->load[m];
        self->load[m] = (struct gw_fleet_load){0};
    }
    for (uint32_t c = 0; c < self->classes; c++) {
        class_j[c] += self->class_j[c];
        self->class_j[c] = 0.0;
    }
}

const struct gw_fleet_load *gw_flow_load(const struct gw_flow *self, uint32_t model)
{
    return &self->read[model];
}

double gw_flow_waiting(const struct gw_flow *self, uint32_t class)
{
    const struct backlog *b = &self->backlog[self->class[class].model];
    double n = 0.0;
    for (size_t i = b->first; i < b->first + b->n; i++) {
        n += b->requests[i * self->classes + class];
    }
    return n;
}

double gw_flow_in_flight(const struct gw_flow *self, uint32_t model)
{
    return self->running[model] + waiting_of(self, model);
}

bool gw_flow_empty(const struct gw_flow *self)
{
    for (uint32_t m = 0; m < self->models; m++) {
        if (self->backlog[m].n > 0) {
            return false;
        }
    }
    return true;
}

void gw_flow_each(const struct gw_flow *self,
                  void (*visit)(void *to, uint32_t class, double requests, gw_time_us from_us,
                                gw_time_us to_us),
                  void *to)
{
    for (uint32_t m = 0; m < self->models; m++) {
        const struct backlog *b = &self->backlog[m];
        for (size_t i = b->first; i < b->first + b->n; i++) {
            for (uint32_t c = 0; c < self->classes; c++) {
                if (b->requests[i * self->classes + c] > 0.0) {
                    visit(to, c, b->requests[i * self->classes + c], b->cohort[i].from_us,
                          b->cohort[i].to_us);
                }
            }
        }
    }
}
