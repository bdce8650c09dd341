/* What the meter hands on from one reading of a site to the next. */
#include "tests/support/near.h"

#include <stdio.h>

#include "tests/support/experiment.h"

/* Cooling energy in Virginia over five days in August whose dew points cross the limit of outside air. */
static double cooling_kwh(const char *cooling)
{
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   (const char *const[]){cooling, "sites[virginia].place=ashburn",
                                         "time.start=2023-08-10T00:00Z", "time.duration=120 h",
                                         "serving.demand[east].rate=0.02 /s",
                                         "serving.demand[west].rate=0.02 /s", NULL},
                   0);
    const double kwh = experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_COOLING);
    experiment_fini(&e);
    return kwh;
}

/* Shut for a day once it is shut: only a memory can make that cost more than shutting with the weather. */
static void a_plant_remembers_that_free_cooling_shut(void **state)
{
    (void)state;
    const double by_the_weather =
        cooling_kwh("sites[virginia].cooling={plant: ae-dec, dwell_s: 0, band_k: 0}");
    const double by_memory = cooling_kwh("sites[virginia].cooling={plant: ae-dec, dwell_s: 24 h, band_k: 0}");
    const double never =
        cooling_kwh("sites[virginia].cooling={plant: ae-dec, dew_point_max_c: 40, rh_max: 1}");
    assert_true(never < by_the_weather);
    assert_true(by_memory > 1.05 * by_the_weather);
}

/* A week in May, dampers shut and open and the load goes up and down: water and energy of Virginia. */
static void week(const char *cooling, const char *step, double *facility_kwh, double *water_l)
{
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   (const char *const[]){cooling, step, "time.epoch=1 h", "sites[virginia].place=ashburn",
                                         "time.start=2023-05-10T00:00Z", "time.duration=168 h",
                                         "serving.demand[east].rate=0.02 /s",
                                         "serving.demand[west].rate=0.02 /s", NULL},
                   0);
    *facility_kwh = experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_IMPORT);
    *water_l = experiment_account(&e, "nearest", "virginia", GW_ACCOUNT_WATER_WITHDRAWN);
    experiment_fini(&e);
}

static void the_length_of_the_step_hardly_matters(void **state)
{
    (void)state;
    static const char *const plants[] = {"ae-wc", "ae-dec", "wc-wse"};
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        char cooling[64];
        snprintf(cooling, sizeof cooling, "sites[virginia].cooling=%s", plants[i]);
        double fine_kwh, fine_l, coarse_kwh, coarse_l;
        week(cooling, "time.step=5 min", &fine_kwh, &fine_l);
        week(cooling, "time.step=1 h", &coarse_kwh, &coarse_l);
        assert_near(coarse_kwh, fine_kwh, 1e-3, 0);
        assert_near(coarse_l, fine_l, 1e-3, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plant_remembers_that_free_cooling_shut),
        cmocka_unit_test(the_length_of_the_step_hardly_matters),
    };
    return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
