#include "traces/meteo.h"

#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "traces/csv.h"
#include "traces/epw.h"
#include "traces/lines.h"
#include "traces/openmeteo.h"
#include "traces/tmy3.h"

const char *const gw_meteo_names[] = {
    "dry_bulb_c", "dew_point_c",  "humidity_frac", "pressure_pa",
    "cloud_frac", "wind_m_per_s", "ghi_w_per_m2",  NULL,
};

bool gw_meteo_add_column(struct gw_meteo *self, enum gw_meteo_column column, struct gw_arena *arena)
{
    double *value = gw_arena_array(arena, self->n, sizeof *value);
    if (value == NULL) {
        return false;
    }
    for (size_t i = 0; i < self->n; i++) {
        value[i] = (double)NAN;
    }
    self->value[column] = value;
    return true;
}

/* geowatt's own form: stamps are the starts of intervals, a value stands in the middle of its own. */
static enum gw_status parse_own(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                struct gw_arena *arena, struct gw_error *err)
{
    struct gw_csv csv;
    const enum gw_status s = gw_csv_parse(bytes, n, name, true, &csv, arena, err);
    if (s != GW_OK) {
        return s;
    }
    if (csv.columns == 0 || csv.series[0].n == 0) {
        return gw_fail(err, GW_ERR_SYNTAX, name, "no columns or no rows");
    }
    *out = (struct gw_meteo){
        .lat_deg = (double)NAN,
        .lon_deg = (double)NAN,
        .elevation_m = (double)NAN,
        .first_unix_us = csv.series[0].start_unix_us + csv.series[0].step_us / 2,
        .step_us = csv.series[0].step_us,
        .n = csv.series[0].n,
    };
    bool any = false;
    for (int c = 0; c < GW_METEO_COLUMNS; c++) {
        for (uint32_t i = 0; i < csv.columns; i++) {
            if (strcmp(csv.name[i], gw_meteo_names[c]) != 0) {
                continue;
            }
            if (!gw_meteo_add_column(out, (enum gw_meteo_column)c, arena)) {
                return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
            }
            memcpy(out->value[c], csv.series[i].value, out->n * sizeof *out->value[c]);
            any = true;
        }
    }
    return any ? GW_OK : gw_fail(err, GW_ERR_UNKNOWN, name, "no column of weather such as dry_bulb_c");
}

/* The field by which a TMY3 file is known is in its second line. */
static bool is_tmy3(struct gw_lines lines)
{
    return gw_lines_next(&lines) && gw_lines_next(&lines) && gw_lines_begins(&lines, 0, "Date (MM/DD/YYYY)");
}

static enum gw_status parse_any(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                struct gw_arena *arena, struct gw_error *err)
{
    struct gw_lines lines;
    gw_lines_init(&lines, bytes, n, name);
    const struct gw_lines whole = lines;
    if (!gw_lines_next(&lines)) {
        return gw_fail(err, GW_ERR_SYNTAX, name, "the file is empty");
    }
    if (gw_lines_begins(&lines, 0, "{")) {
        return gw_openmeteo_parse_json(bytes, n, name, out, arena, err);
    }
    if (gw_lines_is(&lines, 0, "LOCATION")) {
        return gw_epw_parse(bytes, n, name, out, arena, err);
    }
    if (gw_lines_is(&lines, 0, "latitude") || gw_lines_is(&lines, 0, "time")) {
        return gw_openmeteo_parse_csv(bytes, n, name, out, arena, err);
    }
    return is_tmy3(whole) ? gw_tmy3_parse(bytes, n, name, out, arena, err)
                          : parse_own(bytes, n, name, out, arena, err);
}

enum gw_status gw_meteo_parse(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                              struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_meteo){0};
    const enum gw_status s = parse_any(bytes, n, name, out, arena, err);
    if (s != GW_OK) {
        *out = (struct gw_meteo){0};
    }
    return s;
}
