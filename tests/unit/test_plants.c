/* Presets of weather-driven plants at single points of weather, 60 % load, sea level: the check values of
 * docs/models/cooling.md, which were computed by another program. */
#include "tests/support/one_plant.h"

#include <string.h>

#include "tests/support/air.h"
#include "tests/support/experiment.h"

#define SEA 101325.0

static double pue(const struct gw_plant_out *out, double it_kw)
{
    return 1 + (out->cooling_kw + out->power_chain_kw) / it_kw;
}

/* PUE to the four printed decimals, water evaporated in L per IT kWh to half a per cent, share without
 * compressor. */
static void presets_meet_their_check_values(void **state)
{
    (void)state;
    static const struct {
        const char *plant;
        double dry_bulb_c, humidity_frac, pue, evaporated, free_least, free_most;
    } cases[] = {
        {"ae-dec", 20, 0.50, 1.0882, 0, 1, 1},     {"ae-dec", 25, 0.50, 1.0960, 0.497, 1, 1},
        {"ae-dec", 35, 0.20, 1.0960, 1.729, 1, 1}, {"ae-dec", 30, 0.50, 1.3480, 0, 0, 0},
        {"wc-wse", 5, 0.80, 1.1323, 0.950, 1, 1},  {"wc-wse", 20, 0.50, 1.1824, 1.520, 0.01, 0.99},
        {"wc-wse", 30, 0.50, 1.2565, 1.838, 0, 0}, {"wc-wse", 40, 0.15, 1.2469, 2.543, 0, 0},
        {"ac", -5, 0.80, 1.1809, 0, 1, 1},         {"ac", 20, 0.50, 1.3876, 0, 0, 0},
        {"ac", 40, 0.15, 1.5958, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct one_plant p;
        one_plant_read(&p, cases[i].plant);
        const struct gw_plant_in in = air_at(cases[i].dry_bulb_c, cases[i].humidity_frac, SEA);
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        assert_near(pue(&out, in.it_kw), cases[i].pue, 0, 6e-5);
        assert_near(out.evaporated_l_per_h / in.it_kw, cases[i].evaporated, 5e-3, 0);
        assert_true(out.free_frac >= cases[i].free_least && out.free_frac <= cases[i].free_most);
        one_plant_fini(&p);
    }
}

/* Plants that have no published point value: the same equations by hand, T 10 degC, 70 %, 60 % load. */
static void other_presets_meet_a_calculation_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *plant;
        double pue;
    } cases[] = {
        /* chain 0.0492; Q' = 1.03244, fan Q'/(1.006 12)/1.18 350/650 = 0.03903; y = 12/(0.75 27) = 0.5926,
         * outdoor fan 0.03345 y^3 = 0.00696 */
        {"iec", 1.09519},
        /* chain 0.1530; Q' = 1.10043, fan Q'/(1.006 10)/1.18 450/600 = 0.06953; COP = 0.35 283.15/(27 - 10),
         * (Q' + fan)/COP */
        {"dx", 1 + 0.153 + 0.06953 + (1.10043 + 0.06953) / (0.35 * 283.15 / 17)},
        /* chain 0.02973; Q' = 0.11881, fan Q'/(1.006 11)/1.18 400/650 = 0.00560; air side pumps
         * 0.12441/(4.186 7) 250/680 + 0.12441/(4.186 5.5) 180/680 = 0.00299; loop pump 0.0108, fans 0.02 0.9;
         * tower of the air side 0.12441 0.0437/1.18 120/600 = 0.00092 */
        {"liq-hybrid", 1 + 0.02973 + 0.00560 + 0.00299 + 0.0108 + 0.018 + 0.00092},
        {"liq-dry", 1 + 0.02973 + 0.00560 + 0.00299 + 0.0108 + 0.018 + 0.00092},
        {"liq-tower", 1 + 0.02973 + 0.00560 + 0.00299 + 0.0108 + 0.009 + 0.00092},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct one_plant p;
        one_plant_read(&p, cases[i].plant);
        const struct gw_plant_in in = air_at(10, 0.70, SEA);
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        assert_near(pue(&out, in.it_kw), cases[i].pue, 0, 6e-5);
        one_plant_fini(&p);
    }
}

/* 10 degC, 70 %, 60 % load, in the window: only chain and fans. 30 degC: the chillers take all heat. */
static void outside_air_serves_within_its_window_only(void **state)
{
    (void)state;
    static const struct {
        const char *cooling;
        double dry_bulb_c, humidity_frac, pue, evaporated;
    } cases[] = {
        /* as iec above without outdoor fans, 400 Pa: Q' 1.03244, fan Q'/(1.006 12)/1.18 400/650 = 0.04460 */
        {"ae-wc", 10, 0.70, 1 + 0.0492 + 0.04460, 0},
        /* chain (0.015 + 0.015 0.6 + 0.015 0.36 + 0.02 0.6 + 0.01)/0.6 = 0.08567; Q' = 1 + 0.7 0.069 + 0.5
         * 0.01/0.6 = 1.05663, fan Q'/(1.006 10)/1.18 450/650 = 0.06162 */
        {"ae-ac", 10, 0.70, 1 + 0.08567 + 0.06162, 0},
        /* T_e 11, T_c 43: COP 0.9 0.42 284.15/32 = 3.3565; pumps 1.11825/(4.186 7) 200/680 = 0.01122 */
        {"ae-ac", 30, 0.30, 1 + 0.08567 + 0.06162 + 0.01122 + 1.11825 / 3.3565, 0},
        /* supplied at 16 degC; W 0.000754, least W_s(-9) = 0.001754 (W(16, 15 %) is 0.001681), dW 0.001000;
         * 12/(28 + 2486 dW) = 0.3936 of the air is from outside; 1.03244/(1.006 12) = 0.08552 kg/s per kW */
        {"ae-wc", 0, 0.20, 1 + 0.0492 + 0.04460, 0.08552 * 0.3936 * 0.001000 * 3600},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct one_plant p;
        one_plant_read(&p, cases[i].cooling);
        const struct gw_plant_in in = air_at(cases[i].dry_bulb_c, cases[i].humidity_frac, SEA);
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        assert_near(pue(&out, in.it_kw), cases[i].pue, 0, 6e-5);
        assert_near(out.evaporated_l_per_h / in.it_kw, cases[i].evaporated, 5e-3, 1e-9);
        one_plant_fini(&p);
    }
}

/* 25 degC and 8 % with rh_min 0.2: evaporation cools as it humidifies, so that a fifth of saturation is met
 * at 21.2 degC, not at 25. Without a humidifier the dampers close. */
static void dry_air_is_humidified_or_shut_out(void **state)
{
    (void)state;
    struct one_plant p, shut;
    one_plant_read(&p, "{ plant: ae-wc, rh_min: 20 %, dew_point_min_c: -20, dew_point_max_c: 21 }");
    one_plant_read(&shut, "{ plant: ae-wc, rh_min: 20 %, dew_point_min_c: -20, humidifier: false }");
    const struct gw_plant_in in = air_at(25, 0.08, SEA);
    const struct gw_plant_out out = p.plant->at(p.cfg, &in);
    const double air_kg_per_s = 600 * 1.03244 / (1.006 * 12);
    const double added = out.evaporated_l_per_h / 3600 / air_kg_per_s;
    const double supply_c = 25 - 2520 * added; /* dh = 0: (2501 + 1.86 T') dW = (1.006 + 1.86 W) dT */
    const double least = gw_psychro_humidity_ratio(0.2 * gw_psychro_saturation_pa(supply_c), SEA);
    assert_near(in.humidity_ratio + added, least, 5e-3, 0);
    assert_near(out.free_frac, 1, 0, 0);
    assert_near(shut.plant->at(shut.cfg, &in).free_frac, 0, 0, 0);
    one_plant_fini(&p);
    one_plant_fini(&shut);
}

/* A coil of 1 kW with r = 0.95 condenses 1/0.95 - 1 of it: 0.0772 L/h, drawn and drained. */
static void condensing_coils_draw_and_drain_water(void **state)
{
    (void)state;
    struct one_plant p;
    one_plant_read(&p, "{ plant: dx, sensible_ratio: 0.95 }");
    const struct gw_plant_in in = air_at(30, 0.30, SEA);
    const struct gw_plant_out out = p.plant->at(p.cfg, &in);
    const double coil_kw = out.rejected_kw - out.compressor_kw;
    assert_near(out.water_withdrawn_l_per_h, 0.0772 * coil_kw, 1e-3, 0);
    assert_near(out.discharged_l_per_h, out.water_withdrawn_l_per_h, 1e-12, 0);
    assert_near(out.water_consumed_l_per_h, 0, 0, 0);
    one_plant_fini(&p);
}

/* 35 degC and 20 %: the pads could reach 18.87 + 0.12 (35 - 18.87) = 20.81 degC, so 21 degC is met along
 * constant enthalpy, dW 0.00562. Three cycles withdraw half as much again as evaporates. */
static void pads_evaporate_along_constant_enthalpy(void **state)
{
    (void)state;
    static const struct {
        double dry_bulb_c, humidity_frac, added, l_per_kwh_heat;
    } cases[] = {{30, 0.30, 0.00362, 1.08},
                 {35, 0.20, 0.00562, 1.68},
                 {40, 0.10, 0.00753, 2.25},
                 {27, 0.40, 0.00242, 0.72}};
    struct one_plant p;
    one_plant_read(&p, "ae-dec");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_plant_in in = air_at(cases[i].dry_bulb_c, cases[i].humidity_frac, SEA);
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        const double heat_kw = out.rejected_kw - out.fan_kw; /* what the air flow is for, all of it free */
        assert_near(out.evaporated_l_per_h / heat_kw, cases[i].l_per_kwh_heat, 5e-3, 5e-3);
        assert_near(out.evaporated_l_per_h / 3600 / (heat_kw / (1.006 * 12)), cases[i].added, 5e-3, 0);
        assert_near(out.water_withdrawn_l_per_h, 1.5 * out.evaporated_l_per_h, 1e-12, 0);
    }
    one_plant_fini(&p);
}

/* At the limit of the dew point: open below it, shut above; then shut for 20 minutes at least and until the
 * dew point has fallen by half a kelvin. */
static void dampers_stay_shut_for_their_dwell_and_band(void **state)
{
    (void)state;
    static const struct {
        double dew_point_c;
        bool shut;
        const char *why;
    } steps[] = {
        {20.9, false, "fits, and there is no past"},
        {21.1, true, "too humid"},
        {20.0, true, "10 of 20 minutes"},
        {20.0, true, "15 of 20 minutes"},
        {20.9, true, "20 minutes, but within the band"},
        {20.4, false, "below the band"},
        {20.9, false, "open ones need no band"},
    };
    struct one_plant p;
    one_plant_read(&p, "ae-dec");
    double shut_s = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct gw_plant_in in =
            air_at(26, gw_psychro_saturation_pa(steps[i].dew_point_c) / gw_psychro_saturation_pa(26), SEA);
        /* so that only the dew point decides, not the humidity of 85 % at 21 degC */
        in.set_point_shift_k = 4;
        in.step_s = 300;
        in.shut_s = shut_s;
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        shut_s = out.shut_s;
        if ((out.free_frac == 0) != steps[i].shut) {
            fail_msg("step %zu: %s", i, steps[i].why);
        }
    }
    one_plant_fini(&p);
}

/* Limits: wet bulb of 15.4 / 0.85 = 18.1 degC, where 18 + 7 = T_wb + 4 + 0.15 (24 - T_wb) + 2; dry bulb of
 * 14 + 7 - 6 = 15 degC. */
static void economizers_wait_as_well(void **state)
{
    (void)state;
    static const char *const plants[] = {"wc-wse", "ac"};
    static const double open_c[] = {15.0, 10.0}, shut_c[] = {26.0, 20.0};
    for (size_t i = 0; i < 2; i++) {
        struct one_plant p;
        one_plant_read(&p, plants[i]);
        struct gw_plant_in cold = air_at(open_c[i], 0.9, SEA), warm = air_at(shut_c[i], 0.9, SEA);
        cold.step_s = warm.step_s = 600;
        const struct gw_plant_out shut = p.plant->at(p.cfg, &warm);
        assert_near(shut.free_frac, 0, 0, 0);
        assert_near(shut.shut_s, 600, 0, 0);
        cold.shut_s = shut.shut_s;
        const struct gw_plant_out waiting = p.plant->at(p.cfg, &cold);
        assert_near(waiting.free_frac, 0, 0, 0);
        cold.shut_s = waiting.shut_s;
        const struct gw_plant_out open = p.plant->at(p.cfg, &cold);
        assert_true(open.free_frac > 0);
        assert_near(open.shut_s, 0, 0, 0);
        one_plant_fini(&p);
    }
}

/* 30 % of the heat of water that returns at 25 degC finds a user at 70 degC. */
static void reused_heat_is_neither_rejected_nor_lost(void **state)
{
    (void)state;
    struct one_plant p, without;
    one_plant_read(&p, "{ plant: wc-wse, reuse: 30 %, reuse_supply_c: 70 C }");
    one_plant_read(&without, "wc-wse");
    const struct gw_plant_in in = air_at(25, 0.5, SEA);
    const struct gw_plant_out out = p.plant->at(p.cfg, &in);
    const struct gw_plant_out all = without.plant->at(without.cfg, &in);
    const double heat_kw = in.it_kw * 1.03244 + out.fan_kw;
    assert_near(out.reused_kw, 0.3 * heat_kw, 1e-4, 0);
    /* source 25 degC: COP 0.5 343.15/45 = 3.8128, so a third of the heat and a little more as electricity */
    assert_near(out.heat_pump_kw, out.reused_kw / 2.8128, 1e-4, 0);
    assert_near(out.evaporated_l_per_h, 0.7 * all.evaporated_l_per_h, 1e-12, 0);
    assert_near(out.rejected_kw, 0.7 * all.rejected_kw, 1e-12, 0);
    const double facility_kw = in.it_kw + out.cooling_kw + out.power_chain_kw;
    assert_near(gw_plant_erf(&out, in.it_kw), out.reused_kw / facility_kw, 1e-14, 0);
    assert_near(gw_plant_ere(&out, in.it_kw), pue(&out, in.it_kw) * (1 - gw_plant_erf(&out, in.it_kw)), 1e-14,
                0);
    one_plant_fini(&p);
    one_plant_fini(&without);
}

/* Litres per IT kWh of the published formulas at 600 kW. */
static void compatibility_modes_repeat_the_published_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *plant;
        double wet_bulb_f, l_per_kwh, atol;
    } cases[] = {
        {"ren", 30, 0.62, 6e-3},
        {"ren", 40, 2.21, 6e-3},
        {"ren", 50, 3.12, 6e-3},
        {"ren", 60, 3.79, 6e-3},
        {"ren", 70, 4.66, 6e-3},
        {"ren", 80, 6.14, 6e-3},
        {"ren", 0, 0.05, 0},
        {"gupta", 50, 1.5177, 1e-4},
        {"{ plant: gupta, law: fixed-cold-water }", 50, 1.1740, 1e-4},
        {"shield", 50, 1.8939, 1e-4},
        /* 1010 (0.44 + 3.528 + 0.101) L/h over 600 kW */
        {"sustaindc", 50, 6.8495, 1e-4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct one_plant p;
        one_plant_read(&p, cases[i].plant);
        struct gw_plant_in in = air_at(30, 0.5, SEA);
        in.wet_bulb_c = (cases[i].wet_bulb_f - 32) / 1.8;
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        assert_near(out.water_withdrawn_l_per_h / in.it_kw, cases[i].l_per_kwh, 1e-12, cases[i].atol);
        assert_non_null(p.plant->caution);
        one_plant_fini(&p);
    }
}

/* PUE = 1 + 3 / COP + 0.13: 1.930 and 1.6545; 1.5152 L/kWh evaporated, 0.3788 discharged. */
static void shield_has_its_own_overhead(void **state)
{
    (void)state;
    struct one_plant p;
    one_plant_read(&p, "{ plant: shield, cop: 3.75 }");
    const struct gw_plant_in in = {.it_kw = 600, .nameplate_kw = 1000};
    const struct gw_plant_out out = p.plant->at(p.cfg, &in);
    assert_false(p.plant->needs_weather);
    assert_near(pue(&out, 600), 1.930, 1e-12, 0);
    assert_near(out.water_consumed_l_per_h, 600 * 1.5152, 1e-4, 0);
    assert_near(out.discharged_l_per_h, 600 * 0.3788, 1e-4, 0);
    one_plant_fini(&p);
}

static void windows_that_are_empty_are_refused(void **state)
{
    (void)state;
    struct bound b;
    struct one_plant_root root;
    bound_fails(&b, &one_plant_type, "cooling: { plant: ae-dec, dew_point_min_c: 22 }\n", &root,
                "not below dew_point_max_c 21");
    bound_fails(&b, &one_plant_type, "cooling: { plant: ae-dec, supply_c: 16 }\n", &root,
                "above supply_c 16");
    bound_fails(&b, &one_plant_type, "cooling: { plant: wc-wse, cycles: 1 }\n", &root,
                "below the smallest allowed 1.1");
    bound_fails(&b, &one_plant_type, "cooling: { plant: wc-wse, water: ren }\n", &root, "latent");
}

/* Oregon's place has a climate in the catalogue; a point in the sea has none, and no weather was given. */
static void plants_that_need_weather_take_the_climate_of_their_place(void **state)
{
    (void)state;
    for (const char *const *name = gw_plant_names(); *name != NULL; name++) {
        char cooling[64];
        (void)snprintf(cooling, sizeof cooling, "sites[0].cooling=%s", *name);
        const char *const at_home[] = {cooling, NULL};
        const char *const at_sea[] = {cooling, "sites[0].place={at: {lat: 0, lon: -30, utc_offset: -2 h}}",
                                      NULL};
        const bool needs = gw_plant_find(*name)->needs_weather;
        const struct gw_scenario_options options = {.set = at_home}, nowhere = {.set = at_sea};
        struct gw_scenario sc;
        struct gw_errors errs = {0};
        assert_int_equal(gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "t.yaml",
                                           &options, &sc, &errs),
                         GW_OK);
        assert_int_equal(sc.site[0].has_weather, needs);
        gw_scenario_fini(&sc);

        const enum gw_status s = gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites),
                                                   "t.yaml", &nowhere, &sc, &errs);
        if (needs) {
            assert_int_equal(s, GW_ERR_RANGE);
            assert_non_null(strstr(errs.item[0].where, "sites[oregon].weather"));
            assert_non_null(strstr(errs.item[0].why, "needs the weather"));
        } else {
            assert_int_equal(s, GW_OK);
            gw_scenario_fini(&sc);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_meet_their_check_values),
        cmocka_unit_test(other_presets_meet_a_calculation_by_hand),
        cmocka_unit_test(outside_air_serves_within_its_window_only),
        cmocka_unit_test(dry_air_is_humidified_or_shut_out),
        cmocka_unit_test(condensing_coils_draw_and_drain_water),
        cmocka_unit_test(pads_evaporate_along_constant_enthalpy),
        cmocka_unit_test(dampers_stay_shut_for_their_dwell_and_band),
        cmocka_unit_test(economizers_wait_as_well),
        cmocka_unit_test(reused_heat_is_neither_rejected_nor_lost),
        cmocka_unit_test(compatibility_modes_repeat_the_published_numbers),
        cmocka_unit_test(shield_has_its_own_overhead),
        cmocka_unit_test(windows_that_are_empty_are_refused),
        cmocka_unit_test(plants_that_need_weather_take_the_climate_of_their_place),
    };
    return cmocka_run_group_tests_name("plants", tests, NULL, NULL);
}
