/* The power-cap law against the measurements it was fitted to: training on V100 and A40 under caps. */
#include "tests/support/near.h"

#include <math.h>

#include "models/hardware/power_cap.h"

/* Zeus (NSDI'23), means over workloads that draw more than 80 % of the limit: power drawn and throughput,
 * both relative to no cap. V100 s = 0.41, a = 4.9: every point within 0.03. A40 s = 0.40, a = 3.3: within
 * 0.14, mean 0.06. */
static void speed_meets_measured_throughput(void **state)
{
    (void)state;
    static const struct {
        double power, throughput;
    } v100[] = {{0.446, 0.566}, {0.546, 0.723}, {0.650, 0.845}, {0.746, 0.911}, {0.837, 0.952}, {1.0, 1.0}},
      a40[] = {{0.480, 0.428}, {0.563, 0.637}, {0.645, 0.816},
               {0.726, 0.914}, {0.806, 0.962}, {0.886, 0.976}};
    for (size_t i = 0; i < sizeof v100 / sizeof v100[0]; i++) {
        assert_near(gw_power_cap_speed(0.41, 4.9, v100[i].power * 250.0, 250.0), v100[i].throughput, 0.0,
                    0.03);
    }
    double sum = 0.0;
    for (size_t i = 0; i < sizeof a40 / sizeof a40[0]; i++) {
        const double speed = gw_power_cap_speed(0.40, 3.3, a40[i].power * 300.0, 300.0);
        assert_near(speed, a40[i].throughput, 0.0, 0.12);
        sum += fabs(speed - a40[i].throughput);
    }
    assert_true(sum / 6.0 < 0.07);
}

static void work_below_the_cap_is_not_slowed(void **state)
{
    (void)state;
    assert_near(gw_power_cap_speed(0.41, 4.9, 400.0, 399.0), 1.0, 0.0, 0.0);
    assert_near(gw_power_cap_speed(0.41, 4.9, INFINITY, 700.0), 1.0, 0.0, 0.0);
}

static void a_tighter_cap_is_never_faster(void **state)
{
    (void)state;
    const double lowest = gw_power_cap_lowest(0.41);
    assert_near(lowest, 0.4454, 1e-12, 0.0); /* 0.41 + 0.06 * 0.59 */
    double previous = 0.0;
    for (int i = 0; i <= 100; i++) {
        const double p = lowest + (1.0 - lowest) * i / 100.0;
        const double speed = gw_power_cap_speed(0.41, 4.9, p * 700.0 + 1e-9, 700.0);
        assert_true(speed > previous || speed == 1.0);
        previous = speed;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speed_meets_measured_throughput),
        cmocka_unit_test(work_below_the_cap_is_not_slowed),
        cmocka_unit_test(a_tighter_cap_is_never_faster),
    };
    return cmocka_run_group_tests_name("power_cap", tests, NULL, NULL);
}
