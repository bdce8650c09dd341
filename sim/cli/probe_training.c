#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/training/cap_choice.h"
#include "models/training/pipeline_slack.h"
#include "models/training/project.h"
#include "models/training/training.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"

/* One printed line: a number, its unit and its equation in docs/models/training.md. */
static void line(const char *name, double value, const char *unit, const char *equation, const char *what)
{
    printf("  %-20s %12.6g %-9s %-9s %s\n", name, value, unit, equation, what);
}

static void print_work(const struct gw_training_cfg *cfg, const struct gw_training *t)
{
    printf("%s on %lld x %s (%g nodes %s), %g tokens in sequences of %g\n", cfg->llm->name,
           (long long)cfg->accelerators, cfg->node->accelerator->name, t->nodes, cfg->node->name, cfg->tokens,
           cfg->sequence_tok);
    line("per_param", t->tuning.total, "FLOP/tok", "(4)", gw_tuning_method_names[cfg->tuning.method]);
    line("linear", t->flops.linear, "FLOP", "(1)", "weights a token passes through");
    line("attention", t->flops.attention, "FLOP", "(2)", "scores and their use");
    line("recomputed", t->flops.recomputed, "FLOP", "(3)", gw_flops_recompute_names[cfg->recompute]);
    line("model", t->flops.model, "FLOP", "(3)", "what MFU counts");
    line("hardware", t->flops.hardware, "FLOP", "(3)", "what HFU counts");
}

static void print_speed(const struct gw_training_cfg *cfg, const struct gw_training *t)
{
    if (isnan(cfg->mfu) && isnan(cfg->tflops)) {
        line("hfu_table", t->table.table, "1", "(5)", cfg->efficiency->name);
        line("accelerators_table", t->table.accelerators, "1", "(5)", "n0 for so many weights");
        line("doublings", t->table.doublings, "1", "(5)", "beyond it");
        line("factor", t->table.factor, "1", "(5)",
             t->table.known ? "of this accelerator" : "nothing is known of this accelerator");
    }
    if (!isnan(cfg->air_c)) {
        line("hot", gw_efficiency_hot(cfg->efficiency, cfg->air_c), "1", "(6)", "outdoor air");
    }
    line("hfu", t->hfu, "1", "(5)", "");
    line("mfu", t->mfu, "1", "(5)", "hfu model / hardware");
    line("tflops", t->tflops, "TFLOP/s", "(8)", "of the hardware, per accelerator");
    line("ideal", t->ideal_s / 86400.0, "d", "(8)", "without failures and checkpoints");
}

static void print_losses(const struct gw_training *t)
{
    const struct gw_failures_cost *f = &t->failures;
    line("checkpoint", t->checkpoint.bytes / 1e12, "TB", "(9)", "");
    line("write", t->checkpoint.write_s, "s", "(9)", "until it is safe");
    line("blocking", t->checkpoint.blocking_s, "s", "(9)", "training stands still");
    line("mttf", f->mttf_s / 3600.0, "h", "(11)", "between failures of the job");
    line("interval", t->interval_s / 60.0, "min", "(10)", "between checkpoints");
    line("recover", f->recover_s, "s", "(13)", "noticing, starting again, waiting for a node");
    line("no_spare", f->short_frac, "1", "(13)", "failures that find no spare");
    line("ettr", f->ettr, "1", "(12)", "first order");
    line("ettr_exact", f->ettr_exact, "1", "(12)", "useful share of the time; of the rest:");
    line("  checkpoints", f->checkpoint_frac, "1", "(12)", "");
    line("  lost", f->lost_frac, "1", "(12)", "work done again");
    line("  recovering", f->recover_frac, "1", "(12)", "");
    line("wall", t->wall_s / 86400.0, "d", "(8)", "ideal / ettr_exact");
    line("accelerator_hours", t->accelerator_h, "h", "(8)", "");
    line("billed_hours", t->billed_h, "h", "(8)", "with the overhead");
}

static void print_watts(const struct gw_training_cfg *cfg, const struct gw_training *t)
{
    const struct gw_accelerator *a = cfg->node->accelerator;
    const struct gw_power_law *law = gw_power_law_find(a->power.name);
    const struct gw_power_state state = {.flop_frac = fmin(t->hfu, 1.0), .batch = 1.0, .has_prompt = true};
    line("accelerator_compute", t->waveform.compute_w, "W", "(15)", "share of its limit");
    line("accelerator_pause", t->waveform.checkpoint_w, "W", "(15)", "while a checkpoint is written");
    line("accelerator_law", fmin(law->watts(a->power.cfg, &state), a->tdp_w), "W", "power",
         "its serving law at this HFU, for comparison");
    line("node_compute", t->compute_w, "W", "(16)", "at the plug");
    line("node_checkpoint", t->checkpoint_w, "W", "(16)", "");
    line("node_recover", t->recover_w, "W", "(16)", "idle");
    line("node_mean", t->mean_w, "W", "(16)", "over the wall time");
    line("swing", t->swing_w / 1e6, "MW", "(15)", "of all nodes, at each checkpoint");
    line("energy", gw_mwh_from_kwh(t->it_kwh), "MWh", "(16)", "final run, IT");
}

static void print_project(const struct gw_training *t, double overhead, double development)
{
    const struct gw_project_cfg cfg = {
        .final_kwh = t->it_kwh, .overhead = overhead, .development_frac = development};
    const struct gw_project p = gw_project_total(&cfg);
    line("overhead", gw_mwh_from_kwh(p.overhead_kwh), "MWh", "(17)", "billed beside the final run");
    line("development", gw_mwh_from_kwh(p.development_kwh), "MWh", "(17)", "before it");
    line("project", gw_mwh_from_kwh(p.total_kwh), "MWh", "(17)", "");
}

/* What else may be asked beside the training itself. */
struct beside {
    double development;
    double link_gbit_per_s, rtt_ms;
    double stages, chunks, micro_batches, straggler;
    const struct gw_cap_curve *caps; /* NULL: not asked */
    double eta, max_ci;
    size_t n_ci;
    double ci[GW_PROBE_VALUES_MAX];
};

static void print_moves(const struct gw_training_cfg *cfg, const struct gw_training *t,
                        const struct beside *b)
{
    line("reshape", gw_checkpoint_reshape_s(&cfg->checkpoint, false) / 60.0, "min", "", "to another layout");
    line("reshape_dp", gw_checkpoint_reshape_s(&cfg->checkpoint, true) / 60.0, "min", "", "to other copies");
    line("move", gw_checkpoint_move_s(t->checkpoint.bytes, b->link_gbit_per_s, b->rtt_ms) / 60.0, "min", "",
         "a checkpoint to another site, over the link");
}

enum { STAGES_MAX = 512 };

/* Even stages: forward a third of a micro-batch's time, backward the rest. */
static int print_pipeline(const struct gw_training_cfg *cfg, const struct gw_training *t,
                          const struct beside *b)
{
    double forward_s[STAGES_MAX], backward_s[STAGES_MAX];
    for (size_t i = 0; i < (size_t)b->stages; i++) {
        forward_s[i] = 1.0;
        backward_s[i] = 2.0;
    }
    const struct gw_pipeline_slack_cfg slack = {
        .stages = (uint32_t)b->stages,
        .micro_batches = (uint32_t)b->micro_batches,
        .forward_s = forward_s,
        .backward_s = backward_s,
        .cap = &cfg->node->accelerator->cap,
        .compute_w = t->waveform.compute_w,
        .wait_w = cfg->node->accelerator->loaded_idle_w,
        .straggler = b->straggler,
    };
    struct gw_pipeline_slack plan;
    struct gw_error err;
    if (gw_pipeline_slack_plan(&slack, &plan, NULL, &err) != GW_OK) {
        fprintf(stderr, "geowatt probe training: %s\n", err.why);
        return gw_status_exit(err.status);
    }
    line("bubble", gw_efficiency_bubble(b->stages, b->chunks, b->micro_batches), "1", "(7)",
         "idle over computing");
    line("waiting", plan.bubble_frac, "1", "(20)", "of the stages' time, without chunks");
    line("slowed_saves", plan.saved_frac, "1", "(20)", "energy, no iteration later than the straggler's");
    return 0;
}

static void print_caps(const struct beside *b)
{
    const struct gw_cap_point *p = b->caps->points.at;
    const uint32_t last = b->caps->points.n - 1;
    printf("caps: %s (eq. 18, 19; weight of energy and carbon %g)\n", b->caps->title, b->eta);
    printf("%10s %10s %10s %10s %18s\n", "cap W", "time", "W", "energy", "Zeus, J per s full");
    for (uint32_t i = last + 1; i-- > 0;) {
        const struct gw_cap_option option = {
            .cap_w = p[i].cap_w, .time_s = p[i].time, .watts = p[i].watts, .batch = 1.0};
        printf("%10.4g %10.4f %10.4g %10.4f %18.4f\n", p[i].cap_w, p[i].time, p[i].watts,
               p[i].time * p[i].watts / p[last].watts, gw_cap_choice_zeus_j(&option, b->eta, p[last].cap_w));
    }
    const struct gw_cap_chase chase = {.curve = b->caps, .e = b->eta, .max_ci = b->max_ci};
    for (size_t i = 0; i < b->n_ci; i++) {
        printf("  Chase at %g g/kWh: %g W\n", b->ci[i], p[gw_cap_choice_chase(&chase, b->ci[i])].cap_w);
    }
}

static bool read_beside(struct gw_question *q, struct beside *b)
{
    const char *caps = gw_command_value(q->arguments, "--caps");
    b->caps = caps != NULL ? gw_probe_command_entry(q, "cap-curve", caps) : NULL;
    b->n_ci = gw_probe_command_numbers(q, "--ci", "g/kWh", "100,400,700", 0.0, 5000.0, b->ci);
    return (caps == NULL || b->caps != NULL) && b->n_ci > 0 &&
           gw_probe_command_number(q, "--development", "1", "0", 0.0, 100.0, &b->development) &&
           gw_probe_command_number(q, "--link", "Gbit/s", "10", 1e-3, 1e6, &b->link_gbit_per_s) &&
           gw_probe_command_number(q, "--rtt", "ms", "100", 0.0, 1e4, &b->rtt_ms) &&
           gw_probe_command_number(q, "--stages", "1", "1", 1.0, STAGES_MAX, &b->stages) &&
           gw_probe_command_number(q, "--chunks", "1", "1", 1.0, 64.0, &b->chunks) &&
           gw_probe_command_number(q, "--micro-batches", "1", "32", 1.0, 1e4, &b->micro_batches) &&
           gw_probe_command_number(q, "--straggler", "1", "1", 1.0, 10.0, &b->straggler) &&
           gw_probe_command_number(q, "--eta", "1", "0.5", 0.0, 1.0, &b->eta) &&
           gw_probe_command_number(q, "--max-ci", "g/kWh", "750", 0.0, 5000.0, &b->max_ci);
}

static void print_row(const struct gw_training_cfg *cfg, const struct gw_training *t)
{
    printf("%s,%s,%lld,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n", cfg->llm->name,
           cfg->node->name, (long long)cfg->accelerators, cfg->tokens, t->flops.model, t->flops.hardware,
           t->hfu, t->mfu, t->ideal_s, t->failures.mttf_s, t->interval_s, t->failures.ettr_exact, t->wall_s,
           t->mean_w, t->it_kwh);
}

/* A word of a list, or -1 after a sentence. */
static int word_of(const struct gw_question *q, const char *option, const char *otherwise,
                   const char *const *words)
{
    const char *given = gw_probe_command_given(q, option, otherwise);
    int i = 0;
    while (words[i] != NULL && strcmp(words[i], given) != 0) {
        i++;
    }
    if (words[i] != NULL) {
        return i;
    }
    fprintf(stderr, "geowatt probe training: %s is one of", option);
    for (i = 0; words[i] != NULL; i++) {
        fprintf(stderr, "%s %s", i > 0 ? "," : "", words[i]);
    }
    fprintf(stderr, ", not %s\n", given);
    return -1;
}

/* NAN where it was not given. */
static bool optional(const struct gw_question *q, const char *option, const char *unit, double min,
                     double max, double *value)
{
    *value = NAN;
    return gw_command_value(q->arguments, option) == NULL ||
           gw_probe_command_number(q, option, unit, NULL, min, max, value);
}

static bool read_numbers(struct gw_question *q, struct gw_training_cfg *cfg)
{
    double bits, spares;
    if (!gw_probe_command_number(q, "--sequence", "1", "4096", 0.0, 1e7, &cfg->sequence_tok) ||
        !optional(q, "--mfu", "1", 1e-3, 1.0, &cfg->mfu) ||
        !optional(q, "--tflops", "1", 1e-3, 1e5, &cfg->tflops) ||
        !optional(q, "--air", "C", -60.0, 60.0, &cfg->air_c) ||
        !optional(q, "--interval", "s", 1.0, 1e8, &cfg->interval_s) ||
        !gw_probe_command_number(q, "--trained", "1", "1", 0.0, 1.0, &cfg->tuning.frac) ||
        !gw_probe_command_number(q, "--bits", "1", "16", 8.0, 32.0, &bits) ||
        !gw_probe_command_number(q, "--failures", "1", "3.5e-3", 0.0, 1000.0, &cfg->failures.per_node_day) ||
        !gw_probe_command_number(q, "--restart", "s", "8 min", 0.0, 604800.0, &cfg->failures.restart_s) ||
        !gw_probe_command_number(q, "--spares", "1", "0", 0.0, 1e6, &spares) ||
        !gw_probe_command_number(q, "--repair", "h", "0", 0.0, 8760.0, &cfg->failures.repair_h) ||
        !gw_probe_command_number(q, "--stall", "s", "20 s", 0.0, 604800.0, &cfg->checkpoint.stall_s) ||
        !gw_probe_command_number(q, "--overhead", "1", "1", 1.0, 100.0, &cfg->overhead)) {
        return false;
    }
    cfg->precision_bits = (int64_t)bits;
    cfg->failures.spares = (int64_t)spares;
    return true;
}

static bool read_entries(struct gw_question *q, struct gw_training_cfg *cfg)
{
    struct gw_errors errs = {0};
    if (gw_training_defaults(cfg, &q->arena, &errs) != GW_OK) {
        return false;
    }
    cfg->llm = gw_probe_command_entry(q, "llm", gw_probe_command_given(q, "--llm", "llama-2-7b"));
    cfg->node = gw_probe_command_entry(q, "node", gw_probe_command_given(q, "--node", "a100x8"));
    cfg->efficiency =
        gw_probe_command_entry(q, "efficiency", gw_probe_command_given(q, "--efficiency", "megatron-a100"));
    cfg->recompute = word_of(q, "--recompute", "none", gw_flops_recompute_names);
    cfg->tuning.method = word_of(q, "--tuning", "full", gw_tuning_method_names);
    return cfg->llm != NULL && cfg->node != NULL && cfg->efficiency != NULL && cfg->recompute >= 0 &&
           cfg->tuning.method >= 0;
}

static int probe_training(struct gw_question *q)
{
    struct gw_training_cfg cfg;
    double accelerators[GW_PROBE_VALUES_MAX], tokens[GW_PROBE_VALUES_MAX];
    struct beside beside;
    const size_t n = gw_probe_command_numbers(q, "--accelerators", "1", "256", 1.0, 1e7, accelerators);
    const size_t m = gw_probe_command_numbers(q, "--tokens", "1", "2e12", 1.0, 1e18, tokens);
    if (n == 0 || m == 0 || !read_entries(q, &cfg) || !read_numbers(q, &cfg) || !read_beside(q, &beside)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (q->csv) {
        printf("llm,node,accelerators,tokens,model_flop,hardware_flop,hfu,mfu,ideal_s,mttf_s,interval_s,ettr,"
               "wall_s,node_w,it_kwh\n");
    }
    for (size_t i = 0; i < n * m; i++) {
        cfg.accelerators = (int64_t)accelerators[i % n];
        cfg.tokens = tokens[i / n];
        struct gw_training t;
        struct gw_error err;
        if (gw_training_estimate(&cfg, &t, &err) != GW_OK) {
            fprintf(stderr, "geowatt probe training: %s\n", err.why);
            return gw_status_exit(err.status);
        }
        if (q->csv) {
            print_row(&cfg, &t);
            continue;
        }
        print_work(&cfg, &t);
        print_speed(&cfg, &t);
        print_losses(&t);
        print_watts(&cfg, &t);
        print_project(&t, cfg.overhead, beside.development);
        print_moves(&cfg, &t, &beside);
        const int status = beside.stages > 1.0 ? print_pipeline(&cfg, &t, &beside) : 0;
        if (status != 0) {
            return status;
        }
        printf("%s", i + 1 < n * m ? "\n" : "");
    }
    if (beside.caps != NULL && !q->csv) {
        print_caps(&beside);
    }
    return 0;
}

static int main_training(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_training);
}

static const struct gw_option options[] = {
    {"--llm", NULL, "NAME", "The model (default llama-2-7b)"},
    {"--node", NULL, "NAME", "The node (default a100x8)"},
    {"--accelerators", NULL, "N,N,...", "How many (default 256)"},
    {"--tokens", NULL, "N,N,...", "Tokens of all epochs (default 2e12)"},
    {"--sequence", NULL, "N", "Tokens of a sequence; 0 leaves attention out (default 4096)"},
    {"--recompute", NULL, "WHAT", "none, selective or full (default none)"},
    {"--tuning", NULL, "METHOD", "full, lora, top or budget (default full)"},
    {"--trained", NULL, "SHARE", "Adapters over weights, layers trained, or the budget (default 1)"},
    {"--bits", NULL, "N", "8, 16 or 32 per number (default 16)"},
    {"--efficiency", NULL, "NAME", "Table of shares of the peak (default megatron-a100)"},
    {"--mfu", NULL, "SHARE", "Instead of the table"},
    {"--tflops", NULL, "N", "Instead of the table: TFLOP/s per accelerator, recomputed ones included"},
    {"--air", NULL, "TEMP", "Outdoor air that slows the accelerators (default cool)"},
    {"--failures", NULL, "N", "Per node and day (default 3.5e-3)"},
    {"--restart", NULL, "TIME", "From noticing a failure to training (default 8 min)"},
    {"--spares", NULL, "N", "Nodes kept ready (default 0)"},
    {"--repair", NULL, "TIME", "Until a failed node is back (default 0: at once)"},
    {"--stall", NULL, "TIME", "Pause for a checkpoint; 0 until it is written (default 20 s)"},
    {"--interval", NULL, "TIME", "Between checkpoints (default the best)"},
    {"--overhead", NULL, "FACTOR", "Hours billed over those of the final run (default 1)"},
    {"--development", NULL, "FACTOR", "Energy of experiments over that of the final run (default 0)"},
    {"--link", NULL, "RATE", "To another site, for a move (default 10 Gbit/s)"},
    {"--rtt", NULL, "TIME", "Its round trip (default 100 ms)"},
    {"--stages", NULL, "N", "Of an even pipeline: its bubble and what slowing saves (default 1)"},
    {"--chunks", NULL, "N", "Chunks of layers per stage (default 1)"},
    {"--micro-batches", NULL, "N", "Per pipeline and step (default 32)"},
    {"--straggler", NULL, "FACTOR", "By which another pipeline is slower (default 1)"},
    {"--caps", NULL, "NAME", "Also a curve of power caps, with Zeus's cost and Chase's choice"},
    {"--eta", NULL, "SHARE", "Weight of energy or carbon in them (default 0.5)"},
    {"--ci", NULL, "G,G,...", "Intensities that Chase is asked at (default 100,400,700)"},
    {"--max-ci", NULL, "G", "Highest intensity (default 750 g/kWh)"},
    {0},
};

const struct gw_subject gw_probe_training = {
    .name = "training",
    .summary = "How long a training takes, what fails and what it draws",
    .example = "geowatt probe training --llm llama-3.1-405b --node h100x8 --accelerators 8192,16384 --tokens "
               "15.6e12 --sequence 8192",
    .options = options,
    .main = main_training,
};
