#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/network/network.h"
#include "models/supply/supply.h"
#include "sim/base/text.h"
#include "sim/cli/probe_command.h"
#include "sim/cli/terminal.h"
#include "sim/run/scenario.h"

enum { TIMES_MAX = 64, SEA_LEVEL_PA = 101325 };
static const double degree = 3.14159265358979323846 / 180;

/* An option's value as the key of a scenario takes it: a power, or { power: ..., ... }. */
static const void *bound(struct gw_question *q, const char *option, const struct gw_type *type)
{
    const char *value = gw_probe_command_given(q, option, NULL);
    const struct gw_bind_env env = gw_scenario_env(&q->catalogue);
    struct gw_text yaml = {0};
    gw_text_addf(&yaml, value[0] == '{' ? "%s\n" : "{ power: %s }\n", value);
    struct gw_errors errs = {0};
    struct gw_tree tree = {0};
    void *cfg = gw_arena_alloc(&q->arena, type->size);
    enum gw_status s = GW_ERR_NOMEM;
    if (cfg != NULL && !yaml.failed) {
        memset(cfg, 0, type->size);
        s = gw_tree_parse(&tree, yaml.at, yaml.n, option, NULL, &errs);
        s = s == GW_OK ? gw_bind_root(&tree, type, &env, cfg, &q->arena, &errs) : s;
    }
    if (s != GW_OK) {
        (void)gw_terminal_errors(&errs);
    }
    gw_tree_fini(&tree);
    gw_text_fini(&yaml);
    return s == GW_OK ? cfg : NULL;
}

/* ---- PV ---- */

static size_t read_times(const struct gw_question *q, gw_time_us unix_us[TIMES_MAX])
{
    size_t n = 0;
    for (const char *at = gw_probe_command_given(q, "--at", "2023-06-21T20:00Z");
         at != NULL && n < TIMES_MAX;) {
        const size_t length = strcspn(at, ",");
        char word[80];
        struct gw_error err;
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), at);
        if (gw_clock_parse(word, &unix_us[n], &err) != GW_OK) {
            fprintf(stderr, "geowatt probe supply: --at: %s\n", err.why);
            return 0;
        }
        n++;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return n;
}

static void print_sun(const struct gw_question *q, const struct gw_pv_cfg *pv, const struct gw_place *place,
                      gw_time_us unix_us, double cloud_frac, double ghi_w_per_m2, double dry_bulb_c)
{
    const struct gw_pv_day day = gw_pv_day_at(unix_us);
    const struct gw_pv_sun sun = gw_pv_sun_at(&day, place->lat_deg, place->lon_deg, unix_us);
    const double ghi = isnan(ghi_w_per_m2) ? gw_pv_ghi_w_per_m2(sun.up, cloud_frac) : ghi_w_per_m2;
    const struct gw_pv_sky sky = gw_pv_sky_at(ghi, sun.up, day.normal_w_per_m2);
    const struct gw_pv_out out = gw_pv_at(pv, &sun, &sky, dry_bulb_c);
    const double azimuth = fmod(atan2(sun.east, sun.north) / degree + 360, 360);
    char time[GW_CLOCK_TEXT_MAX];
    gw_clock_print(unix_us, time);
    printf(
        q->csv
            ? "%s,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n"
            : "%-20s %6.2f %6.2f %6.1f %6.1f %6.2f %6.1f %6.1f %6.1f %6.1f %6.3f %6.1f %6.1f %8.4g %8.4g\n",
        time, day.declination_rad / degree, day.equation_min, asin(sun.up) / degree, azimuth, cloud_frac,
        sky.ghi_w_per_m2, sky.dni_w_per_m2, sky.dhi_w_per_m2, out.tilt_deg, out.cos_incidence,
        out.poa_w_per_m2, out.cell_c, out.dc_kw, out.ac_kw);
}

static int probe_pv(struct gw_question *q)
{
    gw_time_us unix_us[TIMES_MAX];
    double cloud[GW_PROBE_VALUES_MAX], ghi = (double)NAN, dry_bulb_c;
    const size_t times = read_times(q, unix_us);
    const size_t clouds = gw_probe_command_numbers(q, "--cloud", "1", "0", 0, 1, cloud);
    const struct gw_place *place =
        gw_probe_command_entry(q, "place", gw_probe_command_given(q, "--place", "san-jose"));
    const struct gw_pv_cfg *cfg = bound(q, "--pv", &gw_pv_type);
    if (times == 0 || clouds == 0 || place == NULL || cfg == NULL ||
        !gw_probe_command_number(q, "--dry-bulb", "C", "20", -60, 60, &dry_bulb_c) ||
        (gw_probe_command_given(q, "--ghi", NULL) != NULL &&
         !gw_probe_command_number(q, "--ghi", "W/m2", NULL, 0, 1500, &ghi))) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const struct gw_pv_cfg pv = gw_pv_placed(cfg, place->lat_deg);
    if (q->csv) {
        printf("time,declination_deg,equation_min,elevation_deg,azimuth_deg,cloud_frac,ghi_w_per_m2,"
               "dni_w_per_m2,dhi_w_per_m2,tilt_deg,cos_incidence,poa_w_per_m2,cell_c,dc_kw,ac_kw\n");
    } else {
        printf("%.4g kW of panels at %s, tilt %.3g deg, azimuth %.3g deg (docs/models/supply.md, eq. 1 to "
               "10)\n\n",
               pv.power_kw, place->name, pv.tilt_deg, pv.azimuth_deg);
        printf("%-20s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %8s %8s\n", "", "decl", "clock", "up",
               "from N", "cloud", "GHI", "DNI", "DHI", "tilt", "cos i", "POA", "cell", "DC", "AC");
        printf("%-20s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %8s %8s\n", "time", "deg", "min", "deg",
               "deg", "", "W/m2", "W/m2", "W/m2", "deg", "", "W/m2", "degC", "kW", "kW");
        printf("%-20s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %8s %8s\n", "", "(1)", "(1)", "(3)",
               "(3)", "", "(4)", "(5)", "(5)", "(6)", "(6)", "(7)", "(8)", "(9)", "(10)");
    }
    for (size_t t = 0; t < times; t++) {
        for (size_t c = 0; c < clouds; c++) {
            print_sun(q, &pv, place, unix_us[t], cloud[c], ghi, dry_bulb_c);
        }
    }
    return 0;
}

/* ---- wind ---- */

static int probe_wind(struct gw_question *q)
{
    double speed[GW_PROBE_VALUES_MAX], dry_bulb_c;
    const struct gw_turbine_cfg *cfg = bound(q, "--wind", &gw_turbine_type);
    const size_t n = gw_probe_command_numbers(q, "--speed", "m/s", "4,6,8,10,12", 0, 60, speed);
    if (cfg == NULL || n == 0 || !gw_probe_command_number(q, "--dry-bulb", "C", "20", -60, 60, &dry_bulb_c)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (q->csv) {
        printf("wind_m_per_s,hub_m_per_s,density_kg_per_m3,speed_m_per_s,kw\n");
    } else {
        printf("%.4g kW of turbines, hubs at %.4g m, sea level (docs/models/supply.md, eq. 11 to 13)\n\n",
               cfg->power_kw, cfg->hub_height_m);
        printf("%10s %12s %12s %14s %12s\n", "10 m, m/s", "hub m/s (11)", "kg/m3 (12)", "as dense (12)",
               "kW (13)");
    }
    for (size_t i = 0; i < n; i++) {
        const struct gw_turbine_out out = gw_turbine_at(cfg, speed[i], dry_bulb_c, SEA_LEVEL_PA);
        printf(q->csv ? "%.9g,%.9g,%.9g,%.9g,%.9g\n" : "%10.2f %12.2f %12.3f %14.2f %12.5g\n", speed[i],
               out.hub_m_per_s, out.density_kg_per_m3, out.speed_m_per_s, out.kw);
    }
    return 0;
}

/* ---- battery ---- */

static void print_flow(const struct gw_question *q, const struct gw_battery_cfg *cfg, bool charging,
                       double soc, double request_kw, double h)
{
    const double stored_kwh = soc * cfg->energy_kwh;
    const struct gw_battery_flow flow =
        charging ? gw_battery_charge(cfg, stored_kwh, request_kw)
                 : gw_battery_discharge(cfg, stored_kwh, gw_battery_reserve_kwh(cfg), request_kw);
    const double kwh = gw_battery_kwh(&flow, h);
    const double after_kwh =
        charging ? stored_kwh + kwh * cfg->charge_efficiency : stored_kwh - kwh / cfg->discharge_efficiency;
    const double lost_kwh = fabs(kwh - fabs(after_kwh - stored_kwh));
    printf(q->csv ? "%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n"
                  : "%8.4f %12.5g %10.4g %10.4g %12.5g %12.5g %12.5g %8.4f\n",
           soc, flow.kw, flow.flat_h, flow.rate_per_h, gw_battery_kw(&flow, h), kwh, lost_kwh,
           after_kwh / cfg->energy_kwh);
}

static int probe_battery(struct gw_question *q)
{
    const struct gw_battery_cfg *cfg = bound(q, "--battery", &gw_battery_type);
    double soc[GW_PROBE_VALUES_MAX], request_kw = 0, h;
    const bool charging = gw_probe_command_given(q, "--discharge", NULL) == NULL;
    const size_t n = gw_probe_command_numbers(q, "--soc", "1", "0.1,0.3,0.5,0.7,0.9", 0, 1, soc);
    if (cfg == NULL || n == 0 || !gw_probe_command_number(q, "--for", "h", "1 h", 1e-6, 1e4, &h) ||
        !gw_probe_command_number(q, charging ? "--charge" : "--discharge", "kW", charging ? "1e8 kW" : NULL,
                                 0, 1e9, &request_kw)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (q->csv) {
        printf("soc,kw,flat_h,rate_per_h,kw_at_end,kwh,lost_kwh,soc_after\n");
    } else {
        printf("%.5g kWh, at most %.5g kW, %s for %.4g h (docs/models/supply.md, eq. %s)\n\n",
               cfg->energy_kwh, gw_battery_power_kw(cfg), charging ? "charged" : "discharged", h,
               charging ? "14" : "15");
        printf("%8s %12s %10s %10s %12s %12s %12s %8s\n", "from", "kW at first", "level h", "then 1/h",
               "kW at last", "kWh", "lost kWh", "to");
    }
    for (size_t i = 0; i < n; i++) {
        print_flow(q, cfg, charging, soc[i], request_kw, h);
    }
    return 0;
}

static int probe_supply(struct gw_question *q)
{
    static const struct {
        const char *option;
        int (*probe)(struct gw_question *q);
    } plants[] = {{"--pv", probe_pv}, {"--wind", probe_wind}, {"--battery", probe_battery}};
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        if (gw_probe_command_given(q, plants[i].option, NULL) != NULL) {
            return plants[i].probe(q);
        }
    }
    fprintf(stderr, "geowatt probe supply: --pv, --wind or --battery says what, as in a scenario's site\n");
    return gw_status_exit(GW_ERR_USAGE);
}

static int main_supply(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_supply);
}

static const struct gw_option options[] = {
    {"--pv", NULL, "POWER", "Panels, as a site's `pv`: 2MW or { power: 2 MW, tracking: single-axis }"},
    {"--place", NULL, "NAME", "Where they stand (default san-jose)"},
    {"--at", NULL, "TIMES", "When, UTC (default 2023-06-21T20:00Z)"},
    {"--cloud", NULL, "SHARES", "Cover of the sky (default 0)"},
    {"--ghi", NULL, "W/M2", "Irradiance on the ground, instead of a cover"},
    {"--dry-bulb", NULL, "T", "Of the air (default 20C)"},
    {"--wind", NULL, "POWER", "Turbines, as a site's `wind`"},
    {"--speed", NULL, "M/S", "Winds at 10 m (default 4,6,8,10,12)"},
    {"--battery", NULL, "MAP", "A battery, as a site's `battery`"},
    {"--soc", NULL, "SHARES", "How full it is (default 0.1,0.3,0.5,0.7,0.9)"},
    {"--charge", NULL, "POWER", "Power asked for (default all it takes)"},
    {"--discharge", NULL, "POWER", "The same, out of it"},
    {"--for", NULL, "TIME", "How long (default 1h)"},
    {0},
};

const struct gw_subject gw_probe_supply = {
    .name = "supply",
    .summary = "Panels, turbines and batteries of a site at one moment",
    .example = "geowatt probe supply --pv 2MW --place san-jose --cloud 0,0.5,1",
    .options = options,
    .main = main_supply,
};
