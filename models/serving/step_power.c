/* Energy of a ramp of steps: a sum over the integers 0..k-1 by Gauss quadrature for sums.
 *
 * With equal weights on all integers the orthogonal polynomials are the discrete Chebyshev (Gram) ones.
 * Around the mid point m = (k-1)/2 the two nodes are m +- sqrt((k^2-1)/12), exact to degree 3; for k = 2 they
 * are the steps themselves. Its error grows with the fourth power of what the load grows by, so a ramp that
 * grows far is cut. */
#include "models/serving/step_power.h"

#include <math.h>

#include "sim/base/check.h"

/* Largest growth of time, traffic or arithmetic over one quadrature: its error then stays below 1e-10
 * (test_step_power.c measures it over a grid of laws and shapes). */
static const double growth_max = 0.025;

/* Over a ramp everything is linear in the step number x. */
struct line {
    double first, slope;
};

struct ramp {
    const struct gw_step_power *power;
    struct line ticks, mem, flop;
    double cap_w; /* of the accelerator or of the law itself, whichever is lower */
    double batch; /* running sequences, prompts included */
    bool has_prompt;
};

static double line_at(const struct line *l, double x)
{
    return l->first + l->slope * x;
}

static double lowest_cap_w(const struct gw_step_power *p)
{
    const double limit_w =
        p->law->limit_w != NULL ? gw_step_power_saved_w(p, p->law->limit_w(p->law_cfg)) : NAN;
    return limit_w < p->cap_w ? limit_w : p->cap_w;
}

/* Layers with a window, and the experts that nobody is routed to. */
static void add_shape(struct ramp *r, const struct gw_step_power *p, const struct gw_step_load *load)
{
    const double growing = (double)load->growing;
    const int64_t tok = load->batch * (1 + p->drafted) + load->prompt_tok;
    const double missed = (double)gw_step_time_missed(p->missed, tok) * 0x1p-32;
    const double filled = p->stages > r->batch ? r->batch / p->stages : 1.0;
    r->mem.first += p->mem_window_ticks * (double)(load->window + load->window_kv) -
                    p->mem_expert_ticks * missed * filled - p->mem_step_ticks * (1.0 - filled);
    r->mem.first += load->batch > 0 ? p->mem_draft_ticks : 0.0;
    r->mem.slope += p->mem_window_ticks * growing;
    r->flop.first += p->flop_window_ticks * (double)(load->window + load->window_pairs);
    r->flop.slope += p->flop_window_ticks * growing;
}

static struct ramp ramp_of(const struct gw_step_power *p, const struct gw_step_load *load, gw_tick first,
                           gw_tick growth)
{
    const double batch = (double)load->batch;
    const double context = (double)load->context;
    struct ramp r = {
        .power = p,
        .ticks = {(double)first, (double)growth},
        .mem = {p->mem_step_ticks + p->mem_kv_ticks * (context + (double)load->prompt_kv),
                p->mem_kv_ticks * batch},
        .flop = {p->flop_tok_ticks * (batch + (double)load->prompt_tok) + p->flop_verify_ticks * batch +
                     p->flop_pair_ticks * (context + (double)load->pairs),
                 p->flop_pair_ticks * batch},
        .cap_w = lowest_cap_w(p),
        .batch = (double)(load->batch + load->prompts),
        .has_prompt = load->prompts > 0,
    };
    if (p->has_shape) {
        add_shape(&r, p, load);
    }
    return r;
}

static inline struct gw_power_state state_at(const struct ramp *r, double x)
{
    const double ticks = line_at(&r->ticks, x);
    const double per_tick = ticks > 0.0 ? 1.0 / ticks : 0.0;
    return (struct gw_power_state){
        .mem_frac = line_at(&r->mem, x) * per_tick,
        .flop_frac = line_at(&r->flop, x) * per_tick,
        .batch = r->batch,
        .has_prompt = r->has_prompt,
    };
}

/* Per accelerator, before the cap. */
static double law_w(const struct ramp *r, double x)
{
    const struct gw_power_state state = state_at(r, x);
    return gw_step_power_saved_w(r->power, r->power->law->watts(r->power->law_cfg, &state));
}

static double capped_w(const struct ramp *r, double watts)
{
    return watts < r->cap_w ? watts : r->cap_w;
}

struct gw_power_state gw_step_power_state(const struct gw_step_power *p, const struct gw_step_load *load,
                                          gw_tick ticks)
{
    const struct ramp r = ramp_of(p, load, ticks, 0);
    return state_at(&r, 0.0);
}

double gw_step_power_w(const struct gw_step_power *p, const struct gw_step_load *load, gw_tick ticks)
{
    const struct ramp r = ramp_of(p, load, ticks, 0);
    return p->n_accelerators * capped_w(&r, law_w(&r, 0.0));
}

static bool line_grows_past_max(const struct line *l, double x, double n)
{
    return l->slope * n > growth_max * line_at(l, x);
}

/* Does time, traffic or arithmetic grow too far over n steps from step x? */
static bool grows_past_max(const struct ramp *r, double x, double n)
{
    return line_grows_past_max(&r->mem, x, n) || line_grows_past_max(&r->ticks, x, n) ||
           line_grows_past_max(&r->flop, x, n);
}

static double step_wt(const struct ramp *r, double x)
{
    return capped_w(r, law_w(r, x)) * line_at(&r->ticks, x);
}

/* Could the law cross the cap between these two nodes, or just beyond them? The nodes span more than half of
 * the ramp, so beyond them it moves less than from one to the other, or than the square of the growth. */
static bool may_cross_cap(const struct ramp *r, double a_w, double b_w)
{
    const double low_w = a_w < b_w ? a_w : b_w;
    const double high_w = a_w < b_w ? b_w : a_w;
    const double margin_w = (high_w - low_w) + growth_max * growth_max * high_w;
    return low_w - margin_w < r->cap_w && r->cap_w < high_w + margin_w;
}

static double near_cap_wt(const struct ramp *r, double x, double n, double a_w, double b_w);

/* Watt ticks of n steps from step x, over which nothing grows too far. */
static inline double smooth_wt(const struct ramp *r, double x, double n)
{
    if (n < 1.5) {
        return step_wt(r, x);
    }
    const double mid = x + 0.5 * (n - 1.0);
    const double far = sqrt((n * n - 1.0) * (1.0 / 12.0));
    const double a_w = law_w(r, mid - far);
    const double b_w = law_w(r, mid + far);
    if (n > 2.5 && may_cross_cap(r, a_w, b_w)) {
        return near_cap_wt(r, x, n, a_w, b_w);
    }
    return 0.5 * n *
           (capped_w(r, a_w) * line_at(&r->ticks, mid - far) +
            capped_w(r, b_w) * line_at(&r->ticks, mid + far));
}

/* A law that levels off at the cap is constant from end to end or crosses it; a ramp that may cross it is
 * halved until the nodes are the steps themselves. */
static double near_cap_wt(const struct ramp *r, double x, double n, double a_w, double b_w)
{
    const double cap_w = r->cap_w;
    const double last = x + n - 1.0;
    if (a_w == cap_w && b_w == cap_w && law_w(r, x) == cap_w && law_w(r, last) == cap_w) {
        return cap_w * n * line_at(&r->ticks, 0.5 * (x + last));
    }
    const double half = floor(0.5 * n);
    return smooth_wt(r, x, half) + smooth_wt(r, x + half, n - half);
}

/* Watt ticks of k steps, cut where the load has grown too far. */
static double cut_wt(const struct ramp *r, double k)
{
    double sum = 0.0;
    double n = k;
    for (double x = 0.0; x < k; x += n) {
        n = k - x;
        while (n > 2.5 && grows_past_max(r, x, n)) {
            n = floor(0.5 * n);
        }
        sum += smooth_wt(r, x, n);
    }
    return sum;
}

/* Watt ticks of k steps. */
static double ramp_wt(const struct ramp *r, double k)
{
    return k > 2.5 && grows_past_max(r, 0.0, k) ? cut_wt(r, k) : smooth_wt(r, 0.0, k);
}

double gw_step_power_steps_j(const struct gw_step_power *p, const struct gw_step_time *time,
                             const struct gw_step_load *load, int64_t k)
{
    const struct gw_step_ramp steps = gw_step_time_ramp(time, load);
    return gw_step_power_ramp_j(p, &steps, load, k);
}

double gw_step_power_ramp_j(const struct gw_step_power *p, const struct gw_step_ramp *steps,
                            const struct gw_step_load *load, int64_t k)
{
    GW_CHECK(k == 1 || load->prompts == 0);
    if (k == 1) {
        return gw_step_power_w(p, load, steps->first) * gw_step_time_s(steps->first);
    }
    const struct ramp r = ramp_of(p, load, steps->first, steps->growth);
    const double watt_ticks = p->law->constant_in_regime
                                  ? capped_w(&r, law_w(&r, 0.0)) * (double)gw_step_time_sum(steps, k)
                                  : ramp_wt(&r, (double)k);
    return p->n_accelerators * watt_ticks * gw_step_time_s(1);
}
