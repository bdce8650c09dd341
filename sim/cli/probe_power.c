#include <math.h>
#include <stdio.h>

#include "models/hardware/hardware.h"
#include "models/hardware/power_law.h"
#include "sim/cli/probe_command.h"

static int probe_power(struct gw_question *q)
{
    const struct gw_machine *node =
        gw_probe_command_entry(q, "node", gw_probe_command_given(q, "--node", "h100x8"));
    if (node == NULL) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const struct gw_accelerator *a = node->accelerator;
    const struct gw_power_law *law = gw_power_law_find(a->power.name);
    if (q->csv) {
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
            printf(q->csv ? "%.9g,%.9g,%.9g,%.9g\n" : "%10.2f %10.2f %16.1f %16.1f\n", state.mem_frac,
                   state.flop_frac, w, plug);
        }
    }
    return 0;
}

static int main_power(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_power);
}

static const struct gw_option options[] = {
    {"--node", NULL, "NAME", "The node (default h100x8)"},
    {0},
};

const struct gw_subject gw_probe_power = {
    .name = "power",
    .summary = "Watts of a node over the use of its memory and its arithmetic",
    .example = "geowatt probe power --node h100x8",
    .options = options,
    .main = main_power,
};
