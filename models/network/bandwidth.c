#include "models/network/bandwidth.h"

#include <math.h>

#include "sim/base/check.h"

static const double longest_rtt_ms = 343.0; /* among the pairs behind the line */
static const double least_gbps = 0.01;      /* whatever line somebody draws */

static const struct gw_type rate = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "Gbit/s", .min = 0.001, .max = 1e6};
static const struct gw_type slope = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "Gbit/s/ms", .min = 0, .max = 1};
static const struct gw_type count = {.kind = GW_INT, .size = sizeof(int64_t), .min = 1, .max = 100000};

#define P struct gw_bandwidth_cfg
static const struct gw_field fields[] = {
    GW_FIELD_AS(P, "vm", vm_gbps, &rate, "6.60",
                "What one machine sends over many connections at no distance", "skyplane-2023"),
    GW_FIELD_AS(P, "vm_per_ms", vm_gbps_per_ms, &slope, "0.0109", "The less per round trip", "skyplane-2023"),
    GW_FIELD(P, gateways, &count, "8", "Machines of a site that send to another site at once",
             "round number"),
    GW_FIELD_AS(P, "link", link_gbps, &rate, "100", "Most that goes from site to site", "round number"),
    GW_FIELD_AS(P, "user_link", user_gbps, &rate, "~",
                "Most that a user sends; when given, a prompt's way in takes its bytes over this rate", NULL),
    GW_FIELD_END,
};
#undef P

const struct gw_type gw_bandwidth_type = {
    .kind = GW_OBJ, .size = sizeof(struct gw_bandwidth_cfg), .of = fields, .doc = "How much gets through"};

double gw_bandwidth_vm(const struct gw_bandwidth_cfg *cfg, double rtt_ms)
{
    GW_REQUIRE(rtt_ms >= 0.0);
    return fmax(cfg->vm_gbps - cfg->vm_gbps_per_ms * fmin(rtt_ms, longest_rtt_ms), least_gbps);
}

double gw_bandwidth_sites(const struct gw_bandwidth_cfg *cfg, double rtt_ms)
{
    return fmin((double)cfg->gateways * gw_bandwidth_vm(cfg, rtt_ms), cfg->link_gbps);
}

double gw_bandwidth_user(const struct gw_bandwidth_cfg *cfg, double rtt_ms)
{
    const double vm = gw_bandwidth_vm(cfg, rtt_ms);
    return isnan(cfg->user_gbps) ? vm : fmin(vm, cfg->user_gbps);
}

double gw_bandwidth_transfer_s(double gb, double gbps, double rtt_ms)
{
    GW_REQUIRE(gb >= 0.0);
    GW_REQUIRE(gbps > 0.0);
    return rtt_ms / 2e3 + 8.0 * gb / gbps;
}
