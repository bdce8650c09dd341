#include <stdio.h>

#include "models/network/measured.h"
#include "models/network/network.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"
#include "sim/cli/terminal.h"

static int probe_network(struct gw_question *q)
{
    const char *from = gw_probe_command_given(q, "--from", NULL),
               *to = gw_probe_command_given(q, "--to", NULL);
    if (from == NULL || to == NULL) {
        fprintf(
            stderr,
            "geowatt probe network: --from PLACE and --to PLACE say between what; see geowatt list places\n");
        return gw_status_exit(GW_ERR_USAGE);
    }
    const struct gw_place *a = gw_probe_command_entry(q, "place", from),
                          *b = gw_probe_command_entry(q, "place", to);
    struct gw_network_cfg cfg;
    struct gw_errors errs = {0};
    if (a == NULL || b == NULL) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (gw_bind_defaults(&gw_network_type, &cfg, &q->arena, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    const double km = gw_network_km(a, b), rtt_ms = gw_ms_from_us((double)gw_network_rtt_us(&cfg, a, b));
    double from_km, to_km;
    const int from_region = gw_network_region(&cfg, a, &from_km),
              to_region = gw_network_region(&cfg, b, &to_km);
    const bool measured = from_region >= 0 && to_region >= 0 && from_region != to_region;
    const char *from_name = from_region >= 0 ? gw_measured_table[from_region].name : "";
    const char *to_name = to_region >= 0 ? gw_measured_table[to_region].name : "";
    if (q->csv) {
        printf("from,to,km,rtt_ms,from_region,to_region,law_ms\n%s,%s,%.9g,%.9g,%s,%s,%.9g\n", a->name,
               b->name, km, rtt_ms, from_name, to_name, cfg.base_ms + cfg.ms_per_km * km);
        return 0;
    }
    printf("%s to %s: %.0f km, round trip %.1f ms (docs/models/network.md)\n", a->name, b->name, km, rtt_ms);
    printf("  law       %.1f ms = %.3g ms + %.4g ms/km x %.0f km (2)\n", cfg.base_ms + cfg.ms_per_km * km,
           cfg.base_ms, cfg.ms_per_km, km);
    if (measured) {
        printf(
            "  measured  %.1f ms = %.3g ms from %s to %s + %.4g ms/km x %.0f km from the ends to them (3)\n",
            rtt_ms, gw_measured_table[from_region].rtt_ms[to_region], from_name, to_name, cfg.ms_per_km,
            from_km + to_km);
    } else {
        printf("  no measured round trip: %s\n",
               from_region == to_region && from_region >= 0
                   ? "both ends belong to one region"
                   : "an end is farther than network.reach from any region");
    }
    return 0;
}

static int main_network(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_network);
}

static const struct gw_option options[] = {
    {"--from", NULL, "PLACE", "One end"},
    {"--to", NULL, "PLACE", "The other end"},
    {0},
};

const struct gw_subject gw_probe_network = {
    .name = "network",
    .summary = "Distance and round trip between two places",
    .example = "geowatt probe network --from us-east --to the-dalles",
    .options = options,
    .main = main_network,
};
