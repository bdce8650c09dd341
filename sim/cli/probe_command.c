#include "sim/cli/probe_command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "models/network/network.h"
#include "models/serving/probe.h"
#include "sim/base/number.h"
#include "sim/base/units.h"
#include "sim/cli/command.h"
#include "sim/cli/terminal.h"
#include "sim/run/scenario.h"

enum { MAX_BATCHES = 64 };

struct probe {
    const struct gw_arguments *arguments;
    struct gw_tree catalogue;
    struct gw_arena arena;
    bool csv;
};

static const char *given(const struct probe *p, const char *option, const char *otherwise)
{
    const char *value = gw_command_value(p->arguments, option);
    return value != NULL ? value : otherwise;
}

/* A catalogue entry by name; prints the sentence when there is none. */
static const void *entry(struct probe *p, const char *kind, const char *name)
{
    const struct gw_bind_env env = gw_scenario_env(&p->catalogue);
    const void *object = NULL;
    struct gw_errors errs = {0};
    if (gw_bind_entry(NULL, &env, kind, name, &object, &p->arena, &errs) != GW_OK) {
        (void)gw_terminal_errors(&errs);
        return NULL;
    }
    return object;
}

/* ---- serving ---- */

static size_t read_batches(const struct probe *p, long long *batch)
{
    const char **values = gw_command_values(p->arguments, "--batch", true);
    static const long long usual[] = {1, 8, 64, 256};
    size_t n = 0;
    for (; values != NULL && values[n] != NULL && n < MAX_BATCHES; n++) {
        int64_t x;
        if (!gw_number_parse_int(values[n], &x) || x < 1 || x > 1000000) {
            fprintf(stderr, "geowatt probe: --batch takes whole numbers from 1, not \"%s\"\n", values[n]);
            free(values);
            return 0;
        }
        batch[n] = x;
    }
    free(values);
    if (n == 0) {
        n = sizeof usual / sizeof usual[0];
        memcpy(batch, usual, sizeof usual);
    }
    return n;
}

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

static int probe_serving(struct probe *p)
{
    long long tp, context, prompt, batch[MAX_BATCHES];
    if (!gw_command_number(p->arguments, "--tp", 1, 1024, 8, &tp) ||
        !gw_command_number(p->arguments, "--context", 1, 10000000, 1000, &context) ||
        !gw_command_number(p->arguments, "--prompt", 0, 10000000, 0, &prompt)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const size_t n = read_batches(p, batch);
    const struct gw_serving_setup setup = {
        .llm = entry(p, "llm", given(p, "--llm", "llama-3.1-70b")),
        .engine = entry(p, "engine", given(p, "--engine", "vllm-0.15")),
        .node = entry(p, "node", given(p, "--node", "h100x8")),
        .tensor_parallel = tp,
        .cap_w = INFINITY,
    };
    if (n == 0 || setup.llm == NULL || setup.engine == NULL || setup.node == NULL) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    for (size_t i = 0; i < n; i++) {
        const struct gw_probe_point at = {.batch = batch[i], .context_tok = context, .prompt_tok = prompt};
        struct gw_probe step;
        struct gw_error err;
        if (gw_probe_step(&setup, &at, &step, &err) != GW_OK) {
            fprintf(stderr, "geowatt probe serving: %s\n", err.why);
            return gw_status_exit(err.status);
        }
        if (i == 0 && p->csv) {
            printf("batch,context_tok,prompt_tok,step_ms,out_tok_per_s,power_w,power_w_per_accelerator,"
                   "j_per_out_tok,kv_frac,mem_frac,flop_frac\n");
        } else if (i == 0) {
            print_terms(&setup, &step);
            printf("%7s %12s %12s %10s %12s %12s %10s %10s %10s\n", "batch", "step ms", "tokens/s", "W",
                   "W/accelerator", "J/token", "KV used", "bandwidth", "arithmetic");
        }
        print_step(&step, &at, p->csv);
    }
    return 0;
}

/* ---- power ---- */

static int probe_power(struct probe *p)
{
    const struct gw_machine *node = entry(p, "node", given(p, "--node", "h100x8"));
    if (node == NULL) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const struct gw_accelerator *a = node->accelerator;
    const struct gw_power_law *law = gw_power_law_find(a->power.name);
    if (p->csv) {
        printf("mem_frac,flop_frac,w_per_accelerator,node_w_at_plug\n");
    } else {
        printf("%s: %lld x %s, power law %s; idle %.4g W, loaded idle %.4g W, TDP %.4g W\n\n", node->name,
               (long long)node->count, a->name, law->name, a->idle_w, a->loaded_idle_w, a->tdp_w);
        printf("%10s %10s %16s %16s\n", "memory", "arithmetic", "W/accelerator", "node W at plug");
    }
    for (int m = 0; m <= 4; m++) {
        for (int f = 0; f <= 4; f += 2) {
            const struct gw_power_state state = {.mem_frac = m / 4.0, .flop_frac = f / 4.0, .batch = 64.0};
            const double w = fmin(law->watts(a->power.cfg, &state), a->tdp_w), n = (double)node->count;
            const double host =
                node->host_idle_w + node->host_dynamic_frac * n * fmax(w - a->loaded_idle_w, 0.0);
            const double plug = (n * w + host) / node->psu_efficiency;
            printf(p->csv ? "%.9g,%.9g,%.9g,%.9g\n" : "%10.2f %10.2f %16.1f %16.1f\n", state.mem_frac,
                   state.flop_frac, w, plug);
        }
    }
    return 0;
}

/* ---- network ---- */

static int probe_network(struct probe *p)
{
    const char *from = given(p, "--from", NULL), *to = given(p, "--to", NULL);
    if (from == NULL || to == NULL) {
        fprintf(
            stderr,
            "geowatt probe network: --from PLACE and --to PLACE say between what; see geowatt list places\n");
        return gw_status_exit(GW_ERR_USAGE);
    }
    const struct gw_place *a = entry(p, "place", from), *b = entry(p, "place", to);
    struct gw_network_cfg cfg;
    struct gw_errors errs = {0};
    if (a == NULL || b == NULL) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (gw_bind_defaults(&gw_network_type, &cfg, &p->arena, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    const double km = gw_network_km(a, b), rtt_ms = gw_ms_from_us((double)gw_network_rtt_us(&cfg, a, b));
    if (p->csv) {
        printf("from,to,km,rtt_ms\n%s,%s,%.9g,%.9g\n", a->name, b->name, km, rtt_ms);
    } else {
        printf("%s to %s: %.0f km, round trip %.1f ms = %.3g ms + %.4g ms/km (docs/models/network.md)\n",
               a->name, b->name, km, rtt_ms, cfg.base_ms, cfg.ms_per_km);
    }
    return 0;
}

int gw_probe_command(const struct gw_arguments *arguments)
{
    static const struct {
        const char *name;
        int (*run)(struct probe *p);
    } models[] = {{"serving", probe_serving}, {"power", probe_power}, {"network", probe_network}};
    struct probe p = {.arguments = arguments, .csv = gw_command_value(arguments, "--csv") != NULL};
    struct gw_errors errs = {0};
    if (gw_catalogue_load(&p.catalogue, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    int status = -1;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (strcmp(models[i].name, arguments->operand[0]) == 0) {
            status = models[i].run(&p);
        }
    }
    if (status < 0) {
        fprintf(stderr, "geowatt probe: there is no model \"%s\"; there are serving, power and network\n",
                arguments->operand[0]);
        status = gw_status_exit(GW_ERR_USAGE);
    }
    gw_arena_fini(&p.arena);
    gw_tree_fini(&p.catalogue);
    return status;
}
