/* Seconds and tokens: decode steps, prompts, single sequences, layers, whole runs and the KV cache against
 * measurements. */
#include <math.h>

#include "models/serving/probe.h"
#include "sim/validate/mlenergy.h"
#include "sim/validate/validators.h"
#include "sim/validate/vllm_run.h"

static const char *const splitwise_source =
    "P. Patel et al., Splitwise, ISCA 2024: medians of its simulator's repository (MIT)";
static const char *const distserve_source =
    "Y. Zhong et al., DistServe, OSDI 2024: profiles of vLLM on A100 in its repository (Apache-2.0)";
static const char *const llmservingsim_source = "LLMServingSim: bench/examples of its repository (MIT)";
static const char *const blis_source = "BLIS: golden data sets of vLLM 0.15 on H100 (Apache-2.0)";

static void add(struct gw_validation *out, const char *group, const char *name, enum gw_validation_kind kind,
                double published, double ours, double tolerance, const char *unit, const char *source,
                const char *note)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = group,
                               .name = name,
                               .kind = kind,
                               .rule = GW_VALIDATION_REL,
                               .published = published,
                               .ours = ours,
                               .tolerance = tolerance,
                               .unit = unit,
                               .source = source,
                               .note = note,
                           });
}

struct mean {
    double sum, n;
};

/* A point of a table whose mean error is the criterion. */
static void add_point(struct gw_validation *out, struct mean *mean, const char *group, const char *name,
                      enum gw_validation_kind kind, double published, double ours, double tolerance,
                      const char *source)
{
    mean->sum += fabs(ours / published - 1.0);
    mean->n++;
    add(out, group, name, kind, published, ours, tolerance, "ms", source, NULL);
    if (!out->failed) {
        out->row[out->n - 1].detail = true;
    }
}

static void add_mean(struct gw_validation *out, const char *group, const char *name,
                     enum gw_validation_kind kind, const struct mean *mean, double at_most,
                     const char *source, const char *note)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = group,
                               .name = name,
                               .kind = kind,
                               .rule = GW_VALIDATION_AT_MOST,
                               .published = at_most,
                               .ours = mean->sum / mean->n,
                               .unit = "1",
                               .source = source,
                               .note = note,
                           });
}

static struct gw_serving_setup setup_of(struct gw_validation *out, const char *llm, const char *node,
                                        int tensor_parallel, const char *engine)
{
    return (struct gw_serving_setup){.llm = gw_validation_entry(out, "llm", llm),
                                     .engine = gw_validation_entry(out, "engine", engine),
                                     .node = gw_validation_entry(out, "node", node),
                                     .tensor_parallel = tensor_parallel,
                                     .cap_w = INFINITY};
}

/* Milliseconds of a step; NaN when the replica cannot be. */
static double step_ms(const struct gw_serving_setup *setup, int64_t batch, int64_t context, int64_t prompt)
{
    const struct gw_probe_point point = {.batch = batch, .context_tok = context, .prompt_tok = prompt};
    struct gw_probe p;
    return gw_probe_step(setup, &point, &p, NULL) == GW_OK ? 1e3 * p.step_s : NAN;
}

/* ---- decode steps of vLLM ---- */

static void add_decode(struct gw_validation *out, const struct gw_mlenergy_table *table, double at_most,
                       const char *group)
{
    struct mean mean[GW_VALIDATION_KINDS] = {{0}};
    for (size_t i = 0; i < table->n; i++) {
        const struct gw_mlenergy_row *row = &table->row[i];
        if (!(row->itl_ms > 0.0)) {
            continue;
        }
        const struct gw_serving_setup setup =
            setup_of(out, row->llm, table->node, row->tensor_parallel, "vllm-0.15");
        add_point(out, &mean[row->kind], group,
                  gw_validation_text(out, "%s, %d of %s, batch %d", row->llm, row->tensor_parallel,
                                     table->node, row->batch),
                  row->kind, row->itl_ms, step_ms(&setup, row->batch, (int64_t)gw_mlenergy_context(row), 0),
                  at_most, gw_mlenergy_source);
    }
    add_mean(out, group, "mean relative error, dense models in BF16", GW_VALIDATION_FITTED,
             &mean[GW_VALIDATION_FITTED], at_most, gw_mlenergy_source,
             "median times between tokens; small models on B200 leave its CUDA graphs above a batch of 128");
    add_mean(out, group, "mean relative error, FP8 and mixtures of experts", GW_VALIDATION_PREDICTED,
             &mean[GW_VALIDATION_PREDICTED], at_most, gw_mlenergy_source, NULL);
}

/* Batch over throughput is a mean step with the prompts of those that follow between its tokens, which flow
 * mode has to reach: with B sequences of m tokens B / m prompts come in each step. Chosen by none of these
 * rows. */
static void add_mean_steps(struct gw_validation *out, const struct gw_mlenergy_table *table, double at_most,
                           const char *group)
{
    struct mean mean[GW_VALIDATION_KINDS] = {{0}};
    for (size_t i = 0; i < table->n; i++) {
        const struct gw_mlenergy_row *row = &table->row[i];
        const struct gw_serving_setup setup =
            setup_of(out, row->llm, table->node, row->tensor_parallel, "vllm-0.15");
        struct gw_serving_terms t;
        if (gw_serving_cfg_terms(&setup, &t, NULL) != GW_OK) {
            continue;
        }
        const double prompts_ms = 1e3 * row->batch / row->out_tok * GW_MLENERGY_PROMPT_TOK * t.prompt_s;
        add_point(out, &mean[row->kind], group,
                  gw_validation_text(out, "%s, %d of %s, batch %d", row->llm, row->tensor_parallel,
                                     table->node, row->batch),
                  GW_VALIDATION_PREDICTED, 1e3 * row->batch / row->tok_per_s,
                  step_ms(&setup, row->batch, (int64_t)gw_mlenergy_context(row), 0) + prompts_ms, at_most,
                  gw_mlenergy_source);
    }
    add_mean(out, group, "mean relative error, dense models in BF16", GW_VALIDATION_PREDICTED,
             &mean[GW_VALIDATION_FITTED], at_most, gw_mlenergy_source,
             "the runs whose median times chose the coefficients; their throughput chose none");
    add_mean(out, group, "mean relative error, FP8 and mixtures of experts", GW_VALIDATION_PREDICTED,
             &mean[GW_VALIDATION_PREDICTED], at_most, gw_mlenergy_source, NULL);
}

/* ---- Splitwise: prompts alone, and decoding ---- */

enum { PROMPTS = 5, BATCHES = 5 };
static const int prompt_tok[PROMPTS] = {512, 1024, 2048, 4096, 8192};
static const int decode_batch[BATCHES] = {1, 4, 16, 32, 64};
static const struct {
    const char *llm, *node;
    int tensor_parallel;
    double prompt_ms[PROMPTS], decode_ms[BATCHES]; /* 0: not measured */
} splitwise[] = {
    {"llama-2-70b", "a100x8", 2, {196.9, 377.1, 688.1, 1485, 2990}, {54.9, 60.5, 65.5, 72.2, 0}},
    {"llama-2-70b", "a100x8", 8, {94.3, 154.5, 274.2, 661, 1550}, {44.9, 45.8, 50.4, 53.0, 71.6}},
    {"bloom-176b", "a100x8", 8, {173.8, 289.2, 540.4, 1348, 3593}, {48.8, 51.0, 57.3, 65.4, 96.6}},
    {"llama-2-70b", "h100x8", 2, {83.8, 158.0, 310.3, 642.7, 1340}, {37.0, 40.0, 42.0, 52.3, 0}},
    {"llama-2-70b", "h100x8", 4, {59.6, 105.6, 200.7, 463.5, 953.6}, {29.7, 29.9, 32.8, 36.9, 52.4}},
    {"llama-2-70b", "h100x8", 8, {53.4, 77.9, 0, 0, 0}, {29.8, 31.8, 0, 0, 0}},
};

static const char prompts_group[] = "Prompts alone: Splitwise", decodes_group[] = "Decode steps: Splitwise";

static const char *splitwise_name(struct gw_validation *out, size_t i, int n, const char *what)
{
    return gw_validation_text(out, "%s, %d of %s, %d %s", splitwise[i].llm, splitwise[i].tensor_parallel,
                              splitwise[i].node, n, what);
}

static void add_prompts(struct gw_validation *out)
{
    struct mean mean = {0};
    for (size_t i = 0; i < sizeof splitwise / sizeof splitwise[0]; i++) {
        const struct gw_serving_setup setup = setup_of(out, splitwise[i].llm, splitwise[i].node,
                                                       splitwise[i].tensor_parallel, "splitwise-2023");
        for (size_t k = 0; k < PROMPTS && splitwise[i].prompt_ms[k] > 0.0; k++) {
            add_point(out, &mean, prompts_group, splitwise_name(out, i, prompt_tok[k], "tokens"),
                      GW_VALIDATION_FITTED, splitwise[i].prompt_ms[k], step_ms(&setup, 0, 0, prompt_tok[k]),
                      0.10, splitwise_source);
        }
    }
    add_mean(out, prompts_group, "mean relative error", GW_VALIDATION_FITTED, &mean, 0.10, splitwise_source,
             "from 4096 tokens on, a token on four or eight devices took 1.3 to 2 times what it took below: "
             "no term "
             "of the arithmetic does that, nor does hiding the weights behind it (docs/models/hardware.md)");
}

static void add_decodes(struct gw_validation *out)
{
    struct mean mean = {0};
    for (size_t i = 0; i < sizeof splitwise / sizeof splitwise[0]; i++) {
        const struct gw_serving_setup setup = setup_of(out, splitwise[i].llm, splitwise[i].node,
                                                       splitwise[i].tensor_parallel, "splitwise-2023");
        for (size_t k = 0; k < BATCHES && splitwise[i].decode_ms[k] > 0.0; k++) {
            add_point(out, &mean, decodes_group, splitwise_name(out, i, decode_batch[k], "sequences"),
                      GW_VALIDATION_FITTED, splitwise[i].decode_ms[k],
                      step_ms(&setup, decode_batch[k], 576, 0), 0.08, splitwise_source);
        }
    }
    add_mean(out, decodes_group, "mean relative error", GW_VALIDATION_FITTED, &mean, 0.08, splitwise_source,
             NULL);
}

/* ---- DistServe, Helix, Sprout: older engines ---- */

/* Decode step = a + b sum of contexts + c batch, fitted by its authors; here at 16 sequences of 512. */
static const struct {
    const char *llm;
    int tensor_parallel;
    double a_ms, b_ms, c_ms;
    enum gw_validation_kind kind;
    const char *note;
} distserve[] = {
    {"opt-13b", 1, 23.475, 0.000592934, 0.0607269, GW_VALIDATION_FITTED, NULL},
    {"opt-13b", 4, 25.901, 0.0000775363, 0.0552809, GW_VALIDATION_FITTED,
     "its profile on four is slower than on one"},
    {"opt-66b", 2, 57.073, 0.00364611, 0.224937, GW_VALIDATION_FITTED,
     "its time per token of context is three times that of the others"},
    {"opt-66b", 4, 39.582, 0.000694572, 0.135809, GW_VALIDATION_FITTED, NULL},
    {"opt-66b", 8, 31.176, 0.000275565, 0.0679770, GW_VALIDATION_FITTED, NULL},
};

static void add_distserve(struct gw_validation *out)
{
    for (size_t i = 0; i < sizeof distserve / sizeof distserve[0]; i++) {
        const struct gw_serving_setup setup =
            setup_of(out, distserve[i].llm, "a100x8", distserve[i].tensor_parallel, "vllm-2024");
        const double batch = 16, context = 512;
        add(out, "Decode steps: vLLM of 2024 on A100",
            gw_validation_text(out, "%s on %d, batch 16, context 512", distserve[i].llm,
                               distserve[i].tensor_parallel),
            distserve[i].kind, distserve[i].a_ms + batch * (context * distserve[i].b_ms + distserve[i].c_ms),
            step_ms(&setup, (int64_t)batch, (int64_t)context, 0), 0.10, "ms", distserve_source,
            distserve[i].note);
    }
}

/* Milliseconds per layer with 8 sequences. LLaMA-30B is described here: nobody serves it any more. */
static const struct {
    const char *node;
    double llama_70b_ms, llama_30b_ms; /* 0: not measured */
} helix[] = {{"a100-40x8", 1.4, 1.0}, {"v100x8", 2.4, 1.9}, {"l4x4", 0.0, 5.1}, {"t4x4", 7.5, 5.3}};

static const struct gw_llm llama_30b = {.name = "llama-30b",
                                        .params = 32.53e9,
                                        .active_params = 32.53e9,
                                        .layers = 60,
                                        .hidden = 6656,
                                        .kv_heads = 52,
                                        .head_dim = 128,
                                        .bytes_per_weight = 2.0,
                                        .bytes_per_kv = 2.0,
                                        .experts = 1,
                                        .top_experts = 1};

static void add_layer(struct gw_validation *out, const struct gw_serving_setup *setup, double published_ms)
{
    struct gw_serving_terms t;
    if (!(published_ms > 0.0) || gw_serving_cfg_terms(setup, &t, NULL) != GW_OK) {
        return;
    }
    const double layers = (double)setup->llm->layers;
    const double ours_ms = 1e3 * (t.layers_s + t.weights_s + 8.0 * (t.seq_s + t.seq_flop_s)) / layers;
    add(out, "A layer of a decode step: Helix",
        gw_validation_text(out, "%s on %s, 8 sequences", setup->llm->name, setup->node->accelerator->name),
        GW_VALIDATION_FITTED, published_ms, ours_ms, 0.15, "ms",
        "Y. Mei et al., Helix, ASPLOS 2025: layer times in its repository (Apache-2.0)",
        "printed to 0.1 ms; contexts are not published");
}

static void add_helix(struct gw_validation *out)
{
    for (size_t i = 0; i < sizeof helix / sizeof helix[0]; i++) {
        struct gw_serving_setup setup = setup_of(out, "llama-2-70b", helix[i].node, 1, "vllm-2024");
        add_layer(out, &setup, helix[i].llama_70b_ms);
        setup.llm = &llama_30b;
        add_layer(out, &setup, helix[i].llama_30b_ms);
    }
}

static void add_sprout(struct gw_validation *out)
{
    static const struct {
        const char *llm;
        double ms;
        enum gw_validation_kind kind;
    } cases[] = {{"llama-2-13b", 23.8, GW_VALIDATION_FITTED}, {"llama-2-7b", 13.45, GW_VALIDATION_FITTED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_serving_setup setup = setup_of(out, cases[i].llm, "a100-40-pciex1", 1, "hf-2023");
        add(out, "One sequence with Transformers of 2023", cases[i].llm, cases[i].kind, cases[i].ms,
            step_ms(&setup, 1, 200, 0), 0.05, "ms",
            "B. Li et al., Sprout, EMNLP 2024: measurements in its repository (MIT)", NULL);
    }
}

/* ---- the KV cache ---- */

/* DistServe's is an engine of its own, whose share of the memory is not published. On OPT-13B on one device
 * its tokens and the weights fill 79.9 of 85.9 GB; the other four follow from that. */
static const double distserve_memory_frac = 0.93;

static void add_kv(struct gw_validation *out)
{
    static const struct {
        const char *llm, *node, *engine;
        int tensor_parallel;
        double tokens;
        enum gw_validation_kind kind;
        const char *source, *note;
    } cases[] = {
        {"llama-2-7b", "h100x8", "vllm-0.15", 1, 119408, GW_VALIDATION_FITTED, blis_source, NULL},
        {"qwen2.5-7b", "h100x8", "vllm-0.15", 1, 1045632, GW_VALIDATION_FITTED, blis_source, NULL},
        {"mistral-nemo-12b", "h100x8", "vllm-0.15", 1, 308016, GW_VALIDATION_FITTED, blis_source, NULL},
        {"llama-3.1-70b", "h100x8", "vllm-0.15", 4, 484016, GW_VALIDATION_FITTED, blis_source, NULL},
        {"llama-3.1-8b", "rtx-4090x1", "vllm-0.15", 1, 41408, GW_VALIDATION_PREDICTED, llmservingsim_source,
         NULL},
        {"opt-13b", "a100x8", "vllm-2024", 1, 66144, GW_VALIDATION_FITTED, distserve_source,
         "its share of the memory is from this row"},
        {"opt-13b", "a100x8", "vllm-2024", 2, 163008, GW_VALIDATION_PREDICTED, distserve_source, NULL},
        {"opt-13b", "a100x8", "vllm-2024", 4, 356736, GW_VALIDATION_PREDICTED, distserve_source, NULL},
        {"opt-66b", "a100x8", "vllm-2024", 2, 11600, GW_VALIDATION_PREDICTED, distserve_source, NULL},
        {"opt-66b", "a100x8", "vllm-2024", 4, 78496, GW_VALIDATION_PREDICTED, distserve_source, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_serving_setup setup =
            setup_of(out, cases[i].llm, cases[i].node, cases[i].tensor_parallel, cases[i].engine);
        struct gw_engine engine = *setup.engine;
        if (cases[i].source == distserve_source) {
            engine.memory_frac = distserve_memory_frac;
        }
        setup.engine = &engine;
        struct gw_replica_cfg cfg;
        const bool fits = gw_serving_cfg(&setup, &cfg, NULL) == GW_OK;
        add(out, "Tokens in the KV cache",
            gw_validation_text(out, "%s, %d of %s", cases[i].llm, cases[i].tensor_parallel, cases[i].node),
            cases[i].kind, cases[i].tokens, fits ? (double)cfg.kv_blocks * cfg.block_tok : NAN, 0.06, "1",
            cases[i].source, cases[i].note);
    }
}

/* ---- whole runs ---- */

enum { RATES = 2 };
static const struct {
    const char *llm;
    int tensor_parallel;
    double rate_per_s[RATES], in_tok, out_tok, itl_ms; /* stages of equal length; 0: one stage */
} blis[] = {
    {"llama-3.1-70b", 4, {2.5, 6}, 547, 248, 18.3},   {"mistral-nemo-12b", 2, {2.5, 6}, 547, 248, 6.1},
    {"qwen2.5-7b", 1, {6, 0}, 750, 251, 7.0},         {"qwen2.5-7b", 1, {1, 0}, 1034, 1448, 7.4},
    {"yi-34b", 2, {2.5, 6}, 547, 248, 15.6},          {"llama-4-scout-fp8", 2, {2.5, 6}, 547, 248, 21.2},
    {"llama-4-scout-fp8", 2, {6, 0}, 750, 251, 23.1}, {"llama-4-scout-fp8", 2, {1, 0}, 1034, 1448, 28.7},
};

/* Mean time between tokens at a steady rate: B = rate x answer x time, and prompts, of which the cache holds
 * nine tenths, make a step longer by their share of the time. */
static double steady_itl_ms(const struct gw_serving_setup *setup, double rate_per_s, double in_tok,
                            double out_tok)
{
    static const double fresh_frac = 0.1;
    struct gw_serving_terms t;
    if (gw_serving_cfg_terms(setup, &t, NULL) != GW_OK) {
        return NAN;
    }
    const double busy = rate_per_s * fresh_frac * in_tok * t.prompt_s, context = in_tok + 0.5 * out_tok;
    double itl_s = 1e-3 * step_ms(setup, 1, (int64_t)context, 0);
    for (int i = 0; i < 50; i++) {
        const double batch = rate_per_s * out_tok * itl_s, low = floor(batch);
        const double low_ms = step_ms(setup, (int64_t)fmax(low, 1.0), (int64_t)context, 0);
        const double high_ms = step_ms(setup, (int64_t)low + 1, (int64_t)context, 0);
        itl_s = 1e-3 * (low_ms + (batch - low) * (high_ms - low_ms)) / (1.0 - busy);
    }
    return 1e3 * itl_s;
}

static void add_blis(struct gw_validation *out)
{
    for (size_t i = 0; i < sizeof blis / sizeof blis[0]; i++) {
        const struct gw_serving_setup setup =
            setup_of(out, blis[i].llm, "h100x8", blis[i].tensor_parallel, "vllm-0.15");
        double sum = 0.0, rate = 0.0;
        for (size_t k = 0; k < RATES && blis[i].rate_per_s[k] > 0.0; k++) {
            sum += blis[i].rate_per_s[k] *
                   steady_itl_ms(&setup, blis[i].rate_per_s[k], blis[i].in_tok, blis[i].out_tok);
            rate += blis[i].rate_per_s[k];
        }
        add(out, "Runs of vLLM 0.15 on H100: mean time between tokens",
            gw_validation_text(out, "%s on %d, %g + %g tokens, %g /s", blis[i].llm, blis[i].tensor_parallel,
                               blis[i].in_tok, blis[i].out_tok, rate),
            GW_VALIDATION_PREDICTED, blis[i].itl_ms, sum / rate, 0.12, "ms", blis_source,
            "conversations: nine tenths of each prompt are taken to be cached");
    }
}

static const char run_file[] = "llm/measured_perf/vllm_requests_RTXPRO6000_Llama-3.1-8B.csv";
static const char run_group[] = "A run of vLLM 0.19 with queueing, request by request";

static void add_run_rows(struct gw_validation *out, struct gw_vllm_run_times *measured,
                         struct gw_vllm_run_times *simulated)
{
    const size_t n = measured->n;
    add(out, run_group, "TTFT mean", GW_VALIDATION_FITTED, gw_vllm_run_mean(measured->ttft_s, n),
        gw_vllm_run_mean(simulated->ttft_s, n), 0.20, "s", llmservingsim_source, NULL);
    add(out, run_group, "TPOT mean", GW_VALIDATION_FITTED, 1e3 * gw_vllm_run_mean(measured->tpot_s, n),
        1e3 * gw_vllm_run_mean(simulated->tpot_s, n), 0.10, "ms", llmservingsim_source, NULL);
    static const double quantiles[] = {0.5, 0.9, 0.99};
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++) {
        add(out, run_group, gw_validation_text(out, "TTFT p%.0f", 100.0 * quantiles[i]),
            GW_VALIDATION_PREDICTED, gw_vllm_run_quantile(measured->ttft_s, n, quantiles[i]),
            gw_vllm_run_quantile(simulated->ttft_s, n, quantiles[i]), 0.15, "s", llmservingsim_source, NULL);
    }
    add(out, run_group, "end to end p99", GW_VALIDATION_PREDICTED,
        gw_vllm_run_quantile(measured->e2e_s, n, 0.99), gw_vllm_run_quantile(simulated->e2e_s, n, 0.99), 0.10,
        "s", llmservingsim_source, NULL);
}

static enum gw_status add_run(struct gw_validation *out, struct gw_error *err)
{
    const char *path = gw_validation_file(out, run_file);
    if (path == NULL) {
        gw_validation_skip(out, &(struct gw_validation_row){.group = run_group,
                                                            .name = "TTFT and TPOT",
                                                            .kind = GW_VALIDATION_FITTED,
                                                            .unit = "s",
                                                            .source = llmservingsim_source,
                                                            .note = run_file});
        return GW_OK;
    }
    struct gw_serving_setup setup = setup_of(out, "llama-3.1-8b", "rtx-pro-6000x1", 1, "vllm-0.15");
    struct gw_engine engine = *setup.engine;
    engine.max_seqs = 128;
    setup.engine = &engine;
    struct gw_replica_cfg cfg;
    enum gw_status status = gw_serving_cfg(&setup, &cfg, err);
    struct gw_vllm_run_times *times = gw_arena_array(&out->arena, 2, sizeof *times);
    if (status == GW_OK && times == NULL) {
        status = gw_fail(err, GW_ERR_NOMEM, run_file, "out of memory");
    }
    if (status == GW_OK) {
        status = gw_vllm_run_replay(path, &cfg, &times[0], &times[1], err);
    }
    if (status == GW_OK) {
        add_run_rows(out, &times[0], &times[1]);
    }
    return status;
}

enum gw_status gw_validate_serving(struct gw_validation *out, struct gw_error *err)
{
    add_decode(out, &gw_mlenergy_h100, 0.08, "Decode steps: vLLM on H100");
    add_decode(out, &gw_mlenergy_b200, 0.15, "Decode steps: vLLM on B200");
    add_mean_steps(out, &gw_mlenergy_h100, 0.08, "Mean steps with prompts between: vLLM on H100");
    add_mean_steps(out, &gw_mlenergy_b200, 0.15, "Mean steps with prompts between: vLLM on B200");
    add_prompts(out);
    add_decodes(out);
    add_distserve(out);
    add_helix(out);
    add_sprout(out);
    add_kv(out);
    add_blis(out);
    return add_run(out, err);
}
