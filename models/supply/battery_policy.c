#include "models/supply/battery_policy.h"

#include <math.h>
#include <string.h>

#include "sim/base/check.h"

enum { POLICIES = 5 };

struct arbitrage_cfg {
    int64_t hours;
    double margin;           /* carbon */
    double wear_usd_per_mwh; /* price */
};

struct peak_cfg {
    double above_kw;
};

/* --- parameter tables --------------------------------------------------------------------------- */

static const struct gw_type hours_type = {
    .kind = GW_INT, .size = sizeof(int64_t), .min = 2, .max = GW_BATTERY_AHEAD_MAX};
static const struct gw_type margin_type = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 10};
static const struct gw_type wear_type = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/MWh", .min = 0, .max = 10000};
static const struct gw_type above_type = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 0, .max = 1e9};

/* Less than a day, so that tomorrow's trough does not compete with today's for the same battery. */
#define HOURS_ROW                                                                                            \
    GW_FIELD(struct arbitrage_cfg, hours, &hours_type, "18", "How many hours ahead it looks", "round number")

static const struct gw_field none_fields[] = {GW_FIELD_END};
static const struct gw_field carbon_fields[] = {
    HOURS_ROW,
    GW_FIELD(struct arbitrage_cfg, margin, &margin_type, "0",
             "What a cycle must save beyond its losses, per carbon of the energy bought", NULL),
    GW_FIELD_END,
};
static const struct gw_field price_fields[] = {
    HOURS_ROW,
    GW_FIELD_AS(struct arbitrage_cfg, "wear", wear_usd_per_mwh, &wear_type, "0 USD/MWh",
                "What energy served must earn beyond its losses, for the wear of the cells", NULL),
    GW_FIELD_END,
};
static const struct gw_field peak_fields[] = {
    GW_FIELD_AS(struct peak_cfg, "above", above_kw, &above_type, NULL,
                "Import that the battery takes over what lies above, and recharges below", NULL),
    GW_FIELD_END,
};

static const struct gw_type none_type = {.kind = GW_OBJ, .of = none_fields, .doc = "The battery waits"};
static const struct gw_type own_type = {
    .kind = GW_OBJ, .of = none_fields, .doc = "The battery keeps the site's own energy at the site"};
static const struct gw_type carbon_type = {.kind = GW_OBJ,
                                           .size = sizeof(struct arbitrage_cfg),
                                           .of = carbon_fields,
                                           .doc = "The battery buys in clean hours and serves in dirty ones"};
static const struct gw_type price_type = {.kind = GW_OBJ,
                                          .size = sizeof(struct arbitrage_cfg),
                                          .of = price_fields,
                                          .doc = "The battery buys in cheap hours and serves in dear ones"};
static const struct gw_type peak_type = {.kind = GW_OBJ,
                                         .size = sizeof(struct peak_cfg),
                                         .of = peak_fields,
                                         .doc = "The battery cuts the peaks of the import"};

/* --- none, self-consumption, peak-shave ------------------------------------------------------------ */

static double none_order(const void *cfg, const struct gw_battery_cfg *battery,
                         const struct gw_battery_goal *goal, const struct gw_battery_now *now)
{
    (void)cfg, (void)battery, (void)goal, (void)now;
    return 0;
}

static double own_order(const void *cfg, const struct gw_battery_cfg *battery,
                        const struct gw_battery_goal *goal, const struct gw_battery_now *now)
{
    (void)cfg, (void)battery, (void)goal;
    return now->onsite_kw - now->load_kw;
}

static double peak_order(const void *cfg, const struct gw_battery_cfg *battery,
                         const struct gw_battery_goal *goal, const struct gw_battery_now *now)
{
    (void)battery, (void)goal;
    return ((const struct peak_cfg *)cfg)->above_kw - (now->load_kw - now->onsite_kw);
}

/* --- arbitrage ------------------------------------------------------------------------------------- */

static uint32_t arbitrage_hours(const void *cfg)
{
    return (uint32_t)((const struct arbitrage_cfg *)cfg)->hours;
}

/* Ascending; insertion is right for two dozen numbers of which the day before was sorted much the same. */
static uint32_t sorted_known(const struct gw_battery_ahead *ahead, double *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ahead->n; i++) {
        if (isnan(ahead->signal[i])) {
            continue;
        }
        uint32_t at = n++;
        for (; at > 0 && out[at - 1] > ahead->signal[i]; at--) {
            out[at] = out[at - 1];
        }
        out[at] = ahead->signal[i];
    }
    return n;
}

/* Whole steps, at least one and at most half of n, that fill or empty the usable part at full power. */
static uint32_t steps_for(double room_kwh, double step_kwh, uint32_t n)
{
    const double steps = ceil(room_kwh / step_kwh - 1e-9);
    return (uint32_t)fmin(fmax(steps, 1), n / 2);
}

/* Buy at the price of the last hour needed to fill, serve at that of the last needed to empty; nothing when
 * the two do not pay for losses and `extra`, which stands beside the signal of served energy. */
struct gw_battery_goal gw_battery_policy_spread(const struct gw_battery_cfg *battery,
                                                const struct gw_battery_ahead *ahead, double margin,
                                                double extra)
{
    GW_REQUIRE(ahead->n <= GW_BATTERY_AHEAD_MAX);
    double sorted[GW_BATTERY_AHEAD_MAX];
    struct gw_battery_goal goal = {(double)NAN, (double)NAN};
    const uint32_t n = sorted_known(ahead, sorted);
    if (n < 2) {
        return goal;
    }
    const double room_kwh = gw_battery_ceiling_kwh(battery) - gw_battery_reserve_kwh(battery);
    const double fill_kwh = gw_battery_power_kw(battery) * ahead->step_h;
    const double empty_kwh = fmin(fill_kwh, ahead->load_kw * ahead->step_h);
    const double round_trip = battery->charge_efficiency * battery->discharge_efficiency;
    uint32_t fill = steps_for(room_kwh / battery->charge_efficiency, fill_kwh, n);
    uint32_t empty = steps_for(room_kwh * battery->discharge_efficiency, empty_kwh, n);

    /* fewer hours on both sides when the outer ones do not pay and the inner ones do */
    while (fill > 0 && empty > 0) {
        const double buy = sorted[fill - 1], serve = sorted[n - empty];
        const double cost = buy > 0 ? buy * (1 / round_trip + margin) : buy;
        if (cost + extra < serve) {
            goal = (struct gw_battery_goal){buy, serve};
            return goal;
        }
        fill -= fill >= empty;
        empty -= empty > fill;
    }
    return goal;
}

static const int64_t us_per_h = INT64_C(3600000000);

uint32_t gw_battery_policy_hourly(int64_t now_us, int64_t epoch_us, uint32_t n, const double *by_epoch,
                                  uint32_t most, double *out)
{
    uint32_t hours = 0, h = 0;
    while (h < n && hours < most) {
        const int64_t hour = (now_us + (int64_t)h * epoch_us) / us_per_h;
        double sum = 0;
        uint32_t in_hour = 0;
        for (; h < n && (now_us + (int64_t)h * epoch_us) / us_per_h == hour; h++, in_hour++) {
            sum += by_epoch[h];
        }
        out[hours++] = sum / in_hour;
    }
    return hours;
}

static struct gw_battery_goal carbon_look(const void *config, const struct gw_battery_cfg *battery,
                                          const struct gw_battery_ahead *ahead)
{
    return gw_battery_policy_spread(battery, ahead, ((const struct arbitrage_cfg *)config)->margin, 0);
}

static struct gw_battery_goal price_look(const void *config, const struct gw_battery_cfg *battery,
                                         const struct gw_battery_ahead *ahead)
{
    return gw_battery_policy_spread(battery, ahead, 0,
                                    ((const struct arbitrage_cfg *)config)->wear_usd_per_mwh);
}

/* A NAN goal is on no side of the signal. Forecast and signal are means over different spans: equal values
 * may differ by rounding. */
enum gw_battery_side gw_battery_policy_side(const struct gw_battery_goal *goal, double signal)
{
    const double slack = 1e-9 * fabs(signal);
    return signal <= goal->buy_at + slack     ? GW_BATTERY_BUYS
           : signal >= goal->serve_at - slack ? GW_BATTERY_SERVES
                                              : GW_BATTERY_WAITS;
}

static double arbitrage_order(const void *cfg, const struct gw_battery_cfg *battery,
                              const struct gw_battery_goal *goal, const struct gw_battery_now *now)
{
    (void)cfg;
    const double surplus_kw = fmax(now->onsite_kw - now->load_kw, 0);
    switch (gw_battery_policy_side(goal, now->signal)) {
    case GW_BATTERY_BUYS:
        return gw_battery_power_kw(battery);
    case GW_BATTERY_SERVES:
        return surplus_kw > 0 ? surplus_kw : -gw_battery_power_kw(battery);
    default:
        return surplus_kw;
    }
}

/* --- the list --------------------------------------------------------------------------------------- */

static const struct gw_battery_policy policies[POLICIES] = {
    {.name = "none", .summary = "Waits for the import limit", .type = &none_type, .order = none_order},
    {.name = "self-consumption",
     .summary = "Stores what PV and wind leave over, serves when they do not suffice",
     .type = &own_type,
     .order = own_order},
    {.name = "carbon-arbitrage",
     .summary = "Buys in the cleanest hours ahead, serves in the dirtiest",
     .signal = GW_BATTERY_CARBON,
     .type = &carbon_type,
     .hours = arbitrage_hours,
     .look = carbon_look,
     .order = arbitrage_order},
    {.name = "price-arbitrage",
     .summary = "Buys in the cheapest hours ahead, serves in the dearest",
     .signal = GW_BATTERY_PRICE,
     .type = &price_type,
     .hours = arbitrage_hours,
     .look = price_look,
     .order = arbitrage_order},
    {.name = "peak-shave",
     .summary = "Keeps the import below a power",
     .type = &peak_type,
     .order = peak_order},
};

static const char *const names[POLICIES + 1] = {
    "none", "self-consumption", "carbon-arbitrage", "price-arbitrage", "peak-shave", NULL};

const struct gw_battery_policy *gw_battery_policy_find(const char *name)
{
    for (size_t i = 0; i < POLICIES; i++) {
        if (strcmp(policies[i].name, name) == 0) {
            return &policies[i];
        }
    }
    return NULL;
}

const char *const *gw_battery_policy_names(void)
{
    return names;
}

const struct gw_type *gw_battery_policy_type(const char *name)
{
    const struct gw_battery_policy *policy = gw_battery_policy_find(name);
    return policy == NULL ? NULL : policy->type;
}

const struct gw_battery_policy *gw_battery_policy_usual(bool has_own_plant)
{
    return gw_battery_policy_find(has_own_plant ? "self-consumption" : "none");
}
