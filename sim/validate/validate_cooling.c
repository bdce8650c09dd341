#include <math.h>

#include "models/cooling/tower.h"
#include "models/weather/generator.h"
#include "models/weather/psychro.h"
#include "sim/base/units.h"
#include "sim/validate/plant_year.h"
#include "sim/validate/validators.h"

enum { HOURS = 8760 };

/* ---- points of the water law ---- */

static const char *const points_source =
    "exit-air balance and pads at sea level, computed by another program with the same equations";

static const struct {
    double dry_bulb_c, humidity_frac, l_per_kwh;
} tower_point[] = {
    {-10, 0.80, 0.556}, {5, 0.80, 0.878},  {10, 0.70, 1.026}, {15, 0.60, 1.180}, {25, 0.50, 1.437},
    {30, 0.50, 1.521},  {30, 0.70, 1.370}, {35, 0.50, 1.575}, {40, 0.10, 2.219}, {40, 0.20, 2.035},
};

static const struct {
    double dry_bulb_c, humidity_frac, added_ratio;
} pad_point[] = {{30, 0.30, 0.00362}, {35, 0.20, 0.00562}, {40, 0.10, 0.00753}, {27, 0.40, 0.00242}};

static void add_point(struct gw_validation *out, const char *group, double dry_bulb_c, double humidity_frac,
                      double published, double ours, const char *unit)
{
    gw_validation_add(out,
                      &(struct gw_validation_row){
                          .group = group,
                          .name = gw_validation_text(out, "%g degC, %g %%", dry_bulb_c, 100 * humidity_frac),
                          .kind = GW_VALIDATION_IDENTITY,
                          .rule = GW_VALIDATION_REL,
                          .published = published,
                          .ours = ours,
                          .tolerance = 0.005,
                          .unit = unit,
                          .source = points_source,
                      });
}

static enum gw_status add_points(struct gw_validation *out, struct gw_error *err)
{
    static const struct gw_tower_cfg tower = {.approach_k = 4,
                                              .approach_slope = 0.15,
                                              .design_wet_bulb_c = 24,
                                              .range_k = 5.5,
                                              .cycles = 5,
                                              .tower_fan_pa = 120,
                                              .tower_fan_efficiency = 0.6,
                                              .water = GW_TOWER_EXIT_AIR};
    for (size_t i = 0; i < sizeof tower_point / sizeof tower_point[0]; i++) {
        const double t = tower_point[i].dry_bulb_c, humidity = tower_point[i].humidity_frac;
        const struct gw_plant_in air = gw_plant_year_air(t, humidity, GW_PSYCHRO_SEA_LEVEL_PA);
        const struct gw_tower_out at =
            gw_tower_at(&tower, &air, 1, gw_tower_cold_water_c(&tower, air.wet_bulb_c));
        add_point(out, "Tower: water per heat", t, humidity, tower_point[i].l_per_kwh,
                  at.evaporated_kg_per_s * 3600, "L/kWh");
    }
    struct gw_named plant;
    const enum gw_status s = gw_plant_year_plant(out, "ae-dec", &plant, err);
    if (s != GW_OK) {
        return s;
    }
    for (size_t i = 0; i < sizeof pad_point / sizeof pad_point[0]; i++) {
        const double t = pad_point[i].dry_bulb_c, humidity = pad_point[i].humidity_frac;
        struct gw_plant_in in = gw_plant_year_air(t, humidity, GW_PSYCHRO_SEA_LEVEL_PA);
        in.it_kw = 600;
        in.nameplate_kw = 1000;
        const struct gw_plant_out at = gw_plant_find(plant.name)->at(plant.cfg, &in);
        const double air_kg_per_s = (at.rejected_kw - at.fan_kw) / (1.006 * 12);
        add_point(out, "Pads: vapour per air", t, humidity, pad_point[i].added_ratio,
                  at.evaporated_l_per_h / 3600 / air_kg_per_s, "kg/kg");
    }
    return GW_OK;
}

/* ---- what operators report ---- */

static const char *const aws = "AWS 2024, in Green Software Foundation real-time-cloud, region metadata";
static const char *const azure = "Azure 2022, in Green Software Foundation real-time-cloud, region metadata";
static const char *const google =
    "Google 2024, in Green Software Foundation real-time-cloud, region metadata";
static const char *const nrel = "NREL ESIF, annual values as reported";

enum family { AWS_AIR, GOOGLE_TOWER, OTHER };

/* Reported over a calendar year, beside a preset in our climate of the place. One set of parameters for all.
 * wue NAN: not reported for the site. Left out: sites that no one preset matches (AWS Tokyo and California,
 * Azure Washington: a mixture of plants) and fleet averages repeated for a region. */
static const struct {
    const char *site, *plant, *climate;
    enum family family;
    double pue, wue;
    const char *const *source;
} operator_site[] = {
    {"AWS N. Virginia", "ae-dec", "ashburn", AWS_AIR, 1.15, 0.12, &aws},
    {"AWS Oregon", "ae-dec", "the-dalles", AWS_AIR, 1.12, 0.16, &aws},
    {"AWS Ireland", "ae-dec", "dublin", AWS_AIR, 1.11, 0.03, &aws},
    {"AWS Stockholm", "ae-dec", "stockholm", AWS_AIR, 1.10, 0.02, &aws},
    {"AWS Sydney", "ae-dec", "sydney", AWS_AIR, 1.16, 0.12, &aws},
    {"AWS Sao Paulo", "ae-dec", "sao-paulo", AWS_AIR, 1.17, 0.23, &aws},
    {"Google Iowa", "hyper-tower", "council-bluffs", GOOGLE_TOWER, 1.10, NAN, &google},
    {"Google Oregon", "hyper-tower", "the-dalles", GOOGLE_TOWER, 1.07, NAN, &google},
    {"Google Belgium", "hyper-tower", "brussels", GOOGLE_TOWER, 1.09, NAN, &google},
    {"Google Eemshaven", "hyper-tower", "amsterdam", GOOGLE_TOWER, 1.07, NAN, &google},
    {"Google N. Virginia", "hyper-tower", "ashburn", GOOGLE_TOWER, 1.09, NAN, &google},
    {"Google Dallas", "hyper-tower", "dallas", GOOGLE_TOWER, 1.12, NAN, &google},
    {"Google Singapore", "hyper-tower", "singapore", GOOGLE_TOWER, 1.16, NAN, &google},
    {"AWS Singapore", "wc", "singapore", OTHER, 1.32, 1.68, &aws},
    {"AWS Frankfurt", "ac", "frankfurt", OTHER, 1.35, 0.01, &aws},
    {"AWS Mumbai", "ac", "mumbai", OTHER, 1.42, NAN, &aws},
    {"Azure Arizona", "wc-wse", "phoenix", OTHER, 1.223, 2.24, &azure},
    {"Azure Singapore", "wc", "singapore", OTHER, 1.358, 2.06, &azure},
    {"Azure Virginia", "ae-dec", "ashburn", OTHER, 1.144, 0.17, &azure},
    {"Azure Iowa", "ae-dec", "council-bluffs", OTHER, 1.16, 0.19, &azure},
    {"Azure Ireland", "ae-dec", "dublin", OTHER, 1.197, 0.03, &azure},
    {"Azure Sweden", "ae-dec", "stockholm", OTHER, 1.172, 0.16, &azure},
    {"NREL ESIF, Golden", "liq-tower", "golden", OTHER, 1.036, 1.08, &nrel},
};
enum { SITES = sizeof operator_site / sizeof operator_site[0] };

/* A typical year of a climate, in the middle of each hour. */
static enum gw_status generate(struct gw_validation *out, const char *climate, struct gw_plant_in hour[HOURS],
                               struct gw_error *err)
{
    const gw_time_us start_us = INT64_C(1672531200) * GW_US_PER_S; /* 2023-01-01 */
    struct gw_weather_series year;
    const enum gw_status s =
        gw_generator_make(gw_validation_entry(out, "climate", climate), GW_GENERATOR_TYPICAL, 1, 0, start_us,
                          start_us + HOURS * GW_US_PER_H, &year, &out->arena, err);
    for (int h = 0; h < HOURS && s == GW_OK; h++) {
        const struct gw_weather w = gw_weather_at(&year, start_us + h * GW_US_PER_H + GW_US_PER_H / 2);
        const double vapour_pa = gw_psychro_saturation_pa(w.dew_point_c);
        hour[h] = (struct gw_plant_in){.dry_bulb_c = w.dry_bulb_c,
                                       .wet_bulb_c = w.wet_bulb_c,
                                       .humidity_ratio = gw_psychro_humidity_ratio(vapour_pa, w.pressure_pa),
                                       .pressure_pa = w.pressure_pa};
    }
    return s;
}

/* The presets for AWS's and Google's sites were chosen with these numbers in sight: fitted. */
static enum gw_validation_kind kind_of(enum family family)
{
    return family == OTHER ? GW_VALIDATION_PREDICTED : GW_VALIDATION_FITTED;
}

static struct gw_validation_row operator_row(struct gw_validation *out, size_t i)
{
    return (struct gw_validation_row){
        .name = gw_validation_text(out, "%s, %s", operator_site[i].site, operator_site[i].plant),
        .kind = kind_of(operator_site[i].family),
        .source = *operator_site[i].source,
    };
}

static void add_pue(struct gw_validation *out, size_t i, double ours)
{
    struct gw_validation_row row = operator_row(out, i);
    row.group = "Operators' sites, PUE";
    row.rule = GW_VALIDATION_ABS;
    row.published = operator_site[i].pue;
    row.ours = ours;
    row.tolerance = 0.04;
    row.unit = "1";
    gw_validation_add(out, &row);
}

static void add_wue(struct gw_validation *out, size_t i, double ours)
{
    if (isnan(operator_site[i].wue)) {
        return;
    }
    const bool tower = operator_site[i].wue > 0.5;
    struct gw_validation_row row = operator_row(out, i);
    row.group = "Operators' sites, WUE";
    row.rule = tower ? GW_VALIDATION_REL : GW_VALIDATION_ABS;
    row.published = operator_site[i].wue;
    row.ours = ours;
    row.tolerance = tower ? 0.20 : 0.08;
    row.unit = "L/kWh";
    gw_validation_add(out, &row);
}

/* Root mean square over the sites of a family. */
struct scatter {
    double pue2, wue2;
    size_t n;
};

static void add_scatter(struct gw_validation *out, const char *name, double at_most, double square, size_t n,
                        const char *unit, const char *source)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Operators' sites, root mean square",
                               .name = name,
                               .kind = GW_VALIDATION_FITTED,
                               .rule = GW_VALIDATION_AT_MOST,
                               .published = at_most,
                               .ours = sqrt(square / (double)n),
                               .unit = unit,
                               .source = source,
                           });
}

static enum gw_status add_operators(struct gw_validation *out, struct gw_error *err)
{
    struct gw_plant_in *hour = gw_arena_array(&out->arena, HOURS, sizeof *hour);
    if (hour == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "cooling", "out of memory");
    }
    struct scatter scatter[OTHER + 1] = {{0}};
    double wue[SITES];
    for (size_t i = 0; i < SITES; i++) {
        struct gw_named plant;
        enum gw_status s = gw_plant_year_plant(out, operator_site[i].plant, &plant, err);
        s = s == GW_OK ? generate(out, operator_site[i].climate, hour, err) : s;
        if (s != GW_OK) {
            return s;
        }
        const struct gw_plant_year year = gw_plant_year_of(&plant, hour, HOURS, 0.6);
        const double pue_off = year.pue - operator_site[i].pue;
        const double wue_off = year.withdrawn_l_per_kwh - operator_site[i].wue;
        struct scatter *sum = &scatter[operator_site[i].family];
        sum->pue2 += pue_off * pue_off;
        sum->wue2 += isnan(wue_off) ? 0 : wue_off * wue_off;
        sum->n++;
        wue[i] = year.withdrawn_l_per_kwh;
        add_pue(out, i, year.pue);
    }
    for (size_t i = 0; i < SITES; i++) {
        add_wue(out, i, wue[i]);
    }
    add_scatter(out, "six AWS regions on outside air, PUE", 0.03, scatter[AWS_AIR].pue2, scatter[AWS_AIR].n,
                "1", aws);
    add_scatter(out, "six AWS regions on outside air, WUE", 0.06, scatter[AWS_AIR].wue2, scatter[AWS_AIR].n,
                "L/kWh", aws);
    add_scatter(out, "seven Google sites, PUE", 0.02, scatter[GOOGLE_TOWER].pue2, scatter[GOOGLE_TOWER].n,
                "1", google);
    return GW_OK;
}

enum gw_status gw_validate_cooling(struct gw_validation *out, struct gw_error *err)
{
    enum gw_status s = add_points(out, err);
    s = s == GW_OK ? add_operators(out, err) : s;
    return s == GW_OK ? gw_validate_cooling_zones(out, err) : s;
}
