#include "models/workload/arrivals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

static double rate_at(const struct gw_arrivals_cfg *cfg, gw_time_us t_us)
{
    return cfg->rate_per_s * gw_shape_at(cfg->shape, cfg->start_unix_us + t_us, cfg->utc_offset_h);
}

/* The stretch from `from_us` to the next bend of the curve. Flat demand is cut there too: it keeps the
 * seconds within a piece small and exact. */
static void open_piece(struct gw_arrivals *self, gw_time_us from_us)
{
    const struct gw_arrivals_cfg *cfg = &self->cfg;
    const gw_time_us knot_us =
        gw_shape_next_knot(cfg->start_unix_us + from_us, cfg->utc_offset_h) - cfg->start_unix_us;
    self->piece_from_us = from_us;
    self->piece_to_us = knot_us < cfg->end_us ? knot_us : cfg->end_us;
    self->piece_rate_from = rate_at(cfg, from_us);
    self->piece_rate_to = rate_at(cfg, self->piece_to_us);
    self->piece_spent_s = 0;
}

/* Spends the carried exponential. False when the demand ends before it is spent. */
static bool spend(struct gw_arrivals *self)
{
    for (;;) {
        const double length_s = gw_s_from_us(self->piece_to_us - self->piece_from_us);
        const double slope = (self->piece_rate_to - self->piece_rate_from) / length_s;
        const double rate = self->piece_rate_from + slope * self->piece_spent_s;
        const double left_s = length_s - self->piece_spent_s;
        const double left = left_s * (rate + self->piece_rate_to) / 2;
        if (self->carry < left) {
            /* rate x + slope x^2 / 2 = carry; this form of the root neither cancels nor divides by a zero
             * slope */
            const double x_s =
                2 * self->carry / (rate + sqrt(fmax(rate * rate + 2 * slope * self->carry, 0)));
            self->piece_spent_s += fmin(x_s, left_s);
            return true;
        }
        self->carry -= left;
        if (self->piece_to_us >= self->cfg.end_us) {
            return false;
        }
        open_piece(self, self->piece_to_us);
    }
}

static void make_next(struct gw_arrivals *self)
{
    self->carry = gw_rng_exponential(&self->rng);
    if (!spend(self)) {
        self->next = (struct gw_ask){.t_us = GW_NEVER_US, .number = self->number};
        return;
    }
    /* down to the whole microsecond, which never leaves the piece */
    const gw_time_us t_us = self->piece_from_us + (gw_time_us)(self->piece_spent_s * (double)GW_US_PER_S);
    const uint64_t request = gw_rng_request_key(self->request_key, 0, self->number, 0);
    self->next = (struct gw_ask){
        .t_us = t_us < self->piece_to_us ? t_us : self->piece_to_us - 1,
        .number = self->number,
        .in_tok = gw_length_at(self->cfg.prompt, gw_rng_unit(gw_rng_draw(request, GW_DRAW_PROMPT))),
        .out_tok = gw_length_at(self->cfg.output, gw_rng_unit(gw_rng_draw(request, GW_DRAW_OUTPUT))),
    };
    self->number++;
}

static uint64_t stream_seed(uint64_t seed, uint32_t replication, const char *what, const char *name)
{
    char stream[GW_ARRIVALS_NAME_MAX + 16];
    const int n = snprintf(stream, sizeof stream, "%s/%s", what, name);
    GW_REQUIRE(n > 0 && (size_t)n < sizeof stream);
    return gw_rng_seed(seed, replication, stream);
}

void gw_arrivals_init(struct gw_arrivals *self, const struct gw_arrivals_cfg *cfg, uint64_t seed,
                      uint32_t replication, const char *name)
{
    GW_REQUIRE(cfg->rate_per_s >= 0 && isfinite(cfg->rate_per_s));
    GW_REQUIRE(cfg->end_us > 0);

    *self =
        (struct gw_arrivals){.cfg = *cfg, .request_key = stream_seed(seed, replication, "requests", name)};
    gw_rng_init(&self->rng, stream_seed(seed, replication, "arrivals", name));
    open_piece(self, 0);
    make_next(self);
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

static const struct gw_request_source_ops source_ops = {.next = source_next};

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
    struct source *source = gw_arena_array(arena, 1, sizeof *source);
    if (source == NULL) {
        (void)gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        return NULL;
    }
    struct gw_arrivals_cfg cfg = *(const struct gw_arrivals_cfg *)self->of;
    cfg.end_us = end_us < cfg.end_us ? end_us : cfg.end_us;
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
