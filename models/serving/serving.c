/* The mean-field estimate of one replica. Equations by number and measured errors:
 * docs/models/serving-estimate.md. */
#include "models/serving/serving.h"

#include <math.h>

#include "sim/base/check.h"

/* Just below capacity, where the means still exist. */
static const double most_load = 0.999;

/* The work that a mean request brings, and the limits it meets; times in seconds. */
struct mix {
    double step, seq;     /* fixed part of a step; one sequence's part of it at the mean context */
    double expert;        /* of step: reading all routed experts */
    double missed;        /* share of them that one token is not routed to */
    double in_window;     /* tokens of the mean context that layers with a window see */
    double window_pairs;  /* of a prompt, in these layers */
    double prompt;        /* all prompt work of a request */
    double prompt_tok_s;  /* the same per prompt token */
    double in_tok, in_sq; /* prompt tokens: mean, mean square */
    double pairs;         /* of a prompt, for attention */
    double decodes;       /* decode steps of a request */
    double context;       /* mean context of a decoding sequence */
    double budget_tok;
    double level;     /* replicas that are kept level */
    double batch_max; /* sequences that can decode at once */
    double own_steps; /* of a prompt alone */
    double lone;      /* a prompt that meets an idle engine, with all its steps */
    double again;     /* share of the requests that are preempted when the engine is full */
};

/* Preempted requests per request in a full engine whose memory is the limit: 0.10 to 0.16 over five pairs of
 * model and lengths. None where memory holds as many sequences as the other limits let in; all of it where
 * those would let in a quarter more than it holds. */
static const double preempted_frac = 0.14;
static const double memory_is_short = 0.25;

/* eq. 1: limits on the number of decoding sequences. The head of the queue waits until its whole prompt fits,
 * so half a prompt of memory lies idle, and half a block of each sequence; a step shares its tokens with
 * prompts. */
static void set_limits(struct mix *m, const struct gw_replica_cfg *cfg)
{
    const double kv_tok = (double)cfg->kv_blocks * cfg->block_tok;
    const double by_memory =
        fmax((kv_tok - 0.5 * m->in_sq / m->in_tok) / (m->context + 0.5 * cfg->block_tok), 1.0);
    const double by_budget = m->budget_tok * m->decodes / (m->decodes + m->in_tok);
    const double by_others = fmin((double)cfg->max_seqs, by_budget);
    const double lack = fmin(fmax((by_others / by_memory - 1.0) / memory_is_short, 0.0), 1.0);
    m->batch_max = fmax(fmin(by_others, by_memory), 1.0);
    m->again = preempted_frac * lack;
}

static double normal_cdf(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752);
}

/* Steps beyond the first that a number of tokens with this mean and variance needs, each with `room`: the
 * mean of ceil(tokens / room) - 1, were the tokens lognormal. */
static double further_steps(double mean, double var, double room)
{
    const double var_ln = fmax(log1p(var / (mean * mean)), 1e-8);
    const double mu = log(mean) - 0.5 * var_ln;
    const double per_sigma = 1.0 / sqrt(var_ln);
    double sum = 0.0;
    for (int k = 1; k < 1000; k++) {
        const double more = normal_cdf((mu - log((double)k * room)) * per_sigma);
        sum += more;
        if (more < 1e-3) {
            break;
        }
    }
    return sum;
}

/* m - 1 tokens of an answer are decoded at contexts n + 1 .. n + m - 1: long answers weigh more */
double gw_serving_context_tok(const struct gw_serving_load *load)
{
    const double out_sq = fmax(load->out_tok_sq, load->out_tok * load->out_tok);
    const double decodes = load->out_tok - 1.0;
    if (load->context_tok > 0.0) {
        return load->context_tok;
    }
    return load->in_tok + (decodes > 0.0 ? 0.5 * (out_sq - load->out_tok) / decodes : 0.0);
}

static struct mix mix_of(const struct gw_replica_cfg *cfg, const struct gw_serving_load *l)
{
    const struct gw_step_time *t = &cfg->time;
    const double tick_s = gw_step_time_s(1);
    const double in_sq = fmax(l->in_tok_sq, l->in_tok * l->in_tok);
    const double decodes = l->out_tok - 1.0;
    const double new_frac = 1.0 - l->cached_frac;
    const double new_tok = l->in_tok * new_frac;
    const double pairs = 0.5 * (in_sq * (1.0 + l->cached_frac) + l->in_tok) * new_frac;
    const double window_pairs = fmin(pairs, l->in_tok * (double)t->window) * (t->window > 0);
    const double prompt =
        (new_tok * (double)t->prompt + pairs * (double)t->pair + window_pairs * (double)t->window_pair) *
        tick_s;

    const double context = gw_serving_context_tok(l);
    const double in_window = fmin(context, (double)t->window);
    struct mix m = {
        .step = (double)t->step * tick_s,
        .seq = ((double)t->seq + context * (double)t->kv + in_window * (double)t->window_kv) * tick_s,
        .expert = (double)t->expert * tick_s,
        .missed = (double)t->missed * 0x1p-32,
        .in_window = in_window,
        .window_pairs = window_pairs,
        .prompt = prompt,
        .prompt_tok_s = prompt / new_tok,
        .in_tok = new_tok,
        .in_sq = in_sq * new_frac * new_frac,
        .pairs = pairs,
        .decodes = decodes,
        .context = context,
        .budget_tok = (double)cfg->token_budget,
        .level = l->level > 1 ? l->level : 1.0,
    };
    m.own_steps = 1.0 + further_steps(m.in_tok, m.in_sq - m.in_tok * m.in_tok, m.budget_tok);
    m.lone = m.prompt + m.step * m.own_steps;
    set_limits(&m, cfg);
    return m;
}

/* The fixed part of a step with so many tokens. */
static double step_of(const struct mix *m, double tokens)
{
    return m->expert > 0.0 ? m->step - m->expert * pow(m->missed, fmax(tokens, 1.0)) : m->step;
}

/* What prompt tokens add to the fixed part of a step with k sequences: the experts that only they meet. */
static double met_by_prompts_s(const struct mix *m, double k, double prompt_tok)
{
    return m->expert > 0.0 ? step_of(m, k + prompt_tok) - step_of(m, k) : 0.0;
}

/* eq. 2: engine time that a request takes when the engine is full, with its part of the fixed steps. */
static double full_cost_s(const struct mix *m)
{
    const double steps = fmax(m->decodes / m->batch_max, (m->in_tok + m->decodes) / m->budget_tok);
    return m->prompt * (1.0 + m->again) + m->decodes * m->seq + steps * step_of(m, m->batch_max);
}

double gw_serving_capacity(const struct gw_replica_cfg *cfg, const struct gw_serving_load *mix)
{
    const struct mix m = mix_of(cfg, mix);
    return 1.0 / full_cost_s(&m);
}

/* Prompt tokens a step has room for beside k sequences. */
static double room_of(const struct mix *m, double k)
{
    return fmax(m->budget_tok - k, 1.0);
}

/* A step that fills it. */
static double full_step_s(const struct mix *m, double k)
{
    return step_of(m, m->budget_tok) + k * m->seq + m->prompt_tok_s * room_of(m, k);
}

/* --- how many sequences decode ----------------------------------------------------------------- */

enum { NODES = 48 }; /* widths grow by 1.4: enough for 2^20 sequences */

/* Shares of the time with no work, with prompts only, and with about count[i] decoding sequences. */
struct crowd {
    double idle, prompt_only;
    double undisturbed; /* with one, whom no prompt meets as others are idle */
    uint32_t n;
    double share[NODES], count[NODES];
    double running, waiting; /* mean numbers that decode, that wait for a place */
    double wait_frac;        /* of the time nobody new is let in */
    /* what arrivals meet: alone a replica's time, for among several the idle ones are chosen */
    double meet_idle, meet_prompt, meet[NODES];
};

/* With this many on average the engine is never empty; three deviations above none, no node lies below 1. */
static const double many = 12.0;

/* eq. 4: while nobody waits the count has a negative binomial law; three Gauss nodes stand for it. */
static void few_wait(struct crowd *c, double mean, double sd)
{
    const double far = sqrt(3.0) * sd;
    *c = (struct crowd){.n = 3,
                        .share = {1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0},
                        .count = {mean - far, mean, mean + far},
                        .running = mean};
}

struct sums {
    double total, running, waiting;
    double node_share, node_running;
};

static void close_node(struct crowd *c, struct sums *s)
{
    if (!(s->node_share > 0.0)) {
        return;
    }
    GW_CHECK(c->n < NODES);
    c->share[c->n] = s->node_share;
    c->count[c->n++] = s->node_running / s->node_share;
    s->total += s->node_share;
    s->running += s->node_running;
    s->node_share = s->node_running = 0.0;
}

static void scale(struct crowd *c, struct sums *s, double by)
{
    c->idle *= by;
    c->meet_idle *= by;
    c->prompt_only *= by;
    c->undisturbed *= by;
    for (uint32_t i = 0; i < c->n; i++) {
        c->share[i] *= by;
    }
    *s = (struct sums){.total = s->total * by,
                       .running = s->running * by,
                       .waiting = s->waiting * by,
                       .node_share = s->node_share * by,
                       .node_running = s->node_running * by};
}

static void finish(struct crowd *c, struct sums *s)
{
    close_node(c, s);
    scale(c, s, 1.0 / s->total);
    c->running = s->running;
    c->waiting = s->waiting;
}

/* eq. 3, summed count by count, gathered in nodes whose width grows with the count. */
static void some_wait(struct crowd *c, const struct mix *m, double rate, double birth)
{
    const double k_max = fmax(floor(m->batch_max), 1.0);
    struct sums s = {.total = 1.0};
    double weight = 1.0, node_end = 1.0;
    for (double k = 1.0; k <= k_max; k += 1.0) {
        const double ratio = birth * (step_of(m, k) / k + m->seq);
        weight *= ratio;
        if (k > node_end) {
            close_node(c, &s);
            node_end = floor(1.4 * k);
        }
        s.node_share += weight;
        s.node_running += weight * k;
        if (ratio < 0.9 && weight < 1e-9 * s.total) {
            finish(c, &s);
            return;
        }
        if (weight > 1e100) {
            scale(c, &s, 1e-100);
            weight *= 1e-100;
        }
    }

    /* those above k_max wait; each further one is less likely by a constant ratio */
    const double ratio = rate * m->decodes * (step_of(m, m->batch_max) / m->batch_max + m->seq) /
                         (1.0 - rate * m->prompt * (1.0 + m->again));
    const double tail = weight * ratio / (1.0 - ratio);
    s.node_share += tail;
    s.node_running += tail * k_max;
    s.waiting = tail / (1.0 - ratio);
    finish(c, &s);
    c->wait_frac = c->waiting * (1.0 - ratio) / ratio;
}

/* eq. 5: prompts come in lumps, during which sequences pile up. The chain above has prompts flow; what lumps
 * add to the time between tokens is the mean wait of work that is served last in a queue with two priorities.
 * A step with as many prompt tokens as it has room for is as long as that time can get. */
static void pile_up(struct crowd *c, const struct mix *m, double rate)
{
    if (c->n == 0) {
        return;
    }
    const double rho = rate * m->prompt;
    const double all = rho + rate * m->decodes * m->seq;
    const double lump = m->prompt_tok_s * m->prompt_tok_s * m->in_sq;
    const double more_s = 0.5 * rate * lump / (1.0 - rho) * all / (1.0 - all) / m->decodes;
    const double token_s = c->running / (rate * m->decodes);
    const double left_s = fmax(full_step_s(m, c->running) - token_s, 0.0);
    const double times = 1.0 + (left_s > 0.0 ? more_s * left_s / (more_s + left_s) : 0.0) / token_s;
    c->running *= times;
    for (uint32_t i = 0; i < c->n; i++) {
        c->count[i] *= times;
    }
}

/* eq. 12: a step of `by` counts at a time, so wide that the law hardly bends over it. */
static double stride_of(double k)
{
    return fmax(floor(0.25 * sqrt(k)), 1.0);
}

/* Several replicas whose dispatcher keeps them level: the chain of eq. 3 over all their sequences. While
 * there are fewer than replicas each has one alone, and who arrives finds an idle one. */
static void some_level(struct crowd *c, const struct mix *m, double rate, double birth, double replicas)
{
    const double lone_s = m->lone;
    const double one_s = lone_s + m->decodes * (step_of(m, 1.0) + m->seq);
    const double all = floor(replicas * fmax(m->batch_max, 1.0));
    struct sums s = {.total = 1.0};
    double weight = 1.0, ratio = 0.0, below = 1.0, all_below = 1.0, busy = 0.0;

    *c = (struct crowd){.idle = 1.0};
    for (double k = 1.0; k <= replicas; k += 1.0) {
        weight *= rate * replicas * one_s / k;
        below += k < replicas ? weight : 0.0;
        all_below += weight;
        busy += weight * k / replicas;
        if (weight > 1e100) {
            weight *= 1e-100;
            below *= 1e-100;
            all_below *= 1e-100;
            busy *= 1e-100;
        }
    }
    c->meet_idle = below;
    c->idle = all_below - busy;
    c->prompt_only = busy * lone_s / one_s;
    c->undisturbed = busy - c->prompt_only;
    s.total = all_below;
    s.running = c->undisturbed;

    double node_end = replicas;
    for (double k = replicas + 1.0; k <= all;) {
        const double by = fmin(stride_of(k), all - k + 1.0);
        const double each =
            (k + 0.5 * (by - 1.0)) / replicas; /* sequences of a replica, middle of the stride */
        ratio = birth * (step_of(m, each) / each + m->seq);
        weight *= pow(ratio, by);
        if (k > node_end) {
            close_node(c, &s);
            node_end = floor(1.25 * k);
        }
        s.node_share += weight * by;
        s.node_running += weight * by * each;
        if (ratio < 0.9 && weight * by < 1e-9 * s.total) {
            finish(c, &s);
            return;
        }
        if (weight > 1e100) {
            scale(c, &s, 1e-100);
            weight *= 1e-100;
        }
        k += by;
    }
    const double more = rate * m->decodes * (step_of(m, m->batch_max) / m->batch_max + m->seq) /
                        (1.0 - rate * m->prompt * (1.0 + m->again));
    const double tail = weight * more / (1.0 - more);
    s.node_share += tail;
    s.node_running += tail * m->batch_max;
    s.waiting = tail / (1.0 - more) / replicas;
    finish(c, &s);
    c->wait_frac = c->waiting * replicas * (1.0 - more) / more;
}

/* Poisson arrivals meet each state as often as it lasts. */
static void arrivals_see_time(struct crowd *c, double level)
{
    const bool choose = level > 1.0;
    if (!choose) {
        c->meet_idle = c->idle;
    }
    c->meet_prompt = choose ? 0.0 : c->prompt_only;
    double busy = 0.0;
    for (uint32_t i = 0; i < c->n; i++) {
        c->meet[i] = c->share[i];
        busy += c->share[i];
    }
    for (uint32_t i = 0; choose && busy > 0.0 && i < c->n; i++) {
        c->meet[i] *= (1.0 - c->meet_idle) / busy;
    }
}

static struct crowd crowd_of(const struct mix *m, double rate)
{
    const double rho = rate * m->prompt;
    const double birth = rate * m->decodes / (1.0 - rho);
    const double still = 1.0 - birth * m->seq;
    const double dense = birth * (m->step + m->seq) / still; /* all experts read; then those it meets */
    const double mean = m->expert > 0.0 ? birth * (step_of(m, dense) + m->seq) / still : dense;
    const double sd = sqrt(mean / still);

    /* an idle engine serves the prompt that ends the idleness alone; without answers it has no other work */
    const double alone = rate * m->lone / (m->decodes > 0.0 ? 1.0 : 1.0 - rho);
    const double level_sd = sd / sqrt(m->level);
    struct crowd c = {.idle = 1.0 / (1.0 + alone), .prompt_only = alone / (1.0 + alone)};
    if (m->level > 1.0 && m->decodes > 0.0) {
        if (still > 0.0 && mean > 2.0 && mean > 1.0 + 6.0 * level_sd &&
            mean + 6.0 * level_sd < m->batch_max) {
            few_wait(&c, mean, level_sd);
        } else {
            some_level(&c, m, rate, birth, m->level);
        }
    } else if (m->decodes > 0.0 && still > 0.0 && mean > many && mean > 3.0 * sd &&
               mean + 6.0 * sd < m->batch_max) {
        few_wait(&c, mean, sd);
    } else if (m->decodes > 0.0) {
        some_wait(&c, m, rate, birth);
    }
    pile_up(&c, m, rate);
    arrivals_see_time(&c, m->level);
    return c;
}

/* --- power -------------------------------------------------------------------------------------- */

/* eq. 6: the steps while k sequences decode. */
struct pace {
    double plain_s;     /* a step without prompts */
    double mean_s;      /* with the prompts that arrive meanwhile */
    double prompt_frac; /* share of the steps that have prompts */
    double prompt_s;    /* their length */
    double prompts;     /* prompts in one of them */
};

static struct pace pace_of(const struct mix *m, double rate, double k)
{
    struct pace p = {.plain_s = step_of(m, k) + k * m->seq};
    p.mean_s = p.plain_s / (1.0 - rate * m->prompt);
    const double arrivals = rate * p.mean_s;
    p.prompt_frac = fmin(fmax(-expm1(-arrivals), arrivals * m->in_tok / room_of(m, k)), 1.0);
    p.prompts = p.prompt_frac > 0.0 ? arrivals / p.prompt_frac : 1.0;
    p.prompt_s = p.plain_s + p.prompts * m->prompt + met_by_prompts_s(m, k, p.prompts * m->in_tok);
    return p;
}

static double unread_ticks(const struct gw_step_power *p, const struct mix *m, double tokens)
{
    return p->mem_expert_ticks > 0.0 ? p->mem_expert_ticks * pow(m->missed, fmax(tokens, 1.0)) : 0.0;
}

/* Watts of the replica in a step of `s` seconds with k decoding sequences and that many prompts. */
static double step_w(const struct gw_replica_cfg *cfg, const struct mix *m, double k, double prompts,
                     double s)
{
    const struct gw_step_power *p = &cfg->power;
    const double per_tick = gw_step_time_s(1) / s;
    const double context = k * m->context;
    const double filled = p->stages > k + prompts ? (k + prompts) / p->stages : 1.0;
    const struct gw_power_state state = {
        .mem_frac = (p->mem_step_ticks * filled - unread_ticks(p, m, k + prompts * m->in_tok) +
                     p->mem_kv_ticks * (context + prompts * m->in_tok) +
                     p->mem_window_ticks * (k * m->in_window + prompts * m->in_tok)) *
                    per_tick,
        .flop_frac = (p->flop_tok_ticks * (k + prompts * m->in_tok) + p->flop_verify_ticks * k +
                      p->flop_pair_ticks * (context + prompts * m->pairs) +
                      p->flop_window_ticks * (k * m->in_window + prompts * m->window_pairs)) *
                     per_tick,
        .batch = k + prompts,
        .has_prompt = prompts > 0.0,
    };
    const double law_w = p->law->watts(p->law_cfg, &state);
    return p->n_accelerators * fmin(gw_step_power_saved_w(p, law_w), p->cap_w);
}

static double pace_w(const struct gw_replica_cfg *cfg, const struct mix *m, const struct pace *p, double k)
{
    const double prompt_s = p->prompt_frac * p->prompt_s, plain_s = (1.0 - p->prompt_frac) * p->plain_s;
    return (plain_s * step_w(cfg, m, k, 0.0, p->plain_s) +
            prompt_s * step_w(cfg, m, k, p->prompts, p->prompt_s)) /
           (plain_s + prompt_s);
}

/* Prompts per second while others decode: those that met an idle replica had it to themselves. */
static double rate_among_others(const struct mix *m, double rate, const struct crowd *c)
{
    double share = 0.0;
    for (uint32_t i = 0; i < c->n; i++) {
        share += c->share[i];
    }
    if (m->level <= 1.0 || !(share > 0.0)) {
        return rate;
    }
    const double left = fmax(rate - c->prompt_only / m->lone, 0.0); /* at low rates but rounding is left */
    return fmin(left / share, most_load / m->prompt);
}

/* eq. 7: watts of steps times the share of time they take: without the idle gaps. */
static double busy_w(const struct gw_replica_cfg *cfg, const struct mix *m, double rate,
                     const struct crowd *c)
{
    double sum = c->prompt_only * step_w(cfg, m, 0.0, 1.0, m->lone) +
                 c->undisturbed * step_w(cfg, m, 1.0, 0.0, step_of(m, 1.0) + m->seq);
    const double among = rate_among_others(m, rate, c);
    for (uint32_t i = 0; i < c->n; i++) {
        const struct pace p = pace_of(m, among, c->count[i]);
        sum += c->share[i] * pace_w(cfg, m, &p, c->count[i]);
    }
    return sum;
}

static double idle_w(const struct gw_replica_cfg *cfg)
{
    return cfg->power.n_accelerators * cfg->power.idle_w;
}

static double mean_w(const struct gw_replica_cfg *cfg, const struct mix *m, double rate)
{
    if (!(rate > 0.0)) {
        return idle_w(cfg);
    }
    const struct crowd c = crowd_of(m, rate);
    return c.idle * idle_w(cfg) + busy_w(cfg, m, rate, &c);
}

/* d power / d rate, by a central difference within [0, most_load]; power bends most at low rates. */
static double slope_j(const struct gw_replica_cfg *cfg, const struct mix *m, double rate, double capacity)
{
    const double by = fmin(fmax(0.1 * rate, 1e-4 * capacity), 0.01 * capacity);
    const double low = fmax(rate - by, 0.0);
    const double high = fmin(rate + by, most_load * capacity);
    return (mean_w(cfg, m, high) - mean_w(cfg, m, low)) / (high - low);
}

/* --- time to first token ------------------------------------------------------------------------ */

/* A law of prompt lengths that has the mix's two moments: lognormal. */
struct prompts {
    double mu, sigma;
    double chunk_sq; /* E[n min(n, room)]: tokens that share their step with a token of the same prompt */
    double over_sq;  /* E[max(n - room, 0)^2]: what is left of long prompts when their first chunk is done */
};

static struct prompts prompts_of(const struct mix *m, double room)
{
    struct prompts p = {.sigma = sqrt(fmax(log(m->in_sq / (m->in_tok * m->in_tok)), 1e-8))};
    p.mu = log(m->in_tok) - 0.5 * p.sigma * p.sigma;

    /* moments of order 0, 1, 2 of the prompts longer than room */
    const double z = (p.mu - log(room)) / p.sigma;
    const double over_0 = normal_cdf(z);
    const double over_1 = m->in_tok * normal_cdf(z + p.sigma);
    const double over_2 = m->in_sq * normal_cdf(z + 2.0 * p.sigma);
    p.chunk_sq = m->in_sq - over_2 + room * over_1;
    p.over_sq = fmax(over_2 - 2.0 * room * over_1 + room * room * over_0, 0.0);
    return p;
}

/* A mean time to first token, and parts of it. */
struct first_token {
    double all_s;
    double met_s;   /* length of the step that is met; 0 where none is */
    double alone_s; /* prompt and its steps: what it takes without others */
};

/* eq. 13: how many of the requests that come within span_s of one to the same replica there are, for each
 * that would come at random. A dispatcher that keeps replicas level sends those who come at once to different
 * ones: as by turns, every level-th is for the same. */
static double crowding(const struct mix *m, double rate, double span_s)
{
    const double mean = rate * span_s, all = mean * m->level;
    if (m->level <= 1.0 || !(mean > 0.0)) {
        return 1.0;
    }
    double sum = 0.0;
    for (double k = m->level; k < all + 4.0 * sqrt(all) + m->level; k += m->level) {
        sum += normal_cdf((all - k + 0.5) / sqrt(all));
    }
    return 0.5 + 0.5 * fmin(sum / mean, 1.0);
}

/* eq. 8 to 11: a request that arrives while k sequences decode and nobody waits for a place. */
static struct first_token first_token(const struct mix *m, const struct prompts *n, double rate, double k)
{
    const double room = room_of(m, k);
    const double rho = rate * m->prompt;
    const double a = m->prompt_tok_s;
    const double plain_s = step_of(m, k) + k * m->seq;
    const double full_s = full_step_s(m, k);

    /* the step it arrives in: long ones are met more often */
    const double spread_s = rate * a * a * n->chunk_sq / (1.0 - rho * rho);
    const double random_s = fmin(plain_s / (1.0 - rho) + spread_s, full_s);
    const double near = crowding(m, rate, 2.0 * random_s);
    const double met_s = plain_s + near * (random_s - plain_s);

    /* tokens that this step leaves over, and those that arrive in it before and after the request */
    const double fill = fmin(rate * m->in_tok * full_s / room, most_load);
    const double pooled = pow(fill, sqrt(2.0 * (m->level + 1.0)) - 2.0) / sqrt(m->level);
    const double left = pooled * rate * full_s * (n->over_sq + fill / (1.0 - fill) * m->in_sq) / (2.0 * room);
    const double beside = 0.5 * crowding(m, rate, met_s) * rate * m->in_tok * met_s;

    /* the request's own tokens and those before it; those after it take what room is left in its last step */
    const double tokens = m->in_tok + beside;
    const double var = m->in_sq - m->in_tok * m->in_tok + 0.5 * rate * met_s * m->in_sq;
    const double after = beside * (0.5 + 0.5 * fmax(1.0 - tokens / room, 0.0));
    const double steps = 1.0 + left / room + further_steps(tokens, var, room);
    const double prompt_step_s = plain_s + met_by_prompts_s(m, k, m->in_tok);
    return (struct first_token){.all_s = 0.5 * met_s + a * (tokens + left + after) + steps * prompt_step_s,
                                .met_s = met_s,
                                .alone_s = m->prompt + m->own_steps * prompt_step_s};
}

static void add_first_token(struct first_token *sum, struct first_token part, double share)
{
    sum->all_s += share * part.all_s;
    sum->met_s += share * part.met_s;
    sum->alone_s += share * part.alone_s;
}

/* Mean over what arrivals meet, but for the wait for a place. */
static struct first_token first_token_of(const struct mix *m, double rate, const struct crowd *c)
{
    const double room = room_of(m, c->running);
    const struct prompts n = prompts_of(m, room);
    const double alone_s = m->lone, lone_s = m->lone;
    struct first_token sum = {.all_s = c->meet_idle * alone_s, .alone_s = c->meet_idle * alone_s};
    add_first_token(&sum,
                    m->decodes > 0.0 ? (struct first_token){0.5 * lone_s + alone_s, lone_s, alone_s}
                                     : first_token(m, &n, rate, 0.0),
                    c->meet_prompt);
    for (uint32_t i = 0; i < c->n; i++) {
        add_first_token(&sum, first_token(m, &n, rate, c->count[i]), c->meet[i]);
    }
    return sum;
}

/* --- the whole ---------------------------------------------------------------------------------- */

static void fill_times(const struct mix *m, double rate, const struct crowd *c,
                       struct gw_serving_estimate *out)
{
    const struct first_token first = first_token_of(m, rate, c);
    out->wait_frac = c->wait_frac;
    out->wait_s = c->waiting / rate;
    out->ttft_s = first.all_s + out->wait_s;
    out->met_frac = 1.0 - c->meet_idle;
    out->met_s = out->met_frac > 0.0 ? first.met_s / out->met_frac : 0.0;
    out->alone_s = first.alone_s;
    out->prompt_s = m->prompt;
    out->itl_s = m->decodes > 0.0 ? c->running / (rate * m->decodes) : 0.0;
    out->e2e_s = out->ttft_s + m->decodes * out->itl_s;
    out->jitter_s2_per_s = rate * m->prompt_tok_s * m->prompt_tok_s * m->in_sq;
    out->lump_s = m->prompt_tok_s * m->in_sq / m->in_tok;
    out->room_tok = room_of(m, c->running);
    out->plain_s = step_of(m, c->running) + c->running * m->seq;
    out->step_s = out->plain_s / (1.0 - rate * m->prompt);
}

static double within(double rate, double capacity)
{
    /* beyond capacity the engine works as just below it; an unused one as for a first request */
    return fmin(fmax(rate, 1e-6 * capacity), most_load * capacity);
}

void gw_serving_estimate_state(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load,
                               struct gw_serving_estimate *out)
{
    GW_REQUIRE(load->rate_per_s >= 0.0);
    GW_REQUIRE(load->in_tok >= 1.0);
    GW_REQUIRE(load->out_tok >= 1.0);

    const struct mix m = mix_of(cfg, load);
    const double capacity = 1.0 / full_cost_s(&m);
    const double rate = within(load->rate_per_s, capacity);
    const struct crowd c = crowd_of(&m, rate);
    const double busy = busy_w(cfg, &m, rate, &c);
    const bool used = load->rate_per_s > 0.0;

    *out = (struct gw_serving_estimate){
        .stable = load->rate_per_s < capacity,
        .utilisation = load->rate_per_s / capacity,
        .batch = c.running / (1.0 - c.idle),
        .itl_s = INFINITY,
        .ttft_s = INFINITY,
        .e2e_s = INFINITY,
        .power_w = used ? c.idle * idle_w(cfg) + busy : idle_w(cfg),
        .busy_frac = used ? 1.0 - c.idle : 0.0,
        .request_j = busy / rate,
        .marginal_j = NAN,
    };
    if (out->stable) {
        fill_times(&m, rate, &c, out);
    }
}

double gw_serving_marginal_j(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load)
{
    const struct mix m = mix_of(cfg, load);
    const double capacity = 1.0 / full_cost_s(&m);
    return slope_j(cfg, &m, within(load->rate_per_s, capacity), capacity);
}

void gw_serving_estimate(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load,
                         struct gw_serving_estimate *out)
{
    gw_serving_estimate_state(cfg, load, out);
    out->marginal_j = gw_serving_marginal_j(cfg, load);
}
