#include "models/hardware/technique.h"

#include <math.h>
#include <stdbool.h>

#define NUM(name, min_, max_)                                                                                \
    static const struct gw_type name = {                                                                     \
        .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = min_, .max = max_}

NUM(factor, 0.01, 10.0);
NUM(drafted, 0.0, 32.0);
NUM(probability, 0.0, 0.99);
NUM(cost, 0.0, 1.0);
NUM(quality, 0.0, 1.1);

const char *const gw_technique_kind_names[] = {"weights",      "cache",    "sparsity",
                                               "distillation", "decoding", NULL};
_Static_assert(sizeof gw_technique_kind_names / sizeof gw_technique_kind_names[0] == GW_TECHNIQUE_KINDS + 1,
               "a name for each kind");

static const struct gw_type kind = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_technique_kind_names};
static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};

#define F(field, type, def, doc) GW_FIELD(struct gw_technique, field, type, def, doc, NULL)
static const struct gw_field technique_fields[] = {
    F(name, &text, "~", "Key in the catalogue"),
    F(title, &text, NULL, "Name for people"),
    F(kind, &kind, NULL, "What it changes; two of one kind exclude each other"),
    F(params, &factor, "1", "Weights with it over weights without"),
    F(layers, &factor, "1", "Layers with it over layers without"),
    F(weight_bytes, &factor, "1", "Bytes of a weight over those without"),
    F(kv_bytes, &factor, "1", "Bytes of a cached key or value over those without"),
    F(arithmetic, &factor, "1", "Time of the products with weights, at the peak rate, over that without"),
    F(decode_time, &factor, "1", "Time of a decode step over what its causes add up to"),
    F(power, &factor, "1", "Power above loaded idle over that without"),
    F(draft_tokens, &drafted, "0", "Tokens drafted before each step of the model"),
    F(accept, &probability, "0", "Probability that a drafted token is accepted"),
    F(draft_cost, &cost, "0", "Time of drafting a token over a step of the model"),
    F(quality, &text, NULL, "What was published on quality, in words"),
    F(quality_frac, &quality, "1", "Quality over that of the model without it"),
    GW_FIELD_END,
};
#undef F

const struct gw_type gw_technique_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_technique),
    .of = technique_fields,
    .doc = "One way to serve a model with fewer bytes, less arithmetic or fewer steps",
};

static double tokens_per_step(double g, double a)
{
    return (1.0 - pow(a, g + 1.0)) / (1.0 - a);
}

struct gw_technique_effect gw_technique_compose(const struct gw_technique *const *list, uint32_t n)
{
    struct gw_technique_effect e = {
        .params = 1.0,
        .layers = 1.0,
        .weight_bytes = 1.0,
        .kv_bytes = 1.0,
        .arithmetic = 1.0,
        .decode_time = 1.0,
        .power = 1.0,
        .quality_frac = 1.0,
        .tokens_per_step = 1.0,
        .step_time = 1.0,
        .verified = 1.0,
    };
    for (uint32_t i = 0; i < n; i++) {
        const struct gw_technique *t = list[i];
        e.params *= t->params;
        e.layers *= t->layers;
        e.weight_bytes *= t->weight_bytes;
        e.kv_bytes *= t->kv_bytes;
        e.arithmetic *= t->arithmetic;
        e.decode_time *= t->decode_time;
        e.power *= t->power;
        e.quality_frac *= t->quality_frac;
        if (t->draft_tokens > 0.0) {
            e.tokens_per_step *= tokens_per_step(t->draft_tokens, t->accept);
            e.step_time *= 1.0 + t->draft_tokens * t->draft_cost;
            e.verified *= t->draft_tokens + 1.0;
            e.draft_tokens = t->draft_tokens;
            e.accept = t->accept;
        }
    }
    return e;
}

uint32_t gw_technique_clash(const struct gw_technique *const *list, uint32_t n)
{
    bool seen[GW_TECHNIQUE_KINDS] = {false};
    for (uint32_t i = 0; i < n; i++) {
        if (seen[list[i]->kind]) {
            return i;
        }
        seen[list[i]->kind] = true;
    }
    return n;
}
