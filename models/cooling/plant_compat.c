/* What published tools compute on site, by name, so that their studies can be repeated; each with what is
 * wrong.
 *
 *   ren        wue = max(0.05, S / (S - 1) (6e-5 F^3 - 0.01 F^2 + 0.61 F - 10.4))              (36)
 *   gupta      wue = -1.896e-4 F^2 + 0.03095 F + 0.4442     tower with a fixed approach         (37)
 *              wue =  5.112e-4 F^2 - 0.04982 F + 2.387      tower with a fixed cold water
 *   shield     evaporated = 1 / 0.66 L/kWh, discharged = evaporated / (D - 1),                  (38)
 *              cooling_kw = 3 it_kw / COP, power_chain_kw = 0.13 it_kw
 *   sustaindc  l_per_h = 1010 (0.044 T_wb + 0.3528 rise + 0.101), whatever the load             (39)
 *
 * F is the wet bulb in degrees Fahrenheit. ren, gupta, sustaindc take the overhead as a number, of which 0.3
 * is in the power chain. Water that a tool does not split counts as consumed and as withdrawn. */
#include <math.h>

#include "models/cooling/hall.h"
#include "models/cooling/plants.h"
#include "sim/base/check.h"

#define CHAIN_SHARE 0.3

static const struct gw_type ratio = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1, .max = 10};

static struct gw_plant_out from_wue(const struct gw_plant_in *in, double pue, double l_per_h)
{
    const double overhead_kw = in->it_kw * (pue - 1);
    return (struct gw_plant_out){
        .cooling_kw = overhead_kw * (1 - CHAIN_SHARE),
        .power_chain_kw = overhead_kw * CHAIN_SHARE,
        .water_consumed_l_per_h = l_per_h,
        .water_withdrawn_l_per_h = l_per_h,
    };
}

static double fahrenheit(double c)
{
    return c * 1.8 + 32;
}

/* Defines the estimate and the plant of one tool: NAME_at and NAME_type must be there. */
#define PLANT(symbol, weather, text, warning)                                                                \
    static struct gw_plant_estimate symbol##_estimate(const void *config, const struct gw_plant_in *in)      \
    {                                                                                                        \
        return gw_plant_slope(symbol##_at, config, in);                                                      \
    }                                                                                                        \
    const struct gw_plant gw_plant_compat_##symbol = {.name = #symbol,                                       \
                                                      .summary = text,                                       \
                                                      .caution = warning,                                    \
                                                      .needs_weather = weather,                              \
                                                      .type = &symbol##_type,                                \
                                                      .at = symbol##_at,                                     \
                                                      .estimate = symbol##_estimate};

/* ---- ren ---- */

struct ren {
    double pue, cycles;
};
static const struct gw_field ren_fields[] = {
    GW_FIELD(struct ren, pue, &ratio, "1.1", "Facility power per IT power", "li-ren-2023"),
    GW_FIELD(struct ren, cycles, &gw_hall_cycles, "6", "Cycles of concentration", "li-ren-2023"),
    GW_FIELD_END,
};
static const struct gw_type ren_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct ren),
    .of = ren_fields,
    .doc = "Water as Li and Ren's code has it: a cubic in the wet bulb that exceeds the heat there is to "
           "evaporate it",
};

static struct gw_plant_out ren_at(const void *config, const struct gw_plant_in *in)
{
    GW_REQUIRE(isfinite(in->wet_bulb_c));
    const struct ren *cfg = config;
    const double f = fahrenheit(in->wet_bulb_c);
    const double cubic = f * (f * (6e-5 * f - 0.01) + 0.61) - 10.4;
    return from_wue(in, cfg->pue, in->it_kw * fmax(cfg->cycles / (cfg->cycles - 1) * cubic, 0.05));
}
PLANT(
    ren, true, "Water by the wet bulb, as in \"Making AI less thirsty\"",
    "evaporates more water than the heat allows: 4.7 L/kWh at a wet bulb of 21 degC, where the balance gives "
    "1.5 to 2.2")

/* ---- gupta ---- */

enum { FIXED_APPROACH, FIXED_COLD_WATER };
struct gupta {
    double pue;
    int32_t law;
};
static const char *const law_names[] = {"fixed-approach", "fixed-cold-water", NULL};
static const struct gw_type law = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = law_names};
static const struct gw_field gupta_fields[] = {
    GW_FIELD(struct gupta, pue, &ratio, "1.15", "Facility power per IT power", "aws-water-2024"),
    GW_FIELD(struct gupta, law, &law, "fixed-approach", "Which of the two regressions", "gupta-2024"),
    GW_FIELD_END,
};
static const struct gw_type gupta_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gupta),
    .of = gupta_fields,
    .doc = "Water by one of Gupta's two regressions over the wet bulb",
};

static struct gw_plant_out gupta_at(const void *config, const struct gw_plant_in *in)
{
    GW_REQUIRE(isfinite(in->wet_bulb_c));
    const struct gupta *cfg = config;
    const double f = fahrenheit(in->wet_bulb_c);
    const double wue = cfg->law == FIXED_APPROACH ? 0.4442 + f * (0.03095 - 1.896e-4 * f)
                                                  : 2.387 + f * (5.112e-4 * f - 0.04982);
    return from_wue(in, cfg->pue, in->it_kw * fmax(wue, 0));
}
PLANT(
    gupta, true, "Water by a regression over the wet bulb, as in a public dataset of 58 places",
    "knows only the wet bulb: in dry heat a tower evaporates up to half as much again; its coefficients are "
    "recalled, not seen")

/* ---- shield ---- */

struct shield {
    double cop, cycles;
};
static const struct gw_field shield_fields[] = {
    GW_FIELD(struct shield, cop, &gw_hall_cap, "4.73",
             "Coefficient of performance, 3.75 to 5.72 in the paper", "shield-2023"),
    GW_FIELD(struct shield, cycles, &gw_hall_cycles, "5", "Cycles of concentration", "shield-2023"),
    GW_FIELD_END,
};
static const struct gw_type shield_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct shield),
    .of = shield_fields,
    .doc = "Cooling and water as SHIELD and its successors have them: 1.89 L/kWh everywhere and always",
};

static struct gw_plant_out shield_at(const void *config, const struct gw_plant_in *in)
{
    const struct shield *cfg = config;
    const double evaporated = in->it_kw / 0.66, discharged = evaporated / (cfg->cycles - 1);
    return (struct gw_plant_out){
        .cooling_kw = 3 * in->it_kw / cfg->cop,
        .power_chain_kw = 0.13 * in->it_kw,
        .water_consumed_l_per_h = evaporated,
        .water_withdrawn_l_per_h = evaporated + discharged,
        .discharged_l_per_h = discharged,
    };
}
PLANT(shield, false, "Cooling and water in proportion to the load, as in SHIELD, SLIT and MARLIN",
      "all heat of the IT evaporates water at every site in any weather, and the PUE of 1.65 to 1.93 is that "
      "of "
      "small old halls")

/* ---- sustaindc ---- */

struct sustaindc {
    double pue, return_rise_k;
};
static const struct gw_field sustaindc_fields[] = {
    GW_FIELD(struct sustaindc, pue, &ratio, "1.29", "Facility power per IT power, 1.24 to 1.34 in its runs",
             "sustaindc-2024"),
    GW_FIELD(struct sustaindc, return_rise_k, &gw_hall_kelvin, "10", "Return air above the set point",
             "round number"),
    GW_FIELD_END,
};
static const struct gw_type sustaindc_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct sustaindc),
    .of = sustaindc_fields,
    .doc = "Water as SustainDC has it: so much an hour, whatever the size of the site and its load",
};

static struct gw_plant_out sustaindc_at(const void *config, const struct gw_plant_in *in)
{
    GW_REQUIRE(isfinite(in->wet_bulb_c));
    const struct sustaindc *cfg = config;
    const double l_per_h = 1010 * (0.044 * in->wet_bulb_c + 0.3528 * cfg->return_rise_k + 0.101);
    return from_wue(in, cfg->pue, fmax(l_per_h, 0));
}
PLANT(sustaindc, true, "Water by the wet bulb alone, as in SustainDC and PyDCM",
      "water does not follow load or size, and discharge is missing; its chiller, whose efficiency rises "
      "with the "
      "heat outside, is left out: the overhead is a number")
