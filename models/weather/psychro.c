#include "models/weather/psychro.h"

#include <math.h>
#include <stdbool.h>

#include "sim/base/check.h"

#define KELVIN       273.15
#define TRIPLE_C     0.01
#define TRIPLE_PA    611.657  /* between what (1) gives for ice and for water at the triple point */
#define VAPOUR_RATIO 0.621945 /* molar mass of water over that of dry air */

/* --- saturation --------------------------------------------------------------------------------- */

/* ln p_ws and its first two derivatives by temperature. */
struct saturation {
    double ln_pa, slope, curve;
};

static struct saturation over_ice(double t_c)
{
    const double k = t_c + KELVIN, inverse = 1 / k;
    return (struct saturation){
        .ln_pa = -5674.5359 * inverse + 6.3925247 +
                 k * (-9.677843e-3 + k * (6.2215701e-7 + k * (2.0747825e-9 + k * -9.484024e-13))) +
                 4.1635019 * log(k),
        .slope = inverse * (4.1635019 + 5674.5359 * inverse) - 9.677843e-3 +
                 k * (2 * 6.2215701e-7 + k * (3 * 2.0747825e-9 + k * 4 * -9.484024e-13)),
        .curve = -inverse * inverse * (4.1635019 + 2 * 5674.5359 * inverse) + 2 * 6.2215701e-7 +
                 k * (6 * 2.0747825e-9 + k * 12 * -9.484024e-13),
    };
}

static struct saturation over_water(double t_c)
{
    const double k = t_c + KELVIN, inverse = 1 / k;
    return (struct saturation){
        .ln_pa = -5800.2206 * inverse + 1.3914993 +
                 k * (-4.8640239e-2 + k * (4.1764768e-5 + k * -1.4452093e-8)) + 6.5459673 * log(k),
        .slope = inverse * (6.5459673 + 5800.2206 * inverse) - 4.8640239e-2 +
                 k * (2 * 4.1764768e-5 + k * 3 * -1.4452093e-8),
        .curve = -inverse * inverse * (6.5459673 + 2 * 5800.2206 * inverse) + 2 * 4.1764768e-5 +
                 k * 6 * -1.4452093e-8,
    };
}

double gw_psychro_saturation_pa(double dry_bulb_c)
{
    return exp(dry_bulb_c <= TRIPLE_C ? over_ice(dry_bulb_c).ln_pa : over_water(dry_bulb_c).ln_pa);
}

/* --- dew point ---------------------------------------------------------------------------------- */

/* Newton in ln p: the curve is bent so little that the start, good to 0.1 K in the valid range, needs two
 * steps; the third is for dry air far below it. */
double gw_psychro_dew_point_c(double vapour_pa)
{
    GW_REQUIRE(vapour_pa > 0);

    const double ln_pa = log(vapour_pa);
    const bool ice = vapour_pa <= TRIPLE_PA;
    const double x = ln_pa - 6.4149; /* ln 611 Pa: the start is Magnus' formula over ice and over water */
    double t_c = ice ? 272.62 * x / (22.46 - x) : 243.12 * x / (17.62 - x);
    for (int i = 0; i < 3; i++) {
        const struct saturation s = ice ? over_ice(t_c) : over_water(t_c);
        t_c -= (s.ln_pa - ln_pa) / s.slope;
    }
    return t_c;
}

/* --- humidity ----------------------------------------------------------------------------------- */

double gw_psychro_humidity_ratio(double vapour_pa, double pressure_pa)
{
    GW_REQUIRE(vapour_pa >= 0);
    GW_REQUIRE(vapour_pa < pressure_pa);
    return VAPOUR_RATIO * vapour_pa / (pressure_pa - vapour_pa);
}

double gw_psychro_vapour_pa(double humidity_ratio, double pressure_pa)
{
    return pressure_pa * humidity_ratio / (VAPOUR_RATIO + humidity_ratio);
}

/* --- wet bulb ----------------------------------------------------------------------------------- */

/* Equations (5) and (6) in one form, F(T*) = (a + b T*) W_s(T*) + (1.006 + c W) T* - R = 0 with
 * R = 1.006 T + W (a + 1.86 T). */
struct phase {
    double a, b, c;
};

static const struct phase water = {2501, -2.326, 4.186};
static const struct phase ice = {2830, -0.24, 2.1};

/* A first guess within a third of a degree for wet bulbs of -45 to 38 degC and 70 to 105 kPa, a few degrees
 * beyond: a rational function fitted to the inverse of h_s(T*, P) = 1.006 T* + 2501 W_s(T*). */
static double guess_wet_bulb(double h_kj_per_kg, double pressure_pa)
{
    const double h = h_kj_per_kg / 100, s = GW_PSYCHRO_SEA_LEVEL_PA / pressure_pa - 1;
    return (-6.0469 - 3.4925 * s + h * (61.144 - 20.493 * s + h * (17.28 + h * 6.5632))) /
           (1 + h * (0.97204 + 0.3269 * s + h * 0.61775));
}

/* Halley's step towards the root of F from t_c. */
static double wet_bulb_step(const struct phase *k, double t_c, double ratio, double right, double pressure_pa)
{
    const struct saturation s = k == &ice ? over_ice(t_c) : over_water(t_c);
    const double p = exp(s.ln_pa), dp = p * s.slope, ddp = dp * s.slope + p * s.curve;
    const double rest = 1 / (pressure_pa - p);
    const double w = VAPOUR_RATIO * p * rest;
    const double dw = VAPOUR_RATIO * pressure_pa * dp * rest * rest;
    const double ddw = VAPOUR_RATIO * pressure_pa * (ddp + 2 * dp * dp * rest) * rest * rest;

    const double latent = k->a + k->b * t_c, sensible = 1.006 + k->c * ratio;
    const double f = latent * w + sensible * t_c - right;
    const double df = latent * dw + k->b * w + sensible;
    const double ddf = latent * ddw + 2 * k->b * dw;
    return -2 * f * df / (2 * df * df - f * ddf);
}

double gw_psychro_wet_bulb_c(double dry_bulb_c, double humidity_ratio, double pressure_pa)
{
    GW_REQUIRE(humidity_ratio >= 0);
    GW_REQUIRE(dry_bulb_c >= -60 && dry_bulb_c <= 60);
    GW_REQUIRE(pressure_pa >= 50e3 && pressure_pa <= 110e3);

    /* water when F is not above 0 at the triple point, so that its root lies there or higher */
    const double triple_ratio = VAPOUR_RATIO * TRIPLE_PA / (pressure_pa - TRIPLE_PA);
    const double heat = 1.006 * dry_bulb_c + humidity_ratio * 1.86 * dry_bulb_c;
    const bool wet =
        (water.a + water.b * TRIPLE_C) * triple_ratio + (1.006 + water.c * humidity_ratio) * TRIPLE_C <=
        heat + humidity_ratio * water.a;
    const struct phase *k = wet ? &water : &ice;
    const double right = heat + humidity_ratio * k->a;

    /* F is convex and increasing; the error after a step is about 3e-4 of the step's cube */
    double t_c = fmin(guess_wet_bulb(heat + humidity_ratio * water.a, pressure_pa), dry_bulb_c), step;
    int left = 12;
    do {
        step = wet_bulb_step(k, t_c, humidity_ratio, right, pressure_pa);
        t_c += step;
    } while (fabs(step) > 1e-3 && --left > 0);
    GW_CHECK(left > 0);
    return fmin(t_c, dry_bulb_c);
}

/* --- the rest ----------------------------------------------------------------------------------- */

double gw_psychro_enthalpy_j_per_kg(double dry_bulb_c, double humidity_ratio)
{
    return 1e3 * (1.006 * dry_bulb_c + humidity_ratio * (2501 + 1.86 * dry_bulb_c));
}

double gw_psychro_density_kg_per_m3(double dry_bulb_c, double humidity_ratio, double pressure_pa)
{
    const double volume = 287.042 * (dry_bulb_c + KELVIN) * (1 + humidity_ratio / VAPOUR_RATIO) / pressure_pa;
    return (1 + humidity_ratio) / volume;
}

double gw_psychro_pressure_pa(double elevation_m)
{
    GW_REQUIRE(elevation_m >= -500 && elevation_m <= 5000);
    return GW_PSYCHRO_SEA_LEVEL_PA * pow(1 - 2.25577e-5 * elevation_m, 5.2559);
}
