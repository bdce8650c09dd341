#include "sim/validate/test_problems.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

const char *const gw_test_problems_names[] = {"ZDT1", "ZDT2", "ZDT3", "ZDT4", "ZDT6", "DTLZ1", "DTLZ2", NULL};

enum { VARS_MAX = 30 };
static const double zeros[VARS_MAX] = {0};
static const double ones[VARS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const double zdt4_low[10] = {0, -5, -5, -5, -5, -5, -5, -5, -5, -5},
                    zdt4_high[10] = {1, 5, 5, 5, 5, 5, 5, 5, 5, 5};

static double mean_from_second(const double *x, uint32_t n)
{
    double sum = 0.0;
    for (uint32_t i = 1; i < n; i++) {
        sum += x[i];
    }
    return sum / (n - 1);
}

static void zdt1(const void *context, const double *x, double *f)
{
    (void)context;
    const double g = 1.0 + 9.0 * mean_from_second(x, 30);
    f[0] = x[0];
    f[1] = g * (1.0 - sqrt(x[0] / g));
}

static void zdt2(const void *context, const double *x, double *f)
{
    (void)context;
    const double g = 1.0 + 9.0 * mean_from_second(x, 30);
    f[0] = x[0];
    f[1] = g * (1.0 - (x[0] / g) * (x[0] / g));
}

static void zdt3(const void *context, const double *x, double *f)
{
    (void)context;
    const double g = 1.0 + 9.0 * mean_from_second(x, 30), r = x[0] / g;
    f[0] = x[0];
    f[1] = g * (1.0 - sqrt(r) - r * sin(10.0 * pi * x[0]));
}

static void zdt4(const void *context, const double *x, double *f)
{
    (void)context;
    double g = 1.0 + 10.0 * 9.0;
    for (uint32_t i = 1; i < 10; i++) {
        g += x[i] * x[i] - 10.0 * cos(4.0 * pi * x[i]);
    }
    f[0] = x[0];
    f[1] = g * (1.0 - sqrt(x[0] / g));
}

static void zdt6(const void *context, const double *x, double *f)
{
    (void)context;
    const double g = 1.0 + 9.0 * pow(mean_from_second(x, 10), 0.25);
    f[0] = 1.0 - exp(-4.0 * x[0]) * pow(sin(6.0 * pi * x[0]), 6.0);
    f[1] = g * (1.0 - (f[0] / g) * (f[0] / g));
}

static void dtlz1(const void *context, const double *x, double *f)
{
    (void)context;
    double g = 5.0;
    for (uint32_t i = 2; i < 7; i++) {
        g += (x[i] - 0.5) * (x[i] - 0.5) - cos(20.0 * pi * (x[i] - 0.5));
    }
    const double half = 0.5 * (1.0 + 100.0 * g);
    f[0] = half * x[0] * x[1];
    f[1] = half * x[0] * (1.0 - x[1]);
    f[2] = half * (1.0 - x[0]);
}

static void dtlz2(const void *context, const double *x, double *f)
{
    (void)context;
    double g = 0.0;
    for (uint32_t i = 2; i < 12; i++) {
        g += (x[i] - 0.5) * (x[i] - 0.5);
    }
    const double a = 0.5 * pi * x[0], b = 0.5 * pi * x[1];
    f[0] = (1.0 + g) * cos(a) * cos(b);
    f[1] = (1.0 + g) * cos(a) * sin(b);
    f[2] = (1.0 + g) * sin(a);
}

const struct gw_problem *gw_test_problems_at(enum gw_test_problem which)
{
    static const struct gw_problem problems[GW_TEST_PROBLEMS] = {
        {.n = 30, .objectives = 2, .low = zeros, .high = ones, .eval = zdt1},
        {.n = 30, .objectives = 2, .low = zeros, .high = ones, .eval = zdt2},
        {.n = 30, .objectives = 2, .low = zeros, .high = ones, .eval = zdt3},
        {.n = 10, .objectives = 2, .low = zdt4_low, .high = zdt4_high, .eval = zdt4},
        {.n = 10, .objectives = 2, .low = zeros, .high = ones, .eval = zdt6},
        {.n = 7, .objectives = 3, .low = zeros, .high = ones, .eval = dtlz1},
        {.n = 12, .objectives = 3, .low = zeros, .high = ones, .eval = dtlz2},
    };
    return &problems[which];
}

/* Where the front of ZDT3 lies, and where that of ZDT6 begins: minima of its second objective over what comes
 * before. */
static const double zdt3_parts[5][2] = {{0.0, 0.0830015349},
                                        {0.1822287280, 0.2577623634},
                                        {0.4093136748, 0.4538821041},
                                        {0.6183967944, 0.6525117038},
                                        {0.8233317983, 0.8518328654}};

void gw_test_problems_front(enum gw_test_problem which, uint32_t n, double *out)
{
    for (uint32_t i = 0; i < n; i++) {
        const double at = (double)i / (n - 1);
        double f1 = at;
        if (which == GW_TEST_ZDT3) {
            const uint32_t part = i * 5 / n;
            f1 = zdt3_parts[part][0] + (at * 5.0 - part > 1.0 ? 1.0 : at * 5.0 - part) *
                                           (zdt3_parts[part][1] - zdt3_parts[part][0]);
        } else if (which == GW_TEST_ZDT6) {
            f1 = 0.2807753191 + at * (1.0 - 0.2807753191);
        }
        out[2 * i] = f1;
        out[2 * i + 1] = which == GW_TEST_ZDT2 || which == GW_TEST_ZDT6 ? 1.0 - f1 * f1
                         : which == GW_TEST_ZDT3 ? 1.0 - sqrt(f1) - f1 * sin(10.0 * pi * f1)
                                                 : 1.0 - sqrt(f1);
    }
}
