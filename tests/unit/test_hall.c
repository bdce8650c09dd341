/* Power chain, air and speed of a hall, coefficients of performance. */
#include "tests/support/near.h"

#include "models/cooling/hall.h"
#include "tests/support/air.h"

static const struct gw_hall_cfg hall = {.ups_idle = 0.006,
                                        .ups_linear = 0.010,
                                        .ups_square = 0.012,
                                        .distribution = 0.012,
                                        .lighting = 0.006,
                                        .air_rise_k = 12,
                                        .fan_pa = 350,
                                        .fan_efficiency = 0.65,
                                        .speed_exponent = 1,
                                        .turndown = 0.3};

/* A modern UPS: 96.4 % at a quarter of its load, 97.3 % at half and full load. */
static void the_power_chain_loses_in_three_terms(void **state)
{
    (void)state;
    struct gw_hall_cfg cfg = hall;
    cfg.distribution = cfg.lighting = 0;
    static const double load[] = {0.25, 0.5, 1}, efficiency[] = {0.964, 0.973, 0.973};
    for (size_t i = 0; i < 3; i++) {
        struct gw_plant_in in = air_at(20, 0.5, 101325);
        in.it_kw = 1000 * load[i];
        const struct gw_hall at = gw_hall_at(&cfg, &in, 1);
        assert_near(in.it_kw / (in.it_kw + at.chain_kw), efficiency[i], 0, 6e-4);
    }
    /* idle: 6 kW of the UPS and 6 kW of light per megawatt, of which 0.7 and 0.5 warm the air */
    struct gw_plant_in idle = air_at(20, 0.5, 101325);
    idle.it_kw = 0;
    const struct gw_hall at = gw_hall_at(&hall, &idle, 1);
    assert_near(at.chain_kw, 12, 1e-12, 0);
    assert_near(at.heat_kw, 0.7 * 6 + 0.5 * 6, 1e-12, 0);
    assert_near(at.outside_kw, 0.3 * 6 + 0.5 * 6, 1e-12, 0);
}

/* g at half flow and below the turndown, for units in a row and for one unit that slows down. */
static void speed_follows_its_law_down_to_the_turndown(void **state)
{
    (void)state;
    struct gw_hall_cfg cfg = hall;
    assert_near(gw_hall_speed(&cfg, 0.5), 0.5, 1e-14, 0);
    assert_near(gw_hall_speed(&cfg, 0.1), 0.3, 1e-14, 0);
    cfg.speed_exponent = 3;
    assert_near(gw_hall_speed(&cfg, 0.5), 0.125, 1e-12, 0);
    cfg.speed_fixed = 0.2;
    assert_near(gw_hall_speed(&cfg, 0.5), 0.2 + 0.8 * 0.125, 1e-12, 0);
    assert_near(gw_hall_speed(&cfg, 1), 1, 1e-14, 0);
}

static void chillers_and_heat_pumps_meet_their_check_values(void **state)
{
    (void)state;
    static const struct {
        double eta, evaporating_c, condensing_c, cop;
    } chillers[] = {{0.45, 12, 29, 7.55},
                    {0.45, 12, 39, 4.75},
                    {0.45, 4, 34, 4.16},
                    {0.60, 15.5, 37, 8.06},
                    {0.60, 7.5, 32, 6.87}};
    for (size_t i = 0; i < sizeof chillers / sizeof chillers[0]; i++) {
        assert_near(gw_hall_cop(chillers[i].evaporating_c, chillers[i].condensing_c, chillers[i].eta, 14),
                    chillers[i].cop, 0, 6e-3);
    }
    assert_near(gw_hall_cop(12, 14, 0.45, 14), 14, 0, 0);                    /* the cap */
    assert_near(gw_hall_cop(12, 14, 0.45, 50), 0.45 * 285.15 / 6, 1e-12, 0); /* no lift below 6 K */

    static const struct {
        double supply_c, source_c, cop;
    } pumps[] = {{70, 30, 4.29}, {70, 45, 6.86}, {85, 35, 3.58}, {55, 25, 5.47}};
    for (size_t i = 0; i < sizeof pumps / sizeof pumps[0]; i++) {
        assert_near(gw_hall_heat_pump_cop(pumps[i].supply_c, pumps[i].source_c), pumps[i].cop, 0, 6e-3);
    }
    assert_true(isinf(gw_hall_heat_pump_cop(30, 40)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_power_chain_loses_in_three_terms),
        cmocka_unit_test(speed_follows_its_law_down_to_the_turndown),
        cmocka_unit_test(chillers_and_heat_pumps_meet_their_check_values),
    };
    return cmocka_run_group_tests_name("hall", tests, NULL, NULL);
}
