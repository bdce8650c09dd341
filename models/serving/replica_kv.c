/* KV blocks over time: in step i of a regime (the first is 0) the sequences counted in phase[edge - i] have
 * taken one more, for good, and the same ones again a round of block_tok steps later.
 *
 *   sum over steps of held x duration = held(0) D(k) + sum over blocks taken in step i of (D(k) - D(i))
 *
 * with D(i) = first i + growth i (i - 1) / 2 the time before step i. The i of one phase are an arithmetic
 * progression, so that their sums need only the moments of the phases: a loop over block_tok, however long
 * the regime. */
#include "models/serving/replica_private.h"

/* Sequences by the step p (1..block_tok) in which they first take a block: their number, sum of p, of p^2. */
struct moments {
    int64_t n, p, p2;
};

/* Blocks taken in p, p + block_tok, ... `terms` times each: how many, and the sum of D over them. */
struct taken {
    double blocks, ticks;
};

static struct taken taken_in(const struct gw_replica *self, const struct moments *m, int64_t terms)
{
    const double first = (double)self->ramp.first, half_growth = 0.5 * (double)self->ramp.growth;
    const double t = (double)terms, b = (double)self->block_tok;
    const double n = (double)m->n, p = (double)m->p, p2 = (double)m->p2;
    const double pairs = t * (t - 1.0) / 2.0;
    const double sum_i = t * p + n * b * pairs;
    const double sum_i2 = t * p2 + 2.0 * b * pairs * p + n * b * b * pairs * (2.0 * t - 1.0) / 3.0;
    return (struct taken){t * n, (first - half_growth) * sum_i + half_growth * sum_i2};
}

/* Of the phases that come up in steps from..to; `edge` is that of step from - 1 and moves along. */
static struct moments moments_of(const struct gw_replica *self, uint32_t *edge, int64_t from, int64_t to)
{
    struct moments m = {0};
    for (int64_t p = from; p <= to; p++) {
        *edge = (*edge == 0 ? self->block_tok : *edge) - 1;
        const int64_t n = self->phase[*edge];
        m.n += n;
        m.p += n * p;
        m.p2 += n * p * p;
    }
    return m;
}

struct gw_replica_kv gw_replica_kv_over(const struct gw_replica *self, int64_t k)
{
    const int64_t held = self->cfg->kv_blocks - self->free_blocks;
    const double span = (double)gw_step_time_sum(&self->ramp, k);
    struct gw_replica_kv out = {(double)held * span, held};
    if (k == 1) {
        return out;
    }

    /* steps are numbered by 32 bits */
    const int64_t rounds = (uint32_t)(k - 1) / self->block_tok, rest = (uint32_t)(k - 1) % self->block_tok;
    uint32_t edge = self->edge;
    const struct moments early = moments_of(self, &edge, 1, rest);
    struct taken taken = taken_in(self, &early, rounds + 1);
    if (rounds > 0) {
        const struct moments late = moments_of(self, &edge, rest + 1, self->block_tok);
        const struct taken more = taken_in(self, &late, rounds);
        taken.blocks += more.blocks;
        taken.ticks += more.ticks;
    }
    out.block_ticks += taken.blocks * span - taken.ticks;
    out.last += (int64_t)taken.blocks;
    return out;
}
