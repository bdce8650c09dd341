#include <stdio.h>

#include "models/workload/burst.h"
#include "models/workload/length.h"
#include "models/workload/shape.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"
#include "sim/cli/terminal.h"

static const double quantile[] = {0.5, 0.9, 0.99};
enum { QUANTILES = sizeof quantile / sizeof quantile[0], HOURS = 24 };

static bool print_length(struct gw_question *q, const char *what, const struct gw_pick *law)
{
    struct gw_length length;
    if (!gw_length_build(law, &length, &q->arena)) {
        fprintf(stderr, "geowatt: out of memory\n");
        return false;
    }
    printf(q->csv ? "%s,%.9g" : "%-8s mean %8.1f", what, length.mean);
    for (size_t i = 0; i < QUANTILES; i++) {
        const unsigned tok = gw_length_at(&length, quantile[i]);
        if (q->csv) {
            printf(",%u", tok);
        } else {
            printf("   p%.0f %6u", 100 * quantile[i], tok);
        }
    }
    printf(q->csv ? "\n" : "   tok (4, 5)\n");
    return true;
}

/* Dispersion of the default on-off process at that rate. */
static void print_bursts(double rate_per_s)
{
    static const double window_s[] = {1, 10, 60};
    const struct gw_burst on_off = {
        .law = GW_BURST_MMPP, .high_us = 91 * GW_US_PER_S / 10, .low_us = 365 * GW_US_PER_S / 10};
    printf("\nVariance over mean of the counts at %g/s (7):\n", rate_per_s);
    printf("%-8s poisson 1   mmpp", "");
    for (size_t i = 0; i < 3; i++) {
        printf("   %.0f s %.4g", window_s[i], gw_burst_idc(&on_off, rate_per_s, window_s[i]));
    }
    printf("\n");
}

static void print_hours(const struct gw_shape *shape, double rate_per_s)
{
    static const gw_time_us monday_unix_us = INT64_C(1685923200) * GW_US_PER_S; /* 2023-06-05 */
    printf("\n%s, requests/s by local hour, weekday (1):\n", shape->name);
    for (int h = 0; h < HOURS; h++) {
        const gw_time_us at_us = monday_unix_us + h * GW_US_PER_H + GW_US_PER_H / 2;
        printf("%8.3g%s", rate_per_s * gw_shape_at(shape, at_us, 0), h % 8 == 7 ? "\n" : "");
    }
}

static int probe_workload(struct gw_question *q)
{
    const struct gw_length_pair_cfg *pair =
        gw_probe_command_entry(q, "length", gw_probe_command_given(q, "--lengths", "azure-conversation"));
    const struct gw_shape *shape =
        gw_probe_command_entry(q, "shape", gw_probe_command_given(q, "--shape", "business"));
    double rate_per_s;
    if (pair == NULL || shape == NULL ||
        !gw_probe_command_number(q, "--rate", "1/s", "2.57 /s", 1e-6, 1e7, &rate_per_s)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (q->csv) {
        printf("what,mean_tok,p50_tok,p90_tok,p99_tok\n");
    } else {
        printf("%s (docs/models/workload.md)\n", pair->name);
    }
    if (!print_length(q, "prompt", &pair->prompt) || !print_length(q, "answer", &pair->output)) {
        return gw_status_exit(GW_ERR_NOMEM);
    }
    if (!q->csv) {
        print_bursts(rate_per_s);
        print_hours(shape, rate_per_s);
    }
    return 0;
}

static int main_workload(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_workload);
}

static const struct gw_option options[] = {
    {"--lengths", NULL, "NAME", "Token lengths of the catalogue (default: azure-conversation)"},
    {"--shape", NULL, "NAME", "Curve of the week (default: business)"},
    {"--rate", NULL, "RATE", "Mean rate (default: 2.57 /s)"},
    {0},
};

const struct gw_subject gw_probe_workload = {
    .name = "workload",
    .summary = "Token lengths, bursts and hours of a demand",
    .example = "geowatt probe workload --lengths azure-code --rate 5/s",
    .options = options,
    .main = main_workload,
};
