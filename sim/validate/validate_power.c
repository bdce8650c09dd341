/* Watts and joules: the power laws against measured steady states, caps against measured curves, whole steps
 * against measured energy per token. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "models/hardware/llm_shape.h"
#include "models/serving/probe.h"
#include "sim/validate/mlenergy.h"
#include "sim/validate/validators.h"

/* Weights of the experts that B tokens are routed to, at random, over all weights. */
static double read_share(const struct gw_llm *llm, double batch)
{
    const double experts = gw_llm_shape_expert_params(llm) / llm->params;
    const double missed = pow(1.0 - (double)llm->top_experts / (double)llm->experts, batch);
    return 1.0 - experts * missed;
}

/* Mean utilisations of a measured window: bytes and products of its tokens, prompts included. */
static struct gw_power_state measured_state(const struct gw_mlenergy_row *row, const struct gw_llm *llm,
                                            const struct gw_accelerator *a)
{
    const double n = row->tensor_parallel, batch = row->batch, step_s = batch / row->tok_per_s;
    const double bytes = gw_llm_weight_bytes(llm) * read_share(llm, batch) +
                         gw_llm_kv_bytes(llm) * batch * gw_mlenergy_context(row);
    const double tokens_per_s = row->tok_per_s * (1.0 + GW_MLENERGY_PROMPT_TOK / row->out_tok);
    return (struct gw_power_state){
        .mem_frac = bytes / step_s / (n * a->bandwidth_gb_per_s * 1e9),
        .flop_frac = 2.0 * llm->active_params * gw_llm_arithmetic(llm, a) * tokens_per_s /
                     (n * a->dense_tflops * 1e12),
        .batch = batch,
    };
}

/* ---- mean errors over a table ---- */

struct mean {
    double sum, n;
};

static void add_mean(struct mean *m, double ours, double published)
{
    m->sum += fabs(ours / published - 1.0);
    m->n++;
}

static void add_criterion(struct gw_validation *out, const char *group, const char *name,
                          enum gw_validation_kind kind, const struct mean *m, double at_most,
                          const char *source, const char *note)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = group,
                               .name = name,
                               .kind = kind,
                               .rule = GW_VALIDATION_AT_MOST,
                               .published = at_most,
                               .ours = m->sum / m->n,
                               .unit = "1",
                               .source = source,
                               .note = note,
                           });
}

static void add_detail(struct gw_validation *out, const char *group, const struct gw_mlenergy_row *row,
                       const char *node, double published, double ours, double tolerance, const char *unit)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = group,
                               .name = gw_validation_text(out, "%s, %d of %s, batch %d", row->llm,
                                                          row->tensor_parallel, node, row->batch),
                               .kind = row->kind,
                               .rule = GW_VALIDATION_REL,
                               .published = published,
                               .ours = ours,
                               .tolerance = tolerance,
                               .unit = unit,
                               .source = gw_mlenergy_source,
                               .detail = true,
                           });
}

/* ---- two utilisations ---- */

static void add_two_util(struct gw_validation *out, const struct gw_mlenergy_table *table, const char *group)
{
    const struct gw_machine *node = gw_validation_entry(out, "node", table->node);
    const struct gw_accelerator *a = node->accelerator;
    const struct gw_power_law *law = gw_power_law_find(a->power.name);
    struct mean mean[GW_VALIDATION_KINDS] = {{0}};
    for (size_t i = 0; i < table->n; i++) {
        const struct gw_mlenergy_row *row = &table->row[i];
        const struct gw_power_state state = measured_state(row, gw_validation_entry(out, "llm", row->llm), a);
        const double ours_w = fmin(law->watts(a->power.cfg, &state), a->tdp_w);
        const double measured_w = row->watts / row->tensor_parallel;
        add_mean(&mean[row->kind], ours_w, measured_w);
        add_detail(out, group, row, table->node, measured_w, ours_w, 0.08, "W");
    }
    add_criterion(out, group, "mean relative error, dense models in BF16", GW_VALIDATION_FITTED,
                  &mean[GW_VALIDATION_FITTED], 0.08, gw_mlenergy_source, NULL);
    add_criterion(out, group, "mean relative error, FP8 and mixtures of experts", GW_VALIDATION_PREDICTED,
                  &mean[GW_VALIDATION_PREDICTED], 0.08, gw_mlenergy_source,
                  "experts are taken to be chosen at random; weights of fewer bits need work that the law "
                  "does not count");
}

/* ---- one model's logistic ---- */

static const struct {
    const char *llm;
    int tensor_parallel;
    struct gw_power_logistic law;
} logistic[] = {
    {"llama-3.1-8b", 1, {477.0, 218.0, 1.16, 5.47}},  {"qwen3-8b", 1, {424.0, 220.0, 0.99, 6.26}},
    {"gemma-3-12b", 1, {405.0, 264.0, 0.83, 5.94}},   {"qwen3-32b", 2, {410.0, 290.0, 0.63, 7.42}},
    {"llama-3.1-70b", 4, {434.0, 210.0, 0.95, 6.93}},
};

/* Answers of a conversation, not of the tests with long ones: the curves were fitted to those. */
static bool is_chat(const struct gw_mlenergy_row *row)
{
    return row->out_tok < 1500.0;
}

static void add_logistic(struct gw_validation *out)
{
    const struct gw_power_law *law = gw_power_law_find("logistic");
    for (size_t k = 0; k < sizeof logistic / sizeof logistic[0]; k++) {
        struct mean mean = {0};
        for (size_t i = 0; i < gw_mlenergy_h100.n; i++) {
            const struct gw_mlenergy_row *row = &gw_mlenergy_h100.row[i];
            if (strcmp(row->llm, logistic[k].llm) == 0 &&
                row->tensor_parallel == logistic[k].tensor_parallel && is_chat(row)) {
                const struct gw_power_state state = {.batch = row->batch};
                add_mean(&mean, law->watts(&logistic[k].law, &state), row->watts / row->tensor_parallel);
            }
        }
        add_criterion(out, "Power: a logistic per model, H100",
                      gw_validation_text(out, "mean relative error, %s on %d", logistic[k].llm,
                                         logistic[k].tensor_parallel),
                      GW_VALIDATION_FITTED, &mean, 0.03, gw_mlenergy_source, NULL);
    }
}

/* ---- energy per token ---- */

/* A steady state by our own step: its decoding and its share of the prompts. */
static double j_per_tok(const struct gw_mlenergy_row *row, const struct gw_serving_setup *setup)
{
    const struct gw_probe_point decode = {.batch = row->batch,
                                          .context_tok = (int64_t)gw_mlenergy_context(row)},
                                prompt = {.prompt_tok = GW_MLENERGY_PROMPT_TOK};
    struct gw_probe d, p;
    if (gw_probe_step(setup, &decode, &d, NULL) != GW_OK ||
        gw_probe_step(setup, &prompt, &p, NULL) != GW_OK) {
        return NAN;
    }
    return d.j_per_tok + p.replica_w * (p.prompt_s + p.attention_s) / row->out_tok;
}

static void add_energy(struct gw_validation *out, const struct gw_mlenergy_table *table, double at_most,
                       const char *group)
{
    struct mean mean[GW_VALIDATION_KINDS] = {{0}};
    struct gw_engine engine = *(const struct gw_engine *)gw_validation_entry(out, "engine", "vllm-0.15");
    engine.max_seqs = 4096; /* as the benchmark's */
    engine.token_budget = 8192;
    for (size_t i = 0; i < table->n; i++) {
        const struct gw_mlenergy_row *row = &table->row[i];
        const struct gw_serving_setup setup = {.llm = gw_validation_entry(out, "llm", row->llm),
                                               .engine = &engine,
                                               .node = gw_validation_entry(out, "node", table->node),
                                               .tensor_parallel = row->tensor_parallel,
                                               .cap_w = INFINITY};
        const double ours_j = j_per_tok(row, &setup);
        add_mean(&mean[row->kind], ours_j, row->j_per_tok);
        add_detail(out, group, row, table->node, row->j_per_tok, ours_j, at_most, "J");
    }
    const char *note = "allowed: the errors allowed for time and power together";
    add_criterion(out, group, "mean relative error, dense models in BF16", GW_VALIDATION_FITTED,
                  &mean[GW_VALIDATION_FITTED], at_most, gw_mlenergy_source, note);
    add_criterion(out, group, "mean relative error, FP8 and mixtures of experts", GW_VALIDATION_PREDICTED,
                  &mean[GW_VALIDATION_PREDICTED], at_most, gw_mlenergy_source, note);
}

/* ---- caps ---- */

static const char *const zeus_source =
    "J. You, J.-W. Chung, M. Chowdhury, Zeus, NSDI 2023: power-cap traces, ResNet-50, batch 128";

/* Time and energy of an epoch over those without a cap, from the highest cap down. */
struct cap_run {
    int cap_w;
    double time, energy;
};
static const struct cap_run v100_run[] = {{225, 1.022, 0.945}, {200, 1.054, 0.874}, {175, 1.095, 0.814},
                                          {150, 1.178, 0.770}, {125, 1.432, 0.790}, {100, 1.894, 0.847}};
static const struct cap_run a40_run[] = {{275, 1.010, 0.954}, {250, 1.017, 0.901}, {225, 1.033, 0.839},
                                         {200, 1.068, 0.783}, {175, 1.194, 0.786}, {150, 1.644, 0.971},
                                         {125, 2.507, 1.284}, {100, 2.944, 1.383}};

static void add_cap_run(struct gw_validation *out, const char *accelerator, const struct cap_run *run,
                        size_t n)
{
    const struct gw_accelerator *a = gw_validation_entry(out, "accelerator", accelerator);
    struct mean mean = {0};
    for (size_t i = 0; i < n; i++) {
        const double p = run[i].energy / run[i].time;
        const double ours = 1.0 / gw_power_cap_speed(&a->cap, fmax(p, gw_power_cap_lowest(&a->cap)), 1.0);
        add_mean(&mean, ours, run[i].time);
        gw_validation_add(out, &(struct gw_validation_row){
                                   .group = "Power caps: a curve per accelerator",
                                   .name = gw_validation_text(out, "%s at %d W", accelerator, run[i].cap_w),
                                   .kind = GW_VALIDATION_FITTED,
                                   .rule = GW_VALIDATION_REL,
                                   .published = run[i].time,
                                   .ours = ours,
                                   .tolerance = 0.02,
                                   .unit = "1",
                                   .source = zeus_source,
                                   .detail = true,
                               });
    }
    add_criterion(out, "Power caps: a curve per accelerator",
                  gw_validation_text(out, "mean relative error of time, %s", accelerator),
                  GW_VALIDATION_FITTED, &mean, 0.02, zeus_source,
                  "the curve is the mean of many trainings; below half of the limit they differ by a tenth");
}

/* Each point of the curve from its neighbours alone. */
static void add_left_out(struct gw_validation *out, const char *accelerator)
{
    const struct gw_accelerator *a = gw_validation_entry(out, "accelerator", accelerator);
    const struct gw_power_cap_point *p = a->cap.curve.at;
    struct mean mean = {0};
    for (uint32_t i = 1; i + 1 < a->cap.curve.n; i++) {
        const double part = (p[i].power - p[i - 1].power) / (p[i + 1].power - p[i - 1].power);
        add_mean(&mean, p[i - 1].speed + part * (p[i + 1].speed - p[i - 1].speed), p[i].speed);
    }
    add_criterion(out, "Power caps: a curve per accelerator",
                  gw_validation_text(out, "a point left out, %s: mean relative error", accelerator),
                  GW_VALIDATION_PREDICTED, &mean, 0.02,
                  "J. You, J.-W. Chung, M. Chowdhury, Zeus, NSDI 2023: power-cap traces, means",
                  "lines between points half as dense as those of the catalogue");
}

/* Cap of 70 %: energy -23 %, time +6 to 7 %. The power that goes with both is 0.77 / 1.065 of that without.
 */
static void add_cap_elsewhere(struct gw_validation *out)
{
    const struct gw_accelerator *a = gw_validation_entry(out, "accelerator", "a100-80");
    gw_validation_add(
        out,
        &(struct gw_validation_row){
            .group = "Power caps: the law",
            .name = "LLaMA-65B on A100 at 70 % of the limit: time",
            .kind = GW_VALIDATION_PREDICTED,
            .rule = GW_VALIDATION_REL,
            .published = 1.065,
            .ours = 1.0 / gw_power_cap_speed(&a->cap, 0.77 / 1.065, 1.0),
            .tolerance = 0.02,
            .unit = "1",
            .source = "S. Samsi et al., From Words to Watts, HPEC 2023",
            .note = "the law is that of the V100 at training: decoding is bound by memory and slows less",
        });
}

/* ---- idle, and a single sequence ---- */

static void add_loaded_idle(struct gw_validation *out)
{
    static const struct {
        const char *accelerator;
        double low_w, high_w;
    } cases[] = {{"h100-sxm", 26.0, 50.0}, {"a100-80", 26.0, 50.0}, {"l40s", 65.0, 67.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_accelerator *a = gw_validation_entry(out, "accelerator", cases[i].accelerator);
        gw_validation_add(out,
                          &(struct gw_validation_row){
                              .group = "Loaded idle above bare idle",
                              .name = a->name,
                              .kind = GW_VALIDATION_FITTED,
                              .rule = GW_VALIDATION_BAND,
                              .published = 0.5 * (cases[i].low_w + cases[i].high_w),
                              .ours = a->loaded_idle_w - a->idle_w,
                              .low = cases[i].low_w,
                              .high = cases[i].high_w,
                              .unit = "W",
                              .source = "S. S. Vadari, The Model Parking Tax, arXiv 2605.23918, abstract",
                          });
    }
}

static void add_single(struct gw_validation *out)
{
    static const struct {
        const char *llm;
        double watts;
    } cases[] = {{"llama-2-13b", 249.0}, {"llama-2-7b", 237.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_serving_setup setup = {.llm = gw_validation_entry(out, "llm", cases[i].llm),
                                               .engine = gw_validation_entry(out, "engine", "hf-2023"),
                                               .node = gw_validation_entry(out, "node", "a100-40-pciex1"),
                                               .tensor_parallel = 1,
                                               .cap_w = INFINITY};
        const struct gw_probe_point point = {.batch = 1, .context_tok = 200};
        struct gw_probe p = {.accelerator_w = NAN};
        const bool fits = gw_probe_step(&setup, &point, &p, NULL) == GW_OK;
        gw_validation_add(out,
                          &(struct gw_validation_row){
                              .group = "Power: one sequence on an A100 of 250 W",
                              .name = cases[i].llm,
                              .kind = GW_VALIDATION_PREDICTED,
                              .rule = GW_VALIDATION_REL,
                              .published = cases[i].watts,
                              .ours = fits ? p.accelerator_w : NAN,
                              .tolerance = 0.08,
                              .unit = "W",
                              .source = "B. Li et al., Sprout, EMNLP 2024: measurements in its repository",
                          });
    }
}

enum gw_status gw_validate_power(struct gw_validation *out, struct gw_error *err)
{
    (void)err;
    add_logistic(out);
    add_two_util(out, &gw_mlenergy_h100, "Power: two utilisations, H100");
    add_two_util(out, &gw_mlenergy_b200, "Power: two utilisations, B200");
    add_energy(out, &gw_mlenergy_h100, 0.12, "Energy per output token, H100");
    add_energy(out, &gw_mlenergy_b200, 0.17, "Energy per output token, B200");
    add_cap_run(out, "v100", v100_run, sizeof v100_run / sizeof v100_run[0]);
    add_cap_run(out, "a40", a40_run, sizeof a40_run / sizeof a40_run[0]);
    add_left_out(out, "v100");
    add_left_out(out, "a40");
    add_cap_elsewhere(out);
    add_loaded_idle(out);
    add_single(out);
    return GW_OK;
}
