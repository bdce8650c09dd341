#include "models/workload/sessions.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/workload/law.h"
#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

#define START_MASK ((UINT64_C(1) << GW_SESSIONS_TURN_SHIFT) - 1)

/* --- parameter tables --------------------------------------------------------------------------- */

struct kind_cfg {
    double turns, think_s, think_sigma;
    int64_t context_tok;
};

static const struct gw_type turns_type = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1, .max = 500};
static const struct gw_type seconds = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "s", .min = 0, .max = 86400};
static const struct gw_type spread = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 3};
static const struct gw_type tokens = {.kind = GW_INT, .size = sizeof(int64_t), .min = 2, .max = GW_LAW_MAX};

#define K struct kind_cfg
#define KIND(turns_def, turns_source, think_def, think_source)                                               \
    GW_FIELD(K, turns, &turns_type, turns_def, "Mean number of turns; geometric", turns_source),             \
        GW_FIELD_AS(K, "think", think_s, &seconds, think_def,                                                \
                    "Mean time between an answer and the next turn; lognormal", think_source),               \
        GW_FIELD(K, think_sigma, &spread, "1", "Standard deviation of its logarithm", "round number"),       \
        GW_FIELD_AS(K, "context", context_tok, &tokens, "16384",                                             \
                    "A session ends when prompt and answer would be longer", "round number"),                \
        GW_FIELD_END

static const struct gw_field chat_fields[] = {KIND("2.35", "wildchat-2024", "60 s", "round number")};
static const struct gw_field agent_fields[] = {KIND("12", "round number", "1.5 s", "round number")};
#undef KIND
#undef K

static const struct gw_type single_type = {.kind = GW_OBJ, .doc = "Every request is alone"};
static const struct gw_type chat_type = {.kind = GW_OBJ,
                                         .size = sizeof(struct kind_cfg),
                                         .of = chat_fields,
                                         .doc = "Users who read the answer and ask again"};
static const struct gw_type agent_type = {.kind = GW_OBJ,
                                          .size = sizeof(struct kind_cfg),
                                          .of = agent_fields,
                                          .doc = "Programs that call tools and go on"};

static const struct gw_type *kind_type(const char *name)
{
    return strcmp(name, "single") == 0  ? &single_type
           : strcmp(name, "chat") == 0  ? &chat_type
           : strcmp(name, "agent") == 0 ? &agent_type
                                        : NULL;
}

static const char *const *kind_names(void)
{
    static const char *const names[] = {"single", "chat", "agent", NULL};
    return names;
}

const struct gw_type gw_sessions_type = {.kind = GW_NAMED,
                                         .size = sizeof(struct gw_named),
                                         .key = "kind",
                                         .named = kind_type,
                                         .names = kind_names};

struct gw_sessions gw_sessions_of(const struct gw_named *named)
{
    if (named->type == &single_type) {
        return (struct gw_sessions){0};
    }
    const struct kind_cfg *cfg = named->cfg;
    return (struct gw_sessions){.turns = cfg->turns,
                                .think_s = cfg->think_s,
                                .think_sigma = cfg->think_sigma,
                                .context_tok = (uint32_t)cfg->context_tok};
}

/* --- what a session is -------------------------------------------------------------------------- */

uint32_t gw_sessions_turns(const struct gw_sessions *self, uint64_t first_request_key)
{
    if (self->turns <= 1.0) {
        return 1;
    }
    const double u = gw_rng_unit(gw_rng_draw(first_request_key, GW_DRAW_TURNS));
    const double more = floor(log1p(-u) / log1p(-1.0 / self->turns));
    return (uint32_t)fmin(1.0 + more, GW_SESSIONS_TURNS_MAX);
}

static gw_time_us think_us(const struct gw_sessions *self, uint64_t request_key)
{
    const double z = gsl_cdf_ugaussian_Pinv(gw_rng_unit(gw_rng_draw(request_key, GW_DRAW_THINK)) + 0x1p-54);
    const double sigma = self->think_sigma;
    return (gw_time_us)(self->think_s * exp(sigma * z - sigma * sigma / 2) * (double)GW_US_PER_S);
}

/* k, the turns before a request's own, is geometric with mean m - 1 and variance m (m - 1); each has left a
 * text and an answer in the context. */
void gw_sessions_prompt(const struct gw_sessions *self, const struct gw_length *prompt,
                        const struct gw_length *output, double *mean, double *mean_sq)
{
    const double before = self->turns > 1.0 ? self->turns - 1.0 : 0.0;
    const double both = prompt->mean + output->mean;
    const double var_prompt = prompt->mean_sq - prompt->mean * prompt->mean;
    const double var_both = var_prompt + output->mean_sq - output->mean * output->mean;
    *mean = prompt->mean + before * both;
    *mean_sq = var_prompt + before * var_both + before * (before + 1.0) * both * both + *mean * *mean;
}

/* --- source ------------------------------------------------------------------------------------- */

/* A turn that waits for its time. */
struct turn {
    gw_time_us t_us;
    uint64_t number;
    uint32_t context_tok; /* of the conversation before it */
};

struct sessions {
    struct gw_request_source public;
    struct gw_sessions cfg;
    gw_time_us end_us;
    struct gw_request_source *starts;
    struct gw_ask head; /* the next start, when it is known */
    bool has_head;
    struct turn *turn; /* a heap by (t_us, number) */
    size_t n, cap;
};

static bool before(const struct turn *a, const struct turn *b)
{
    return a->t_us < b->t_us || (a->t_us == b->t_us && a->number < b->number);
}

static bool push(struct sessions *self, struct turn turn)
{
    void *at = self->turn;
    if (!gw_array_reserve(&at, &self->cap, self->n + 1, sizeof *self->turn)) {
        return false;
    }
    self->turn = at;
    size_t i = self->n++;
    while (i > 0 && before(&turn, &self->turn[(i - 1) / 2])) {
        self->turn[i] = self->turn[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    self->turn[i] = turn;
    return true;
}

static struct turn pop(struct sessions *self)
{
    const struct turn first = self->turn[0], last = self->turn[--self->n];
    size_t i = 0;
    for (size_t child = 1; child < self->n; child = 2 * i + 1) {
        child += child + 1 < self->n && before(&self->turn[child + 1], &self->turn[child]);
        if (!before(&self->turn[child], &last)) {
            break;
        }
        self->turn[i] = self->turn[child];
        i = child;
    }
    self->turn[i] = last;
    return first;
}

static uint64_t key_of(const struct sessions *self, uint64_t number)
{
    return self->starts->ops->turn_key(self->starts, number & START_MASK,
                                       (uint32_t)(number >> GW_SESSIONS_TURN_SHIFT));
}

static uint32_t turns_of(const struct sessions *self, uint64_t number)
{
    return gw_sessions_turns(&self->cfg, key_of(self, number & START_MASK));
}

/* The name of the conversation; 0 would mean that there is none. */
static uint64_t prefix_of(const struct sessions *self, uint64_t number)
{
    return key_of(self, number & START_MASK) | 1;
}

/* The whole prompt is text of the session: the answer and later turns continue it. */
static void name_prefix(const struct sessions *self, struct gw_ask *ask)
{
    ask->prefix = prefix_of(self, ask->number);
    ask->prefix_tok = ask->in_tok;
}

static bool next(struct gw_request_source *source, gw_time_us until_us, struct gw_ask *out)
{
    struct sessions *self = (struct sessions *)source;
    if (!self->has_head) {
        self->has_head = gw_request_source_next(self->starts, until_us, &self->head);
    }
    const bool turn_first = self->n > 0 && (!self->has_head || self->turn[0].t_us < self->head.t_us);
    if (turn_first && self->turn[0].t_us < until_us) {
        const struct turn turn = pop(self);
        uint32_t in_tok, out_tok;
        self->starts->ops->turn_lengths(self->starts, turn.number & START_MASK, key_of(self, turn.number),
                                        &in_tok, &out_tok);
        *out = (struct gw_ask){.t_us = turn.t_us,
                               .number = turn.number,
                               .in_tok = turn.context_tok + in_tok,
                               .out_tok = out_tok};
    } else if (!turn_first && self->has_head && self->head.t_us < until_us) {
        *out = self->head;
        self->has_head = false;
        GW_REQUIRE(out->number >> GW_SESSIONS_TURN_SHIFT == 0);
    } else {
        return false;
    }
    name_prefix(self, out);
    return true;
}

static bool answered(struct gw_request_source *source, uint64_t number, uint32_t in_tok, uint32_t out_tok,
                     gw_time_us at_us, gw_time_us edge_us)
{
    struct sessions *self = (struct sessions *)source;
    const uint64_t turn = (number >> GW_SESSIONS_TURN_SHIFT) + 1;
    if (turn >= turns_of(self, number)) {
        return true;
    }
    const uint64_t next_number = turn << GW_SESSIONS_TURN_SHIFT | (number & START_MASK);
    const uint64_t key = key_of(self, next_number);
    uint32_t new_tok, answer_tok;
    self->starts->ops->turn_lengths(self->starts, number & START_MASK, key, &new_tok, &answer_tok);
    const uint64_t context_tok = (uint64_t)in_tok + out_tok;
    const gw_time_us wish_us = at_us + think_us(&self->cfg, key);
    const gw_time_us t_us = wish_us > edge_us ? wish_us : edge_us;
    if (context_tok + new_tok + answer_tok > self->cfg.context_tok || t_us >= self->end_us) {
        return true;
    }
    return push(self, (struct turn){t_us, next_number, (uint32_t)context_tok});
}

/* Sessions that have begun go on as they would. */
static void scale(struct gw_request_source *source, gw_time_us now_us, double to)
{
    struct sessions *self = (struct sessions *)source;
    self->starts->ops->scale(self->starts, now_us, to);
}

static void close(struct gw_request_source *source)
{
    struct sessions *self = (struct sessions *)source;
    gw_request_source_close(self->starts);
    free(self->turn);
}

/* --- law ---------------------------------------------------------------------------------------- */

static double expected(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us)
{
    const struct gw_sessions_cfg *cfg = self->of;
    return cfg->sessions.turns * gw_request_law_expected(&cfg->law, from_us, to_us);
}

static double peak_rate(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us)
{
    const struct gw_sessions_cfg *cfg = self->of;
    return cfg->sessions.turns * gw_request_law_peak_rate(&cfg->law, from_us, to_us);
}

static struct gw_request_source *open(const struct gw_request_law *law, gw_time_us end_us, uint64_t seed,
                                      uint32_t replication, const char *name, struct gw_arena *arena,
                                      struct gw_error *err)
{
    static const struct gw_request_source_ops ops = {
        .next = next, .answered = answered, .scale = scale, .close = close};
    const struct gw_sessions_cfg *cfg = law->of;
    struct sessions *self = gw_arena_array(arena, 1, sizeof *self);
    if (self == NULL) {
        (void)gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        return NULL;
    }
    self->starts = cfg->law.ops->open(&cfg->law, end_us, seed, replication, name, arena, err);
    if (self->starts == NULL) {
        return NULL;
    }
    self->public.ops = &ops;
    self->cfg = cfg->sessions;
    self->end_us = end_us;
    return &self->public;
}

struct gw_request_law gw_sessions_law(struct gw_sessions_cfg *cfg)
{
    static const struct gw_request_law_ops ops = {.expected = expected, .peak_rate = peak_rate, .open = open};
    GW_REQUIRE(cfg->sessions.turns >= 1.0);
    cfg->starts.rate_per_s /= cfg->sessions.turns;
    cfg->law = gw_arrivals_law(&cfg->starts);
    return (struct gw_request_law){.ops = &ops, .of = cfg};
}
