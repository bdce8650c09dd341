#include "traces/epw.h"

#include <math.h>

#include "sim/base/units.h"
#include "traces/lines.h"
#include "traces/typical.h"

enum { HEADER_LINES = 8, MONTH = 1, DAY = 2, HOUR = 3, FIELDS_MIN = 23 };

/* Where a column stands, and which of its values count: `low` to `high`, and below `missing`. */
static const struct {
    size_t field;
    double low, high, missing, scale;
} columns[GW_METEO_COLUMNS] = {
    [GW_METEO_DRY_BULB_C] = {6, -70, 70, 99.9, 1},     [GW_METEO_DEW_POINT_C] = {7, -70, 70, 99.9, 1},
    [GW_METEO_HUMIDITY_FRAC] = {8, 0, 110, 999, 0.01}, [GW_METEO_PRESSURE_PA] = {9, 31e3, 120e3, 999999, 1},
    [GW_METEO_CLOUD_FRAC] = {22, 0, 10, 99, 0.1},      [GW_METEO_WIND_M_PER_S] = {21, 0, 40, 999, 1},
    [GW_METEO_GHI_W_PER_M2] = {13, 0, 1500, 9999, 1},
};

static enum gw_status read_header(struct gw_lines *lines, struct gw_meteo *out, struct gw_error *err)
{
    for (int i = 0; i < HEADER_LINES; i++) {
        if (!gw_lines_next(lines)) {
            return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "the file ends within its %d header lines",
                                 HEADER_LINES);
        }
        if (i == 0) {
            out->lat_deg = gw_lines_number(lines, 6);
            out->lon_deg = gw_lines_number(lines, 7);
            out->utc_offset_h = gw_lines_number(lines, 8);
            out->elevation_m = gw_lines_number(lines, 9);
            if (!(fabs(out->utc_offset_h) <= 14)) {
                return gw_lines_fail(lines, err, GW_ERR_SYNTAX,
                                     "field 9 of LOCATION is not a UTC offset in hours");
            }
        }
    }
    if (!gw_lines_is(lines, 0, "DATA PERIODS")) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "the eighth line must be DATA PERIODS");
    }
    if (gw_lines_number(lines, 2) > 1) {
        return gw_lines_fail(lines, err, GW_ERR_RANGE, "more than one interval per hour");
    }
    return GW_OK;
}

static double read_value(const struct gw_lines *lines, int c)
{
    const double x = gw_lines_number(lines, columns[c].field);
    const bool counts = x >= columns[c].low && x <= columns[c].high && x < columns[c].missing;
    return counts ? x * columns[c].scale : (double)NAN;
}

enum gw_status gw_epw_parse(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                            struct gw_arena *arena, struct gw_error *err)
{
    struct gw_lines lines;
    gw_lines_init(&lines, bytes, n, name);
    enum gw_status s = read_header(&lines, out, err);
    if (s == GW_OK) {
        s = gw_typical_begin(out, name, arena, err);
    }
    struct gw_typical year = {0};
    while (s == GW_OK && gw_lines_next(&lines)) {
        if (lines.n == 1 && lines.field[0].n == 0) {
            continue; /* blank lines at the end */
        }
        if (lines.n < FIELDS_MIN) {
            return gw_lines_fail(&lines, err, GW_ERR_SYNTAX, "%zu fields instead of 35", lines.n);
        }
        size_t row;
        s = gw_typical_next(&year, &lines, gw_lines_number(&lines, MONTH), gw_lines_number(&lines, DAY),
                            gw_lines_number(&lines, HOUR), &row, err);
        for (int c = 0; s == GW_OK && row < out->n && c < GW_METEO_COLUMNS; c++) {
            out->value[c][row] = read_value(&lines, c);
        }
    }
    return s == GW_OK ? gw_typical_end(&year, &lines, err) : s;
}
