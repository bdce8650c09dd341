#include "models/hardware/hardware.h"

#include <math.h>
#include <string.h>

#include "models/hardware/llm_shape.h"

#define NUM(name, unit_, min_, max_)                                                                         \
    static const struct gw_type name = {                                                                     \
        .kind = GW_NUM, .size = sizeof(double), .unit = unit_, .min = min_, .max = max_}
#define INT(name, min_, max_)                                                                                \
    static const struct gw_type name = {.kind = GW_INT, .size = sizeof(int64_t), .min = min_, .max = max_}

NUM(watts, "W", 0.0, 50e3); /* a wafer with its system draws 23 kW */
NUM(positive_watts, "W", 1.0, 50e3);
NUM(megahertz, "MHz", 1.0, 1e5);
NUM(gigabytes, "GB", 0.0, 10e3);
NUM(positive_gigabytes, "GB", 1.0, 10e3);
NUM(gigabytes_per_s, "GB/s", 1e-3, 1e9);
NUM(seconds, "s", 0, 1e6);
NUM(tflops, "TFLOPS", 0.1, 1e6);
NUM(tflops_or_none, "TFLOPS", 0.0, 1e6);
NUM(kg_co2, "kg", 0.0, 1e5);
NUM(fraction, "1", 0.0, 1.0);
NUM(positive_fraction, "1", 0.01, 1.0);
NUM(prefix_frac, "1", 0.0, 0.9);
NUM(cap_exponent, "1", 1.0, 20.0);
NUM(weights, "1", 1e6, 1e14);
NUM(bytes, "B", 0.1, 8.0);
NUM(microseconds, "us", 0.0, 1e6);
NUM(milliseconds, "ms", 0.0, 60e3);
NUM(patience_ms, "ms", 0.0, 86400e3);
NUM(inverse_efficiency, "1", 0.01, 100.0);
NUM(efficiency, "1", 0.01, 1.0);
INT(small_count, 1, 1024);
INT(layers, 1, 10000);
INT(width, 1, 1000000);
INT(heads, 1, 10000);
NUM(weights_of_a_part, "1", 1e3, 1e12);
INT(none_or_width, 0, 10000000);
INT(matrices, 2, 3);
INT(seqs, 1, 1 << 20);
INT(block, 1, 64);

static const struct gw_type flag = {.kind = GW_BOOL, .size = sizeof(bool)};
static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};

/* Rows that every entry has. */
#define NAME(type)  GW_FIELD(type, name, &text, "~", "Key in the catalogue", NULL)
#define TITLE(type) GW_FIELD(type, title, &text, NULL, "Name for people", NULL)

/* --- accelerators ------------------------------------------------------------------------------- */

static const struct gw_type power_law = {
    .kind = GW_NAMED,
    .size = sizeof(struct gw_named),
    .key = "law",
    .named = gw_power_law_type,
    .names = gw_power_law_names,
};

#define A struct gw_accelerator
static const struct gw_field accelerator_fields[] = {
    NAME(A),
    TITLE(A),
    GW_FIELD(A, tdp_w, &positive_watts, NULL, "Power limit as delivered", NULL),
    GW_FIELD(A, idle_w, &watts, NULL, "Power with nothing loaded", NULL),
    GW_FIELD(A, loaded_idle_w, &watts, NULL, "Power with a model in memory and no step running", NULL),
    GW_FIELD(A, memory_gb, &positive_gigabytes, NULL, "Device memory", NULL),
    GW_FIELD(A, bandwidth_gb_per_s, &gigabytes_per_s, NULL, "Peak memory bandwidth", NULL),
    GW_FIELD(A, dense_tflops, &tflops, NULL, "Peak BF16 or FP16 rate without sparsity", NULL),
    GW_FIELD(A, fp8_tflops, &tflops_or_none, "0 TFLOPS",
             "Peak FP8 rate without sparsity; 0: such products run at dense_tflops", NULL),
    GW_FIELD(A, power, &power_law, NULL, "Power while working", NULL),
    GW_FIELD(A, clock_mhz, &megahertz, "~", "Highest clock, of which a locked clock is a part", NULL),
    GW_FIELD_AS(A, "cap_curve", cap.curve, &gw_power_cap_curve, "~",
                "Measured power and speed under caps, from the lowest; (1, 1) follows the last", NULL),
    GW_FIELD_AS(A, "cap_static_frac", cap.static_frac, &fraction, "0.41",
                "Without a curve: share of power that lowering clocks does not touch", "zeus-nsdi23"),
    GW_FIELD_AS(A, "cap_exponent", cap.exponent, &cap_exponent, "4.9",
                "Without a curve: exponent of the rest of the power over speed", "zeus-nsdi23"),
    GW_FIELD(A, hardwired_llm, &text, "~",
             "The only model it can run, whose weights are its wires: they need neither memory nor bandwidth",
             NULL),
    GW_FIELD(A, embodied_kgco2, &kg_co2, "~", "Carbon of making one", NULL),
    GW_FIELD_END,
};
#undef A

static void accelerator_check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_accelerator *a = object;
    if (a->loaded_idle_w < a->idle_w) {
        gw_bind_fail(bind, at, "loaded_idle_w", "%g W is below idle_w %g W", a->loaded_idle_w, a->idle_w);
    }
    if (a->loaded_idle_w > a->tdp_w) {
        gw_bind_fail(bind, at, "loaded_idle_w", "%g W is above tdp_w %g W", a->loaded_idle_w, a->tdp_w);
    }
    if (a->cap.static_frac >= 1.0) {
        gw_bind_fail(bind, at, "cap_static_frac", "must be below 1, or no cap could slow anything");
    }
    const uint32_t i = gw_power_cap_out_of_order(&a->cap);
    if (i < a->cap.curve.n) {
        gw_bind_fail(bind, at, "cap_curve", "point %u does not rise above the one before it in both", i + 1);
    }
}

const struct gw_type gw_accelerator_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_accelerator),
    .of = accelerator_fields,
    .check = accelerator_check,
    .doc = "One accelerator: limits, memory, arithmetic, power",
};

/* --- nodes -------------------------------------------------------------------------------------- */

static const struct gw_type accelerator_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_accelerator), .of = "accelerator"};

#define M struct gw_machine
static const struct gw_field machine_fields[] = {
    NAME(M),
    TITLE(M),
    GW_FIELD(M, accelerator, &accelerator_ref, NULL, "What it holds", NULL),
    GW_FIELD(M, count, &small_count, NULL, "Accelerators in the node", NULL),
    GW_FIELD(M, host_idle_w, &watts, NULL, "Power of all but the accelerators, on and idle", NULL),
    GW_FIELD(M, host_dynamic_frac, &fraction, NULL,
             "Further host power (fans, processors, network) per accelerator power above idle", NULL),
    GW_FIELD(M, psu_efficiency, &positive_fraction, NULL,
             "Power delivered to the node over power drawn at the wall", NULL),
    GW_FIELD(M, sleep_w, &watts, NULL, "Power of the sleeping node at the wall", NULL),
    GW_FIELD(M, off_w, &watts, NULL, "Power of the switched-off node at the wall", NULL),
    GW_FIELD(M, load_gb_per_s, &gigabytes_per_s, "1.7 GB/s",
             "Rate at which the weights of a starting replica come into its accelerators",
             "serverlessllm-2024"),
    GW_FIELD(M, wake_s, &seconds, "30 s", "From asleep to on", "round number"),
    GW_FIELD(M, boot_s, &seconds, "5 min", "From switched off to on", "round number"),
    GW_FIELD_END,
};
#undef M

const struct gw_type gw_machine_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_machine),
    .of = machine_fields,
    .doc = "One node: accelerators and the host around them",
};

/* --- llms --------------------------------------------------------------------------------------- */

#define L struct gw_llm
static const struct gw_field llm_fields[] = {
    NAME(L),
    TITLE(L),
    GW_FIELD(L, params, &weights, NULL, "Number of weights", NULL),
    GW_FIELD(L, active_params, &weights, NULL,
             "Weights a token passes through: fewer than all in a mixture of experts", NULL),
    GW_FIELD(L, layers, &layers, NULL, "Transformer layers", NULL),
    GW_FIELD(L, hidden, &width, NULL, "Width of the residual stream", NULL),
    GW_FIELD(L, kv_heads, &heads, NULL, "Heads whose keys and values are cached", NULL),
    GW_FIELD(L, head_dim, &width, NULL, "Width of one head", NULL),
    GW_FIELD(L, bytes_per_weight, &bytes, "2", "Bytes of a weight in memory", "BF16"),
    GW_FIELD(L, bytes_per_kv, &bytes, "2", "Bytes of a cached key or value", "BF16"),
    GW_FIELD(
        L, fp8_frac, &fraction, "0",
        "Share of the arithmetic with weights whose both factors are FP8 where an accelerator has units for "
        "it",
        NULL),
    GW_FIELD(L, kv_latent, &none_or_width, "0",
             "Values cached per token and layer where keys and values are compressed; 0: whole heads", NULL),
    GW_FIELD(L, experts, &heads, "1", "Experts per layer that tokens are routed to; 1: a dense model", NULL),
    GW_FIELD(L, window_layers, &none_or_width, "0", "Layers with sliding-window attention", NULL),
    GW_FIELD(L, window_tok, &none_or_width, "0", "Tokens that such a layer attends to, the last ones", NULL),
    GW_FIELD_AS(L, "experts_per_token", top_experts, &heads, "1", "Of them those a token passes through",
                NULL),
    GW_FIELD_AS(L, "heads", shape.heads, &none_or_width, "0",
                "Heads of queries; with the widths below the weights are counted and compared with params",
                NULL),
    GW_FIELD_AS(L, "attention_params", shape.attention_params, &weights_of_a_part, "~",
                "Weights of the attention of one layer where heads do not tell them", NULL),
    GW_FIELD_AS(L, "ffn", shape.ffn, &none_or_width, "0", "Width of a dense feed-forward part", NULL),
    GW_FIELD_AS(L, "ffn_matrices", shape.ffn_matrices, &matrices, "3",
                "Matrices of a feed-forward part: 3 when gated, else 2", "gated"),
    GW_FIELD_AS(L, "dense_layers", shape.dense_layers, &none_or_width, "0",
                "Layers without experts at the beginning of a mixture of experts", NULL),
    GW_FIELD_AS(L, "expert_ffn", shape.expert_ffn, &none_or_width, "0", "Width of one expert", NULL),
    GW_FIELD_AS(L, "shared_experts", shape.shared_experts, &none_or_width, "0",
                "Experts of a layer that every token passes through", NULL),
    GW_FIELD_AS(L, "vocab", shape.vocab, &none_or_width, "0", "Words of the vocabulary", NULL),
    GW_FIELD_AS(L, "tied", shape.tied, &flag, "false", "One matrix serves as input and output embedding",
                NULL),
    GW_FIELD_END,
};
#undef L

/* Norms, biases and positions are not counted. */
static const double params_rtol = 0.02;

static void llm_check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_llm *l = object;
    if (l->active_params > l->params) {
        gw_bind_fail(bind, at, "active_params", "%g is above params %g", l->active_params, l->params);
    }
    if (l->window_layers > l->layers) {
        gw_bind_fail(bind, at, "window_layers", "%lld of %lld layers", (long long)l->window_layers,
                     (long long)l->layers);
    }
    if ((l->window_layers > 0) != (l->window_tok > 0)) {
        gw_bind_fail(bind, at, "window_tok", "%lld tokens in %lld window_layers: both or neither",
                     (long long)l->window_tok, (long long)l->window_layers);
    }
    if (l->top_experts > l->experts) {
        gw_bind_fail(bind, at, "experts_per_token", "%lld of %lld experts", (long long)l->top_experts,
                     (long long)l->experts);
    }
    if (l->experts > l->top_experts && l->active_params == l->params) {
        gw_bind_fail(bind, at, "active_params",
                     "equals params, but a token passes through %lld of %lld experts",
                     (long long)l->top_experts, (long long)l->experts);
    }
    struct gw_llm_count count;
    if (gw_llm_shape_count(l, &count) && fabs(count.total / l->params - 1.0) > params_rtol) {
        gw_bind_fail(bind, at, "params", "%g, but the shape of the model has %.4g weights", l->params,
                     count.total);
    }
}

const struct gw_type gw_llm_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_llm),
    .of = llm_fields,
    .check = llm_check,
    .doc = "One language model: its size and shape",
};

/* --- engines ------------------------------------------------------------------------------------ */

const char *const gw_fit_quality_names[] = {"measured", "transferred", NULL};
static const struct gw_type quality = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_fit_quality_names};

#define E struct gw_engine_fit
static const struct gw_field fit_fields[] = {
    GW_FIELD(E, step_us, &microseconds, NULL, "Fixed time of a step", NULL),
    GW_FIELD(E, layer_us, &microseconds, NULL, "Further time of a step per layer", NULL),
    GW_FIELD(E, layer_parallel_us, &microseconds, NULL,
             "Further time of a step per layer when a model is spread over accelerators", NULL),
    GW_FIELD(E, seq_us, &microseconds, NULL, "Time of a step per running sequence", NULL),
    GW_FIELD(E, weight_inv_eff, &inverse_efficiency, NULL,
             "Time to read the weights over the time at peak bandwidth", NULL),
    GW_FIELD(E, kv_inv_eff, &inverse_efficiency, NULL,
             "Time to read keys and values over the time at peak bandwidth", NULL),
    GW_FIELD(E, decode_flop_inv_eff, &inverse_efficiency, NULL,
             "Time of the decode arithmetic over the time at the peak rate", NULL),
    GW_FIELD(E, prompt_flop_eff, &efficiency, NULL, "Rate of the prompt arithmetic over the peak rate", NULL),
    GW_FIELD(E, quality, &quality, NULL, "Whether the set was fitted to measurements on this accelerator",
             NULL),
    GW_FIELD_END,
};
#undef E
static const struct gw_type fit_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_engine_fit),
    .of = fit_fields,
    .doc = "Overheads and efficiencies of the engine on one accelerator",
};
static const struct gw_type fits = {
    .kind = GW_MAP, .size = sizeof(struct gw_names), .min = 1.0, .max = 256.0, .of = &fit_type};

const char *const gw_admission_names[] = {"fcfs", "priority", "shortest-first", NULL};
static const struct gw_type admission = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_admission_names};

#define E struct gw_engine
static const struct gw_field engine_fields[] = {
    NAME(E),
    TITLE(E),
    GW_FIELD(E, max_seqs, &seqs, NULL, "Sequences in the engine at once", NULL),
    GW_FIELD(E, token_budget, &seqs, NULL, "Tokens a step may process: running sequences and prompt chunks",
             NULL),
    GW_FIELD(E, block_tok, &block, NULL, "Tokens in a block of the KV cache", NULL),
    GW_FIELD(E, memory_frac, &positive_fraction, NULL, "Share of the device memory the engine may use", NULL),
    GW_FIELD(E, activation_gb, &gigabytes, NULL,
             "Memory per accelerator that neither weights nor KV cache can use", NULL),
    GW_FIELD(E, api_ms, &milliseconds, NULL, "Time a request needs before it reaches the scheduler", NULL),
    GW_FIELD(E, api_us_per_tok, &microseconds, NULL, "Time a token needs on its way back to the user", NULL),
    GW_FIELD(E, start_s, &seconds, "30 s",
             "From weights in memory to the first request: memory is reserved, graphs are captured",
             "round number"),
    GW_FIELD(E, admission, &admission, "fcfs", "Who of those that wait is admitted first", NULL),
    GW_FIELD(E, priority_ms, &patience_ms, "60 s",
             "With admission priority: waiting that one level of priority makes up for", "round number"),
    GW_FIELD(E, length_ms, &milliseconds, "10 ms",
             "With admission shortest-first: waiting that one prompt token costs", "round number"),
    GW_FIELD(E, stage_us, &microseconds, "100 us",
             "With pipeline_parallel: time per stage and step to hand the activations on", "round number"),
    GW_FIELD(
        E, prefix_frac, &prefix_frac, "0",
        "Share of the KV memory that holds prefixes of earlier prompts, the least recently used goes first",
        NULL),
    GW_FIELD(E, prefix_unit_tok, &seqs, "16", "Tokens of a prefix that are found or missed together", NULL),
    GW_FIELD(E, fits, &fits, NULL, "Accelerator to the step-time coefficients on it", NULL),
    GW_FIELD_END,
};
#undef E

static void engine_check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_engine *e = object;
    if (e->max_seqs > e->token_budget) {
        gw_bind_fail(bind, at, "max_seqs", "%lld sequences need one token each, but token_budget is %lld",
                     (long long)e->max_seqs, (long long)e->token_budget);
    }
}

const struct gw_type gw_engine_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_engine),
    .of = engine_fields,
    .check = engine_check,
    .doc = "One serving engine: limits, memory, and its speed on accelerators",
};

const struct gw_engine_fit *gw_engine_fit_for(const struct gw_engine *engine,
                                              const struct gw_accelerator *accelerator)
{
    const struct gw_engine_fit *fit = engine->fits.at;
    for (uint32_t i = 0; i < engine->fits.n; i++) {
        if (strcmp(engine->fits.key[i], accelerator->name) == 0) {
            return &fit[i];
        }
    }
    return NULL;
}
