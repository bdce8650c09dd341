/* models/policies/purchase.h - what a site buys in the coming epoch, and what a new peak of it costs.
 *
 *   net    = load - own plants [kW]
 *   bought = max(min(net + take, low), 0)      net < low      the battery charges up to the band
 *            max(high, net - give)             net > high     it serves down to the band
 *            max(net, 0)                       between
 *   peaks  = sum_p usd_p max(bought - peak_p, 0)
 *
 * low and high: the band the battery keeps the purchase in, cut at the import limit; take and give: the most
 * it can do over the whole epoch. What an import limit cuts off counts as bought: no plan gains by asking for
 * what cannot come. The reserve is left alone. Peaks are held against the mean of the epoch, which lies below
 * that of its worst quarter of an hour. */
#ifndef GW_MODELS_POLICIES_PURCHASE_H
#define GW_MODELS_POLICIES_PURCHASE_H

#include "models/policies/policy.h"

struct gw_purchase { /* tables of a view */
    const double *low_kw, *high_kw, *take_kw, *give_kw, *limit_kw;
    const double *peak_kw, *peak_usd;
};

/* Found once, they stay the same for the run. */
struct gw_purchase gw_purchase_of(const struct gw_view *view);

double gw_purchase_kw(const struct gw_purchase *self, uint32_t site, double net_kw);
double gw_purchase_peak_usd(const struct gw_purchase *self, uint32_t site, double bought_kw);

/* gw_purchase_kw is a line between the net loads at which it bends: those within (low, high), ascending;
 * how many. */
enum { GW_PURCHASE_BENDS = 7 };
uint32_t gw_purchase_bends(const struct gw_purchase *self, uint32_t site, double low_kw, double high_kw,
                           double bend_kw[GW_PURCHASE_BENDS]);

#endif
