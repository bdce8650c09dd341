/* Outside air while it lies within a window, else chilled water: from chillers with a tower (ae-wc) or from
 * air-cooled ones (ae-ac). The air is never cooled by evaporation; it is humidified where it is too dry.
 *
 *   T > T_max or W > W_max     dampers closed, chilled.h or dry_chiller.h takes all heat          (40)
 *   else T_s = max(T, T_min), of which s = dT_a / (T_s + dT_a - T) is air from outside            (41)
 *        W_min = max(W_s(dp_min), W(T_s, rh_min)),  water = m_a s max(W_min - W, 0)
 *   W_max = min(W_s(dp_max), W(T_max, rh_max))   return air may warm the supply up to T_max       (42)
 *
 * The window is that of supply air, as in studies that let halls run anywhere within it. */
#include <math.h>

#include "models/cooling/chilled.h"
#include "models/cooling/dry_chiller.h"
#include "models/cooling/plants.h"
#include "models/weather/psychro.h"

struct window {
    double supply_min_c, supply_max_c, dew_point_min_c, dew_point_max_c, rh_min, rh_max, humidifier_cycles;
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

/* (42), with dew point and temperatures band_k below their limits. */
static bool fits(const struct window *w, const struct gw_plant_in *in, double band_k)
{
    const double warmest_c = w->supply_max_c + in->set_point_shift_k - band_k;
    return in->dry_bulb_c <= warmest_c &&
           in->humidity_ratio <= fmin(ratio_at(w->dew_point_max_c - band_k, 1, in->pressure_pa),
                                      ratio_at(warmest_c, w->rh_max, in->pressure_pa));
}

/* (41) */
static void add_outside_air(const struct gw_hall_cfg *cfg, const struct window *w, const struct gw_hall *hall,
                            const struct gw_plant_in *in, double heat_kw, struct gw_plant_out *out)
{
    const double supply_c = fmax(in->dry_bulb_c, w->supply_min_c + in->set_point_shift_k);
    const double return_c = supply_c + cfg->air_rise_k;
    const double share = cfg->air_rise_k / (return_c - in->dry_bulb_c);
    const double least = fmax(ratio_at(w->dew_point_min_c, 1, in->pressure_pa),
                              ratio_at(supply_c, w->rh_min, in->pressure_pa));
    gw_hall_add_water(hall->air_kg_per_s * share * fmax(least - in->humidity_ratio, 0), 0,
                      w->humidifier_cycles, out);
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
