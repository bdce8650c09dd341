/* tests/support/sample_year.h - a made-up typical year as the text of an EPW or TMY3 file.
 *
 * Hour i of the year has a dry bulb of i mod 24 degC and a dew point 5 K below; a caller may put another line
 * in place of any row. */
#ifndef GW_TESTS_SUPPORT_SAMPLE_YEAR_H
#define GW_TESTS_SUPPORT_SAMPLE_YEAR_H

#include "tests/support/near.h"

#include "sim/base/text.h"

enum { SAMPLE_YEAR_EPW_HEADER = 8, SAMPLE_YEAR_TMY3_HEADER = 2 };

static const int sample_year_month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static const char sample_year_epw_header[] =
    "LOCATION,Somewhere,XX,USA,made up,000000,40.5,-105.25,-7.0,1600.0\n"
    "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT "
    "SAVINGS,No,0,0,0\n"
    "COMMENTS 1,\"quotes, and a comma\"\nCOMMENTS 2,\nDATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n";

static const char sample_year_tmy3_header[] =
    "724666,\"SOMEWHERE, MADE UP\",XX,-7.0,40.500,-105.250,1600\n"
    "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),TotCld (tenths),Dry-bulb (C),Dew-point (C),RHum (%),"
    "Pressure (mbar),Wspd (m/s)\n";

static inline void sample_year_epw_row(struct gw_text *out, int month, int day, int hour, double dry_bulb_c)
{
    gw_text_addf(
        out,
        "1999,%d,%d,%d,60,flags,%.1f,%.1f,40,83000,0,0,300,250,0,0,0,0,0,0,180,3.5,4,4,9,999,9,9,0,0,0,0,"
        "0,0,0\n",
        month, day, hour, dry_bulb_c, dry_bulb_c - 5);
}

static inline void sample_year_tmy3_row(struct gw_text *out, int month, int day, int hour, double dry_bulb_c)
{
    gw_text_addf(out, "%02d/%02d/1988,%02d:00,250,4,%.1f,%.1f,40,830,3.5\n", month, day, hour, dry_bulb_c,
                 dry_bulb_c - 5);
}

/* The whole file; row `other_at` (from 0, -1: none) is replaced by the text `other`, which may be empty. */
static inline void sample_year(struct gw_text *out, const char *header,
                               void (*row)(struct gw_text *, int, int, int, double), int other_at,
                               const char *other)
{
    gw_text_add(out, header);
    int i = 0;
    for (int m = 0; m < 12; m++) {
        for (int d = 0; d < sample_year_month_days[m]; d++) {
            for (int h = 0; h < 24; h++, i++) {
                if (i == other_at) {
                    gw_text_add(out, other);
                } else {
                    row(out, m + 1, d + 1, h + 1, h);
                }
            }
        }
    }
    assert_false(out->failed);
}

#endif
