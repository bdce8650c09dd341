/* The skipping engine against its step-by-step twin: equal to the tick, in energy to 1e-9.
 *
 * Each trial draws a configuration and a workload (idle to overloaded, ample to hopeless KV memory, long
 * prompts, single-token answers, arrivals exactly at step boundaries) and cuts the meters at random instants.
 * On failure the smallest number of requests that still fails is looked for; seed and number repeat it. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/serving/replica.h"
#include "sim/core/rng.h"
#include "tests/reference/replica_twin.h"

enum { MAX_REQUESTS = 300, CLASSES = 3, TRIALS = 2000 };

static const double energy_rtol = 1e-9;

/* --- drawing a trial ----------------------------------------------------------------------------- */

static double unit(uint64_t *seed)
{
    return gw_rng_unit(gw_rng_mix((*seed)++));
}

static int64_t between(uint64_t *seed, int64_t low, int64_t high)
{
    return low + (int64_t)(unit(seed) * (double)(high - low + 1));
}

static double log_between(uint64_t *seed, double low, double high)
{
    return low * pow(high / low, unit(seed));
}

#define PICK(seed, array) ((array)[between(seed, 0, (int64_t)(sizeof(array) / sizeof(array)[0]) - 1)])

static double two_util_w(const void *cfg, const struct gw_power_state *s)
{
    (void)cfg;
    return 70.0 + 201.0 * s->mem_frac * s->mem_frac + 794.0 * pow(s->flop_frac, 0.26);
}

static double by_batch_w(const void *cfg, const struct gw_power_state *s)
{
    (void)cfg;
    return s->has_prompt ? 650.0 : 400.0 + 200.0 * s->batch / (s->batch + 30.0);
}

static const struct gw_power_law two_util = {.name = "two-util", .watts = two_util_w};
static const struct gw_power_law by_batch = {
    .name = "by-batch", .constant_in_regime = true, .watts = by_batch_w};

struct trial {
    struct gw_replica_cfg cfg;
    gw_time_us base_us;
    struct gw_serve_request request[MAX_REQUESTS];
    int n;
    struct gw_replica_cfg other; /* the same engine at other coefficients */
    double retune;               /* how often a meter reading changes to the other ones */
    double cut_every_us;         /* mean distance of meter readings */
    uint64_t cut_seed;
};

/* Steps of some ms as on real accelerators; in whole microseconds, so that arrivals meet boundaries; or with
 * terms missing. */
static struct gw_step_time draw_time(uint64_t *seed)
{
    const gw_tick us = GW_TICKS_PER_US;
    switch (between(seed, 0, 3)) {
    case 0:
        return (struct gw_step_time){.step = between(seed, 1, 3) * 1000 * us,
                                     .seq = between(seed, 0, 2) * 500 * us};
    case 1:
        return (struct gw_step_time){.step = 1000 * us, .kv = us, .prompt = 10 * us};
    case 2:
        return (struct gw_step_time){.seq = 40 * us + 7, .kv = between(seed, 0, 1) * 12345, .prompt = 1000};
    default:
        return (struct gw_step_time){
            .step = (gw_tick)(log_between(seed, 500.0, 20000.0) * (double)us),
            .seq = (gw_tick)(log_between(seed, 1.0, 100.0) * (double)us),
            .kv = (gw_tick)log_between(seed, 1e3, 1e5),
            .prompt = (gw_tick)log_between(seed, 1e6, 1e8),
            .pair = (gw_tick)log_between(seed, 1.0, 1e4),
        };
    }
}

/* Layers with a window from a few tokens to more than any context; experts from few to hundreds. */
static void draw_shape(uint64_t *seed, struct gw_step_time *time)
{
    if (unit(seed) < 0.4) {
        time->window = (int64_t)log_between(seed, 1.0, 3000.0);
        time->window_kv = between(seed, 0, 2) * time->kv + between(seed, 0, 1) * 777;
        time->window_pair = time->pair;
    }
    if (unit(seed) < 0.4) {
        time->expert = (gw_tick)(unit(seed) * (double)time->step);
        time->missed = (uint32_t)(pow(unit(seed), 0.2) * 4294967295.0);
    }
}

/* Rule 11: none, or up to ten tokens of any quality. */
static void draw_drafts(uint64_t *seed, struct gw_replica_cfg *cfg)
{
    if (unit(seed) < 0.7) {
        return;
    }
    cfg->drafts = (struct gw_drafts){.tokens = (int32_t)between(seed, 1, 10),
                                     .accept = (uint32_t)(unit(seed) * 4294967295.0),
                                     .key = gw_rng_mix(*seed)};
    cfg->time.drafted = cfg->power.drafted = cfg->drafts.tokens;
    cfg->time.draft = (gw_tick)(unit(seed) * 0.3 * (double)cfg->time.step);
    cfg->power.mem_draft_ticks = 0.5 * (double)cfg->time.draft;
    cfg->power.flop_verify_ticks = cfg->drafts.tokens * cfg->power.flop_tok_ticks;
}

static struct gw_step_power draw_power(uint64_t *seed, const struct gw_step_time *time)
{
    static const double caps_w[] = {INFINITY, INFINITY, 700.0, 500.0, 350.0};
    return (struct gw_step_power){
        .law = unit(seed) < 0.7 ? &two_util : &by_batch,
        .mem_step_ticks = 0.5 * (double)time->step,
        .mem_kv_ticks = 0.9 * (double)time->kv,
        .has_shape = true,
        .mem_window_ticks = 0.9 * (double)time->window_kv,
        .mem_expert_ticks = 0.5 * (double)time->expert,
        .missed = time->missed,
        .stages = (double)between(seed, 0, 4),
        .flop_window_ticks = 0.5 * (double)time->window_pair,
        .flop_tok_ticks = 0.6 * (double)time->seq + 0.1 * (double)time->prompt,
        .flop_pair_ticks = 0.5 * (double)time->pair,
        .cap_w = PICK(seed, caps_w),
        .idle_w = 90.0,
        .n_accelerators = (double)between(seed, 1, 8),
    };
}

/* A part of a text that others begin with, all of the prompt, or prompt and answer; and some known hits. */
static void draw_prefix(struct gw_serve_request *r, int64_t texts, uint64_t *seed)
{
    const double much = unit(seed);
    r->prefix = (uint64_t)between(seed, 0, texts);
    r->prefix_tok = much < 0.3   ? (uint32_t)between(seed, 0, r->in_tok)
                    : much < 0.6 ? r->in_tok
                                 : r->in_tok + r->out_tok;
    r->cached_tok = unit(seed) < 0.2 ? (uint32_t)between(seed, 0, r->in_tok + 1) : 0;
}

/* Slower or faster, under another cap; in half of the trials. From draws of its own. */
static void draw_other(struct trial *t, uint64_t seed)
{
    seed = gw_rng_mix(seed ^ UINT64_C(0x7e7));
    t->retune = unit(&seed) < 0.5 ? 0.0 : unit(&seed);
    t->other = t->cfg;
    struct gw_step_time *time = &t->other.time;
    const double times = log_between(&seed, 0.5, 4.0);
    gw_tick *const terms[] = {&time->step, &time->seq,    &time->kv,        &time->prompt,
                              &time->pair, &time->expert, &time->window_kv, &time->window_pair};
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        *terms[i] = (gw_tick)(times * (double)*terms[i]);
    }
    time->expert = time->expert < time->step ? time->expert : time->step;
    t->other.power.cap_w = log_between(&seed, 200.0, 900.0);
}

static struct trial draw_trial(uint64_t seed)
{
    const uint64_t first = seed;
    static const int32_t seats[] = {1, 2, 4, 16, 64, 256};
    static const int32_t extra_budget[] = {0, 1, 7, 100, 512, 2048};
    static const int32_t block_tok[] = {1, 2, 7, 16, 16, 16, 64};
    struct trial t = {.n = (int)between(&seed, 1, MAX_REQUESTS)};
    struct gw_replica_cfg *cfg = &t.cfg;

    cfg->time = draw_time(&seed);
    draw_shape(&seed, &cfg->time);
    cfg->power = draw_power(&seed, &cfg->time);
    draw_drafts(&seed, cfg);
    cfg->max_seqs = PICK(&seed, seats);
    cfg->token_budget = cfg->max_seqs + PICK(&seed, extra_budget);
    cfg->block_tok = PICK(&seed, block_tok);
    cfg->admission = unit(&seed) < 0.5 ? GW_ADMISSION_FCFS : (enum gw_admission)between(&seed, 1, 2);
    cfg->rank_us = (int64_t)log_between(&seed, 1.0, 1e6) - 1;
    cfg->prefix_units = unit(&seed) < 0.5 ? 0 : (int32_t)log_between(&seed, 1.0, 1000.0);
    cfg->prefix_unit_tok = PICK(&seed, block_tok);
    t.base_us = unit(&seed) < 0.5 ? 0 : INT64_C(10) * 365 * 86400 * 1000000;

    /* lengths, then memory for a fraction of what the seats could hold */
    const double in_tok = log_between(&seed, 2.0, 2000.0) * (unit(&seed) < 0.2 ? 10.0 : 1.0);
    const double out_tok = log_between(&seed, 1.0, 300.0);
    const double room = unit(&seed) < 0.4 ? 10.0 : log_between(&seed, 0.03, 1.0);
    const double kv_tok = room * (in_tok + out_tok) * fmin(cfg->max_seqs, t.n);
    cfg->kv_blocks = 1 + (int32_t)(kv_tok / cfg->block_tok);

    /* mean gap: from nothing to many times what one request alone takes */
    const double alone_us = (out_tok * (double)(cfg->time.step + cfg->time.seq) +
                             in_tok * (double)(cfg->time.prompt + cfg->time.kv)) /
                            (double)GW_TICKS_PER_US;
    const double gap_us = alone_us * log_between(&seed, 0.001, 10.0);
    const int64_t grid_us = unit(&seed) < 0.5 ? 500 : 1;
    const double timeout_ms = alone_us / 1000.0 * log_between(&seed, 0.1, 100.0);
    const int64_t texts = (int64_t)log_between(&seed, 1.0, 30.0);
    cfg->prefill_only = unit(&seed) < 0.1;
    const bool may_be_prefilled = !cfg->prefill_only && unit(&seed) < 0.3;
    const bool may_share = unit(&seed) < 0.5;
    const bool may_time_out = unit(&seed) < 0.3;
    gw_time_us at_us = t.base_us;
    for (int i = 0; i < t.n; i++) {
        at_us += (int64_t)(-log(1.0 - unit(&seed)) * gap_us);
        t.request[i] = (struct gw_serve_request){
            .arrival_us = at_us / grid_us * grid_us,
            .in_tok = 1 + (uint32_t)(-log(1.0 - unit(&seed)) * in_tok),
            .out_tok = unit(&seed) < 0.1 ? 1 : 1 + (uint32_t)(-log(1.0 - unit(&seed)) * out_tok),
            .class = (uint16_t)between(&seed, 0, CLASSES - 1),
            .number = (uint64_t)i,
            .priority = (uint8_t)between(&seed, 0, 3),
        };
        if (may_time_out && unit(&seed) < 0.7) {
            t.request[i].timeout_ms = 1 + (uint32_t)(-log(1.0 - unit(&seed)) * timeout_ms);
        }
        if (may_be_prefilled && unit(&seed) < 0.5) {
            t.request[i].prefilled = t.request[i].out_tok >= 2;
        }
        if (may_share) {
            draw_prefix(&t.request[i], texts, &seed);
        }
    }
    t.cut_every_us = alone_us * log_between(&seed, 0.5, 100.0);
    t.cut_seed = seed;
    draw_other(&t, first);
    return t;
}

/* --- running both -------------------------------------------------------------------------------- */

struct outcome {
    struct gw_served served;
    int served_times, refused_times, timed_out_times;
};

struct log {
    struct outcome request[MAX_REQUESTS];
};

static void on_served(void *to, const struct gw_served *served)
{
    struct outcome *o = &((struct log *)to)->request[served->request.number];
    o->served = *served;
    o->served_times++;
}

static void on_refused(void *to, const struct gw_serve_request *request)
{
    ((struct log *)to)->request[request->number].refused_times++;
}

static void on_timed_out(void *to, const struct gw_served *served)
{
    struct outcome *o = &((struct log *)to)->request[served->request.number];
    o->served = *served;
    o->timed_out_times++;
}

/* What the trials have met: a property that never met a preemption would say nothing about it. */
static struct {
    uint64_t served, refused, preemptions, ties, chunked, readings;
    uint64_t handed_over, prefilled, drafted;
    uint64_t timed_out_waiting, timed_out_running, cached_tok;
    uint64_t retuned_idle, retuned_busy;
} met;

struct pair {
    struct gw_replica *engine;
    struct gw_replica_twin *twin;
    gw_time_us base_us, engine_base_us;
    struct log engine_log, twin_log;
    double total_j; /* busy energy so far, the scale of rounding in a reading */
    bool is_other;  /* they run at the other coefficients */
};

static struct gw_serve_sink sink_of(struct log *log)
{
    return (struct gw_serve_sink){on_served, on_refused, log, on_timed_out};
}

static void run_both(struct pair *p, gw_tick until)
{
    const struct gw_serve_sink engine_sink = sink_of(&p->engine_log);
    const struct gw_serve_sink twin_sink = sink_of(&p->twin_log);
    gw_replica_run(p->engine, until - (p->engine_base_us - p->base_us) * GW_TICKS_PER_US, &engine_sink);
    gw_replica_twin_run(p->twin, until, &twin_sink);
}

/* The difference is judged against `scale` where this is larger than the value itself. */
static bool near(double a, double b, double scale)
{
    return fabs(a - b) <= energy_rtol * fmax(fabs(b), scale);
}

static const char *compare_meters(const struct gw_replica_meter *a, const struct gw_replica_meter *b,
                                  double total_j, double span_s)
{
    return a->steps != b->steps                                        ? "steps"
           : a->prompt_tok != b->prompt_tok                            ? "prompt_tok"
           : a->out_tok != b->out_tok                                  ? "out_tok"
           : a->cached_tok != b->cached_tok                            ? "cached_tok"
           : a->preemptions != b->preemptions                          ? "preemptions"
           : a->kv_blocks_peak != b->kv_blocks_peak                    ? "kv_blocks_peak"
           : !near(a->kv_block_s, b->kv_block_s, b->kv_block_s)        ? "kv_block_s"
           : !near(a->busy_j, b->busy_j, total_j)                      ? "busy_j"
           : !near(a->idle_j, b->idle_j, 1.0)                          ? "idle_j"
           : !near(a->busy_s, b->busy_s, span_s)                       ? "busy_s"
           : !near(a->token_steps, b->token_steps, b->busy_s + span_s) ? "token_steps"
                                                                       : NULL;
}

/* Reads both meters at the instant, and moves the engine's base to just before it. */
static const char *read_both(struct pair *p, gw_tick at)
{
    struct gw_replica_meter engine, twin;
    double engine_j[CLASSES] = {0}, twin_j[CLASSES] = {0};
    const gw_tick base = (p->engine_base_us - p->base_us) * GW_TICKS_PER_US;

    gw_replica_verify(p->engine);
    gw_replica_meter(p->engine, at - base, &engine, engine_j);
    gw_replica_twin_meter(p->twin, at, &twin, twin_j);
    p->engine_base_us = p->base_us + at / GW_TICKS_PER_US;
    gw_replica_rebase(p->engine, p->engine_base_us);
    p->total_j += twin.busy_j;
    met.readings++;
    met.cached_tok += twin.cached_tok;

    const char *differs = compare_meters(&engine, &twin, p->total_j, gw_step_time_s(at));
    double sum_j = 0.0;
    for (int i = 0; i < CLASSES && differs == NULL; i++) {
        sum_j += engine_j[i];
        differs = near(engine_j[i], twin_j[i], p->total_j) ? NULL : "energy of a class";
    }
    if (differs == NULL && !near(sum_j, engine.busy_j, p->total_j)) {
        differs = "sum over classes";
    }
    if (differs == NULL && (gw_replica_in_flight(p->engine) != gw_replica_twin_in_flight(p->twin) ||
                            gw_replica_running(p->engine) != gw_replica_twin_running(p->twin))) {
        differs = "number in flight";
    }
    return differs;
}

static const char *compare_outcomes(const struct outcome *a, const struct outcome *b)
{
    if (a->served_times != b->served_times || a->refused_times != b->refused_times ||
        a->timed_out_times != b->timed_out_times) {
        return "served, refused or timed out";
    }
    if (a->served_times + a->refused_times + a->timed_out_times != 1) {
        return "the number of times it left";
    }
    if (a->refused_times > 0) {
        met.refused++;
        return NULL;
    }
    met.served += (uint64_t)a->served_times;
    met.timed_out_waiting += a->timed_out_times > 0 && a->served.energy_j == 0.0;
    met.timed_out_running += a->timed_out_times > 0 && a->served.energy_j > 0.0;
    met.preemptions += a->served.preemptions;
    met.handed_over += a->served_times > 0 && a->served.emitted < a->served.request.out_tok;
    return a->served.first_token != b->served.first_token                 ? "first token"
           : a->served.finish != b->served.finish                         ? "finish"
           : a->served.emitted != b->served.emitted                       ? "emitted"
           : a->served.preemptions != b->served.preemptions               ? "preemptions of a request"
           : a->served.request.class != b->served.request.class           ? "class"
           : a->served.request.in_tok != b->served.request.in_tok         ? "in_tok"
           : a->served.request.out_tok != b->served.request.out_tok       ? "out_tok"
           : a->served.request.arrival_us != b->served.request.arrival_us ? "arrival"
           : !near(a->served.energy_j, b->served.energy_j, 0.0)           ? "energy of a request"
                                                                          : NULL;
}

/* Both change to the other coefficients, or back; the engine's base is at most a microsecond before. */
static void retune_both(struct pair *p, const struct trial *t, gw_tick at)
{
    const gw_tick base = (p->engine_base_us - p->base_us) * GW_TICKS_PER_US;
    p->is_other = !p->is_other;
    const struct gw_replica_cfg *cfg = p->is_other ? &t->other : &t->cfg;
    gw_replica_retune(p->engine, at - base, cfg);
    gw_replica_twin_retune(p->twin, cfg);
    met.retuned_idle += gw_replica_running(p->engine) == 0;
    met.retuned_busy += gw_replica_running(p->engine) > 0;
}

/* Arrivals in order with meter readings between them; what differs first, or NULL. */
static const char *drive(struct pair *p, const struct trial *t, int n)
{
    const char *differs = NULL;
    uint64_t seed = t->cut_seed;
    gw_tick cut = (gw_tick)(unit(&seed) * t->cut_every_us * (double)GW_TICKS_PER_US);

    for (int i = 0; differs == NULL && (i < n || gw_replica_twin_in_flight(p->twin) > 0);) {
        const gw_tick arrival =
            i < n ? (t->request[i].arrival_us - t->base_us) * GW_TICKS_PER_US : GW_TICK_NEVER;
        if (cut < arrival) {
            run_both(p, cut);
            differs = read_both(p, cut);
            if (t->retune > 0.0 && gw_rng_unit(gw_rng_mix((uint64_t)cut)) < t->retune) {
                retune_both(p, t, cut);
            }
            cut += 1 + (gw_tick)(-log(1.0 - unit(&seed)) * t->cut_every_us * (double)GW_TICKS_PER_US);
            continue;
        }
        run_both(p, arrival);
        const struct gw_serve_sink engine_sink = sink_of(&p->engine_log);
        const struct gw_serve_sink twin_sink = sink_of(&p->twin_log);
        met.ties += gw_replica_twin_due(p->twin) == arrival;
        met.chunked += (int64_t)t->request[i].in_tok > t->cfg.token_budget;
        if (!gw_replica_arrive(p->engine, &t->request[i], &engine_sink)) {
            return "memory";
        }
        gw_replica_twin_arrive(p->twin, &t->request[i], &twin_sink);
        met.prefilled += t->request[i].prefilled;
        met.drafted += t->cfg.drafts.tokens > 0;
        i++;
    }
    if (differs == NULL) {
        run_both(p, cut);
        differs = read_both(p, cut);
    }
    for (int i = 0; i < n && differs == NULL; i++) {
        differs = compare_outcomes(&p->engine_log.request[i], &p->twin_log.request[i]);
    }
    return differs;
}

static const char *check(const struct trial *t, int n)
{
    static struct pair p; /* large, and one trial at a time */
    memset(&p, 0, sizeof p);
    p.base_us = p.engine_base_us = t->base_us;
    p.engine = gw_replica_create(&t->cfg, CLASSES, t->base_us);
    p.twin = gw_replica_twin_create(&t->cfg, CLASSES, t->base_us);
    assert_non_null(p.engine);

    const char *differs = drive(&p, t, n);
    gw_replica_destroy(p.engine);
    gw_replica_twin_destroy(p.twin);
    return differs;
}

/* The fewest first requests of the trial that still fail, by steps that get smaller. */
static int shrink(const struct trial *t)
{
    int n = t->n;
    for (int step = n / 2; step >= 1; step /= 2) {
        while (n - step >= 1 && check(t, n - step) != NULL) {
            n -= step;
        }
    }
    return n;
}

static void engine_and_twin_agree_to_the_tick(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        const uint64_t seed = gw_rng_mix(trial);
        const struct trial t = draw_trial(seed);
        const char *differs = check(&t, t.n);
        if (differs != NULL) {
            const int n = shrink(&t);
            fail_msg("trial %d, seed %llu: %s differs with %d requests; with the first %d: %s", (int)trial,
                     (unsigned long long)seed, differs, t.n, n, check(&t, n));
        }
    }
    assert_true(met.served > 100000);
    assert_true(met.refused > 1000);
    assert_true(met.preemptions > 1000);
    assert_true(met.ties > 1000);
    assert_true(met.chunked > 1000);
    assert_true(met.readings > 10000);
    assert_true(met.timed_out_waiting > 1000);
    assert_true(met.timed_out_running > 1000);
    assert_true(met.cached_tok > 100000);
    assert_true(met.handed_over > 1000);
    assert_true(met.prefilled > 1000);
    assert_true(met.drafted > 10000);
    assert_true(met.retuned_idle > 1000);
    assert_true(met.retuned_busy > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engine_and_twin_agree_to_the_tick),
    };
    return cmocka_run_group_tests_name("prop_replica", tests, NULL, NULL);
}
