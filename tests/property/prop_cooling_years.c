/* What whole years of weather must show of every plant: order by climate, seasons, day and night, hours in
 * modes, and that the length of the step does not matter. */
#include "tests/support/one_plant.h"

#include <math.h>

#include "models/cooling/plant_step.h"
#include "models/weather/climate.h"
#include "models/weather/generator.h"
#include "models/weather/psychro.h"
#include "sim/base/units.h"

enum { HOURS = 8760, STEPS_PER_HOUR = 12 };

static const gw_time_us start_us = INT64_C(1672531200) * GW_US_PER_S; /* 2023-01-01 */

struct year {
    struct gw_arena arena;
    struct gw_weather_series air;
    double utc_offset_h;
};

static void make_year(struct year *self, const char *climate_name)
{
    *self = (struct year){0};
    static struct gw_tree built_in; /* the climate lives in it */
    if (built_in.root == NULL) {
        bound_catalogue(&built_in);
    }
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &built_in};
    const void *climate = NULL;
    struct gw_errors errs = {0};
    struct gw_error err;
    assert_int_equal(gw_bind_entry(NULL, &env, "climate", climate_name, &climate, &self->arena, &errs),
                     GW_OK);
    self->utc_offset_h = ((const struct gw_climate *)climate)->utc_offset_h;
    assert_int_equal(gw_generator_make(climate, GW_GENERATOR_TYPICAL, 1, 0, start_us,
                                       start_us + HOURS * GW_US_PER_H, &self->air, &self->arena, &err),
                     GW_OK);
}

static void year_fini(struct year *self)
{
    gw_arena_fini(&self->arena);
}

static struct gw_plant_in air_at_time(const struct year *self, gw_time_us unix_us)
{
    const struct gw_weather w = gw_weather_at(&self->air, unix_us);
    const double vapour_pa = gw_psychro_saturation_pa(w.dew_point_c);
    return (struct gw_plant_in){.it_kw = 600,
                                .nameplate_kw = 1000,
                                .dry_bulb_c = w.dry_bulb_c,
                                .wet_bulb_c = w.wet_bulb_c,
                                .humidity_ratio = gw_psychro_humidity_ratio(vapour_pa, w.pressure_pa),
                                .pressure_pa = w.pressure_pa};
}

/* Sums over a year in steps of an hour's n-th part, with the plant's memory; by month and by local hour. */
struct totals {
    double overhead_kwh, withdrawn_l, month_l[12], hour_l[24];
    double free_h, partial_h, mechanical_h;
};

/* In a step that begins then. */
struct moment {
    const struct year *year;
    gw_time_us from_us;
};

static void air_after(const void *from, double after_s, struct gw_plant_in *in)
{
    const struct moment *moment = from;
    const struct gw_plant_in now = air_at_time(moment->year, moment->from_us + llround(after_s * 1e6));
    in->dry_bulb_c = now.dry_bulb_c;
    in->wet_bulb_c = now.wet_bulb_c;
    in->humidity_ratio = now.humidity_ratio;
    in->pressure_pa = now.pressure_pa;
}

static struct totals total(const struct one_plant *p, const struct year *year, int steps_per_hour)
{
    struct totals sum = {0};
    const double step_h = 1.0 / steps_per_hour;
    double shut_s = 0;
    for (int i = 0; i < HOURS * steps_per_hour; i++) {
        const struct moment moment = {year, start_us + i * (GW_US_PER_H / steps_per_hour)};
        const struct gw_plant_step_air air = {air_after, &moment};
        const struct gw_plant_in in = {
            .it_kw = 600, .nameplate_kw = 1000, .shut_s = shut_s, .step_s = 3600 * step_h};
        const struct gw_plant_out out = gw_plant_step(p->plant, p->cfg, &in, &air);
        shut_s = out.shut_s;
        const double water_l = out.water_withdrawn_l_per_h * step_h;
        const int hour = i / steps_per_hour;
        sum.overhead_kwh += (out.cooling_kw + out.power_chain_kw) * step_h;
        sum.withdrawn_l += water_l;
        sum.month_l[hour * 12 / HOURS] += water_l;
        sum.hour_l[(hour + 24 + (int)year->utc_offset_h) % 24] += water_l;
        *(out.free_frac == 1   ? &sum.free_h
          : out.free_frac == 0 ? &sum.mechanical_h
                               : &sum.partial_h) += step_h;
    }
    return sum;
}

static struct totals year_of(const char *cooling, const char *climate)
{
    struct one_plant p;
    struct year year;
    one_plant_read(&p, cooling);
    make_year(&year, climate);
    const struct totals sum = total(&p, &year, 1);
    year_fini(&year);
    one_plant_fini(&p);
    return sum;
}

static bool has_parts(const char *plant)
{
    return gw_plant_find(plant)->needs_weather && gw_plant_find(plant)->caution == NULL;
}

/* ---- climates ---- */

static void every_plant_costs_most_in_the_tropics_and_least_in_the_north(void **state)
{
    (void)state;
    for (const char *const *plant = gw_plant_names(); *plant != NULL; plant++) {
        if (!has_parts(*plant)) {
            continue;
        }
        const double north = year_of(*plant, "stockholm").overhead_kwh;
        const double middle = year_of(*plant, "sao-paulo").overhead_kwh;
        const double tropics = year_of(*plant, "singapore").overhead_kwh;
        if (!(north < middle && middle < tropics)) {
            fail_msg("%s: %g in Stockholm, %g in Sao Paulo, %g in Singapore", *plant, north, middle, tropics);
        }
    }
}

static void pads_use_most_water_where_it_is_hot_and_dry_and_next_to_none_by_the_ocean(void **state)
{
    (void)state;
    const double it_kwh = 600.0 * HOURS;
    const double desert = year_of("ae-dec", "phoenix").withdrawn_l / it_kwh;
    static const char *const others[] = {"ashburn", "dublin", "singapore", "sao-paulo", "stockholm"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_true(year_of("ae-dec", others[i]).withdrawn_l / it_kwh < desert / 3);
    }
    assert_true(year_of("ae-dec", "dublin").withdrawn_l / it_kwh < 0.02);
}

static void pads_use_water_in_summer_and_by_day(void **state)
{
    (void)state;
    const struct totals ashburn = year_of("ae-dec", "ashburn");
    const double winter = ashburn.month_l[11] + ashburn.month_l[0] + ashburn.month_l[1];
    const double summer = ashburn.month_l[5] + ashburn.month_l[6] + ashburn.month_l[7];
    assert_true(summer > 5 * winter);
    const struct totals phoenix = year_of("ae-dec", "phoenix");
    double night = 0, day = 0;
    for (int h = 0; h < 12; h++) {
        night += phoenix.hour_l[(h + 20) % 24];
        day += phoenix.hour_l[h + 8];
    }
    assert_true(night < day);
}

/* ---- hours ---- */

static void every_hour_is_in_one_mode_and_warmer_water_frees_more_of_them(void **state)
{
    (void)state;
    static const char *const cooling[] = {"{ plant: wc-wse, supply_c: 14 }",
                                          "{ plant: wc-wse, supply_c: 18 }",
                                          "{ plant: wc-wse, supply_c: 22 }"};
    double last = -1;
    for (size_t i = 0; i < sizeof cooling / sizeof cooling[0]; i++) {
        const struct totals sum = year_of(cooling[i], "ashburn");
        assert_near(sum.free_h + sum.partial_h + sum.mechanical_h, HOURS, 1e-12, 0);
        assert_true(sum.free_h > last);
        last = sum.free_h;
    }
}

/* With the weather on lines between hours; shut and open states included. Energy and water to 0.1 %. */
static void five_minutes_and_hours_agree_on_the_year(void **state)
{
    (void)state;
    static const char *const climates[] = {"ashburn", "phoenix"};
    for (size_t c = 0; c < sizeof climates / sizeof climates[0]; c++) {
        struct year year;
        make_year(&year, climates[c]);
        for (const char *const *plant = gw_plant_names(); *plant != NULL; plant++) {
            if (!has_parts(*plant)) {
                continue;
            }
            struct one_plant p;
            one_plant_read(&p, *plant);
            const struct totals fine = total(&p, &year, STEPS_PER_HOUR), coarse = total(&p, &year, 1);
            const double it_kwh = 600.0 * HOURS, facility = it_kwh + fine.overhead_kwh;
            if (fabs(coarse.overhead_kwh - fine.overhead_kwh) > 1e-3 * facility ||
                fabs(coarse.withdrawn_l - fine.withdrawn_l) > 1e-3 * fine.withdrawn_l) {
                fail_msg("%s in %s: %.6g and %.6g kWh, %.6g and %.6g L", *plant, climates[c],
                         fine.overhead_kwh, coarse.overhead_kwh, fine.withdrawn_l, coarse.withdrawn_l);
            }
            one_plant_fini(&p);
        }
        year_fini(&year);
    }
}

/* At one wet bulb drier air is warmer air, which gives heat to the water instead of taking it. */
static void a_tower_evaporates_more_in_dry_air_of_the_same_wet_bulb(void **state)
{
    (void)state;
    struct one_plant p;
    one_plant_read(&p, "wc");
    for (int wet_bulb_c = 0; wet_bulb_c <= 26; wet_bulb_c += 2) {
        double last = 0;
        for (int spread_k = 1; spread_k <= 15; spread_k++) {
            const double t = wet_bulb_c + spread_k, h = 2501 - 2.326 * wet_bulb_c;
            const double saturated =
                gw_psychro_humidity_ratio(gw_psychro_saturation_pa(wet_bulb_c), GW_PSYCHRO_SEA_LEVEL_PA);
            const double ratio = (h * saturated - 1.006 * spread_k) / (2501 + 1.86 * t - 4.186 * wet_bulb_c);
            if (ratio <= 0) {
                break;
            }
            const struct gw_plant_in in = {.it_kw = 600,
                                           .nameplate_kw = 1000,
                                           .dry_bulb_c = t,
                                           .wet_bulb_c = wet_bulb_c,
                                           .humidity_ratio = ratio,
                                           .pressure_pa = GW_PSYCHRO_SEA_LEVEL_PA};
            const double evaporated = p.plant->at(p.cfg, &in).evaporated_l_per_h;
            assert_true(evaporated > last);
            last = evaporated;
        }
    }
    one_plant_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_plant_costs_most_in_the_tropics_and_least_in_the_north),
        cmocka_unit_test(pads_use_most_water_where_it_is_hot_and_dry_and_next_to_none_by_the_ocean),
        cmocka_unit_test(pads_use_water_in_summer_and_by_day),
        cmocka_unit_test(every_hour_is_in_one_mode_and_warmer_water_frees_more_of_them),
        cmocka_unit_test(five_minutes_and_hours_agree_on_the_year),
        cmocka_unit_test(a_tower_evaporates_more_in_dry_air_of_the_same_wet_bulb),
    };
    return cmocka_run_group_tests_name("cooling_years", tests, NULL, NULL);
}
