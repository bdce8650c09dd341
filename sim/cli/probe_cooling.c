#include <stdio.h>
#include <string.h>

#include "models/cooling/plant_read.h"
#include "models/weather/psychro.h"
#include "sim/cli/probe_command.h"
#include "sim/cli/terminal.h"

/* Which equations of docs/models/cooling.md a number comes from, by the plant. */
struct equations {
    const char *plants[5]; /* ended by NULL */
    const char *free, *fan, *pump, *rejection, *compressor, *water;
};
static const struct equations equations[] = {
    {{"ae-dec"}, "21-24", "6, 7", "", "", "24", "23"},
    {{"iec"}, "27", "6, 7", "", "27", "27", "26"},
    {{"ae-wc"}, "16, 40", "6, 7", "20", "15", "18, 19", "10-13, 41, 42"},
    {{"ae-ac"}, "28, 40", "6, 7", "", "30", "29", "41, 42"},
    {{"wc-wse", "hyper-tower", "wc"}, "16", "6, 7", "20", "15", "18, 19", "10-13"},
    {{"ac", "dx"}, "28", "6, 7", "", "30", "29", ""},
    {{"liq-tower", "liq-hybrid", "liq-dry"}, "32, 33", "6, 7", "20, 35", "15, 35", "18, 19, 34", "10-13"},
    {{"ren"}, "", "", "", "", "", "36"},
    {{"gupta"}, "", "", "", "", "", "37"},
    {{"shield"}, "", "", "", "", "", "38"},
    {{"sustaindc"}, "", "", "", "", "", "39"},
};

static const struct equations *equations_of(const char *plant)
{
    static const struct equations none = {{NULL}, "", "", "", "", "", ""};
    for (size_t i = 0; i < sizeof equations / sizeof equations[0]; i++) {
        for (const char *const *name = equations[i].plants; *name != NULL; name++) {
            if (strcmp(*name, plant) == 0) {
                return &equations[i];
            }
        }
    }
    return &none;
}

/* One printed line: a number, its unit and its equations. */
static void line(const char *name, double value, const char *unit, const char *equation, const char *what)
{
    printf("  %-18s %12.6g %-8s %-13s %s\n", name, value, unit, equation, what);
}

static void print_point(const struct gw_plant *plant, const struct gw_plant_in *in, double humidity,
                        const struct gw_plant_out *out)
{
    const struct equations *eq = equations_of(plant->name);
    const double it = in->it_kw;
    printf("%s at %g degC, %g %%, %.0f Pa, %g %% load\n", plant->name, in->dry_bulb_c, 100 * humidity,
           in->pressure_pa, 100 * it / in->nameplate_kw);
    line("wet_bulb", in->wet_bulb_c, "degC", "weather 5, 6", "exact");
    line("humidity_ratio", in->humidity_ratio, "kg/kg", "weather 2", "vapour per dry air");
    line("power_chain", out->power_chain_kw / it, "kW/kW IT", "1-3", "UPS, distribution, lighting");
    line("cooling", out->cooling_kw / it, "kW/kW IT", "", "all of what follows");
    if (eq->fan[0] != '\0') { /* knows more than totals */
        line("fans", out->fan_kw / it, "kW/kW IT", eq->fan, "in the hall");
        line("pumps", out->pump_kw / it, "kW/kW IT", eq->pump, "of chilled, tower and loop water");
        line("rejection", out->rejection_kw / it, "kW/kW IT", eq->rejection, "fans outdoors");
        line("compressor", out->compressor_kw / it, "kW/kW IT", eq->compressor, "of chillers and room units");
        line("free_frac", out->free_frac, "1", eq->free, "heat that needs no compressor");
        line("rejected", out->rejected_kw / it, "kW/kW IT", "", "heat to the air outside");
        line("evaporated", out->evaporated_l_per_h / it, "L/kWh IT", eq->water, "into the air");
        line("drift", out->drift_l_per_h / it, "L/kWh IT", out->drift_l_per_h > 0 ? "14" : "", "droplets");
        line("discharged", out->discharged_l_per_h / it, "L/kWh IT", out->drift_l_per_h > 0 ? "14" : "",
             "blown down or drained");
    }
    line("withdrawn", out->water_withdrawn_l_per_h / it, "L/kWh IT", eq->fan[0] == '\0' ? eq->water : "",
         "all that is drawn");
    line("pue", 1 + (out->cooling_kw + out->power_chain_kw) / it, "1", "", "facility per IT");
    printf("\n");
}

static void print_csv(const struct gw_plant *plant, const struct gw_plant_in *in, double humidity,
                      const struct gw_plant_out *out)
{
    const double it = in->it_kw;
    printf("%s,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n",
           plant->name, in->dry_bulb_c, humidity, in->pressure_pa, it / in->nameplate_kw, in->wet_bulb_c,
           out->power_chain_kw / it, out->fan_kw / it, out->pump_kw / it, out->rejection_kw / it,
           out->compressor_kw / it, out->free_frac, out->evaporated_l_per_h / it,
           out->discharged_l_per_h / it, out->water_consumed_l_per_h / it, out->water_withdrawn_l_per_h / it,
           1 + (out->cooling_kw + out->power_chain_kw) / it);
}

/* What is asked for: every combination of the three lists. */
struct points {
    double dry_bulb_c[GW_PROBE_VALUES_MAX], humidity[GW_PROBE_VALUES_MAX], load[GW_PROBE_VALUES_MAX];
    size_t n_dry_bulb, n_humidity, n_load;
    double elevation_m;
};

static bool read_points(const struct gw_question *q, struct points *p)
{
    p->n_dry_bulb = gw_probe_command_numbers(q, "--dry-bulb", "C", "20C", -40, 50, p->dry_bulb_c);
    p->n_humidity =
        p->n_dry_bulb == 0 ? 0 : gw_probe_command_numbers(q, "--rh", "1", "0.5", 0.01, 1, p->humidity);
    p->n_load = p->n_humidity == 0 ? 0 : gw_probe_command_numbers(q, "--load", "1", "0.6", 0.01, 1, p->load);
    return p->n_load > 0 &&
           gw_probe_command_number(q, "--elevation", "m", "0 m", -500, 5000, &p->elevation_m);
}

static int probe_cooling(struct gw_question *q)
{
    struct points p;
    struct gw_named chosen;
    struct gw_errors errs = {0};
    if (!read_points(q, &p)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (gw_plant_read_text(gw_probe_command_given(q, "--plant", "wc-wse"), "--plant", &chosen, &q->arena,
                           &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    const struct gw_plant *plant = gw_plant_find(chosen.name);
    const double pressure_pa = gw_psychro_pressure_pa(p.elevation_m);
    if (plant->caution != NULL && !q->csv) {
        printf("warning: %s: %s\n\n", plant->name, plant->caution);
    }
    if (q->csv) {
        printf("plant,dry_bulb_c,rh,pressure_pa,load,wet_bulb_c,power_chain,fans,pumps,rejection,compressor,"
               "free_frac,evaporated_l_per_kwh,discharged_l_per_kwh,consumed_l_per_kwh,withdrawn_l_per_kwh,"
               "pue\n");
    }
    for (size_t i = 0; i < p.n_dry_bulb * p.n_humidity * p.n_load; i++) {
        const double t = p.dry_bulb_c[i / (p.n_humidity * p.n_load)];
        const double humidity = p.humidity[i / p.n_load % p.n_humidity];
        const double ratio = gw_psychro_humidity_ratio(humidity * gw_psychro_saturation_pa(t), pressure_pa);
        const struct gw_plant_in in = {.it_kw = 1000 * p.load[i % p.n_load],
                                       .nameplate_kw = 1000,
                                       .dry_bulb_c = t,
                                       .wet_bulb_c = gw_psychro_wet_bulb_c(t, ratio, pressure_pa),
                                       .humidity_ratio = ratio,
                                       .pressure_pa = pressure_pa};
        const struct gw_plant_out out = plant->at(chosen.cfg, &in);
        (q->csv ? print_csv : print_point)(plant, &in, humidity, &out);
    }
    if (!q->csv) {
        printf("Numbers in brackets of docs/models/cooling.md; weather: those of docs/models/weather.md.\n");
    }
    return 0;
}

static int main_cooling(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_cooling);
}

static const struct gw_option options[] = {
    {"--plant", NULL, "PLANT", "Its name, or a map: \"{ plant: wc-wse, cycles: 4 }\" (default wc-wse)"},
    {"--dry-bulb", NULL, "C", "Temperature outside; several with commas (default 20C)"},
    {"--rh", NULL, "FRAC", "Relative humidity outside; several with commas (default 0.5)"},
    {"--load", NULL, "FRAC", "IT power per nameplate; several with commas (default 0.6)"},
    {"--elevation", NULL, "M", "Height above the sea, for the pressure (default 0 m)"},
    {0},
};

const struct gw_subject gw_probe_cooling = {
    .name = "cooling",
    .summary = "Electricity and water of a cooling plant in given air, part by part",
    .example = "geowatt probe cooling --plant wc-wse --dry-bulb 10C,20C,30C --rh 0.5 --load 0.6",
    .options = options,
    .main = main_cooling,
};
