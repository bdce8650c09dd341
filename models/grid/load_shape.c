#include "models/grid/load_shape.h"

#include <math.h>
#include <stddef.h>

const char *const gw_load_shape_days[] = {"hot", "mixed", "winter", "britain", "flat", NULL};
const char *const gw_load_shape_years[] = {"hot",  "mixed", "winter", "britain", "europe",
                                           "flat", "south", "japan",  "tropics", NULL};

enum { HOURS = 24, MONTHS = 12 };

static const double days[GW_LOAD_DAYS][HOURS] = {
    [GW_LOAD_HOT] = {.90,  .86,  .84,  .83,  .83,  .85,  .89,  .93,  .97,  1.00, 1.03, 1.06,
                     1.08, 1.10, 1.12, 1.13, 1.13, 1.13, 1.12, 1.10, 1.08, 1.05, 1.00, .95},
    [GW_LOAD_MIX] = {.91,  .88,  .87,  .86,  .87,  .90,  .95,  .99,  1.01, 1.02, 1.04, 1.05,
                     1.05, 1.06, 1.07, 1.07, 1.08, 1.10, 1.10, 1.08, 1.06, 1.02, .98,  .94},
    [GW_LOAD_WINTER] = {.94,  .92,  .91,  .90,  .91,  .96,  1.01, 1.05, 1.06, 1.06, 1.06, 1.05,
                        1.04, 1.02, 1.01, 1.01, 1.03, 1.06, 1.07, 1.05, 1.02, .99,  .98,  .95},
    [GW_LOAD_GB] = {.80,  .77,  .76,  .76,  .78,  .85,  .98,  1.06, 1.10, 1.12, 1.13, 1.14,
                    1.14, 1.13, 1.12, 1.12, 1.15, 1.19, 1.19, 1.16, 1.10, 1.03, .95,  .86},
    [GW_LOAD_FLAT] = {.93,  .91,  .90,  .89,  .90,  .92,  .95,  .98,  1.02, 1.04, 1.06, 1.07,
                      1.07, 1.06, 1.07, 1.07, 1.06, 1.05, 1.04, 1.04, 1.04, 1.02, .99,  .96},
};

static const double years[][MONTHS] = {
    [GW_LOAD_YEAR_HOT] = {.96, .96, .87, .88, 1.00, 1.13, 1.20, 1.17, 1.06, .89, .90, .98},
    [GW_LOAD_YEAR_MIX] = {1.09, 1.04, .92, .88, .93, 1.04, 1.16, 1.12, .97, .87, .93, 1.05},
    [GW_LOAD_YEAR_WINTER] = {1.24, 1.22, 1.11, .97, .88, .83, .82, .80, .82, .95, 1.10, 1.20},
    [GW_LOAD_YEAR_GB] = {1.15, 1.10, 1.05, .93, .88, .88, .90, .88, .94, 1.00, 1.08, 1.13},
    [GW_LOAD_YEAR_EUROPE] = {1.10, 1.08, 1.03, .96, .93, .94, .97, .93, .97, .99, 1.05, 1.06},
    [GW_LOAD_YEAR_FLAT] = {.98, .99, 1, 1.01, 1.01, 1.01, 1.01, 1.01, 1, 1, .99, .99},
    [GW_LOAD_YEAR_SOUTH] = {1.04, 1.03, .98, .95, .97, 1.05, 1.06, 1.02, .95, .95, .98, 1.01},
    [GW_LOAD_YEAR_JAPAN] = {1.12, 1.08, .97, .90, .88, .95, 1.10, 1.12, 1, .90, .93, 1.06},
    [GW_LOAD_YEAR_TROPICS] = {1, 1, 1.03, 1.04, 1.05, 1.03, 1.01, 1, .98, .98, .95, .95},
};

double gw_load_shape_hour(enum gw_load_day day, int hour)
{
    double sum = 0;
    for (int h = 0; h < HOURS; h++) {
        sum += days[day][h];
    }
    return days[day][hour] * HOURS / sum;
}

const double *gw_load_shape_months(enum gw_load_year year)
{
    return years[year];
}

double gw_load_shape_at(const double month[12], double day_of_year)
{
    /* months of equal length: a leap day or February moves a middle by less than two days */
    const double m = day_of_year * MONTHS / 365.25 - 0.5;
    const double before = floor(m);
    const int from = ((int)before + MONTHS) % MONTHS;
    return month[from] + (month[(from + 1) % MONTHS] - month[from]) * (m - before);
}
