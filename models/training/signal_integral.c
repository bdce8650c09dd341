#include "models/training/signal_integral.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

bool gw_signal_integral_init(struct gw_signal_integral *self, enum gw_reading reading, gw_time_us start_us,
                             gw_time_us step_us, uint32_t n, struct gw_arena *arena)
{
    GW_REQUIRE(n >= 1 && step_us > 0);
    *self = (struct gw_signal_integral){
        .reading = reading,
        .start_us = start_us,
        .step_us = step_us,
        .n = n,
        .value = gw_arena_array(arena, n, sizeof *self->value),
        .sum = gw_arena_array(arena, (size_t)n + 1, sizeof *self->sum),
    };
    return self->value != NULL && self->sum != NULL;
}

static void fill_gaps(struct gw_signal_integral *self)
{
    uint32_t first = 0;
    while (first < self->n && isnan(self->value[first])) {
        first++;
    }
    double last = first < self->n ? self->value[first] : 0.0;
    for (uint32_t i = 0; i < self->n; i++) {
        last = isnan(self->value[i]) ? last : self->value[i];
        self->value[i] = last;
    }
}

/* The value at the end of interval i. */
static double end_value(const struct gw_signal_integral *self, uint32_t i)
{
    return self->reading == GW_READING_LINEAR && i + 1 < self->n ? self->value[i + 1] : self->value[i];
}

void gw_signal_integral_seal(struct gw_signal_integral *self)
{
    fill_gaps(self);
    const double step_h = gw_h_from_us(self->step_us);
    self->sum[0] = 0.0;
    for (uint32_t i = 0; i < self->n; i++) {
        self->sum[i + 1] = self->sum[i] + step_h * 0.5 * (self->value[i] + end_value(self, i));
    }
}

/* The interval of t and the part of it that is over; outside the values an end of them, and how far outside.
 */
struct place {
    uint32_t interval;
    gw_time_us into_us;   /* of the interval */
    gw_time_us beyond_us; /* < 0: before the start, > 0: after the end */
};

static struct place place_of(const struct gw_signal_integral *self, gw_time_us t_us)
{
    const gw_time_us since_us = t_us - self->start_us, length_us = self->step_us * self->n;
    if (since_us < 0) {
        return (struct place){.beyond_us = since_us};
    }
    if (since_us >= length_us) {
        return (struct place){self->n - 1, self->step_us, since_us - length_us};
    }
    const uint32_t i = (uint32_t)(since_us / self->step_us);
    return (struct place){i, since_us - (gw_time_us)i * self->step_us, 0};
}

static double value_in(const struct gw_signal_integral *self, const struct place *p)
{
    const double begin = self->value[p->interval], end = end_value(self, p->interval);
    return begin + (end - begin) * ((double)p->into_us / (double)self->step_us);
}

double gw_signal_integral_at(const struct gw_signal_integral *self, gw_time_us t_us)
{
    const struct place p = place_of(self, t_us);
    return value_in(self, &p);
}

/* From the start to t. */
static double until(const struct gw_signal_integral *self, gw_time_us t_us)
{
    const struct place p = place_of(self, t_us);
    const double mean = 0.5 * (self->value[p.interval] + value_in(self, &p));
    return self->sum[p.interval] + mean * gw_h_from_us(p.into_us) +
           value_in(self, &p) * gw_h_from_us(p.beyond_us);
}

double gw_signal_integral_between(const struct gw_signal_integral *self, gw_time_us from_us, gw_time_us to_us)
{
    const struct place from = place_of(self, from_us);
    /* within an interval there is no difference of large sums */
    if (self->reading == GW_READING_STEP && from.beyond_us == 0 &&
        to_us - from_us <= self->step_us - from.into_us) {
        return self->value[from.interval] * gw_h_from_us(to_us - from_us);
    }
    return until(self, to_us) - until(self, from_us);
}

gw_time_us gw_signal_integral_edge(const struct gw_signal_integral *self, gw_time_us t_us)
{
    const gw_time_us since_us = t_us - self->start_us;
    if (since_us < 0) {
        return self->start_us;
    }
    const gw_time_us next = since_us / self->step_us + 1;
    return next < (gw_time_us)self->n ? self->start_us + next * self->step_us : GW_NEVER_US;
}

/* ---- the cheapest start ---- */

struct search {
    const struct gw_signal_integral *signal;
    gw_time_us length_us, best_us;
    double best;
};

static void try_start(struct search *s, gw_time_us t_us)
{
    const double x = gw_signal_integral_between(s->signal, t_us, t_us + s->length_us);
    /* what rounding can make of two equal sums is no improvement */
    if (x < s->best - 1e-12 * fabs(s->best)) {
        s->best = x;
        s->best_us = t_us;
    }
}

/* Between two neighbouring candidates a linear signal may have its least where both ends are equal. */
static void try_between(struct search *s, gw_time_us from_us, gw_time_us to_us)
{
    if (s->signal->reading != GW_READING_LINEAR || to_us - from_us < 2) {
        return;
    }
    /* the integral's slope: what comes in at the far end less what goes out at the near one */
    const double first =
        gw_signal_integral_at(s->signal, from_us + s->length_us) - gw_signal_integral_at(s->signal, from_us);
    const double last =
        gw_signal_integral_at(s->signal, to_us + s->length_us) - gw_signal_integral_at(s->signal, to_us);
    if (first < 0.0 && last > 0.0) {
        try_start(s, from_us + llround((double)(to_us - from_us) * (first / (first - last))));
    }
}

static gw_time_us earlier(gw_time_us a, gw_time_us b)
{
    return a < b ? a : b;
}

gw_time_us gw_signal_integral_least(const struct gw_signal_integral *self, gw_time_us from_us,
                                    gw_time_us latest_us, gw_time_us length_us)
{
    struct search s = {self, length_us, from_us,
                       gw_signal_integral_between(self, from_us, from_us + length_us)};
    gw_time_us t_us = from_us;
    while (t_us < latest_us) {
        /* the next start at which the span's begin or end crosses an edge */
        const gw_time_us begin_us = gw_signal_integral_edge(self, t_us);
        const gw_time_us end_us = gw_signal_integral_edge(self, t_us + length_us);
        gw_time_us next_us = earlier(begin_us, latest_us);
        next_us = end_us == GW_NEVER_US ? next_us : earlier(next_us, end_us - length_us);
        try_between(&s, t_us, next_us);
        try_start(&s, next_us);
        t_us = next_us;
    }
    return s.best_us;
}
