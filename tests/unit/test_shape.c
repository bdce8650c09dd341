/* Weekly shapes: their knots, means and peaks, in local time. */
#include "tests/support/bound.h"

#include <math.h>
#include <stdio.h>

#include "models/workload/shape.h"
#include "sim/base/units.h"

struct root {
    const struct gw_shape *shape;
};
static const struct gw_type shape_ref = {.kind = GW_REF, .size = sizeof(struct gw_shape), .of = "shape"};
static const struct gw_field fields[] = {GW_FIELD(struct root, shape, &shape_ref, NULL, "A shape", NULL),
                                         GW_FIELD_END};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A demand's shape"};

#define HOUR_US   GW_US_PER_H
#define DAY_US    (24 * HOUR_US)
#define WEEK_US   (7 * DAY_US)
#define MONDAY_US (INT64_C(1685923200) * GW_US_PER_S) /* 2023-06-05T00:00:00Z, a Monday */

/* Twice as busy from 12 h on; weekends half of that. Weekly mean (5 * 36 + 2 * 18) / 168 = 9/7. */
static double weekday[24], weekend[24];
static struct gw_shape shape = {.weekday = {24, weekday}, .weekend = {24, weekend}};
#define MEAN (9.0 / 7.0)

static int set_up(void **state)
{
    (void)state;
    for (int h = 0; h < 24; h++) {
        weekday[h] = h < 12 ? 1 : 2;
        weekend[h] = weekday[h] / 2;
    }
    return 0;
}

static double at(double days, double utc_offset_h)
{
    return gw_shape_at(&shape, MONDAY_US + (gw_time_us)(days * (double)DAY_US), utc_offset_h);
}

static void values_hold_in_the_middle_of_hours_and_lines_lie_between(void **state)
{
    (void)state;
    assert_near(at(5.5 / 24, 0), 1 / MEAN, 1e-12, 0);
    assert_near(at(11.5 / 24, 0), 1 / MEAN, 1e-12, 0);
    assert_near(at(12.0 / 24, 0), 1.5 / MEAN, 1e-12, 0);
    assert_near(at(11.75 / 24, 0), 1.25 / MEAN, 1e-12, 0);
    assert_near(at(12.5 / 24, 0), 2 / MEAN, 1e-12, 0);
}

static void a_week_has_five_weekdays_and_closes(void **state)
{
    (void)state;
    assert_near(at(4 + 18.5 / 24, 0), 2 / MEAN, 1e-12, 0);     /* Friday evening */
    assert_near(at(5 + 18.5 / 24, 0), 1 / MEAN, 1e-12, 0);     /* Saturday */
    assert_near(at(6 + 18.5 / 24, 0), 1 / MEAN, 1e-12, 0);     /* Sunday */
    assert_near(at(5, 0), (2 + 0.5) / 2 / MEAN, 1e-12, 0);     /* between Friday 23:30 and Saturday 0:30 */
    assert_near(at(7, 0), (1 + 1) / 2.0 / MEAN, 1e-12, 0);     /* between Sunday 23:30 and Monday 0:30 */
    assert_near(at(-1000 * 7 + 0.3, 0), at(0.3, 0), 1e-12, 0); /* long before 1970 ends as well */
}

static void hours_are_local(void **state)
{
    (void)state;
    assert_near(at(4.5 / 24, 8), 2 / MEAN, 1e-12, 0);             /* 12:30 at UTC+8 */
    assert_near(at(18.5 / 24, -8), 1 / MEAN, 1e-12, 0);           /* 10:30 at UTC-8 */
    assert_near(at(7.0 / 24, 5.5), 2 / MEAN, 1e-12, 0);           /* 12:30 at UTC+5:30 */
    assert_near(at(4 + 23.5 / 24, 8), at(5 + 7.5 / 24, 0), 0, 0); /* already Saturday there */
}

static void the_mean_of_any_week_is_one(void **state)
{
    (void)state;
    for (gw_time_us from = MONDAY_US; from < MONDAY_US + WEEK_US; from += 11 * HOUR_US + 7) {
        assert_near(gw_shape_mean(&shape, from, from + WEEK_US, -3.5), 1, 1e-15, 0);
        assert_near(gw_shape_mean(&shape, from, from + 52 * WEEK_US, -3.5), 1, 1e-15, 0);
    }
}

/* The mean against a fine sum of the curve itself, over spans that begin and end anywhere. */
static void means_are_those_of_the_curve(void **state)
{
    (void)state;
    static const struct {
        gw_time_us from, span;
    } cases[] = {
        {12 * HOUR_US - 1000, 2000},
        {11 * HOUR_US, 2 * HOUR_US},
        {3 * HOUR_US + 12345, 61 * HOUR_US + 999},
        {100 * HOUR_US, WEEK_US + 5 * HOUR_US},
        {-7, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const gw_time_us from = MONDAY_US + cases[i].from;
        const double mean = gw_shape_mean(&shape, from, from + cases[i].span, 2);
        double sum = 0;
        enum { PARTS = 200000 };
        for (int part = 0; part < PARTS; part++) {
            const double into = (part + 0.5) / PARTS * (double)cases[i].span;
            sum += gw_shape_at(&shape, from + (gw_time_us)into, 2);
        }
        assert_near(sum / PARTS, mean, 1e-6, 0);
    }
}

static void the_peak_is_the_largest_value_of_the_span(void **state)
{
    (void)state;
    const gw_time_us noon = MONDAY_US + 12 * HOUR_US;
    assert_near(gw_shape_peak(&shape, MONDAY_US, noon, 0), 1.5 / MEAN, 1e-12, 0);
    assert_near(gw_shape_peak(&shape, MONDAY_US, noon + DAY_US, 0), 2 / MEAN, 1e-12, 0);
    assert_near(gw_shape_peak(&shape, noon - 100, noon, 0), 1.5 / MEAN, 1e-12, 0);
    assert_near(gw_shape_peak(&shape, MONDAY_US + 5 * DAY_US + HOUR_US, MONDAY_US + 7 * DAY_US, 0), 1 / MEAN,
                1e-12, 0);
    assert_near(gw_shape_peak(&shape, MONDAY_US + 5 * DAY_US + HOUR_US, MONDAY_US + 900 * DAY_US, 0),
                2 / MEAN, 1e-12, 0);
}

static void knots_lie_in_the_middle_of_local_hours(void **state)
{
    (void)state;
    assert_int_equal(gw_shape_next_knot(MONDAY_US, 0), MONDAY_US + HOUR_US / 2);
    assert_int_equal(gw_shape_next_knot(MONDAY_US + HOUR_US / 2, -7), MONDAY_US + 3 * HOUR_US / 2);
    assert_int_equal(gw_shape_next_knot(MONDAY_US, 5.5), MONDAY_US + HOUR_US);
    assert_int_equal(gw_shape_next_knot(-1, 0), HOUR_US / 2);
}

static void no_shape_is_one_everywhere(void **state)
{
    (void)state;
    assert_true(gw_shape_at(NULL, MONDAY_US, 3) == 1);
    assert_true(gw_shape_mean(NULL, 0, 5, 3) == 1);
    assert_true(gw_shape_peak(NULL, 0, 5, 3) == 1);
}

static void without_a_weekend_all_days_are_weekdays(void **state)
{
    (void)state;
    const struct gw_shape everyday = {.weekday = {24, weekday}};
    for (int day = 0; day < 7; day++) {
        const gw_time_us t = MONDAY_US + day * DAY_US + 18 * HOUR_US;
        assert_near(gw_shape_at(&everyday, t, 0), 2 / 1.5, 1e-12, 0);
    }
}

/* Three zones of `business` give the world's conversation curve: RMS 5 % of its mean on weekdays, 7 % at
 * weekends. */
static void business_hours_of_three_zones_are_the_worlds_conversation(void **state)
{
    (void)state;
    struct bound a, b;
    struct root business, world;
    bound_read(&a, &root_type, "shape: business\n", &business);
    bound_read(&b, &root_type, "shape: azure-conversation\n", &world);
    static const struct {
        double share, utc_offset_h;
    } zones[] = {{0.35, -5}, {0.35, 1}, {0.30, 8}};
    for (int weekend_days = 0; weekend_days < 2; weekend_days++) {
        const gw_time_us day =
            MONDAY_US + (weekend_days ? 6 : 2) * DAY_US; /* Sunday, Wednesday: the zones agree */
        double square = 0, mean = 0;
        for (int h = 0; h < 24; h++) {
            const gw_time_us t = day + h * HOUR_US + HOUR_US / 2;
            double sum = 0;
            for (size_t z = 0; z < 3; z++) {
                /* the same local day everywhere: what is compared is the curve of a day, not the turn of the
                 * week */
                const gw_time_us local =
                    day + (t - day + (gw_time_us)(zones[z].utc_offset_h + 24) * HOUR_US) % DAY_US;
                sum += zones[z].share * gw_shape_at(business.shape, local, 0);
            }
            const double is = gw_shape_at(world.shape, t, 0);
            square += (sum - is) * (sum - is) / 24;
            mean += is / 24;
        }
        print_message("business as the world's conversation: RMS %.3f of the mean\n", sqrt(square) / mean);
        assert_true(sqrt(square) / mean < 0.08);
    }
    bound_fini(&a);
    bound_fini(&b);
}

static void impossible_shapes_are_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    char yaml[1024] = "shape: s\ncatalogue: { shapes: { s: { title: zero, weekday: [";
    size_t n = strlen(yaml);
    for (int h = 0; h < 24; h++) {
        n += (size_t)snprintf(yaml + n, sizeof yaml - n, "%s0", h == 0 ? "" : ", ");
    }
    snprintf(yaml + n, sizeof yaml - n, "], sources: { \"*\": A round-number for this test } } } }\n");
    bound_fails(&b, &root_type, yaml, &root, "all factors are zero");
    bound_fails(&b, &root_type, "shape: s\ncatalogue: { shapes: { s: { title: short, weekday: [1, 2] } } }\n",
                &root, "24");
    bound_fails(&b, &root_type, "shape: busines\n", &root, "did you mean \"business\"");
}

static void its_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_shape_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_hold_in_the_middle_of_hours_and_lines_lie_between),
        cmocka_unit_test(a_week_has_five_weekdays_and_closes),
        cmocka_unit_test(hours_are_local),
        cmocka_unit_test(the_mean_of_any_week_is_one),
        cmocka_unit_test(means_are_those_of_the_curve),
        cmocka_unit_test(the_peak_is_the_largest_value_of_the_span),
        cmocka_unit_test(knots_lie_in_the_middle_of_local_hours),
        cmocka_unit_test(no_shape_is_one_everywhere),
        cmocka_unit_test(without_a_weekend_all_days_are_weekdays),
        cmocka_unit_test(business_hours_of_three_zones_are_the_worlds_conversation),
        cmocka_unit_test(impossible_shapes_are_refused),
        cmocka_unit_test(its_table_is_right),
    };
    return cmocka_run_group_tests_name("shape", tests, set_up, NULL);
}
