/* A plant over steps of any length: in how many parts, in which air, with which memory. */
#include "tests/support/one_plant.h"

#include "models/cooling/plant_step.h"
#include "models/weather/psychro.h"

static void steps_have_parts_of_at_most_five_minutes(void **state)
{
    (void)state;
    static const struct {
        double step_s;
        uint32_t parts;
    } cases[] = {{1, 1}, {300, 1}, {301, 2}, {600, 2}, {900, 3}, {3600, 12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(gw_plant_step_parts(cases[i].step_s), cases[i].parts);
    }
}

/* Air of 14 degC that gets warmer by 12 K an hour. */
static void warming_air(const void *from, double after_s, struct gw_plant_in *in)
{
    const double t = 14 + *(const double *)from + 12 * after_s / 3600;
    in->dry_bulb_c = t;
    in->humidity_ratio = 0.006;
    in->pressure_pa = GW_PSYCHRO_SEA_LEVEL_PA;
    in->wet_bulb_c = gw_psychro_wet_bulb_c(t, in->humidity_ratio, in->pressure_pa);
}

/* An hour in one step is twelve steps of five minutes, state included. */
static void an_hour_is_twelve_steps_of_five_minutes(void **state)
{
    (void)state;
    static const char *const plants[] = {"ae-ac", "wc-wse", "constant"};
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        struct one_plant p;
        one_plant_read(&p, plants[i]);
        const double start_k = 0;
        const struct gw_plant_in hour = {.it_kw = 600, .nameplate_kw = 1000, .step_s = 3600};
        const struct gw_plant_out whole =
            gw_plant_step(p.plant, p.cfg, &hour, &(struct gw_plant_step_air){warming_air, &start_k});
        double cooling_kwh = 0, water_l = 0, free_h = 0, shut_s = 0;
        for (int part = 0; part < 12; part++) {
            const double warmer_k = part;
            const struct gw_plant_in in = {
                .it_kw = 600, .nameplate_kw = 1000, .step_s = 300, .shut_s = shut_s};
            const struct gw_plant_out out =
                gw_plant_step(p.plant, p.cfg, &in, &(struct gw_plant_step_air){warming_air, &warmer_k});
            cooling_kwh += out.cooling_kw / 12;
            water_l += out.water_withdrawn_l_per_h / 12;
            free_h += out.free_frac / 12;
            shut_s = out.shut_s;
        }
        assert_near(whole.cooling_kw, cooling_kwh, 1e-12, 0);
        assert_near(whole.water_withdrawn_l_per_h, water_l, 1e-12, 0);
        assert_near(whole.free_frac, free_h, 1e-12, 0);
        assert_near(whole.shut_s, shut_s, 0, 0);
        one_plant_fini(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_have_parts_of_at_most_five_minutes),
        cmocka_unit_test(an_hour_is_twelve_steps_of_five_minutes),
    };
    return cmocka_run_group_tests_name("plant_step", tests, NULL, NULL);
}
