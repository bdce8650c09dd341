/* Energy: of regimes, of requests and of classes, without a loop over sequences.
 *
 * A step's energy is shared by the tokens it processes, and each decoding sequence processes one, so all of
 * them receive the same. `integral_j` is what one decoding sequence has received so far; what a particular
 * one has received is a difference of it, and what a class has received is offset_j + decoding * integral_j,
 * where the offset is lowered by the integral when a sequence joins and raised when it leaves. */
#include "models/serving/replica_private.h"

/* The integral starts again from 0 before its rounding could show in a request's energy (2^-37 J at this
 * size). */
static const double integral_limit_j = 4096.0;

static void restart_integral(struct gw_replica *self)
{
    for (uint32_t i = 0; i < self->finish.n; i++) {
        self->slot[gw_finish_heap_slot(self->finish.key[i])].energy_j += self->integral_j;
    }
    for (uint32_t i = 0; i < self->classes; i++) {
        self->class[i].offset_j += (double)self->class[i].decoding * self->integral_j;
    }
    self->integral_j = 0.0;
}

void gw_replica_meter_join(struct gw_replica *self, struct gw_replica_slot *s)
{
    struct gw_replica_class *class = &self->class[s->class];
    if (self->load.batch == 0) {
        self->integral_j = 0.0;
    }
    s->energy_j -= self->integral_j;
    class->offset_j -= self->integral_j;
    class->decoding++;
}

void gw_replica_meter_leave(struct gw_replica *self, struct gw_replica_slot *s)
{
    struct gw_replica_class *class = &self->class[s->class];
    s->energy_j += self->integral_j;
    class->offset_j += self->integral_j;
    class->decoding--;
}

/* What the planned regime has done up to some instant. */
struct progress {
    gw_tick busy;
    double joules;
    double each_j; /* per token processed */
};

/* Tokens that a step processes of each decoding sequence, and of all. */
static int64_t verified_tok(const struct gw_replica *self)
{
    return 1 + self->cfg->drafts.tokens;
}

static double tokens_per_step(const struct gw_replica *self, const struct gw_step_load *load)
{
    return (double)(load->batch * verified_tok(self) + load->prompt_tok);
}

static struct progress whole_regime(const struct gw_replica *self)
{
    const double joules = gw_step_power_ramp_j(&self->cfg->power, &self->ramp, &self->load, self->steps);
    return (struct progress){self->due - self->start, joules, joules / tokens_per_step(self, &self->load)};
}

void gw_replica_meter_commit(struct gw_replica *self)
{
    const struct gw_step_load *load = &self->load;
    struct gw_replica_counts *since = &self->since;
    const struct progress done = whole_regime(self);

    since->busy += done.busy;
    since->busy_j += done.joules;
    since->batch_ticks += (double)load->batch * (double)done.busy;
    since->prompt_tok += load->prompt_tok;
    since->out_tok +=
        gw_replica_drafts(self) ? 0 : load->batch * self->steps; /* drafts are counted as drawn */
    since->steps += self->steps;
    const struct gw_replica_kv kv = gw_replica_kv_over(self, self->steps);
    since->kv_block_ticks += kv.block_ticks;
    since->kv_blocks_peak = kv.last > since->kv_blocks_peak ? kv.last : since->kv_blocks_peak;

    uint32_t i = self->prompt_first;
    for (int64_t n = 0; n < load->prompts; n++) {
        struct gw_replica_slot *s = &self->slot[i];
        const double joules = (double)gw_replica_chunk(self, n, i) * done.each_j;
        s->energy_j += joules;
        self->class[s->class].offset_j += joules;
        i = s->next;
    }
    if (load->batch > 0) {
        self->integral_j += done.each_j * (double)verified_tok(self);
        if (self->integral_j > integral_limit_j) {
            restart_integral(self);
        }
    }
}

/* The steps of the planned regime that ended before `at`, as a load, and the step under way split linearly in
 * time. */
static struct progress regime_until(const struct gw_replica *self, gw_tick at, int64_t *ended)
{
    const struct gw_replica_cfg *cfg = self->cfg;
    const gw_tick span = at - self->start;
    *ended = 0;
    if (self->steps == 0 || span <= 0) {
        return (struct progress){0};
    }

    *ended = gw_step_time_until(&self->ramp, span, self->steps) - 1;
    struct gw_step_load load = self->load;
    double joules = *ended > 0 ? gw_step_power_steps_j(&cfg->power, &cfg->time, &load, *ended) : 0.0;
    load.context += *ended * load.batch;
    load.window += *ended * load.growing;
    const gw_tick before = gw_step_time_sum(&self->ramp, *ended);
    const gw_tick step = gw_step_time_sum(&self->ramp, *ended + 1) - before;
    const double part = (double)(span - before) / (double)step;
    joules += part * gw_step_power_steps_j(&cfg->power, &cfg->time, &load, 1);
    return (struct progress){span, joules, joules / tokens_per_step(self, &load)};
}

/* Adds to each class what it received up to `now` of the regime under way, and starts its next reading there.
 */
static void read_classes(struct gw_replica *self, const struct progress *now, double *class_j)
{
    const bool decodes = self->load.batch > 0;
    const double own_j = now->each_j * (double)verified_tok(self);
    const double integral_j = decodes ? self->integral_j + own_j : 0.0;
    for (uint32_t i = 0; i < self->classes; i++) {
        struct gw_replica_class *class = &self->class[i];
        const double decoding_j = (double)class->decoding * integral_j;
        class_j[i] += class->offset_j + decoding_j;
        class->offset_j = -decoding_j;
    }

    uint32_t i = self->prompt_first;
    for (int64_t n = 0; n < self->load.prompts; n++) {
        const struct gw_replica_slot *s = &self->slot[i];
        const double joules = (double)gw_replica_chunk(self, n, i) * now->each_j;
        class_j[s->class] += joules;
        self->class[s->class].offset_j -= joules;
        i = s->next;
    }
}

/* The blocks of the regime under way up to `at`, when `ended` of its steps are over. */
static struct gw_replica_kv kv_until(const struct gw_replica *self, gw_tick at, int64_t ended)
{
    const gw_tick span = at - self->start;
    if (self->steps == 0 || span <= 0) {
        return (struct gw_replica_kv){0};
    }
    const double before = ended > 0 ? gw_replica_kv_over(self, ended).block_ticks : 0.0;
    const int64_t held = gw_replica_kv_over(self, ended + 1).last;
    const gw_tick part = span - gw_step_time_sum(&self->ramp, ended);
    return (struct gw_replica_kv){before + (double)held * (double)part, held};
}

void gw_replica_meter(struct gw_replica *self, gw_tick at, struct gw_replica_meter *out, double *class_j)
{
    GW_REQUIRE(at <= self->due);
    GW_REQUIRE(at >= self->since.at);
    struct gw_replica_counts *since = &self->since;
    const struct gw_step_power *power = &self->cfg->power;

    int64_t ended;
    const struct progress now = regime_until(self, at, &ended);
    const double batch_ticks = (double)self->load.batch * (double)now.busy;
    const int64_t out_tok = self->load.batch * ended;
    const gw_tick busy = since->busy + now.busy;
    const struct gw_replica_kv kv = kv_until(self, at, ended);

    *out = (struct gw_replica_meter){
        .busy_j = since->busy_j + now.joules,
        .idle_j = power->idle_w * power->n_accelerators * gw_step_time_s(at - since->at - busy),
        .busy_s = gw_step_time_s(busy),
        .token_steps = (since->batch_ticks + batch_ticks) * gw_step_time_s(1),
        .prompt_tok = (uint64_t)since->prompt_tok,
        .out_tok = (uint64_t)(since->out_tok + out_tok),
        .cached_tok = (uint64_t)since->cached_tok,
        .steps = (uint64_t)(since->steps + ended),
        .events = (uint64_t)since->events,
        .preemptions = (uint64_t)since->preemptions,
        .kv_block_s = (since->kv_block_ticks + kv.block_ticks) * gw_step_time_s(1),
        .kv_blocks_peak = kv.last > since->kv_blocks_peak ? kv.last : since->kv_blocks_peak,
    };
    *since = (struct gw_replica_counts){
        .at = at,
        .busy = -now.busy,
        .busy_j = -now.joules,
        .batch_ticks = -batch_ticks,
        .out_tok = -out_tok,
        .steps = -ended,
        .kv_block_ticks = -kv.block_ticks,
    };
    read_classes(self, &now, class_j);
}
