/* A cooling tower's exit-air balance and its two simpler laws, at sea level. */
#include "tests/support/near.h"

#include "models/cooling/tower.h"
#include "tests/support/air.h"

#define SEA 101325.0

static const struct gw_tower_cfg tower = {.approach_k = 4,
                                          .approach_slope = 0.15,
                                          .design_wet_bulb_c = 24,
                                          .range_k = 5.5,
                                          .cycles = 5,
                                          .drift = 2e-5,
                                          .tower_fan_pa = 120,
                                          .tower_fan_efficiency = 0.6,
                                          .water = GW_TOWER_EXIT_AIR};

static struct gw_tower_out one_kilowatt(const struct gw_tower_cfg *cfg, const struct gw_plant_in *air)
{
    return gw_tower_at(cfg, air, 1, gw_tower_cold_water_c(cfg, air->wet_bulb_c));
}

/* Wet bulb, exit air, kg/s of air and litres per kWh of heat, as computed by another program. */
static void the_exit_air_balance_meets_its_check_values(void **state)
{
    (void)state;
    static const struct {
        double dry_bulb_c, humidity_frac, wet_bulb_c, exit_c, air_kg_per_s, l_per_kwh;
    } cases[] = {
        {-10, 0.80, -10.65, 1.30, 0.0538, 0.556}, {5, 0.80, 3.59, 13.40, 0.0463, 0.878},
        {10, 0.70, 7.40, 16.64, 0.0437, 1.026},   {15, 0.60, 10.82, 19.55, 0.0413, 1.180},
        {25, 0.50, 17.89, 25.56, 0.0366, 1.437},  {30, 0.50, 22.00, 29.05, 0.0341, 1.521},
        {30, 0.70, 25.50, 32.25, 0.0309, 1.370},  {35, 0.50, 26.14, 32.89, 0.0301, 1.575},
        {40, 0.10, 18.57, 26.13, 0.0364, 2.219},  {40, 0.20, 22.03, 29.08, 0.0342, 2.035},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_plant_in air = air_at(cases[i].dry_bulb_c, cases[i].humidity_frac, SEA);
        const struct gw_tower_out out = one_kilowatt(&tower, &air);
        assert_near(air.wet_bulb_c, cases[i].wet_bulb_c, 0, 6e-3);
        assert_near(out.exit_c, cases[i].exit_c, 0, 6e-3);
        assert_near(out.air_kg_per_s, cases[i].air_kg_per_s, 5e-3, 0);
        assert_near(out.evaporated_kg_per_s * 3600, cases[i].l_per_kwh, 5e-3, 0);
    }
}

/* 3600 / h_fg at the exit temperature; 0.2 % of 1 / (4.186 5.5) kg/s per kelvin. */
static void the_simpler_laws_know_only_the_heat(void **state)
{
    (void)state;
    struct gw_tower_cfg cfg = tower;
    static const struct {
        double dry_bulb_c, humidity_frac, latent;
    } cases[] = {{-10, 0.80, 1.44}, {5, 0.80, 1.46}, {25, 0.50, 1.475}, {40, 0.20, 1.48}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_plant_in air = air_at(cases[i].dry_bulb_c, cases[i].humidity_frac, SEA);
        cfg.water = GW_TOWER_LATENT;
        assert_near(one_kilowatt(&cfg, &air).evaporated_kg_per_s * 3600, cases[i].latent, 5e-3, 0);
        cfg.water = GW_TOWER_FACTOR;
        assert_near(one_kilowatt(&cfg, &air).evaporated_kg_per_s * 3600, 1.7200, 1e-4, 0);
    }
}

/* 1 kW over 5.5 K is 0.04343 kg/s of water: at most 0.05429 kg/s of air, 0.0460 m3/s, 120 Pa at 60 %; 2e-5
 * drifts away. */
static void fans_and_drift_follow_the_flows(void **state)
{
    (void)state;
    const struct gw_plant_in air = air_at(5, 0.80, SEA);
    const struct gw_tower_out out = one_kilowatt(&tower, &air);
    assert_near(out.fan_kw, 0.0463 / 1.18 * 120 / 0.6 * 1e-3, 1e-3, 0);
    assert_near(out.drift_kg_per_s, 2e-5 / (4.186 * 5.5), 1e-12, 0);

    struct gw_tower_cfg wide = tower;
    wide.range_k = 11; /* half the water: the limit of (15) counts */
    assert_near(one_kilowatt(&wide, &air).fan_kw, 1 / (4.186 * 11) / 0.8 / 1.18 * 120 / 0.6 * 1e-3, 1e-12, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_air_balance_meets_its_check_values),
        cmocka_unit_test(the_simpler_laws_know_only_the_heat),
        cmocka_unit_test(fans_and_drift_follow_the_flows),
    };
    return cmocka_run_group_tests_name("tower", tests, NULL, NULL);
}
