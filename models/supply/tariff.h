/* models/supply/tariff.h - what a site is billed for the electricity that passes its meter.
 *
 *   C = sum_t E_t (p(t) + adder) + sum_j share d_j (max(P_j, F_j) - F_j) + sum_c d_c P_c + share fixed
 *
 *   p(t)   wholesale (1 + loss), a flat price, the price of the period on the local clock (time of use),
 *          or that of the block of the month's energy
 *   P_j    the highest mean power over an interval (15, 30 min) within the hours of demand row j in a month
 *   F_j    what is owed whatever the run does: the month's peak before the run, `least`, and the ratchet
 *          times the highest peak of the eleven months before; what the run's own earlier months raise it
 *          to is the run's to pay
 *   P_c    the mean power in a given interval of the system's peak (coincident peak)
 *   share  the part of the month that the run scores: charges and blocks per month are pro-rated by it
 *
 * A bill is kept step by step: each entry says what that step added, so that entries add up to the bill.
 * Steps longer than an interval count as even power. Public holidays are not known. docs/models/accounts.md.
 */
#ifndef GW_MODELS_SUPPLY_TARIFF_H
#define GW_MODELS_SUPPLY_TARIFF_H

#include "models/supply/local_time.h"
#include "sim/base/arena.h"
#include "sim/tree/bind.h"

/* Hours of some days of some months, on the local clock. to_h <= from_h goes over midnight of the same kind
 * of days: 22 to 6 is 22 to 24 and 0 to 6. */
struct gw_tariff_window {
    struct gw_slice months; /* int64_t 1..12; empty: all */
    int32_t days;
    double from_h, to_h; /* multiples of half an hour */
};

struct gw_tariff_period {
    const char *name;
    double price_usd_per_mwh;
    struct gw_slice when; /* windows; empty: what no other period covers */
};

struct gw_tariff_block {
    double up_to_mwh; /* of a month's energy; NAN: without end */
    double price_usd_per_mwh;
};

struct gw_tariff_demand {
    const char *name;
    double price_usd_per_kw_month;
    gw_time_us interval_us;
    struct gw_slice when; /* windows; empty: always */
    double ratchet_frac, least_kw;
};

struct gw_tariff_coincident {
    double price_usd_per_kw; /* per interval named */
    gw_time_us interval_us;
    struct gw_slice at; /* gw_time_us, begins of intervals, UTC */
};

enum gw_tariff_energy { GW_TARIFF_WHOLESALE, GW_TARIFF_FLAT, GW_TARIFF_TOU, GW_TARIFF_BLOCK };

struct gw_tariff {
    const char *name, *title;
    int32_t daylight_saving; /* enum gw_daylight_saving */
    struct gw_pick energy;   /* by enum gw_tariff_energy */
    double adder_usd_per_mwh, loss_frac, fixed_usd_per_month;
    struct gw_slice demand;
    const struct gw_tariff_coincident *coincident;
};
extern const struct gw_type gw_tariff_type; /* catalogue kind "tariff" */

/* What a site's `tariff:` binds to: wholesale, a tariff of the catalogue, or { terms: ... }. */
extern const struct gw_type gw_tariff_pick;
const struct gw_tariff *gw_tariff_of(const struct gw_pick *pick); /* never NULL */

/* Peaks from before the run. */
struct gw_tariff_before {
    double month_kw, year_kw; /* of the month in which the run begins, and of the eleven months before it */
};
extern const struct gw_type gw_tariff_before_type;

/* What a step added to each line of the bill. */
struct gw_tariff_charge {
    double energy_usd, demand_usd, coincident_usd, fixed_usd;
    double owed_usd; /* of demand rows: F_j; not caused by the run */
};

enum { GW_TARIFF_PAST_MONTHS = 11 };
struct gw_tariff_peak {
    int64_t interval;    /* which one is being filled */
    double interval_kwh; /* in it */
    double peak_kw, charged_kw;
    double past_kw[GW_TARIFF_PAST_MONTHS]; /* own peaks of the months before, latest first */
};

struct gw_tariff_bill {
    const struct gw_tariff *tariff;
    struct gw_local_time clock;
    struct gw_tariff_before before;
    gw_time_us from_unix_us, to_unix_us; /* the scored time */
    gw_time_us month_from_us, month_to_us;
    uint32_t month; /* since the run's first */
    double share, month_kwh;
    struct gw_tariff_peak *peak; /* [demand rows] */
};

/* utc_offset_h: of the site's standard time. before: NULL for none. False when memory is out. */
GW_MUST_USE bool gw_tariff_open(struct gw_tariff_bill *self, const struct gw_tariff *tariff,
                                double utc_offset_h, const struct gw_tariff_before *before,
                                gw_time_us from_unix_us, gw_time_us to_unix_us, struct gw_arena *arena);

/* Energy that passed the meter in [from, to), steps in order of time. kwh >= 0. */
struct gw_tariff_charge gw_tariff_add(struct gw_tariff_bill *self, gw_time_us from_unix_us,
                                      gw_time_us to_unix_us, double kwh, double wholesale_usd_per_mwh);

/* What power in [from, to), which lies ahead, would add: each kW above `kw` the month's share of the charge.
 * Of the rows that count then, at most n, in the tariff's order; how many. */
struct gw_tariff_threshold {
    double kw, usd_per_kw;
};
uint32_t gw_tariff_thresholds(const struct gw_tariff_bill *self, gw_time_us from_unix_us,
                              gw_time_us to_unix_us, uint32_t n, struct gw_tariff_threshold *out);

/* Mean price of energy over [from, to), without charges per month; of blocks the last one's. */
double gw_tariff_price(const struct gw_tariff *tariff, double utc_offset_h, gw_time_us from_unix_us,
                       gw_time_us to_unix_us, double wholesale_usd_per_mwh);

/* True when the price follows the market. */
bool gw_tariff_is_wholesale(const struct gw_tariff *tariff);

#endif
