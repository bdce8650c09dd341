#include "traces/tmy3.h"

#include <math.h>

#include "sim/base/number.h"
#include "traces/lines.h"
#include "traces/typical.h"

#define MISSING_BELOW (-900.0)
#define MISSING_ABOVE 1e6

static const struct {
    const char *name;
    double scale;
} columns[GW_METEO_COLUMNS] = {
    [GW_METEO_DRY_BULB_C] = {"Dry-bulb (", 1},   [GW_METEO_DEW_POINT_C] = {"Dew-point (", 1},
    [GW_METEO_HUMIDITY_FRAC] = {"RHum (", 0.01}, [GW_METEO_PRESSURE_PA] = {"Pressure (", 100},
    [GW_METEO_CLOUD_FRAC] = {"TotCld (", 0.1},   [GW_METEO_WIND_M_PER_S] = {"Wspd (", 1},
    [GW_METEO_GHI_W_PER_M2] = {"GHI (", 1},
};

static enum gw_status read_header(struct gw_lines *lines, struct gw_meteo *out,
                                  size_t field[GW_METEO_COLUMNS], struct gw_error *err)
{
    if (!gw_lines_next(lines)) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "the file is empty");
    }
    out->utc_offset_h = gw_lines_number(lines, 3);
    out->lat_deg = gw_lines_number(lines, 4);
    out->lon_deg = gw_lines_number(lines, 5);
    out->elevation_m = gw_lines_number(lines, 6);
    if (!(fabs(out->utc_offset_h) <= 14)) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "field 4 is not a UTC offset in hours");
    }
    if (!gw_lines_next(lines)) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "the line with the names of columns is missing");
    }
    for (int c = 0; c < GW_METEO_COLUMNS; c++) {
        field[c] = gw_lines_find(lines, columns[c].name);
    }
    if (field[GW_METEO_DRY_BULB_C] == lines->n) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "no column \"%sC)\"",
                             columns[GW_METEO_DRY_BULB_C].name);
    }
    return GW_OK;
}

/* "01/31/1988" -> 1, 31; "24:00" -> 24. NAN for what is none. */
static double leading_number(struct gw_scan_field f, size_t skip, char until)
{
    double x;
    if (f.n <= skip) {
        return (double)NAN;
    }
    const size_t n = gw_number_read(f.at + skip, f.n - skip, &x);
    return n > 0 && skip + n < f.n && f.at[skip + n] == until ? x : (double)NAN;
}

static double read_value(const struct gw_lines *lines, int c, size_t field)
{
    const double x = gw_lines_number(lines, field);
    return x > MISSING_BELOW && x < MISSING_ABOVE ? x * columns[c].scale : (double)NAN;
}

enum gw_status gw_tmy3_parse(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                             struct gw_arena *arena, struct gw_error *err)
{
    struct gw_lines lines;
    gw_lines_init(&lines, bytes, n, name);
    size_t field[GW_METEO_COLUMNS];
    enum gw_status s = read_header(&lines, out, field, err);
    if (s == GW_OK) {
        s = gw_typical_begin(out, name, arena, err);
    }
    struct gw_typical year = {0};
    while (s == GW_OK && gw_lines_next(&lines)) {
        if (lines.n < 2) {
            continue; /* blank lines at the end */
        }
        size_t row;
        s = gw_typical_next(&year, &lines, leading_number(lines.field[0], 0, '/'),
                            leading_number(lines.field[0], 3, '/'), leading_number(lines.field[1], 0, ':'),
                            &row, err);
        for (int c = 0; s == GW_OK && row < out->n && c < GW_METEO_COLUMNS; c++) {
            out->value[c][row] = read_value(&lines, c, field[c]);
        }
    }
    return s == GW_OK ? gw_typical_end(&year, &lines, err) : s;
}
