/* The policies of models/supply/battery_policy.h as policies of a run, for every site with a battery: they
 * order a band that the site's net load is kept in. What a site's own key `battery.policy` does by five
 * minutes these do by plan; where signals and epochs change with the hour both do the same.
 * docs/policies/battery.md.
 */
#include <math.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/supply/battery_policy.h"

static const double beyond_kw = 1e9; /* more than any site */

struct cfg {
    double hours, margin, wear_usd_per_mwh, above_kw;
};

#define NUMBER(key, unit, field, def, min, max, doc)                                                         \
    {                                                                                                        \
        key, unit, GW_PARAM_NUMBER, offsetof(struct cfg, field), def, min, max, NULL, doc                    \
    }
#define HOURS NUMBER("hours", "1", hours, 18.0, 2.0, GW_BATTERY_AHEAD_MAX, "How many hours ahead it looks")
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }
static const struct gw_policy_param carbon_params[] = {
    HOURS,
    NUMBER("margin", "1", margin, 0.0, 0.0, 10.0,
           "What a cycle must save beyond its losses, per carbon of the energy bought"),
    END,
};
static const struct gw_policy_param price_params[] = {
    HOURS,
    NUMBER("wear", "USD/MWh", wear_usd_per_mwh, 0.0, 0.0, 1e4,
           "What energy served must earn beyond its losses, for the wear of the cells"),
    END,
};
static const struct gw_policy_param peak_params[] = {
    NUMBER("above", "kW", above_kw, 0.0, 0.0, 1e9,
           "Import of a site that its battery takes over what lies above, and recharges below"),
    END,
};

static int rules_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                        struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct cfg *own = malloc(sizeof *own);
    if (own == NULL) {
        return 1;
    }
    *own = *(const struct cfg *)cfg;
    *self = own;
    return 0;
}

static void order_band(struct gw_plan *plan, uint32_t s, double low_kw, double high_kw)
{
    const struct gw_order low = {.kind = GW_ORDER_IMPORT_LOW, .at = {s}, .value = low_kw};
    const struct gw_order high = {.kind = GW_ORDER_IMPORT_HIGH, .at = {s}, .value = high_kw};
    (void)plan->order(plan, &low);
    (void)plan->order(plan, &high);
}

/* The same everywhere. */
static void order_level(const struct gw_view *view, struct gw_plan *plan, double level_kw)
{
    const double *energy = view->table(view, "battery.energy")->v;
    for (uint32_t s = 0; s < view->dims->sites; s++) {
        if (energy[s] > 0.0) {
            order_band(plan, s, level_kw, level_kw);
        }
    }
}

static int own_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                    struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    order_level(view, plan, 0.0);
    return 0;
}

static int peak_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                     struct gw_policy_error *error)
{
    (void)error;
    order_level(view, plan, ((const struct cfg *)self)->above_kw);
    return 0;
}

static double table(const struct gw_view *view, const char *name, uint32_t s)
{
    return view->table(view, name)->v[s];
}

/* As policies see it: what it holds above the reserve. */
static struct gw_battery_cfg battery_of(const struct gw_view *view, uint32_t s)
{
    return (struct gw_battery_cfg){
        .energy_kwh = table(view, "battery.energy", s),
        .power_kw = table(view, "battery.power", s),
        .charge_efficiency = table(view, "battery.charge_efficiency", s),
        .discharge_efficiency = table(view, "battery.discharge_efficiency", s),
        .soc_max = 1.0,
    };
}

/* Charge at full power, serve the load, or keep own energy that is left over. */
static void order_side(struct gw_plan *plan, uint32_t s, enum gw_battery_side side)
{
    order_band(plan, s, side == GW_BATTERY_BUYS ? beyond_kw : 0.0,
               side == GW_BATTERY_SERVES ? 0.0 : beyond_kw);
}

static void arbitrage(const struct cfg *cfg, const struct gw_view *view, const char *signal, double scale,
                      struct gw_plan *plan)
{
    const uint32_t horizon = view->dims->horizon;
    for (uint32_t s = 0; s < view->dims->sites; s++) {
        const struct gw_battery_cfg battery = battery_of(view, s);
        if (!(battery.energy_kwh > 0.0)) {
            continue;
        }
        const double *by_epoch = view->table(view, signal)->v + (size_t)s * horizon;
        double ahead_of[GW_BATTERY_AHEAD_MAX];
        const uint32_t hours = gw_battery_policy_hourly(view->now_us, view->epoch_us, horizon, by_epoch,
                                                        (uint32_t)cfg->hours, ahead_of);
        for (uint32_t h = 0; h < hours; h++) {
            ahead_of[h] *= scale;
        }
        const struct gw_battery_ahead ahead = {ahead_of, hours, fmax((double)view->epoch_us / 3.6e9, 1.0),
                                               table(view, "state.load", s)};
        const struct gw_battery_goal goal =
            gw_battery_policy_spread(&battery, &ahead, cfg->margin, cfg->wear_usd_per_mwh);
        order_side(plan, s, gw_battery_policy_side(&goal, by_epoch[0] * scale));
    }
}

static int carbon_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                       struct gw_policy_error *error)
{
    (void)error;
    arbitrage(self, view, "site.carbon", 1.0, plan);
    return 0;
}

static int price_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                      struct gw_policy_error *error)
{
    (void)error;
    arbitrage(self, view, "site.price", 1e3, plan);
    return 0;
}

const struct gw_policy_ops gw_policy_battery_rules_own = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_BATTERY,
    .name = "self-consumption",
    .summary = "Batteries store what PV and wind leave over and serve when they do not suffice",
    .plan = own_plan,
};

#define RULE(id, key, text, rows, how)                                                                       \
    const struct gw_policy_ops gw_policy_battery_rules_##id = {                                              \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_BATTERY,                                                                            \
        .name = key,                                                                                         \
        .summary = text,                                                                                     \
        .params = rows,                                                                                      \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = rules_create,                                                                              \
        .destroy = free,                                                                                     \
        .plan = how,                                                                                         \
    }
RULE(carbon, "carbon-arbitrage", "Batteries buy in the cleanest hours ahead and serve in the dirtiest",
     carbon_params, carbon_plan);
RULE(price, "price-arbitrage", "Batteries buy in the cheapest hours ahead and serve in the dearest",
     price_params, price_plan);
RULE(peak, "peak-shave", "Batteries keep every site's import at or below a power", peak_params, peak_plan);
