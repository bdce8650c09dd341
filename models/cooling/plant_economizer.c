/* Outside air while it lies within a window, else chilled water: from chillers with a tower (ae-wc) or from
 * air-cooled ones (ae-ac).
 *
 *   T_s = max(T, T_min)
 *   T > T_max or W > min(W_s(dp_max), W(T_s, rh_max))      dampers closed, the chillers take all heat (40)
 *   W_min(T_s) = max(W_s(dp_min), W(T_s, rh_min))          drier air is humidified, or closes the dampers
 *   T >= T_min: along constant enthalpy, T' where W' = W_min(T'); water = m_a (W' - W)                (41)
 *   below, or where T' < T_min: supply at T_min; return air is mixed in, so that
 *               s = dT_a / (T_min + dT_a - T + 2486 (W_min - W)) of it is from outside                (42)
 *               water = m_a s (W_min - W)
 *
 * The window is that of supply air, as in studies that let halls run anywhere within it. Return air is mixed
 * in against cold only, not to make humid air fit, and nothing is evaporated against heat. */
#include <math.h>

#include "models/cooling/chilled.h"
#include "models/cooling/dry_chiller.h"
#include "models/cooling/plants.h"
#include "models/weather/psychro.h"

#define LATENT_K 2486.0 /* 2501 kJ/kg over 1.006 kJ/(kg K) */

struct window {
    double supply_min_c, supply_max_c, dew_point_min_c, dew_point_max_c, rh_min, rh_max, humidifier_cycles;
    bool humidifier;
};

struct with_tower {
    struct gw_hall_cfg hall;
    struct window window;
    struct gw_chilled_cfg chilled;
};

struct with_air {
    struct gw_hall_cfg hall;
    struct window window;
    struct gw_dry_chiller_cfg chiller;
};

#define ROW(S, field, type, def, doc) GW_FIELD_AS(S, #field, window.field, type, def, doc, "cooling-presets")
#define WINDOW_FIELDS(S)                                                                                     \
    ROW(S, supply_min_c, &gw_hall_celsius, "16", "Coldest supply air; below it return air is mixed in"),     \
        ROW(S, supply_max_c, &gw_hall_celsius, "27", "Air outside above which the dampers close"),           \
        ROW(S, dew_point_min_c, &gw_hall_celsius, "-9", "Lowest dew point of the supply air"),               \
        ROW(S, dew_point_max_c, &gw_hall_celsius, "17", "Highest dew point of the supply air"),              \
        ROW(S, rh_min, &gw_hall_frac, "0.15", "Lowest relative humidity of the supply air"),                 \
        ROW(S, rh_max, &gw_hall_frac, "0.8", "Highest relative humidity of the supply air"),                 \
        ROW(S, humidifier, &gw_hall_flag, "true",                                                            \
            "Air that is too dry is humidified; without, it closes the dampers"),                            \
        ROW(S, humidifier_cycles, &gw_hall_cycles, "3", "Cycles of concentration of the humidifiers' water")

static const struct gw_field tower_fields[] = {
    GW_HALL_FIELDS(struct with_tower, "0.006", "0.010", "0.012", "0.012", "0.006", "12", "400", "0.65"),
    GW_HALL_SWITCH_FIELDS(struct with_tower),
    WINDOW_FIELDS(struct with_tower),
    GW_CHILLED_FIELDS(struct with_tower, "12", "7", "false", "2", "200 kPa", "50 kPa", "180 kPa", "0.68",
                      "0.58"),
    GW_TOWER_FIELDS(struct with_tower, chilled.tower, "4", "5.5", "5", "120", "0.6"),
    GW_FIELD_END,
};

static const struct gw_field air_fields[] = {
    GW_HALL_FIELDS(struct with_air, "0.015", "0.015", "0.015", "0.02", "0.01", "10", "450", "0.65"),
    GW_HALL_SWITCH_FIELDS(struct with_air),
    WINDOW_FIELDS(struct with_air),
    GW_DRY_CHILLER_FIELDS(struct with_air, "false"),
    GW_FIELD_END,
};

static void check_window(const struct window *w, struct gw_bind *bind, const struct gw_node *at)
{
    if (w->supply_min_c > w->supply_max_c) {
        gw_bind_fail(bind, at, "supply_min_c", "%g is above supply_max_c %g", w->supply_min_c,
                     w->supply_max_c);
    }
    if (w->dew_point_min_c >= w->dew_point_max_c) {
        gw_bind_fail(bind, at, "dew_point_min_c", "%g is not below dew_point_max_c %g", w->dew_point_min_c,
                     w->dew_point_max_c);
    }
    if (w->rh_min >= w->rh_max) {
        gw_bind_fail(bind, at, "rh_min", "%g is not below rh_max %g", w->rh_min, w->rh_max);
    }
}

static double ratio_at(double c, double humidity_frac, double pressure_pa)
{
    return gw_psychro_humidity_ratio(humidity_frac * gw_psychro_saturation_pa(c), pressure_pa);
}

static double least_ratio(const struct window *w, double band_k, double supply_c, double pressure_pa)
{
    return fmax(ratio_at(w->dew_point_min_c + band_k, 1, pressure_pa),
                ratio_at(supply_c + band_k, w->rh_min, pressure_pa));
}

/* (40), with dew point and temperatures band_k within their limits. */
static bool fits(const struct window *w, const struct gw_plant_in *in, double band_k)
{
    const double supply_c = fmax(in->dry_bulb_c, w->supply_min_c + in->set_point_shift_k);
    if (!w->humidifier && in->humidity_ratio < least_ratio(w, band_k, supply_c, in->pressure_pa)) {
        return false;
    }
    return in->dry_bulb_c <= w->supply_max_c + in->set_point_shift_k - band_k &&
           in->humidity_ratio <= fmin(ratio_at(w->dew_point_max_c - band_k, 1, in->pressure_pa),
                                      ratio_at(supply_c - band_k, w->rh_max, in->pressure_pa));
}

/* (41): where evaporation along constant enthalpy meets W_min. Newton's method; the curves are nearly
 * straight over the few kelvin in question. */
static double humid_enough_c(const struct window *w, const struct gw_plant_in *in)
{
    const double h = 1e-3 * gw_psychro_enthalpy_j_per_kg(in->dry_bulb_c, in->humidity_ratio);
    double t = in->dry_bulb_c;
    for (int i = 0; i < 3; i++) {
        const double least = least_ratio(w, 0, t, in->pressure_pa);
        const double lacking = least - (h - 1.006 * t) / (2501 + 1.86 * t);
        const double steeper = 1.006 / 2501 + least_ratio(w, 0, t + 1, in->pressure_pa) - least;
        t -= lacking / steeper;
    }
    return t;
}

/* Vapour that humidifiers add, per kg of the hall's air. */
static double added_ratio(const struct window *w, const struct gw_plant_in *in, double rise_k)
{
    const double t = in->dry_bulb_c, ratio = in->humidity_ratio;
    const double coldest_c = w->supply_min_c + in->set_point_shift_k;
    if (ratio >= least_ratio(w, 0, fmax(t, coldest_c), in->pressure_pa)) {
        return 0;
    }
    if (t >= coldest_c) {
        const double supply_c = humid_enough_c(w, in);
        if (supply_c >= coldest_c) {
            const double h = 1e-3 * gw_psychro_enthalpy_j_per_kg(t, ratio);
            return fmax((h - 1.006 * supply_c) / (2501 + 1.86 * supply_c) - ratio, 0);
        }
    }
    const double lacking = fmax(least_ratio(w, 0, coldest_c, in->pressure_pa) - ratio, 0);
    return fmin(rise_k / (coldest_c + rise_k - t + LATENT_K * lacking), 1) * lacking;
}

static void add_outside_air(const struct gw_hall_cfg *cfg, const struct window *w, const struct gw_hall *hall,
                            const struct gw_plant_in *in, double heat_kw, struct gw_plant_out *out)
{
    const double return_c = fmax(in->dry_bulb_c, w->supply_min_c + in->set_point_shift_k) + cfg->air_rise_k;
    gw_hall_add_water(hall->air_kg_per_s * added_ratio(w, in, cfg->air_rise_k), 0, w->humidifier_cycles, out);
    out->rejected_kw += heat_kw - gw_hall_reuse(cfg, in, heat_kw, return_c, out);
    out->free_frac = 1;
}

typedef void add_chiller(const void *config, const struct gw_hall *hall, const struct gw_plant_in *in,
                         double heat_kw, struct gw_plant_out *out);

static struct gw_plant_out at(const struct gw_hall_cfg *cfg, const struct window *window, const void *config,
                              add_chiller *chiller, const struct gw_plant_in *in)
{
    const struct gw_hall hall = gw_hall_at(cfg, in, 1);
    struct gw_plant_out out = {.fan_kw = hall.fan_kw};
    const double heat_kw = hall.heat_kw + hall.fan_kw;
    const bool by_band = in->shut_s > 0 && fits(window, in, cfg->band_k);
    if (gw_hall_shut(cfg, in, fits(window, in, 0), by_band, &out)) {
        const double shut_s = out.shut_s;
        struct gw_plant_in now = *in;
        now.shut_s = 0; /* what the chiller's own free cooling did is not kept */
        chiller(config, &hall, &now, heat_kw, &out);
        out.shut_s = shut_s;
    } else {
        add_outside_air(cfg, window, &hall, in, heat_kw, &out);
    }
    out.shed_kw = hall.outside_kw + out.pump_kw + out.rejection_kw;
    gw_hall_total(&hall, &out);
    return out;
}

static void add_tower_chiller(const void *config, const struct gw_hall *hall, const struct gw_plant_in *in,
                              double heat_kw, struct gw_plant_out *out)
{
    const struct with_tower *cfg = config;
    gw_chilled_add(&cfg->chilled, &cfg->hall, hall, in, heat_kw, out);
}

static void add_dry_chiller(const void *config, const struct gw_hall *hall, const struct gw_plant_in *in,
                            double heat_kw, struct gw_plant_out *out)
{
    const struct with_air *cfg = config;
    gw_dry_chiller_add(&cfg->chiller, &cfg->hall, hall, in, heat_kw, out);
}

/* Defines the plant of one struct. */
#define PLANT(symbol, plant_name, config, rows, chiller, text)                                               \
    static struct gw_plant_out symbol##_at(const void *object, const struct gw_plant_in *in)                 \
    {                                                                                                        \
        const config *cfg = object;                                                                          \
        return at(&cfg->hall, &cfg->window, object, chiller, in);                                            \
    }                                                                                                        \
    static struct gw_plant_estimate symbol##_estimate(const void *object, const struct gw_plant_in *in)      \
    {                                                                                                        \
        return gw_plant_slope(symbol##_at, object, in);                                                      \
    }                                                                                                        \
    static void symbol##_check(const void *object, struct gw_bind *bind, const struct gw_node *node)         \
    {                                                                                                        \
        const config *cfg = object;                                                                          \
        check_window(&cfg->window, bind, node);                                                              \
    }                                                                                                        \
    static const struct gw_type symbol##_type = {                                                            \
        .kind = GW_OBJ, .size = sizeof(config), .of = rows, .check = symbol##_check, .doc = text};           \
    const struct gw_plant gw_plant_economizer_##symbol = {.name = plant_name,                                \
                                                          .summary = text,                                   \
                                                          .needs_weather = true,                             \
                                                          .type = &symbol##_type,                            \
                                                          .at = symbol##_at,                                 \
                                                          .estimate = symbol##_estimate};
PLANT(tower, "ae-wc", struct with_tower, tower_fields, add_tower_chiller,
      "Outside air within a window of temperature and humidity, else water-cooled chillers and a tower")
PLANT(air, "ae-ac", struct with_air, air_fields, add_dry_chiller,
      "Outside air within a window of temperature and humidity, else air-cooled chillers")
