#include <math.h>
#include <stdio.h>

#include "models/serving/probe.h"
#include "sim/base/version.h"
#include "sim/cli/figures.h"
#include "sim/cli/probe_command.h"

static void print_terms(const struct gw_serving_setup *setup, const struct gw_probe *p)
{
    const struct gw_serving_terms *t = &p->terms;
    const struct gw_replica_cfg *cfg = &p->cfg;
    printf("%s on %lld of %lld %s, engine %s, coefficients %s (docs/models/hardware.md, eq. 1 and 2)\n\n",
           setup->llm->name, (long long)setup->tensor_parallel, (long long)setup->node->count,
           setup->node->accelerator->name, setup->engine->name, gw_fit_quality_names[t->quality]);
    printf("  step    %12.6g ms   fixed part of a step: engine %.4g, layers %.4g, weights %.4g\n",
           1e3 * (t->fixed_s + t->layers_s + t->weights_s), 1e3 * t->fixed_s, 1e3 * t->layers_s,
           1e3 * t->weights_s);
    printf("  seq     %12.6g us   per running sequence: overhead %.4g, arithmetic %.4g\n",
           1e6 * (t->seq_s + t->seq_flop_s), 1e6 * t->seq_s, 1e6 * t->seq_flop_s);
    printf("  kv      %12.6g ns   per token of context\n", 1e9 * t->kv_s);
    printf("  prompt  %12.6g us   per prompt token\n", 1e6 * t->prompt_s);
    printf("  pair    %12.6g ns   per pair of prompt token and token it attends to\n", 1e9 * t->pair_s);
    printf("  weights %.4g GB of %.4g GB; the rest holds %lld blocks of %d tokens = %.0f tokens of %.4g kB\n",
           t->weight_bytes / 1e9, t->memory_bytes / 1e9, (long long)cfg->kv_blocks, (int)cfg->block_tok,
           p->kv_tok_max, t->kv_bytes_per_tok / 1e3);
    printf("  at most %d sequences and %d tokens per step\n\n", (int)cfg->max_seqs, (int)cfg->token_budget);
}

static void print_step(const struct gw_probe *p, const struct gw_probe_point *at, bool csv)
{
    if (csv) {
        printf("%lld,%lld,%lld,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n", (long long)at->batch,
               (long long)at->context_tok, (long long)at->prompt_tok, 1e3 * p->step_s, p->tok_per_s,
               p->replica_w, p->accelerator_w, p->j_per_tok, p->kv_frac, p->mem_frac, p->flop_frac);
    } else {
        printf("%7lld %12.4g %12.5g %10.5g %12.4g %12.4g %8.1f %% %8.1f %% %8.1f %%%s\n",
               (long long)at->batch, 1e3 * p->step_s, p->tok_per_s, p->replica_w, p->accelerator_w,
               p->j_per_tok, 100.0 * p->kv_frac, 100.0 * p->mem_frac, 100.0 * p->flop_frac,
               p->within_limits ? "" : "  beyond the engine's limits");
    }
}

static const char *const usual_batches = "1,8,64,256";

/* With --figure; 0 without. */
static int draw(const struct gw_question *q, const struct gw_serving_setup *setup, long long context,
                long long prompt, struct gw_figures_batch figure)
{
    const char *folder = gw_probe_command_given(q, "--figure", NULL);
    if (folder == NULL) {
        return 0;
    }
    struct gw_text what = {0}, subtitle = {0}, source = {0};
    gw_text_addf(&what, "Batching: %s on %lld %s", setup->llm->title, (long long)setup->tensor_parallel,
                 setup->node->accelerator->title);
    gw_text_addf(&subtitle, "one step of %s, %lld tokens of context each", setup->engine->name, context);
    if (prompt > 0) {
        gw_text_addf(&subtitle, ", with %lld tokens of a prompt", prompt);
    }
    gw_text_add(&subtitle, "; energy of the accelerators; logarithmic axes");
    gw_text_addf(&source,
                 "geowatt %s (%s) · geowatt probe serving --llm %s --node %s --tp %lld --engine %s --context "
                 "%lld --prompt %lld --batch %s",
                 gw_version_number(), gw_version_commit(), setup->llm->name, setup->node->name,
                 (long long)setup->tensor_parallel, setup->engine->name, context, prompt,
                 gw_probe_command_given(q, "--batch", usual_batches));
    figure.what = what.at;
    figure.subtitle = subtitle.at;
    figure.source = source.at;
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (!what.failed && !subtitle.failed && !source.failed) {
        status = gw_figures_draw_batch(&figure, folder);
    }
    gw_text_fini(&what);
    gw_text_fini(&subtitle);
    gw_text_fini(&source);
    return status;
}

static int probe_serving(struct gw_question *q)
{
    long long tp, context, prompt;
    double batch[GW_PROBE_VALUES_MAX];
    if (!gw_command_number(q->arguments, "--tp", 1, 1024, 8, &tp) ||
        !gw_command_number(q->arguments, "--context", 1, 10000000, 1000, &context) ||
        !gw_command_number(q->arguments, "--prompt", 0, 10000000, 0, &prompt)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const size_t n = gw_probe_command_numbers(q, "--batch", "1", usual_batches, 1.0, 1e6, batch);
    const struct gw_serving_setup setup = {
        .llm = gw_probe_command_entry(q, "llm", gw_probe_command_given(q, "--llm", "llama-3.1-70b")),
        .engine = gw_probe_command_entry(q, "engine", gw_probe_command_given(q, "--engine", "vllm-0.15")),
        .node = gw_probe_command_entry(q, "node", gw_probe_command_given(q, "--node", "h100x8")),
        .tensor_parallel = tp,
        .cap_w = INFINITY,
    };
    if (n == 0 || setup.llm == NULL || setup.engine == NULL || setup.node == NULL) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    double j_per_tok[GW_PROBE_VALUES_MAX], step_ms[GW_PROBE_VALUES_MAX], tok_per_s[GW_PROBE_VALUES_MAX];
    bool within[GW_PROBE_VALUES_MAX];
    for (size_t i = 0; i < n; i++) {
        const struct gw_probe_point at = {
            .batch = (int64_t)batch[i], .context_tok = context, .prompt_tok = prompt};
        struct gw_probe step;
        struct gw_error err;
        if (gw_probe_step(&setup, &at, &step, &err) != GW_OK) {
            fprintf(stderr, "geowatt probe serving: %s\n", err.why);
            return gw_status_exit(err.status);
        }
        if (i == 0 && q->csv) {
            printf("batch,context_tok,prompt_tok,step_ms,out_tok_per_s,power_w,power_w_per_accelerator,"
                   "j_per_out_tok,kv_frac,mem_frac,flop_frac\n");
        } else if (i == 0) {
            print_terms(&setup, &step);
            printf("%7s %12s %12s %10s %12s %12s %10s %10s %10s\n", "batch", "step ms", "tokens/s", "W",
                   "W/accelerator", "J/token", "KV used", "bandwidth", "arithmetic");
        }
        print_step(&step, &at, q->csv);
        j_per_tok[i] = step.j_per_tok;
        step_ms[i] = 1e3 * step.step_s;
        tok_per_s[i] = step.tok_per_s;
        within[i] = step.within_limits;
    }
    const struct gw_figures_batch figure = {.n = n,
                                            .batch = batch,
                                            .j_per_tok = j_per_tok,
                                            .step_ms = step_ms,
                                            .tok_per_s = tok_per_s,
                                            .within = within};
    return draw(q, &setup, context, prompt, figure);
}

static int main_serving(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_serving);
}

static const struct gw_option options[] = {
    {"--llm", NULL, "NAME", "The model (default llama-3.1-70b)"},
    {"--node", NULL, "NAME", "The node (default h100x8)"},
    {"--tp", NULL, "N", "Accelerators per replica (default 8)"},
    {"--engine", NULL, "NAME", "The engine (default vllm-0.15)"},
    {"--batch", NULL, "N,N,...", "Running sequences (default 1,8,64,256)"},
    {"--context", NULL, "N", "Tokens of context per sequence (default 1000)"},
    {"--prompt", NULL, "N", "Prompt tokens in the step (default 0)"},
    {"--figure", NULL, "FOLDER", "Also draw J/token and step time over the batches there"},
    {0},
};

const struct gw_subject gw_probe_serving = {
    .name = "serving",
    .summary = "One engine step: its time, watts, tokens and memory, and the terms of the equations",
    .example = "geowatt probe serving --llm llama-3.1-70b --node h100x8 --tp 4 --batch 1,8,64,256",
    .options = options,
    .main = main_serving,
};
