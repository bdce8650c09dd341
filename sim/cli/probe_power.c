#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/serving/probe.h"
#include "sim/cli/probe_command.h"

static void print_states(const struct gw_machine *node)
{
    const struct gw_accelerator *a = node->accelerator;
    printf("%s: %lld x %s; host %.4g W idle and %.4g W per accelerator watt above idle, supply %.4g\n\n",
           node->name, (long long)node->count, a->name, node->host_idle_w, node->host_dynamic_frac,
           node->psu_efficiency);
    printf("  %-12s %14s %16s   (at the plug: docs/models/hardware.md, eq. 3)\n", "state", "W/accelerator",
           "node W at plug");
    printf("  %-12s %14s %16.5g\n", "off", "-", node->off_w);
    printf("  %-12s %14s %16.5g\n", "sleep", "-", node->sleep_w);
    printf("  %-12s %14.4g %16.5g\n", "idle", a->idle_w, gw_machine_plug_w(node, a->idle_w));
    printf("  %-12s %14.4g %16.5g   %+.4g W by a model in memory\n", "loaded idle", a->loaded_idle_w,
           gw_machine_plug_w(node, a->loaded_idle_w), a->loaded_idle_w - a->idle_w);
    printf("  %-12s %14.4g %16.5g\n\n", "limit", a->tdp_w, gw_machine_plug_w(node, a->tdp_w));
}

static void print_law(const struct gw_accelerator *a)
{
    printf("law %s (docs/models/power.md, eq. 1 to 3): ", a->power.name);
    if (strcmp(a->power.name, "two-util") == 0) {
        const struct gw_power_two_util *c = a->power.cfg;
        printf("%.4g + %.4g um^%.3g + %.4g uf^%.3g W%s\n", c->idle_w, c->mem_w, c->mem_exponent, c->flop_w,
               c->flop_exponent, isnan(c->limit_w) ? "" : ", levelling off");
    } else if (strcmp(a->power.name, "logistic") == 0) {
        const struct gw_power_logistic *c = a->power.cfg;
        printf("%.4g + %.4g / (1 + exp(%.3g (%.3g - log2 B))) W\n", c->base_w, c->rise_w, c->slope,
               c->mid_log2_batch);
    } else {
        const struct gw_power_states *c = a->power.cfg;
        printf("%.4g W with prompts, %.4g W without\n", c->prefill_w, c->decode_w);
    }
}

static void print_point(const struct gw_probe *p, const struct gw_machine *node, int64_t batch, bool csv)
{
    const struct gw_step_power *power = &p->cfg.power;
    const struct gw_power_state state = {
        .mem_frac = p->mem_frac, .flop_frac = p->flop_frac, .batch = (double)batch};
    const double law_w = power->law->watts(power->law_cfg, &state);
    printf(csv ? "%lld,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n"
               : "%7lld %8.4f %8.4f %10.1f %12.1f %14.1f %10.4g %12.4g %12.4g\n",
           (long long)batch, p->mem_frac, p->flop_frac, law_w, p->accelerator_w,
           gw_machine_plug_w(node, p->accelerator_w), 1e3 * p->step_s, p->capped_times, p->j_per_tok);
}

/* What caps do to work that wants so much: p, speed, energy per work. */
static void print_caps(const struct gw_accelerator *a, double wanted_w)
{
    printf("\ncaps and locked clocks, for work that wants %.4g W (docs/models/power.md, eq. 4 and 5): %s\n",
           wanted_w, a->cap.curve.n > 0 ? "measured curve" : "law");
    if (a->cap.curve.n == 0) {
        printf("  speed = ((p - %.3g) / %.3g)^(1/%.3g)\n", a->cap.static_frac, 1.0 - a->cap.static_frac,
               a->cap.exponent);
    }
    printf("%10s %10s %10s %18s\n", "cap W", "p", "speed", "energy per work");
    const double lowest = gw_power_cap_lowest(&a->cap);
    for (int i = 10; i >= 4; i--) {
        const double cap_w = 0.1 * i * a->tdp_w, p = fmin(cap_w / wanted_w, 1.0);
        if (p < lowest) {
            printf("%10.4g %10.4f   below %.4g W nothing was measured\n", cap_w, p, lowest * wanted_w);
            break;
        }
        const double speed = gw_power_cap_speed(&a->cap, cap_w, wanted_w);
        printf("%10.4g %10.4f %10.4f %18.4f\n", cap_w, p, speed, p / speed);
    }
}

static bool limits_of(const struct gw_question *q, const struct gw_accelerator *a,
                      struct gw_serving_setup *setup)
{
    double cap_w, clock_frac;
    if (!gw_probe_command_number(q, "--power-cap", "W", "50 kW", 1.0, 50e3, &cap_w) ||
        !gw_probe_command_number(q, "--clock", "1", "1", 0.05, 1.0, &clock_frac)) {
        return false;
    }
    setup->cap_w = cap_w < a->tdp_w ? cap_w : INFINITY;
    setup->clock_frac = clock_frac < 1.0 ? clock_frac : 0.0;
    return true;
}

static void print_head(const struct gw_serving_setup *setup, long long context, bool csv)
{
    if (csv) {
        printf("batch,mem_frac,flop_frac,law_w,w_per_accelerator,node_w_at_plug,step_ms,times_longer,"
               "j_per_out_tok\n");
        return;
    }
    print_states(setup->node);
    print_law(setup->node->accelerator);
    printf("%s on %lld, engine %s, %lld tokens of context\n", setup->llm->name,
           (long long)setup->tensor_parallel, setup->engine->name, context);
    printf("%7s %8s %8s %10s %12s %14s %10s %12s %12s\n", "batch", "um", "uf", "law W", "W drawn",
           "node W at plug", "step ms", "times longer", "J/token");
}

static int probe_power(struct gw_question *q)
{
    long long tp, context;
    double batch[GW_PROBE_VALUES_MAX];
    if (!gw_command_number(q->arguments, "--tp", 1, 1024, 8, &tp) ||
        !gw_command_number(q->arguments, "--context", 1, 10000000, 1000, &context)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const size_t n = gw_probe_command_numbers(q, "--batch", "1", "1,8,64,256", 1.0, 1e6, batch);
    struct gw_serving_setup setup = {
        .llm = gw_probe_command_entry(q, "llm", gw_probe_command_given(q, "--llm", "llama-3.1-70b")),
        .engine = gw_probe_command_entry(q, "engine", gw_probe_command_given(q, "--engine", "vllm-0.15")),
        .node = gw_probe_command_entry(q, "node", gw_probe_command_given(q, "--node", "h100x8")),
        .tensor_parallel = tp,
    };
    if (n == 0 || setup.llm == NULL || setup.engine == NULL || setup.node == NULL ||
        !limits_of(q, setup.node->accelerator, &setup)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    print_head(&setup, context, q->csv);
    double most_w = 0.0;
    for (size_t i = 0; i < n; i++) {
        const struct gw_probe_point at = {.batch = (int64_t)batch[i], .context_tok = context};
        struct gw_probe p;
        struct gw_error err;
        if (gw_probe_step(&setup, &at, &p, &err) != GW_OK) {
            fprintf(stderr, "geowatt probe power: %s\n", err.why);
            return gw_status_exit(err.status);
        }
        print_point(&p, setup.node, at.batch, q->csv);
        most_w = fmax(most_w, p.accelerator_w);
    }
    if (!q->csv) {
        print_caps(setup.node->accelerator, most_w);
    }
    return 0;
}

static int main_power(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_power);
}

static const struct gw_option options[] = {
    {"--node", NULL, "NAME", "The node (default h100x8)"},
    {"--llm", NULL, "NAME", "The model (default llama-3.1-70b)"},
    {"--tp", NULL, "N", "Accelerators per replica (default 8)"},
    {"--engine", NULL, "NAME", "The engine (default vllm-0.15)"},
    {"--batch", NULL, "N,N,...", "Running sequences (default 1,8,64,256)"},
    {"--context", NULL, "N", "Tokens of context per sequence (default 1000)"},
    {"--power-cap", NULL, "W", "Power cap per accelerator (default none)"},
    {"--clock", NULL, "SHARE", "Locked clock over the highest (default 1)"},
    {0},
};

const struct gw_subject gw_probe_power = {
    .name = "power",
    .summary = "Watts of a node: idle, with a model, over the batch, under caps",
    .example =
        "geowatt probe power --node h100x8 --llm llama-3.1-70b --tp 4 --batch 1,8,64,256 --power-cap 500W",
    .options = options,
    .main = main_power,
};
