#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/training/training.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"

/* Published trainings: the arithmetic of their energy and carbon from what they state, and their accelerator
 * hours from the models. Most published energies are limits times hours, not measurements: they check
 * bookkeeping. Hours are what can be predicted. */

static const char *const cards = "model card or paper of the model";
static const char *const patterson =
    "Patterson et al. 2021, Carbon Emissions and Large Neural Network Training";
static const char *const strubell = "Strubell et al. 2019, Energy and Policy Considerations, table 3";
static const char *const olmo =
    "Morrison et al. 2025 (OLMo 2), energy, carbon and water of development and training";

/* kg of CO2 per lb, and lb per kWh as Strubell's US mean has it. */
#define LB_PER_KWH 0.954

static const struct fixture {
    const char *run;
    const char *const *source;
    double chips, hours, w_per_chip, pue, per_kwh; /* per_kwh: kg, or lb; NAN: not stated */
    double mwh, t;                                 /* as printed; NAN: not */
    bool pounds;                                   /* per_kwh and t: lb, thousands of lb */
} fixtures[] = {
    {"Evolved Transformer search", &patterson, 200, 163.2, 208, 1.10, 0.429, 7.5, 3.2, false},
    {"T5", &patterson, 512, 480, 310, 1.12, 0.545, 85.7, 46.7, false},
    {"GShard, gross", &patterson, 1024, 74.4, 288, 1.09, 0.201, 24.1, 4.8, false},
    {"GShard, net", &patterson, 1024, 74.4, 288, 1.09, 0.177, 24.1, 4.3, false},
    {"GPT-3", &patterson, 10000, 355.2, 330, 1.10, 0.429, 1287, 552.1, false},
    {"Transformer big, US mean, P100", &patterson, 8, 84, 296, 1.59, 0.429, 0.316, 0.1357, false},
    {"Transformer big, Iowa, P100", &patterson, 8, 84, 296, 1.11, 0.478, 0.221, 0.1055, false},
    {"Evolved Transformer, Iowa, P100", &patterson, 8, 76.8, 271, 1.11, 0.478, 0.185, 0.0883, false},
    {"Transformer big, Iowa, TPU v2", &patterson, 8, 19.44, 229, 1.11, 0.478, 0.040, 0.0189, false},
    {"Evolved Transformer, Iowa, TPU v2", &patterson, 8, 14.88, 227, 1.11, 0.478, 0.030, 0.0143, false},
    {"Transformer base", &strubell, 1, 12, 1415.78, 1.58, LB_PER_KWH, 0.027, 0.026, true},
    {"Transformer big", &strubell, 1, 84, 1515.43, 1.58, LB_PER_KWH, 0.201, 0.192, true},
    {"ELMo", &strubell, 1, 336, 517.66, 1.58, LB_PER_KWH, 0.275, 0.262, true},
    {"BERT", &strubell, 1, 79, 12041.51, 1.58, LB_PER_KWH, 1.507, 1.438, true},
    {"NAS", &strubell, 1, 274120, 1515.43, 1.58, LB_PER_KWH, 656.347, 626.155, true},
    {"PaLM 540B", &cards, 1, 8404992, 378.5, 1.08, 0.079, 3436, 271.43, false},
    {"Gopher 280B", &cards, 1, 3.768e6, 283, 1.0, 1.08 * 0.33, 1066, 380, false},
    {"OPT-175B", &cards, 1, 809472, 400, 1.0, 0.231, 324, 75, false},
    {"LLaMA 7B", &cards, 1, 82432, 400, 1.1, 0.385, 36, 14, false},
    {"LLaMA 13B", &cards, 1, 135168, 400, 1.1, 0.385, 59, 23, false},
    {"LLaMA 65B", &cards, 1, 1022362, 400, 1.1, 0.385, 449, 173, false},
    {"Llama 2 7B", &cards, 1, 184320, 400, 1.0, 0.4235, NAN, 31.22, false},
    {"Llama 2 70B", &cards, 1, 1720320, 400, 1.0, 0.4235, 688, 291.42, false},
    {"Llama 3.2 1B", &cards, 1, 370e3, 700, 1.0, 0.413, NAN, 107, false},
    {"Llama 3.2 3B", &cards, 1, 460e3, 700, 1.0, 0.413, NAN, 133, false},
    {"Llama 4 Scout", &cards, 1, 5.0e6, 700, 1.0, 0.387, 3500, 1354, false},
    {"FLM-101B", &cards, 1, 101e3, 400, 1.0, NAN, 40, NAN, false},
    {"StarCoderBase", &cards, 1, 320256, 280, 1.0, NAN, 89.67, NAN, false},
};

/* Energy measured: carbon and water of it at the site. */
static const struct measured {
    const char *run;
    double mwh, kg_per_kwh, l_per_kwh, t, kl;
} measured[] = {
    {"OLMo 1B", 30, 0.332, 1.29, 10, 39},
    {"OLMo 7B 04/07", 95, 0.332, 1.29, 32, 122},
    {"OLMo 2 7B", 157, 0.332, 1.29, 52, 202},
};

static void add_fixture(struct gw_validation *out, const char *source, const char *name, double published,
                        double ours, const char *unit)
{
    if (isnan(published)) {
        return;
    }
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Training: arithmetic of published runs",
                               .name = name,
                               .kind = GW_VALIDATION_REPLAY,
                               .rule = GW_VALIDATION_REL,
                               .published = published,
                               .ours = ours,
                               .tolerance = 0.01,
                               .unit = unit,
                               .source = source,
                               .note = fabs(ours / published - 1.0) > 0.01
                                           ? "within half a unit of the last digit printed"
                                           : NULL,
                           });
}

static void add_fixtures(struct gw_validation *out)
{
    for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++) {
        const struct fixture *f = &fixtures[i];
        const double kwh = gw_kw_from_w(f->w_per_chip) * f->chips * f->hours * f->pue;
        add_fixture(out, *f->source, gw_validation_text(out, "%s, energy", f->run), f->mwh,
                    gw_mwh_from_kwh(kwh), "MWh");
        add_fixture(out, *f->source, gw_validation_text(out, "%s, carbon", f->run), f->t,
                    gw_mwh_from_kwh(kwh) * f->per_kwh, f->pounds ? "klb" : "t");
    }
    for (size_t i = 0; i < sizeof measured / sizeof measured[0]; i++) {
        const struct measured *m = &measured[i];
        add_fixture(out, olmo, gw_validation_text(out, "%s, carbon", m->run), m->t, m->mwh * m->kg_per_kwh,
                    "t");
        add_fixture(out, olmo, gw_validation_text(out, "%s, water", m->run), m->kl, m->mwh * m->l_per_kwh,
                    "kL");
    }
}

/* ---- hours out of weights and tokens ---- */

/* Cards of whole projects: ablations, annealing and further training are in the hours. The range stated for
 * such cards is 1.5 to 2.5. */
#define WHOLE_PROJECT 2.0

static const struct run {
    const char *name;
    const char *accelerator; /* of the catalogue; NULL: not in it */
    double peak_tflops;
    double n; /* accelerators; 0: not stated, taken as the table's */
    double params, active, tokens;
    double layers, width, sequence_tok;
    int recompute;
    double overhead;
    double hours; /* published */
    const char *note;
} runs[] = {
    {"LLaMA 7B", "a100-80", 312, 0, 6.7e9, 6.7e9, 1e12, 32, 4096, 2048, GW_FLOPS_RECOMPUTE_NONE, 1, 82432,
     NULL},
    {"LLaMA 13B", "a100-80", 312, 0, 13e9, 13e9, 1e12, 40, 5120, 2048, GW_FLOPS_RECOMPUTE_NONE, 1, 135168,
     NULL},
    {"LLaMA 65B", "a100-80", 312, 2048, 65.2e9, 65.2e9, 1.4e12, 80, 8192, 2048, GW_FLOPS_RECOMPUTE_NONE, 1,
     1022362, NULL},
    {"Llama 2 7B", "a100-80", 312, 0, 6.74e9, 6.74e9, 2e12, 32, 4096, 4096, GW_FLOPS_RECOMPUTE_NONE, 1,
     184320, NULL},
    {"Llama 2 70B", "a100-80", 312, 0, 69e9, 69e9, 2e12, 80, 8192, 4096, GW_FLOPS_RECOMPUTE_NONE, 1, 1720320,
     NULL},
    {"Llama 3 8B", "h100-sxm", 989.4, 0, 8.03e9, 8.03e9, 15e12, 32, 4096, 8192, GW_FLOPS_RECOMPUTE_NONE,
     WHOLE_PROJECT, 1.3e6, "hours of the whole project: twice the final run assumed"},
    {"Llama 3.1 70B", "h100-sxm", 989.4, 0, 70.6e9, 70.6e9, 15e12, 80, 8192, 8192, GW_FLOPS_RECOMPUTE_NONE,
     WHOLE_PROJECT, 7.0e6, "hours of the whole project: twice the final run assumed"},
    {"Llama 4 Scout", "h100-sxm", 989.4, 0, 109e9, 17e9, 40e12, 48, 5120, 8192, GW_FLOPS_RECOMPUTE_NONE,
     WHOLE_PROJECT, 5.0e6, "hours of the whole project: twice the final run assumed; a mixture of experts"},
    {"BLOOM 176B", "a100-80", 312, 384, 176e9, 176e9, 366e9, 70, 14336, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     1082990, NULL},
    {"OPT-175B", "a100-80", 312, 992, 175e9, 175e9, 300e9, 96, 12288, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     809472,
     "180e9 tokens of text, read 1.7 times: its 4.30e23 FLOP are eight per weight and token of 300e9"},
    {"PaLM 540B", "tpu-v4", 275, 6144, 540e9, 540e9, 780e9, 118, 12288, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     8404992,
     "the TPU's factor comes from this model's own step, 57.8 % HFU; hours hold downtime and other use"},
    {"Gopher 280B", NULL, 123, 4096, 280e9, 280e9, 300e9, 80, 16384, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     3.768e6, "nothing is known of a TPU v3 beside the table"},
    {"GPT-3", "v100", 125, 10000, 175e9, 175e9, 300e9, 96, 12288, 2048, GW_FLOPS_RECOMPUTE_NONE, 1, 3.552e6,
     "10 000 V100 are an assumption of the source"},
    {"T5 11B", NULL, 123, 512, 11e9, 11e9, 600e9, 24, 16384, 512, GW_FLOPS_RECOMPUTE_NONE, 1, 245760,
     "nothing is known of a TPU v3 beside the table"},
    {"MPT 7B", "a100-40", 312, 440, 6.7e9, 6.7e9, 1e12, 32, 4096, 2048, GW_FLOPS_RECOMPUTE_FULL, 1, 100320,
     NULL},
    {"StarCoderBase", "a100-80", 312, 512, 15.5e9, 15.5e9, 1e12, 40, 6144, 8192, GW_FLOPS_RECOMPUTE_NONE, 1,
     320256, "what was recomputed is not known"},
    {"Pythia 70M", "a100-40", 312, 32, 0.07e9, 0.07e9, 299.9e9, 6, 512, 2048, GW_FLOPS_RECOMPUTE_FULL, 1, 510,
     "embeddings are most of its weights; the table begins at 1.7e9"},
    {"Pythia 160M", "a100-40", 312, 32, 0.162e9, 0.162e9, 299.9e9, 12, 768, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     1030, "the table begins at 1.7e9"},
    {"Pythia 410M", "a100-40", 312, 32, 0.405e9, 0.405e9, 299.9e9, 24, 1024, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     2540, "the table begins at 1.7e9"},
    {"Pythia 1B", "a100-40", 312, 64, 1.01e9, 1.01e9, 299.9e9, 16, 2048, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     4830, NULL},
    {"Pythia 1.4B", "a100-40", 312, 64, 1.41e9, 1.41e9, 299.9e9, 24, 2048, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     7120, NULL},
    {"Pythia 6.9B", "a100-40", 312, 128, 6.86e9, 6.86e9, 299.9e9, 32, 4096, 2048, GW_FLOPS_RECOMPUTE_FULL, 1,
     33500, NULL},
    {"JetMoE 8B", "h100-sxm", 989.4, 96, 8e9, 2.2e9, 1.25e12, 24, 4096, 4096, GW_FLOPS_RECOMPUTE_NONE, 1,
     30000, "a mixture of small experts: its products are too small for the table's share"},
};
enum { RUNS = sizeof runs / sizeof runs[0] };

static struct gw_flops flops_of(const struct run *r)
{
    const struct gw_flops_cfg cfg = {
        .active_params = r->active,
        .layers = r->layers,
        .width = r->width,
        .tokens = r->tokens,
        .sequence_tok = r->sequence_tok,
        .per_param = 6.0,
        .forward = 2.0,
        .attention_passes = 3.0,
        .attention_frac = 1.0,
        .recompute = r->recompute,
    };
    return gw_flops_count(&cfg);
}

/* The table's factor for this accelerator comes from the model's own step. */
static bool is_fitted(const struct run *r)
{
    return r->accelerator != NULL && strcmp(r->accelerator, "tpu-v4") == 0;
}

/* One share for all goes with six FLOP per weight and token alone. */
static double hours_at(const struct run *r, double mfu)
{
    return gw_training_hours(flops_of(r).linear, r->peak_tflops, mfu);
}

/* The table's share, what is recomputed, failures at the default rate, and hours beside the final run. */
static double hours_by_table(const struct run *r, const struct gw_efficiency *table,
                             const struct gw_failures_cfg *failures,
                             const struct gw_checkpoint_cfg *checkpoint)
{
    struct gw_efficiency_at at = gw_efficiency_hfu(table, r->accelerator, r->params, r->n > 0.0 ? r->n : 1.0);
    const double n = r->n > 0.0 ? r->n : at.accelerators;
    const double nodes = ceil(n / 8.0), mttf_s = gw_failures_mttf_s(failures, nodes);
    const double w = gw_checkpoint_cost(checkpoint, r->params, 1.0).blocking_s;
    const struct gw_failures_cost lost =
        gw_failures_cost(failures, nodes, gw_checkpoint_daly_s(w, mttf_s), w);
    const double hardware_h = gw_training_hours(flops_of(r).hardware, r->peak_tflops, at.hfu);
    return hardware_h / lost.ettr_exact * r->overhead;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add_median(struct gw_validation *out, const char *name, enum gw_validation_kind kind,
                       double off[RUNS], size_t n, double at_most, const char *note)
{
    qsort(off, n, sizeof off[0], by_size);
    const double median = n % 2 == 1 ? off[n / 2] : 0.5 * (off[n / 2 - 1] + off[n / 2]);
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Training: accelerator hours of published runs",
                               .name = name,
                               .kind = kind,
                               .rule = GW_VALIDATION_AT_MOST,
                               .published = at_most,
                               .ours = median,
                               .unit = "1",
                               .source = "papers and cards of the runs",
                               .note = note,
                           });
}

static void add_one_mfu(struct gw_validation *out, double mfu, enum gw_validation_kind kind, const char *note)
{
    double off[RUNS];
    for (size_t i = 0; i < RUNS; i++) {
        off[i] = fabs(hours_at(&runs[i], mfu) / runs[i].hours - 1.0);
    }
    add_median(out, gw_validation_text(out, "median error of hours with one MFU of %.2f", mfu), kind, off,
               RUNS, 0.22, note);
}

static void add_table(struct gw_validation *out, const struct gw_efficiency *table,
                      const struct gw_failures_cfg *failures, const struct gw_checkpoint_cfg *checkpoint)
{
    double off[RUNS];
    size_t n = 0;
    for (size_t i = 0; i < RUNS; i++) {
        const struct run *r = &runs[i];
        const double ours = hours_by_table(r, table, failures, checkpoint);
        if (!is_fitted(r)) {
            off[n++] = fabs(ours / r->hours - 1.0);
        }
        gw_validation_add(out, &(struct gw_validation_row){
                                   .group = "Training: accelerator hours of published runs",
                                   .name = gw_validation_text(out, "%s", r->name),
                                   .kind = is_fitted(r) ? GW_VALIDATION_FITTED : GW_VALIDATION_PREDICTED,
                                   .rule = GW_VALIDATION_REL,
                                   .published = r->hours,
                                   .ours = ours,
                                   .tolerance = 0.22,
                                   .unit = "h",
                                   .source = "paper or card of the model",
                                   .note = r->note,
                                   .detail = true,
                               });
    }
    add_median(
        out, "median error of hours with the table of efficiencies", GW_VALIDATION_PREDICTED, off, n, 0.12,
        "the table was measured on the best layout of one code; what other codes lose against it is not "
        "modelled");
}

enum gw_status gw_validate_training_runs(struct gw_validation *out, struct gw_error *err)
{
    struct gw_failures_cfg failures;
    struct gw_checkpoint_cfg checkpoint;
    struct gw_errors errs = {0};
    if (gw_bind_defaults(&gw_failures_type, &failures, &out->arena, &errs) != GW_OK ||
        gw_bind_defaults(&gw_checkpoint_type, &checkpoint, &out->arena, &errs) != GW_OK) {
        return gw_fail(err, errs.item[0].status, errs.item[0].where, "%s", errs.item[0].why);
    }
    add_fixtures(out);
    add_one_mfu(out, 0.40, GW_VALIDATION_PREDICTED, "the usual assumption of 40 %");
    add_one_mfu(out, 0.31, GW_VALIDATION_FITTED, "the median of the shares that runs like these imply");
    add_table(out, gw_validation_entry(out, "efficiency", "megatron-a100"), &failures, &checkpoint);
    return GW_OK;
}
