#include <math.h>
#include <stdio.h>

#include "models/network/egress.h"
#include "models/network/jitter.h"
#include "models/network/measured.h"
#include "models/network/payload.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"
#include "sim/cli/terminal.h"

struct ends {
    const struct gw_place *a, *b;
    double km, rtt_ms, law_ms, from_km, to_km;
    int from_region, to_region; /* -1: none within reach */
    bool measured;
};

static struct ends ends_of(const struct gw_network_cfg *cfg, const struct gw_place *a,
                           const struct gw_place *b)
{
    struct ends e = {.a = a, .b = b, .km = gw_network_km(a, b)};
    e.rtt_ms = gw_ms_from_us((double)gw_network_rtt_us(cfg, a, b));
    e.law_ms = cfg->base_ms + cfg->ms_per_km * e.km;
    e.from_region = gw_network_region(cfg, a, &e.from_km);
    e.to_region = gw_network_region(cfg, b, &e.to_km);
    e.measured = e.from_region >= 0 && e.to_region >= 0 && e.from_region != e.to_region;
    return e;
}

static void print_rtt(const struct gw_network_cfg *cfg, const struct ends *e)
{
    printf("%s to %s: %.0f km (1), round trip %.1f ms (docs/models/network.md)\n", e->a->name, e->b->name,
           e->km, e->rtt_ms);
    printf("  law        %.1f ms = %.3g ms + %.4g ms/km x %.0f km (2)\n", e->law_ms, cfg->base_ms,
           cfg->ms_per_km, e->km);
    if (e->measured) {
        printf(
            "  measured   %.1f ms = %.3g ms from %s to %s + %.4g ms/km x %.0f km from the ends to them (3)\n",
            e->rtt_ms, gw_measured_table[e->from_region].rtt_ms[e->to_region],
            gw_measured_table[e->from_region].name, gw_measured_table[e->to_region].name, cfg->ms_per_km,
            e->from_km + e->to_km);
    } else {
        printf("  no measured round trip: %s\n",
               e->from_region == e->to_region && e->from_region >= 0
                   ? "both ends belong to one region"
                   : "an end is farther than network.reach from any region");
    }
    const gw_time_us rtt_us = llround(e->rtt_ms * 1e3);
    printf("  jitter     at network.jitter 0.1: half of the answers %.1f ms late, one of a hundred %.1f ms "
           "(4)\n",
           gw_ms_from_us((double)gw_jitter_us(0.1, rtt_us, UINT64_C(1) << 63)),
           gw_ms_from_us((double)gw_jitter_us(0.1, rtt_us, (uint64_t)(0.99 * 0x1p64))));
}

static void print_bandwidth(const struct gw_bandwidth_cfg *cfg, const struct ends *e, double gb)
{
    const double vm = gw_bandwidth_vm(cfg, e->rtt_ms), sites = gw_bandwidth_sites(cfg, e->rtt_ms);
    printf("\n  machine    %.2f Gbit/s = %.3g - %.4g x %.1f ms (5)\n", vm, cfg->vm_gbps, cfg->vm_gbps_per_ms,
           e->rtt_ms);
    printf("  sites      %.1f Gbit/s, the least of %lld machines' and the link's %.4g (6)\n", sites,
           (long long)cfg->gateways, cfg->link_gbps);
    printf("  moved      %.4g GB in %.4g s from site to site (8)\n", gb,
           gw_bandwidth_transfer_s(gb, sites, e->rtt_ms));
}

/* Lists in the order of the catalogue; "-" where a list has no price. */
static void print_prices(struct gw_question *q, const struct ends *e, double gb)
{
    const struct gw_node *lists = gw_node_get(q->catalogue.root, "egress-prices");
    printf("\n  %-10s %14s %14s   from the first end, for %.4g GB (12)\n", "price list", "to the other",
           "to users", gb);
    for (uint32_t i = 0; lists != NULL && i < lists->n; i++) {
        const struct gw_egress *list = gw_probe_command_entry(q, "egress", lists->entry[i].key);
        if (list == NULL) {
            continue;
        }
        const double price[] = {gw_egress_sites(list, e->a, e->b), gw_egress_user(list, e->a)};
        printf("  %-10s", list->name);
        for (size_t k = 0; k < 2; k++) {
            if (isnan(price[k])) {
                printf(" %14s", "-");
            } else {
                printf(" %10.4g USD", price[k] * gb);
            }
        }
        printf("\n");
    }
}

static void print_request(const struct gw_network_cfg *cfg, double in_tok, double out_tok)
{
    const double in = gw_payload_in_bytes(cfg, in_tok), out = gw_payload_out_bytes(cfg, out_tok);
    printf(
        "\n  request    %.0f B in = %.4g + %.4g x %.0f tok (9), %.0f B out = %.4g + %.4g x %.0f tok (10)\n",
        in, cfg->request_bytes, cfg->prompt_bytes_per_tok, in_tok, out, cfg->answer_bytes,
        cfg->answer_bytes_per_tok, out_tok);
    printf("  energy     %.3g mWh = %.3g kWh/GB x both (11); none with network.attribution off\n",
           1e6 * gw_payload_kwh(cfg, in + out), cfg->kwh_per_gb);
}

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
    double gb, in_tok, out_tok;
    if (a == NULL || b == NULL || !gw_probe_command_number(q, "--volume", "GB", "100", 0.0, 1e9, &gb) ||
        !gw_probe_command_number(q, "--prompt", "1", "1000", 0.0, 1e7, &in_tok) ||
        !gw_probe_command_number(q, "--answer", "1", "250", 0.0, 1e7, &out_tok)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (gw_bind_defaults(&gw_network_type, &cfg, &q->arena, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    const struct ends e = ends_of(&cfg, a, b);
    if (q->csv) {
        const double sites = gw_bandwidth_sites(&cfg.bandwidth, e.rtt_ms);
        printf(
            "from,to,km,rtt_ms,from_region,to_region,law_ms,vm_gbit_per_s,sites_gbit_per_s,transfer_s\n"
            "%s,%s,%.9g,%.9g,%s,%s,%.9g,%.9g,%.9g,%.9g\n",
            a->name, b->name, e.km, e.rtt_ms, e.from_region >= 0 ? gw_measured_table[e.from_region].name : "",
            e.to_region >= 0 ? gw_measured_table[e.to_region].name : "", e.law_ms,
            gw_bandwidth_vm(&cfg.bandwidth, e.rtt_ms), sites, gw_bandwidth_transfer_s(gb, sites, e.rtt_ms));
        return 0;
    }
    print_rtt(&cfg, &e);
    print_bandwidth(&cfg.bandwidth, &e, gb);
    print_prices(q, &e, gb);
    print_request(&cfg, in_tok, out_tok);
    return 0;
}

static int main_network(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_network);
}

static const struct gw_option options[] = {
    {"--from", NULL, "PLACE", "One end"},
    {"--to", NULL, "PLACE", "The other end"},
    {"--volume", NULL, "GB", "What is moved from site to site (default 100 GB)"},
    {"--prompt", NULL, "N", "Tokens of a request's prompt (default 1000)"},
    {"--answer", NULL, "N", "Tokens of its answer (default 250)"},
    {0},
};

const struct gw_subject gw_probe_network = {
    .name = "network",
    .summary =
        "Between two places: distance, round trip, bandwidth, prices of transfer; what a request weighs",
    .example = "geowatt probe network --from us-east --to the-dalles",
    .options = options,
    .main = main_network,
};
