#include <stdio.h>

#include "models/weather/generator.h"
#include "models/weather/psychro.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"
#include "sim/core/clock.h"

static void line(const struct gw_question *q, const char *name, double value, const char *unit)
{
    printf(q->csv ? "%s,%.9g,%s\n" : "  %-28s %12.6g %s\n", name, value, unit);
}

/* The day of the year, from 0, in local standard time. */
static int day_of(const struct gw_climate *climate, gw_time_us unix_us)
{
    return gw_clock_calendar(unix_us + (gw_time_us)(climate->utc_offset_h * (double)GW_US_PER_H)).day_of_year;
}

static void print_normals(const struct gw_question *q, const struct gw_climate *climate, int day)
{
    double daily[GW_CLIMATE_DAYS_MAX];
    gw_climate_daily(climate->dry_bulb_c.at, true, daily);
    line(q, "normal_dry_bulb", daily[day], "degC");
    gw_climate_daily(climate->dew_point_c.at, true, daily);
    line(q, "normal_dew_point", daily[day], "degC");
    gw_climate_daily(climate->daily_range_k.at, true, daily);
    line(q, "normal_daily_range", daily[day], "K");
    line(q, "spread_dry_bulb", gw_climate_spread_k(&climate->dry_bulb_spread_k, day), "K");
}

static void print_air(const struct gw_question *q, const struct gw_weather *w)
{
    const double vapour_pa = gw_psychro_saturation_pa(w->dew_point_c);
    const double ratio = gw_psychro_humidity_ratio(vapour_pa, w->pressure_pa);
    line(q, "dry_bulb", w->dry_bulb_c, "degC");
    line(q, "wet_bulb", w->wet_bulb_c, "degC");
    line(q, "dew_point", w->dew_point_c, "degC");
    line(q, "relative_humidity", vapour_pa / gw_psychro_saturation_pa(w->dry_bulb_c), "1");
    line(q, "humidity_ratio", ratio, "kg/kg");
    line(q, "enthalpy", gw_psychro_enthalpy_j_per_kg(w->dry_bulb_c, ratio), "J/kg");
    line(q, "density", gw_psychro_density_kg_per_m3(w->dry_bulb_c, ratio, w->pressure_pa), "kg/m3");
    line(q, "pressure", w->pressure_pa, "Pa");
    line(q, "cloud", w->cloud_frac, "1");
    line(q, "wind", w->wind_m_per_s, "m/s");
    line(q, "irradiance", w->ghi_w_per_m2, "W/m2");
}

static int answer(struct gw_question *q)
{
    const struct gw_climate *climate =
        gw_probe_command_entry(q, "climate", gw_probe_command_given(q, "--climate", "frankfurt"));
    struct gw_weather_series air;
    struct gw_error err;
    gw_time_us at;
    double seed, replication;
    if (climate == NULL || !gw_probe_command_number(q, "--seed", "1", "1", 0, 9e15, &seed) ||
        !gw_probe_command_number(q, "--replication", "1", "0", 0, 1e6, &replication)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (gw_clock_parse(gw_probe_command_given(q, "--at", "2023-07-15T12:00:00Z"), &at, &err) != GW_OK) {
        fprintf(stderr, "geowatt probe weather: --at: %s\n", err.why);
        return gw_status_exit(GW_ERR_USAGE);
    }
    const enum gw_status s =
        gw_generator_make(climate, GW_GENERATOR_TYPICAL, (uint64_t)seed, (uint32_t)replication, at,
                          at + GW_US_PER_H, &air, &q->arena, &err);
    if (s != GW_OK) {
        fprintf(stderr, "geowatt probe weather: %s\n", err.why);
        return gw_status_exit(s);
    }
    if (q->csv) {
        printf("what,value,unit\n");
    } else {
        char when[GW_CLOCK_TEXT_MAX];
        gw_clock_print(at, when);
        printf("%s at %s, seed %.0f, replication %.0f\n\n", climate->name, when, seed, replication);
    }
    print_normals(q, climate, day_of(climate, at));
    const struct gw_weather w = gw_weather_at(&air, at);
    print_air(q, &w);
    return 0;
}

static int main_weather(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, answer);
}

static const struct gw_option options[] = {
    {"--climate", NULL, "NAME", "The climate (default frankfurt)"},
    {"--at", NULL, "TIME", "An instant in UTC (default 2023-07-15T12:00:00Z)"},
    {"--seed", NULL, "N", "The scenario's seed (default 1)"},
    {"--replication", NULL, "N", "Which of the made years (default 0)"},
    {0},
};

const struct gw_subject gw_probe_weather = {
    .name = "weather",
    .summary = "The made weather of a climate at an instant: normals, air, cloud, wind, sun",
    .example = "geowatt probe weather --climate phoenix --at 2023-08-01T22:00:00Z",
    .options = options,
    .main = main_weather,
};
