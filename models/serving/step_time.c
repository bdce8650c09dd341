/* The integer arithmetic of a step, and of a ramp of steps: the root of a parabola in doubles, then exact. */
#include "models/serving/step_time.h"

#include <math.h>

uint64_t gw_step_time_missed(uint32_t missed, int64_t tokens)
{
    uint64_t share = UINT64_C(1) << 32;
    uint64_t power = missed;
    for (; tokens > 0 && share > 0; tokens >>= 1) {
        share = (tokens & 1) != 0 ? share * power >> 32 : share;
        power = power * power >> 32;
    }
    return share;
}

gw_tick gw_step_time_shape(const struct gw_step_time *c, const struct gw_step_load *l)
{
    const gw_tick draft = l->batch > 0 ? c->draft : 0;
    const gw_tick more = l->window * c->window_kv + l->window_pairs * c->window_pair + draft;
    if (c->expert == 0) {
        return more;
    }
    const uint64_t share = gw_step_time_missed(c->missed, l->batch * (1 + c->drafted) + l->prompt_tok);
    return more - (gw_tick)((uint64_t)(c->expert >> 16) * share >> 16);
}

/* The positive root of T(x) = span in its stable form 2n / (a + sqrt(a^2 + 2 D n)), a = first - D/2: first
 * exceeds D/2 because a context holds at least two tokens, so nothing cancels. */
static double root(const struct gw_step_ramp *ramp, double span)
{
    const double growth = (double)ramp->growth;
    const double a = (double)ramp->first - 0.5 * growth;
    return 2.0 * span / (a + sqrt(a * a + 2.0 * growth * span));
}

int64_t gw_step_time_until(const struct gw_step_ramp *ramp, gw_tick span, int64_t k_max)
{
    const double x = root(ramp, (double)span);

    /* also taken when no time passes at all (x is NaN or infinite) */
    if (!(x < (double)k_max)) {
        return k_max;
    }

    int64_t k = x > 1.0 ? (int64_t)x : 1;
    while (k < k_max && gw_step_time_sum(ramp, k) < span) {
        k++;
    }
    while (k > 1 && gw_step_time_sum(ramp, k - 1) >= span) {
        k--;
    }
    return k;
}

int64_t gw_step_time_fit(const struct gw_step_ramp *ramp, int64_t k_max)
{
    const double k = (double)k_max;
    if (k * ((double)ramp->first + 0.5 * (k - 1.0) * (double)ramp->growth) < (double)GW_STEP_SPAN_MAX) {
        return k_max;
    }

    /* one below the root is a safe side: nothing depends on where a ramp this long is cut */
    const double x = root(ramp, (double)GW_STEP_SPAN_MAX) - 1.0;
    return x > 1.0 ? (int64_t)x : 1;
}
