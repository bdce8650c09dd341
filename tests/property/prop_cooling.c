/* What holds for every weather-driven plant in any weather, at any load, at any height. */
#include "tests/support/one_plant.h"

#include "models/cooling/tower.h"
#include "sim/core/rng.h"
#include "tests/support/air.h"

enum { TRIALS = 20000 };

static double between(struct gw_rng *rng, double low, double high)
{
    return low + (high - low) * gw_rng_unit(gw_rng_next(rng));
}

/* Anything people build in: -35 to 48 degC, 3 to 100 %, sea level to 2500 m, 1 kW to 1 GW, 0 to 100 % load.
 */
static struct gw_plant_in draw(struct gw_rng *rng)
{
    struct gw_plant_in in =
        air_at(between(rng, -35, 48), between(rng, 0.03, 1), gw_psychro_pressure_pa(between(rng, 0, 2500)));
    in.nameplate_kw = pow(10, between(rng, 0, 6));
    in.it_kw = in.nameplate_kw * between(rng, 0, 1);
    return in;
}

/* Calls test(plant, stream) for every plant with parts: those that published tools and `constant` are have
 * none. */
static void each_plant(const char *name, void (*test)(const struct one_plant *p, struct gw_rng *rng))
{
    for (const char *const *plant = gw_plant_names(); *plant != NULL; plant++) {
        if (!gw_plant_find(*plant)->needs_weather || gw_plant_find(*plant)->caution != NULL) {
            continue;
        }
        static const char *const forms[] = {"", ", reuse: 40 %, reuse_supply_c: 60 C",
                                            ", speed_exponent: 2.5, speed_fixed: 0.1"};
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
            char cooling[128];
            (void)snprintf(cooling, sizeof cooling, "{ plant: %s%s }", *plant, forms[i]);
            struct one_plant p;
            one_plant_read(&p, cooling);
            struct gw_rng rng;
            gw_rng_init(&rng, gw_rng_seed(i, 0, name));
            test(&p, &rng);
            one_plant_fini(&p);
        }
    }
}

static double facility_kw(const struct gw_plant_out *out, const struct gw_plant_in *in)
{
    return in->it_kw + out->cooling_kw + out->power_chain_kw;
}

#define FAIL_AT(p, in, text)                                                                                 \
    fail_msg("%s at %.17g degC, wet bulb %.17g, %.17g Pa, %.17g of %.17g kW: %s", (p)->plant->name,          \
             (in)->dry_bulb_c, (in)->wet_bulb_c, (in)->pressure_pa, (in)->it_kw, (in)->nameplate_kw, text)

/* ---- balances ---- */

static void balances(const struct one_plant *p, struct gw_rng *rng)
{
    for (int i = 0; i < TRIALS; i++) {
        const struct gw_plant_in in = draw(rng);
        const struct gw_plant_out out = p->plant->at(p->cfg, &in);
        /* all electricity ends as heat: outside by the plant, outside past it, or with a user */
        assert_near(out.rejected_kw + out.reused_kw + out.shed_kw, facility_kw(&out, &in), 1e-9, 0);
        assert_near(out.fan_kw + out.pump_kw + out.rejection_kw + out.compressor_kw, out.cooling_kw, 1e-12,
                    0);
        /* make-up = evaporated + drift + discharged */
        assert_near(out.evaporated_l_per_h + out.drift_l_per_h, out.water_consumed_l_per_h, 1e-12, 0);
        assert_near(out.water_consumed_l_per_h + out.discharged_l_per_h, out.water_withdrawn_l_per_h, 1e-12,
                    0);
        const bool positive = out.fan_kw >= 0 && out.pump_kw >= 0 && out.rejection_kw >= 0 &&
                              out.compressor_kw >= 0 && out.power_chain_kw >= 0 &&
                              out.evaporated_l_per_h >= 0 && out.drift_l_per_h >= 0 &&
                              out.discharged_l_per_h >= 0 && out.rejected_kw >= 0 && out.shed_kw >= 0;
        if (!positive) {
            FAIL_AT(p, &in, "a part is negative");
        }
        if (!(out.free_frac >= 0 && out.free_frac <= 1)) {
            FAIL_AT(p, &in, "share without compressor outside 0 to 1");
        }
        if ((out.free_frac < 1) != (out.compressor_kw > 0)) {
            FAIL_AT(p, &in, "a compressor runs exactly when free cooling does not suffice");
        }
    }
}

static void energy_and_water_balance(void **state)
{
    (void)state;
    each_plant("prop/cooling/balance", balances);
}

/* ---- size and load ---- */

static void scales(const struct one_plant *p, struct gw_rng *rng)
{
    for (int i = 0; i < TRIALS / 4; i++) {
        struct gw_plant_in in = draw(rng);
        const struct gw_plant_out small = p->plant->at(p->cfg, &in);
        in.it_kw *= 1024; /* so that only the size differs, not the rounding */
        in.nameplate_kw *= 1024;
        const struct gw_plant_out large = p->plant->at(p->cfg, &in);
        assert_near(large.cooling_kw, 1024 * small.cooling_kw, 1e-12, 0);
        assert_near(large.power_chain_kw, 1024 * small.power_chain_kw, 1e-12, 0);
        assert_near(large.water_withdrawn_l_per_h, 1024 * small.water_withdrawn_l_per_h, 1e-12, 0);
        assert_near(large.free_frac, small.free_frac, 1e-12, 0);
    }
}

static void a_plant_has_no_size(void **state)
{
    (void)state;
    each_plant("prop/cooling/scale", scales);
}

/* Fixed losses weigh less and less, up to where the square of the UPS's load takes over. Above the turndown
 * with equal units in a row; slowing fans win more from less load than the fixed losses cost. */
static void pue_falls(const struct one_plant *p, struct gw_rng *rng)
{
    const struct gw_hall_cfg *hall = p->cfg; /* the first member of each */
    if (hall->speed_exponent != 1) {
        return;
    }
    for (int i = 0; i < TRIALS / 4; i++) {
        struct gw_plant_in in = draw(rng);
        double last = (double)INFINITY;
        for (int percent = 5; percent <= 60; percent += 5) {
            in.it_kw = in.nameplate_kw * percent / 100;
            const struct gw_plant_out out = p->plant->at(p->cfg, &in);
            const double pue = facility_kw(&out, &in) / in.it_kw;
            if (!(pue >= 1 && pue <= last * (1 + 1e-12))) {
                FAIL_AT(p, &in, "PUE below 1, or rising with the load");
            }
            last = pue;
        }
    }
}

static void pue_falls_with_load_up_to_sixty_per_cent(void **state)
{
    (void)state;
    each_plant("prop/cooling/load", pue_falls);
}

static void slopes(const struct one_plant *p, struct gw_rng *rng)
{
    for (int i = 0; i < TRIALS / 20; i++) {
        struct gw_plant_in in = draw(rng);
        in.it_kw = in.nameplate_kw * between(rng, 0.4, 0.9);
        const struct gw_plant_estimate e = p->plant->estimate(p->cfg, &in);
        const struct gw_plant_out here = p->plant->at(p->cfg, &in);
        assert_near(e.fixed_kw + e.marginal_kw_per_kw * in.it_kw, facility_kw(&here, &in), 1e-9, 0);
        struct gw_plant_in more = in;
        more.it_kw *= 1.01;
        const struct gw_plant_out there = p->plant->at(p->cfg, &more);
        assert_near(e.fixed_kw + e.marginal_kw_per_kw * more.it_kw, facility_kw(&there, &more), 1e-4, 0);
        assert_true(e.marginal_kw_per_kw >= 1);
    }
}

static void the_estimate_is_the_tangent(void **state)
{
    (void)state;
    each_plant("prop/cooling/slope", slopes);
}

/* ---- weather ---- */

/* At a fixed dry bulb. `out` of the drier and of the more humid air. */
static void more_humid(struct gw_rng *rng, const struct one_plant *p, struct gw_plant_in in[2],
                       struct gw_plant_out out[2])
{
    const double t = between(rng, -20, 45), pressure_pa = gw_psychro_pressure_pa(between(rng, 0, 2500));
    const double low = between(rng, 0.03, 1), high = low + (1 - low) * gw_rng_unit(gw_rng_next(rng));
    in[0] = air_at(t, low, pressure_pa);
    in[1] = air_at(t, high, pressure_pa);
    for (int i = 0; i < 2; i++) {
        out[i] = p->plant->at(p->cfg, &in[i]);
    }
}

/* All but the tower's fans: cold saturated air takes up less heat per kg, so that at constant approach and
 * range a higher wet bulb needs less air. */
static void tower_plants_cost_more_where_the_wet_bulb_is_higher(void **state)
{
    (void)state;
    static const char *const plants[] = {"wc-wse", "hyper-tower", "wc", "liq-tower"};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/wet-bulb"));
    for (size_t k = 0; k < sizeof plants / sizeof plants[0]; k++) {
        struct one_plant p;
        one_plant_read(&p, plants[k]);
        for (int i = 0; i < TRIALS; i++) {
            struct gw_plant_in in[2];
            struct gw_plant_out out[2];
            more_humid(&rng, &p, in, out);
            const double low = facility_kw(&out[0], &in[0]) - out[0].rejection_kw;
            const double high = facility_kw(&out[1], &in[1]) - out[1].rejection_kw;
            if (high < low * (1 - 1e-12)) {
                FAIL_AT(&p, &in[1], "cheaper than in drier air");
            }
        }
        one_plant_fini(&p);
    }
}

/* evap <= m_air (W_s(T_ex) - W_in), and the air leaves with the heat it was given less what the water keeps.
 */
static void a_tower_evaporates_what_its_air_can_carry(void **state)
{
    (void)state;
    const struct gw_tower_cfg cfg = {.approach_k = 4,
                                     .approach_slope = 0.15,
                                     .design_wet_bulb_c = 24,
                                     .range_k = 5.5,
                                     .cycles = 5,
                                     .drift = 2e-5,
                                     .tower_fan_pa = 120,
                                     .tower_fan_efficiency = 0.6};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/tower"));
    for (int i = 0; i < TRIALS; i++) {
        const struct gw_plant_in in = draw(&rng);
        const double cold_c = gw_tower_cold_water_c(&cfg, in.wet_bulb_c);
        const struct gw_tower_out out = gw_tower_at(&cfg, &in, 1, cold_c);
        const double ratio = gw_psychro_humidity_ratio(gw_psychro_saturation_pa(out.exit_c), in.pressure_pa);
        assert_true(out.air_kg_per_s > 0);
        assert_true(out.evaporated_kg_per_s > 0);
        assert_true(out.evaporated_kg_per_s <= out.air_kg_per_s * (ratio - in.humidity_ratio) * (1 + 1e-12));
        const double gained_kw = 1e-3 * out.air_kg_per_s *
                                 (gw_psychro_enthalpy_j_per_kg(out.exit_c, ratio) -
                                  gw_psychro_enthalpy_j_per_kg(in.dry_bulb_c, in.humidity_ratio));
        assert_near(gained_kw, 1 + out.evaporated_kg_per_s * 4.186 * cold_c, 1e-9, 0);
    }
}

static void a_chiller_never_gains_from_a_warmer_condenser(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/cop"));
    for (int i = 0; i < TRIALS; i++) {
        const double evaporating_c = between(&rng, 0, 45), eta = between(&rng, 0.1, 0.8),
                     cap = between(&rng, 3, 20);
        const double cool_c = between(&rng, -20, 70), warm_c = cool_c + between(&rng, 0, 20);
        const double cool = gw_hall_cop(evaporating_c, cool_c, eta, cap);
        const double warm = gw_hall_cop(evaporating_c, warm_c, eta, cap);
        assert_true(warm > 0 && warm <= cool && cool <= cap);
    }
}

/* Air no warmer than the supply and within the window of humidity costs no water and no compressor. */
static void outside_air_that_fits_needs_nothing(void **state)
{
    (void)state;
    struct one_plant p;
    one_plant_read(&p, "ae-dec");
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/window"));
    int hits = 0;
    for (int i = 0; i < TRIALS; i++) {
        const struct gw_plant_in in = draw(&rng);
        const double vapour_pa = gw_psychro_vapour_pa(in.humidity_ratio, in.pressure_pa);
        if (in.dry_bulb_c > 21 || vapour_pa < gw_psychro_saturation_pa(-9) ||
            vapour_pa > 0.85 * gw_psychro_saturation_pa(21)) {
            continue;
        }
        hits++;
        const struct gw_plant_out out = p.plant->at(p.cfg, &in);
        assert_near(out.water_withdrawn_l_per_h, 0, 0, 0);
        assert_near(out.free_frac, 1, 0, 0);
    }
    assert_true(hits > TRIALS / 10);
    one_plant_fini(&p);
}

static void dry_plants_use_no_water(void **state)
{
    (void)state;
    static const char *const plants[] = {"ac", "dx"};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/dry"));
    for (size_t k = 0; k < 2; k++) {
        struct one_plant p;
        one_plant_read(&p, plants[k]);
        for (int i = 0; i < TRIALS; i++) {
            const struct gw_plant_in in = draw(&rng);
            assert_near(p.plant->at(p.cfg, &in).water_withdrawn_l_per_h, 0, 0, 0);
        }
        one_plant_fini(&p);
    }
}

/* ---- set point and cycles ---- */

static void a_higher_set_point_never_lowers_free_cooling(void **state)
{
    (void)state;
    static const char *const plants[] = {"ae-dec", "iec",        "wc-wse", "hyper-tower",
                                         "ac",     "liq-hybrid", "liq-dry"};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/set-point"));
    for (size_t k = 0; k < sizeof plants / sizeof plants[0]; k++) {
        struct one_plant p;
        one_plant_read(&p, plants[k]);
        for (int i = 0; i < TRIALS; i++) {
            struct gw_plant_in in = draw(&rng);
            in.set_point_shift_k = between(&rng, -3, 3);
            const double low = p.plant->at(p.cfg, &in).free_frac;
            in.set_point_shift_k += between(&rng, 0, 4);
            if (p.plant->at(p.cfg, &in).free_frac < low - 1e-12) {
                FAIL_AT(&p, &in, "less free cooling at a higher set point");
            }
        }
        one_plant_fini(&p);
    }
}

static void cycles_change_the_discharge_only(void **state)
{
    (void)state;
    static const char *const plants[] = {"ae-dec", "iec", "wc-wse", "liq-tower"};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "prop/cooling/cycles"));
    for (size_t k = 0; k < sizeof plants / sizeof plants[0]; k++) {
        struct one_plant few, many;
        char cooling[64];
        (void)snprintf(cooling, sizeof cooling, "{ plant: %s, cycles: 3 }", plants[k]);
        one_plant_read(&few, cooling);
        (void)snprintf(cooling, sizeof cooling, "{ plant: %s, cycles: 8 }", plants[k]);
        one_plant_read(&many, cooling);
        for (int i = 0; i < TRIALS; i++) {
            const struct gw_plant_in in = draw(&rng);
            const struct gw_plant_out a = few.plant->at(few.cfg, &in), b = many.plant->at(many.cfg, &in);
            assert_near(a.cooling_kw, b.cooling_kw, 0, 0);
            assert_near(a.water_consumed_l_per_h, b.water_consumed_l_per_h, 0, 0);
            /* cycles = make-up over what leaves as liquid */
            assert_near(a.water_withdrawn_l_per_h, 3 * (a.discharged_l_per_h + a.drift_l_per_h), 1e-9, 1e-9);
            assert_near(b.water_withdrawn_l_per_h, 8 * (b.discharged_l_per_h + b.drift_l_per_h), 1e-9, 1e-9);
        }
        one_plant_fini(&few);
        one_plant_fini(&many);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_and_water_balance),
        cmocka_unit_test(a_plant_has_no_size),
        cmocka_unit_test(pue_falls_with_load_up_to_sixty_per_cent),
        cmocka_unit_test(the_estimate_is_the_tangent),
        cmocka_unit_test(tower_plants_cost_more_where_the_wet_bulb_is_higher),
        cmocka_unit_test(a_tower_evaporates_what_its_air_can_carry),
        cmocka_unit_test(a_chiller_never_gains_from_a_warmer_condenser),
        cmocka_unit_test(outside_air_that_fits_needs_nothing),
        cmocka_unit_test(dry_plants_use_no_water),
        cmocka_unit_test(a_higher_set_point_never_lowers_free_cooling),
        cmocka_unit_test(cycles_change_the_discharge_only),
    };
    return cmocka_run_group_tests_name("cooling", tests, NULL, NULL);
}
