/* Caps and batch sizes: curves between their points, Zeus by hand, Chase beside its constant twin. */
#include "tests/support/entries.h"

#include "models/training/cap_choice.h"

static struct gw_cap_point three[] = {{100.0, 2.0, 100.0}, {200.0, 1.1, 180.0}, {300.0, 1.0, 250.0}};
static const struct gw_cap_curve curve = {.points = {.n = 3, .at = three}};

static void a_curve_is_read_by_straight_lines(void **state)
{
    (void)state;
    const struct gw_cap_point p = gw_cap_choice_at(&curve, 250.0);
    assert_near(p.time, 1.05, 1e-12, 0.0);
    assert_near(p.watts, 215.0, 1e-12, 0.0);
    assert_near(gw_cap_choice_at(&curve, 300.0).time, 1.0, 0.0, 0.0);
    assert_near(gw_cap_choice_at(&curve, 100.0).watts, 100.0, 0.0, 0.0);
}

/* e 0.5, 300 W: 0.5 x 200 x 100 + 0.5 x 300 x 100 = 25 000 J; 0.5 x 120 x 130 + 0.5 x 300 x 130 = 27 300 J.
 * All weight on energy, the slow one wins. */
static void zeus_weighs_energy_against_time(void **state)
{
    (void)state;
    const struct gw_cap_option options[] = {{64.0, 300.0, 100.0, 200.0}, {128.0, 150.0, 130.0, 120.0}};
    assert_near(gw_cap_choice_zeus_j(&options[0], 0.5, 300.0), 25000.0, 1e-12, 0.0);
    assert_near(gw_cap_choice_zeus_j(&options[1], 0.5, 300.0), 27300.0, 1e-12, 0.0);
    assert_int_equal(gw_cap_choice_zeus(options, 2, 0.5, 300.0), 0);
    assert_int_equal(gw_cap_choice_zeus(options, 2, 1.0, 300.0), 1);
    assert_int_equal(gw_cap_choice_zeus(options, 2, 0.0, 300.0), 0);
}

/* e 0.5, at most 600 g: cost at 300 W (0.25 ci + 180) / 2, at 200 W 1.1 (0.18 ci + 180) / 2. They meet at
 * 18 / 0.052 = 346 g: below, no cap; above, 200 W. */
static void chase_caps_when_carbon_is_high(void **state)
{
    (void)state;
    const struct gw_cap_chase chase = {.curve = &curve, .e = 0.5, .max_ci = 600.0};
    assert_int_equal(gw_cap_choice_chase(&chase, 340.0), 2);
    assert_int_equal(gw_cap_choice_chase(&chase, 350.0), 1);
    const struct gw_cap_chase hurried = {.curve = &curve, .e = 0.0, .max_ci = 600.0};
    assert_int_equal(gw_cap_choice_chase(&hurried, 600.0), 2);
}

/* An hour at 200 g without a cap, then at 500 g under 200 W: of two hours of work one is left, 1.1 h. Energy
 * 0.25 + 0.198 kWh, carbon 50 + 99 g, one change. */
static void a_run_by_hand(void **state)
{
    (void)state;
    const struct gw_cap_chase chase = {.curve = &curve, .e = 0.5, .max_ci = 600.0};
    const double ci[] = {200.0, 500.0, 500.0};
    struct gw_cap_outcome o;
    assert_true(gw_cap_choice_follow(&chase, ci, 3, 1.0, 2.0, &o));
    assert_near(o.hours, 2.1, 1e-12, 0.0);
    assert_near(o.kwh, 0.448, 1e-12, 0.0);
    assert_near(o.gco2, 149.0, 1e-12, 0.0);
    assert_int_equal(o.changes, 1);
    assert_false(gw_cap_choice_follow(&chase, ci, 2, 1.0, 2.0, &o));
    assert_near(o.hours, 2.1, 1e-12, 0.0);

    uint32_t point = 0;
    assert_false(gw_cap_choice_fixed(&chase, ci, 3, 1.0, 2.0, &point, &o)); /* 100 W needs 4 h */
    point = UINT32_MAX;
    assert_true(gw_cap_choice_fixed(&chase, ci, 3, 1.0, 2.0, &point, &o));
    assert_int_equal(o.changes, 0);
}

/* Where the intensity never changes, neither does the cap: following is one constant cap. */
static void at_a_constant_intensity_following_is_a_constant_cap(void **state)
{
    (void)state;
    const struct gw_cap_chase chase = {.curve = &curve, .e = 0.5, .max_ci = 600.0};
    double ci[48];
    for (size_t level = 100; level <= 600; level += 100) {
        for (size_t i = 0; i < 48; i++) {
            ci[i] = (double)level;
        }
        struct gw_cap_outcome followed, fixed;
        uint32_t point = UINT32_MAX;
        assert_true(gw_cap_choice_follow(&chase, ci, 48, 0.5, 8.0, &followed));
        assert_true(gw_cap_choice_fixed(&chase, ci, 48, 0.5, 8.0, &point, &fixed));
        assert_near(followed.gco2, fixed.gco2, 1e-12, 0.0);
        assert_near(followed.hours, fixed.hours, 1e-12, 0.0);
        assert_int_equal(followed.changes, 0);
    }
}

/* Energies of Zeus's traces: time x watts over those at the limit, as printed, within the rounding of watts.
 */
static void the_catalogues_curves_have_the_published_energies(void **state)
{
    static const struct {
        const char *name;
        double cap_w, energy;
    } cases[] = {{"v100-resnet50", 150.0, 0.770}, {"v100-resnet50", 100.0, 0.847},
                 {"v100-bert", 150.0, 0.801},     {"a40-resnet50", 200.0, 0.783},
                 {"a40-resnet50", 100.0, 1.383},  {"a40-resnet50-256", 225.0, 0.849},
                 {"a40-bert", 100.0, 1.614},      {"a40-deepspeech2", 175.0, 0.828}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_cap_curve *c = entry(*state, "cap-curve", cases[i].name);
        const struct gw_cap_point *all = c->points.at, p = gw_cap_choice_at(c, cases[i].cap_w);
        assert_near(p.time * p.watts / all[c->points.n - 1].watts, cases[i].energy, 0.01, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_is_read_by_straight_lines),
        cmocka_unit_test(zeus_weighs_energy_against_time),
        cmocka_unit_test(chase_caps_when_carbon_is_high),
        cmocka_unit_test(a_run_by_hand),
        cmocka_unit_test(at_a_constant_intensity_following_is_a_constant_cap),
        cmocka_unit_test(the_catalogues_curves_have_the_published_energies),
    };
    return cmocka_run_group_tests_name("cap_choice", tests, entries_load, entries_unload);
}
