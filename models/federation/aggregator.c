#include "models/federation/aggregator.h"

#include <math.h>
#include <stddef.h>

const char *const gw_aggregator_names[] = {"fixed",    "min-max-rtt", "min-egress-cost",
                                           "greenest", "ring",        NULL};

static double farthest_ms(const struct gw_aggregator_ask *ask, uint32_t site)
{
    double most = 0.0;
    for (uint32_t c = 0; c < ask->clients && ask->links->rtt_ms != NULL; c++) {
        if (ask->in[c] != 0 && c != site) {
            most = fmax(most, ask->links->rtt_ms[(size_t)site * ask->clients + c]);
        }
    }
    return most;
}

static double egress_usd(const struct gw_aggregator_ask *ask, uint32_t site)
{
    double sum = 0.0;
    for (uint32_t c = 0; c < ask->clients && ask->links->usd_per_gb != NULL; c++) {
        if (ask->in[c] != 0 && c != site) {
            sum += ask->gb * (ask->links->usd_per_gb[(size_t)site * ask->clients + c] +
                              ask->links->usd_per_gb[(size_t)c * ask->clients + site]);
        }
    }
    return sum;
}

static double value_of(enum gw_aggregator_rule rule, const struct gw_aggregator_ask *ask, uint32_t site)
{
    switch (rule) {
    case GW_AGGREGATOR_MIN_MAX_RTT:
        return farthest_ms(ask, site);
    case GW_AGGREGATOR_MIN_EGRESS_COST:
        return egress_usd(ask, site);
    case GW_AGGREGATOR_GREENEST:
        return ask->carbon != NULL ? ask->carbon[site] : 0.0;
    default:
        return 0.0;
    }
}

uint32_t gw_aggregator_place(enum gw_aggregator_rule rule, const struct gw_aggregator_ask *ask)
{
    if (rule == GW_AGGREGATOR_FIXED || rule == GW_AGGREGATOR_RING) {
        return ask->now;
    }
    uint32_t best = 0, members = ask->in[0] != 0 ? 1 : 0;
    for (uint32_t c = 1; c < ask->clients; c++) {
        best = value_of(rule, ask, c) < value_of(rule, ask, best) ? c : best;
        members += ask->in[c] != 0 ? 1u : 0u;
    }
    if (rule == GW_AGGREGATOR_GREENEST) {
        /* the half of the network's energy that is drawn at this end, up and down: 2 V epsilon / 2 each */
        const double saved_g = (value_of(rule, ask, ask->now) - value_of(rule, ask, best)) * ask->gb *
                               ask->kwh_per_gb * (double)members;
        return saved_g > ask->worth_g ? best : ask->now;
    }
    return best;
}
