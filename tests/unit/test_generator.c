/* Generated years: the climate's normals come back, neighbours share spells, windows and runs agree. */
#include "tests/support/bound.h"

#include "models/weather/generator.h"
#include "sim/base/units.h"

#define START_2023_US (INT64_C(1672531200) * GW_US_PER_S)
#define DAY_US        (24 * GW_US_PER_H)

struct world {
    struct gw_tree catalogue;
    struct gw_arena arena;
};

static int load(void **state)
{
    static struct world world;
    bound_catalogue(&world.catalogue);
    *state = &world;
    return 0;
}

static int unload(void **state)
{
    struct world *w = *state;
    gw_arena_fini(&w->arena);
    gw_tree_fini(&w->catalogue);
    return 0;
}

static const struct gw_climate *climate(struct world *w, const char *name)
{
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &w->catalogue};
    const void *object = NULL;
    assert_int_equal(gw_bind_entry(NULL, &env, "climate", name, &object, &w->arena, NULL), GW_OK);
    return object;
}

static struct gw_weather_series make(struct world *w, const char *name, enum gw_generator_years years,
                                     uint32_t replication, gw_time_us from_us, gw_time_us to_us)
{
    struct gw_weather_series series;
    assert_int_equal(
        gw_generator_make(climate(w, name), years, 1, replication, from_us, to_us, &series, &w->arena, NULL),
        GW_OK);
    return series;
}

/* Hour i of the local year 2023. */
static const struct gw_weather *year(struct world *w, const char *name, enum gw_generator_years years,
                                     uint32_t replication)
{
    const gw_time_us from_us = START_2023_US - llround(climate(w, name)->utc_offset_h * (double)GW_US_PER_H);
    const struct gw_weather_series s = make(w, name, years, replication, from_us, from_us + 365 * DAY_US);
    const gw_time_us first_us = from_us + GW_US_PER_H / 2;
    return s.node + (first_us - s.first_unix_us) / GW_US_PER_H;
}

static double mean_dry_c(const struct gw_weather *node, int from, int to)
{
    double sum = 0;
    for (int h = from; h < to; h++) {
        sum += node[h].dry_bulb_c / (to - from);
    }
    return sum;
}

static double mean_dew_c(const struct gw_weather *node, int from, int to)
{
    double sum = 0;
    for (int h = from; h < to; h++) {
        sum += node[h].dew_point_c / (to - from);
    }
    return sum;
}

static double normal_mean(const struct gw_slice *monthly)
{
    const double *x = monthly->at;
    double sum = 0;
    for (int m = 0; m < 12; m++) {
        sum += x[m] * (gw_climate_month_start(m + 1, false) - gw_climate_month_start(m, false)) / 365;
    }
    return sum;
}

static void typical_years_have_the_annual_means_of_the_climate(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"ashburn", "phoenix", "singapore", "dublin", "lulea", "sydney"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct gw_climate *c = climate(w, names[i]);
        const struct gw_weather *node = year(w, names[i], GW_GENERATOR_TYPICAL, 3);
        assert_near(mean_dry_c(node, 0, 8760), normal_mean(&c->dry_bulb_c), 0, 0.15);
        assert_near(mean_dew_c(node, 0, 8760), normal_mean(&c->dew_point_c), 0, 0.15);
    }
}

static void months_of_many_years_have_their_normals(void **state)
{
    struct world *w = *state;
    enum { YEARS = 16 };
    double dry_c[12] = {0}, dew_c[12] = {0};
    for (uint32_t r = 0; r < YEARS; r++) {
        const struct gw_weather *node = year(w, "ashburn", GW_GENERATOR_VARYING, r);
        for (int m = 0; m < 12; m++) {
            const int from = 24 * gw_climate_month_start(m, false),
                      to = 24 * gw_climate_month_start(m + 1, false);
            dry_c[m] += mean_dry_c(node, from, to) / YEARS;
            dew_c[m] += mean_dew_c(node, from, to) / YEARS;
        }
    }
    const double *dry_normal_c = climate(w, "ashburn")->dry_bulb_c.at;
    const double *dew_normal_c = climate(w, "ashburn")->dew_point_c.at;
    for (int m = 0; m < 12; m++) {
        assert_near(dry_c[m], dry_normal_c[m], 0, 1.4); /* a month varies by some 1.7 K */
        assert_near(dew_c[m], dew_normal_c[m], 0, 1.8);
    }
}

static void varying_years_vary_and_typical_ones_do_not(void **state)
{
    struct world *w = *state;
    double typical_low = 100, typical_high = -100, varying_low = 100, varying_high = -100;
    for (uint32_t r = 0; r < 8; r++) {
        const double t = mean_dry_c(year(w, "dallas", GW_GENERATOR_TYPICAL, r), 0, 8760);
        const double v = mean_dry_c(year(w, "dallas", GW_GENERATOR_VARYING, r), 0, 8760);
        typical_low = fmin(typical_low, t);
        typical_high = fmax(typical_high, t);
        varying_low = fmin(varying_low, v);
        varying_high = fmax(varying_high, v);
    }
    assert_true(typical_high - typical_low < 0.2);
    assert_true(varying_high - varying_low > 0.4);
}

static void daily_means_have_the_spread_and_memory_given(void **state)
{
    struct world *w = *state;
    double square = 0, lagged = 0, expected = 0;
    size_t n = 0;
    const struct gw_climate *c = climate(w, "frankfurt");
    for (uint32_t r = 0; r < 6; r++) {
        const struct gw_weather *node = year(w, "frankfurt", GW_GENERATOR_VARYING, r);
        double normal_c[GW_CLIMATE_DAYS_MAX], last = 0;
        gw_climate_daily(c->dry_bulb_c.at, false, normal_c);
        for (int d = 0; d < 365; d++) {
            const double spread_k = gw_climate_spread_k(&c->dry_bulb_spread_k, d);
            const double x = (mean_dry_c(node, 24 * d, 24 * d + 24) - normal_c[d]) / spread_k;
            square += x * x;
            lagged += d > 0 ? x * last : 0;
            last = x;
            n++;
        }
    }
    expected = c->dry_bulb_memory;
    assert_near(sqrt(square / (double)n), 1, 0, 0.08);
    assert_near(lagged / square, expected, 0, 0.06);
}

static void the_air_is_possible_at_every_hour(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"ashburn", "phoenix", "singapore", "lulea", "johannesburg"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct gw_weather *node = year(w, names[i], GW_GENERATOR_TYPICAL, 0);
        for (int h = 0; h < 8760; h++) {
            assert_true(node[h].dew_point_c <= node[h].wet_bulb_c);
            assert_true(node[h].wet_bulb_c <= node[h].dry_bulb_c);
            assert_true(node[h].cloud_frac >= 0 && node[h].cloud_frac <= 1);
            assert_true(node[h].wind_m_per_s >= 0 && node[h].wind_m_per_s < 40);
            assert_true(node[h].ghi_w_per_m2 >= 0 && node[h].ghi_w_per_m2 < 1100);
        }
    }
}

static void cloud_and_wind_have_the_means_given(void **state)
{
    struct world *w = *state;
    double cloud = 0, wind = 0;
    for (uint32_t r = 0; r < 8; r++) {
        const struct gw_weather *node = year(w, "london", GW_GENERATOR_TYPICAL, r);
        for (int h = 0; h < 8760; h++) {
            cloud += node[h].cloud_frac / (8 * 8760);
            wind += node[h].wind_m_per_s / (8 * 8760);
        }
    }
    assert_near(cloud, climate(w, "london")->cloud_frac, 0, 0.03);
    assert_near(wind, climate(w, "london")->wind_m_per_s, 0.06, 0);
}

/* Solar noon at 77.56 W is 12 h - (77.56/15 - 5) h = 12:10 local standard time, give or take the equation of
 * time. */
static void the_sun_stands_highest_at_noon(void **state)
{
    struct world *w = *state;
    const struct gw_weather *node = year(w, "ashburn", GW_GENERATOR_TYPICAL, 0);
    double sum[24] = {0};
    for (int h = 0; h < 8760; h++) {
        sum[h % 24] += node[h].ghi_w_per_m2;
    }
    assert_true(sum[12] > sum[10] && sum[12] > sum[14] && sum[11] > sum[9]);
    assert_true(sum[0] == 0 && sum[23] == 0);
}

/* The hours of a week are those of the year it lies in. */
static void a_window_is_part_of_its_year(void **state)
{
    struct world *w = *state;
    const gw_time_us may_us = START_2023_US + 130 * DAY_US;
    const struct gw_weather_series week =
        make(w, "tokyo", GW_GENERATOR_TYPICAL, 0, may_us, may_us + 7 * DAY_US);
    const struct gw_weather_series whole =
        make(w, "tokyo", GW_GENERATOR_TYPICAL, 0, START_2023_US, START_2023_US + 365 * DAY_US);
    const size_t skip_hours = (size_t)((week.first_unix_us - whole.first_unix_us) / GW_US_PER_H);
    assert_memory_equal(week.node, whole.node + skip_hours, week.n * sizeof *week.node);
    assert_true(week.first_unix_us <= may_us);
    assert_true(week.first_unix_us + (gw_time_us)week.n * GW_US_PER_H >= may_us + 7 * DAY_US);
}

/* Over New Year of a leap year, 366 days: no gap, no leap beyond what hours do anyway. */
static void years_join(void **state)
{
    struct world *w = *state;
    const gw_time_us from_us = START_2023_US + 364 * DAY_US;
    const struct gw_weather_series s =
        make(w, "mumbai", GW_GENERATOR_TYPICAL, 0, from_us, from_us + 368 * DAY_US);
    assert_int_equal(s.first_unix_us % GW_US_PER_H, 0); /* the middle of a local hour at UTC+5:30 */
    for (size_t i = 1; i < s.n; i++) {
        assert_true(fabs(s.node[i].dry_bulb_c - s.node[i - 1].dry_bulb_c) < 5);
    }
}

static double day_correlation(const struct gw_weather *a, const struct gw_weather *b,
                              const struct gw_climate *ca, const struct gw_climate *cb)
{
    double normal_a[GW_CLIMATE_DAYS_MAX], normal_b[GW_CLIMATE_DAYS_MAX], ab = 0, aa = 0, bb = 0;
    gw_climate_daily(ca->dry_bulb_c.at, false, normal_a);
    gw_climate_daily(cb->dry_bulb_c.at, false, normal_b);
    for (int d = 0; d < 365; d++) {
        const double x = mean_dry_c(a, 24 * d, 24 * d + 24) - normal_a[d];
        const double y = mean_dry_c(b, 24 * d, 24 * d + 24) - normal_b[d];
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return ab / sqrt(aa * bb);
}

static void neighbours_share_spells_and_strangers_do_not(void **state)
{
    struct world *w = *state;
    const struct gw_weather *london = year(w, "london", GW_GENERATOR_TYPICAL, 0);
    const double near = day_correlation(london, year(w, "frankfurt", GW_GENERATOR_TYPICAL, 0),
                                        climate(w, "london"), climate(w, "frankfurt"));
    const double far = day_correlation(london, year(w, "dallas", GW_GENERATOR_TYPICAL, 0),
                                       climate(w, "london"), climate(w, "dallas"));
    assert_near(near, 0.65, 0, 0.2);
    assert_near(far, 0, 0, 0.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typical_years_have_the_annual_means_of_the_climate),
        cmocka_unit_test(months_of_many_years_have_their_normals),
        cmocka_unit_test(varying_years_vary_and_typical_ones_do_not),
        cmocka_unit_test(daily_means_have_the_spread_and_memory_given),
        cmocka_unit_test(the_air_is_possible_at_every_hour),
        cmocka_unit_test(cloud_and_wind_have_the_means_given),
        cmocka_unit_test(the_sun_stands_highest_at_noon),
        cmocka_unit_test(a_window_is_part_of_its_year),
        cmocka_unit_test(years_join),
        cmocka_unit_test(neighbours_share_spells_and_strangers_do_not),
    };
    return cmocka_run_group_tests_name("generator", tests, load, unload);
}
