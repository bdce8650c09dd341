#include "models/workload/arrivals.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/workload/clients.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

/* Off the path from one Poisson arrival to the next, which must stay short. */
#define RARE __attribute__((cold, noinline))

static double rate_at(const struct gw_arrivals_cfg *cfg, gw_time_us t_us)
{
    return cfg->rate_per_s * gw_shape_at(cfg->shape, cfg->start_unix_us + t_us, cfg->utc_offset_h);
}

/* The phases of an on-off process alternate; where the first one is met is in proportion to their lengths,
 * and what is left of it is exponential like all others. */
static void next_phase(struct gw_arrivals *self, bool high)
{
    const struct gw_burst *burst = &self->cfg.burst;
    const double mean_us = (double)(high ? burst->high_us : burst->low_us);
    const double dwell_us = fmax(mean_us * gw_rng_exponential(&self->walk.phase_rng), 1.0);
    self->walk.factor = gw_burst_high_factor(burst) * (high ? 1.0 : burst->ratio);
    self->walk.phase_high = high;
    self->walk.phase_to_us += (gw_time_us)dwell_us;
}

static void open_phases(struct gw_arrivals *self)
{
    self->walk.factor = 1.0;
    self->walk.phase_to_us = GW_NEVER_US;
    if (self->cfg.burst.law == GW_BURST_MMPP) {
        const double high_us = (double)self->cfg.burst.high_us, low_us = (double)self->cfg.burst.low_us;
        self->walk.phase_to_us = 0;
        next_phase(self, gw_rng_unit(gw_rng_next(&self->walk.phase_rng)) * (high_us + low_us) < high_us);
    }
}

/* The stretch from `from_us` to the next bend of the curve or change of phase. Flat demand is cut there too:
 * it keeps the seconds within a piece small and exact. */
static RARE void open_piece(struct gw_arrivals *self, gw_time_us from_us)
{
    const struct gw_arrivals_cfg *cfg = &self->cfg;
    if (from_us >= self->walk.phase_to_us) {
        next_phase(self, !self->walk.phase_high);
    }
    const gw_time_us knot_us =
        gw_shape_next_knot(cfg->start_unix_us + from_us, cfg->utc_offset_h) - cfg->start_unix_us;
    gw_time_us to_us = knot_us < cfg->end_us ? knot_us : cfg->end_us;
    to_us = to_us < self->walk.phase_to_us ? to_us : self->walk.phase_to_us;
    self->walk.piece_from_us = from_us;
    self->walk.piece_to_us = to_us;
    const double factor = self->walk.factor * self->scale;
    self->walk.piece_rate_from = factor * rate_at(cfg, from_us);
    self->walk.piece_rate_to = factor * rate_at(cfg, to_us);
    self->walk.piece_spent_s = 0;
}

/* Spends the carried increment. False when the demand ends before it is spent. */
static bool spend(struct gw_arrivals *self)
{
    for (;;) {
        const double length_s = gw_s_from_us(self->walk.piece_to_us - self->walk.piece_from_us);
        const double slope = (self->walk.piece_rate_to - self->walk.piece_rate_from) / length_s;
        const double rate = self->walk.piece_rate_from + slope * self->walk.piece_spent_s;
        const double left_s = length_s - self->walk.piece_spent_s;
        const double left = left_s * (rate + self->walk.piece_rate_to) / 2;
        if (self->walk.carry < left) {
            /* rate x + slope x^2 / 2 = carry; this form of the root neither cancels nor divides by a zero
             * slope */
            const double x_s =
                2 * self->walk.carry / (rate + sqrt(fmax(rate * rate + 2 * slope * self->walk.carry, 0)));
            self->walk.piece_spent_s += fmin(x_s, left_s);
            return true;
        }
        self->walk.carry -= left;
        if (self->walk.piece_to_us >= self->cfg.end_us) {
            return false;
        }
        open_piece(self, self->walk.piece_to_us);
    }
}

/* --- draws -------------------------------------------------------------------------------------- */

/* A gap of a renewal process with mean 1. The first is what is left of a gap that was met at random: a part
 * of one drawn in proportion to its length, so that the rate is right from the start. */
static RARE double renewal_gap(struct gw_arrivals *self)
{
    const double shape = 1.0 / (self->client.cv * self->client.cv);
    const gsl_rng rng = {.type = gw_rng_xoshiro256ss, .state = &self->rng};
    if (self->number == 0) {
        return gsl_ran_gamma(&rng, shape + 1.0, 1.0 / shape) * gw_rng_unit(gw_rng_next(&self->rng));
    }
    return gsl_ran_gamma(&rng, shape, 1.0 / shape);
}

/* An increment of the integrated rate, mean 1. */
static double increment(struct gw_arrivals *self)
{
    return self->client.cv == 1.0 ? gw_rng_exponential(&self->rng) : renewal_gap(self);
}

/* A quantile as a standard normal number; the ends of [0, 1) stay finite. */
static double normal_of(double u)
{
    return gsl_cdf_ugaussian_Pinv(u + 0x1p-54);
}

static double quantile_of(double z)
{
    return fmin(gsl_cdf_ugaussian_P(z), 1.0 - 0x1p-53);
}

/* Ranks that hang together: each a standard normal number whose parts are the client's own, the prompt's and
 * what is left; turned back into a quantile, so that the laws of the lengths stay what they are. */
static RARE void bound_lengths(const struct gw_arrivals *self, double prompt, double output, uint32_t *in_tok,
                               uint32_t *out_tok)
{
    const struct gw_arrivals_client *client = &self->client;
    const double own = sqrt(client->own), rest = sqrt(1.0 - client->own), r = self->cfg.correlation;
    const double prompt_z = own * client->prompt_z + rest * normal_of(prompt);
    const double output_z = own * client->output_z + rest * normal_of(output);
    *in_tok = gw_length_at(self->cfg.prompt, quantile_of(prompt_z));
    *out_tok = gw_length_at(self->cfg.output, quantile_of(r * prompt_z + sqrt(1.0 - r * r) * output_z));
}

static inline void draw_lengths(const struct gw_arrivals *self, uint64_t request_key, uint32_t *in_tok,
                                uint32_t *out_tok)
{
    const double prompt = gw_rng_unit(gw_rng_draw(request_key, GW_DRAW_PROMPT));
    const double output = gw_rng_unit(gw_rng_draw(request_key, GW_DRAW_OUTPUT));
    if (self->bound) {
        bound_lengths(self, prompt, output, in_tok, out_tok);
        return;
    }
    *in_tok = gw_length_at(self->cfg.prompt, prompt);
    *out_tok = gw_length_at(self->cfg.output, output);
}

uint64_t gw_arrivals_key(const struct gw_arrivals *self, uint64_t number, uint32_t turn)
{
    return gw_rng_request_key(self->request_key, self->client.index, number / self->client.count, turn);
}

void gw_arrivals_lengths(const struct gw_arrivals *self, uint64_t request_key, uint32_t *in_tok,
                         uint32_t *out_tok)
{
    draw_lengths(self, request_key, in_tok, out_tok);
}

/* Where the increment ends, down to the whole microsecond, which never leaves the piece. */
static void settle(struct gw_arrivals *self)
{
    if (!spend(self)) {
        self->next.t_us = GW_NEVER_US;
        return;
    }
    const struct gw_arrivals_walk *walk = &self->walk;
    const gw_time_us t_us = walk->piece_from_us + (gw_time_us)(walk->piece_spent_s * (double)GW_US_PER_S);
    self->next.t_us = t_us < walk->piece_to_us ? t_us : walk->piece_to_us - 1;
}

static void make_next(struct gw_arrivals *self)
{
    const struct gw_arrivals_client *client = &self->client;
    self->walk.carry = increment(self);
    if (self->cfg.elastic) {
        self->before = self->walk;
    }
    self->next.number = self->number * client->count + client->index;
    const uint64_t request = gw_rng_request_key(self->request_key, client->index, self->number++, 0);
    draw_lengths(self, request, &self->next.in_tok, &self->next.out_tok);
    settle(self);
}

static uint64_t stream_seed(uint64_t seed, uint32_t replication, const char *what, const char *name)
{
    char stream[GW_ARRIVALS_NAME_MAX + 32];
    const int n = snprintf(stream, sizeof stream, "%s/%s", what, name);
    GW_REQUIRE(n > 0 && (size_t)n < sizeof stream);
    return gw_rng_seed(seed, replication, stream);
}

static void init(struct gw_arrivals *self, uint64_t seed, uint32_t replication, const char *name)
{
    GW_REQUIRE(self->cfg.rate_per_s >= 0 && isfinite(self->cfg.rate_per_s));
    GW_REQUIRE(self->cfg.end_us > 0);

    self->request_key = stream_seed(seed, replication, "requests", name);
    self->bound = self->cfg.correlation != 0 || self->client.own > 0;
    const uint64_t arrivals = stream_seed(seed, replication, "arrivals", name);
    gw_rng_init(&self->rng,
                self->client.count == 1 ? arrivals : gw_rng_mix(arrivals ^ gw_rng_mix(self->client.index)));
    gw_rng_init(&self->walk.phase_rng, stream_seed(seed, replication, "phases", name));
    self->scale = 1.0;
    open_phases(self);
    open_piece(self, 0);
    make_next(self);
}

void gw_arrivals_init(struct gw_arrivals *self, const struct gw_arrivals_cfg *cfg, uint64_t seed,
                      uint32_t replication, const char *name)
{
    GW_REQUIRE(cfg->burst.law != GW_BURST_CLIENTS);
    *self = (struct gw_arrivals){.cfg = *cfg, .client = {.count = 1, .share = 1.0, .cv = 1.0}};
    if (cfg->burst.law == GW_BURST_GAMMA) {
        self->client.cv = cfg->burst.cv;
    }
    init(self, seed, replication, name);
}

void gw_arrivals_init_client(struct gw_arrivals *self, const struct gw_arrivals_cfg *cfg,
                             const struct gw_arrivals_client *client, uint64_t seed, uint32_t replication,
                             const char *name)
{
    *self = (struct gw_arrivals){.cfg = *cfg, .client = *client};
    self->cfg.rate_per_s *= client->share;
    init(self, seed, replication, name);
}

bool gw_arrivals_next(struct gw_arrivals *self, gw_time_us until_us, struct gw_ask *out)
{
    if (self->next.t_us >= until_us) {
        return false;
    }
    *out = self->next;
    make_next(self);
    return true;
}

/* Spends the carried increment only as far as now_us, which lies before the arrival it leads to. */
static void spend_until(struct gw_arrivals *self, gw_time_us now_us)
{
    struct gw_arrivals_walk *walk = &self->walk;
    for (;;) {
        const double length_s = gw_s_from_us(walk->piece_to_us - walk->piece_from_us);
        const double slope = (walk->piece_rate_to - walk->piece_rate_from) / length_s;
        const bool whole = walk->piece_to_us <= now_us;
        const double to_s = whole ? length_s : gw_s_from_us(now_us - walk->piece_from_us);
        const double middle_s = (walk->piece_spent_s + to_s) / 2;
        const double spent = (to_s - walk->piece_spent_s) * (walk->piece_rate_from + slope * middle_s);
        walk->carry = fmax(walk->carry - spent, 0);
        walk->piece_spent_s = to_s;
        if (!whole || walk->piece_to_us >= self->cfg.end_us) {
            return;
        }
        open_piece(self, walk->piece_to_us);
    }
}

void gw_arrivals_scale(struct gw_arrivals *self, gw_time_us now_us, double scale)
{
    GW_REQUIRE(self->cfg.elastic && scale > 0 && isfinite(scale));
    GW_REQUIRE(self->next.t_us >= now_us);
    if (scale == self->scale || now_us >= self->cfg.end_us) {
        return;
    }
    self->walk = self->before;
    spend_until(self, now_us);
    self->scale = scale;
    open_piece(self, now_us);
    settle(self);
}

/* --- what is expected --------------------------------------------------------------------------- */

/* Cuts [from, to) to where there is demand at all; false when nothing is left. */
static bool cut(const struct gw_arrivals_cfg *cfg, gw_time_us *from_us, gw_time_us *to_us)
{
    *from_us = *from_us > 0 ? *from_us : 0;
    *to_us = *to_us < cfg->end_us ? *to_us : cfg->end_us;
    return *from_us < *to_us;
}

double gw_arrivals_expected(const struct gw_arrivals_cfg *cfg, gw_time_us from_us, gw_time_us to_us)
{
    if (!cut(cfg, &from_us, &to_us)) {
        return 0;
    }
    const double mean = gw_shape_mean(cfg->shape, cfg->start_unix_us + from_us, cfg->start_unix_us + to_us,
                                      cfg->utc_offset_h);
    return cfg->rate_per_s * mean * gw_s_from_us(to_us - from_us);
}

double gw_arrivals_peak_rate(const struct gw_arrivals_cfg *cfg, gw_time_us from_us, gw_time_us to_us)
{
    if (!cut(cfg, &from_us, &to_us)) {
        return 0;
    }
    return cfg->rate_per_s * gw_shape_peak(cfg->shape, cfg->start_unix_us + from_us,
                                           cfg->start_unix_us + to_us, cfg->utc_offset_h);
}

/* --- as a law and a source ---------------------------------------------------------------------- */

struct source {
    struct gw_request_source public;
    struct gw_arrivals arrivals;
};

static bool source_next(struct gw_request_source *self, gw_time_us until_us, struct gw_ask *out)
{
    return gw_arrivals_next(&((struct source *)self)->arrivals, until_us, out);
}

static uint64_t source_turn_key(const struct gw_request_source *self, uint64_t number, uint32_t turn)
{
    return gw_arrivals_key(&((const struct source *)self)->arrivals, number, turn);
}

static void source_turn_lengths(const struct gw_request_source *self, uint64_t number, uint64_t key,
                                uint32_t *in_tok, uint32_t *out_tok)
{
    (void)number;
    gw_arrivals_lengths(&((const struct source *)self)->arrivals, key, in_tok, out_tok);
}

static void source_scale(struct gw_request_source *self, gw_time_us now_us, double scale)
{
    gw_arrivals_scale(&((struct source *)self)->arrivals, now_us, scale);
}

static const struct gw_request_source_ops source_ops = {.next = source_next,
                                                        .turn_key = source_turn_key,
                                                        .turn_lengths = source_turn_lengths,
                                                        .scale = source_scale};

static double law_expected(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us)
{
    const struct gw_arrivals_cfg *cfg = self->of;
    return cfg->rate_per_s * gw_s_from_us(to_us - from_us) *
           gw_shape_mean(cfg->shape, cfg->start_unix_us + from_us, cfg->start_unix_us + to_us,
                         cfg->utc_offset_h);
}

static double law_peak_rate(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us)
{
    return gw_arrivals_peak_rate(self->of, from_us, to_us);
}

static struct gw_request_source *law_open(const struct gw_request_law *self, gw_time_us end_us, uint64_t seed,
                                          uint32_t replication, const char *name, struct gw_arena *arena,
                                          struct gw_error *err)
{
    struct gw_arrivals_cfg cfg = *(const struct gw_arrivals_cfg *)self->of;
    cfg.end_us = end_us < cfg.end_us ? end_us : cfg.end_us;
    if (cfg.burst.law == GW_BURST_CLIENTS) {
        return gw_clients_open(&cfg, seed, replication, name, arena, err);
    }
    struct source *source = gw_arena_array(arena, 1, sizeof *source);
    if (source == NULL) {
        (void)gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        return NULL;
    }
    source->public.ops = &source_ops;
    gw_arrivals_init(&source->arrivals, &cfg, seed, replication, name);
    return &source->public;
}

struct gw_request_law gw_arrivals_law(const struct gw_arrivals_cfg *cfg)
{
    static const struct gw_request_law_ops ops = {
        .expected = law_expected, .peak_rate = law_peak_rate, .open = law_open};
    return (struct gw_request_law){.ops = &ops, .of = cfg};
}
