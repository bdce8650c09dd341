#include "traces/openmeteo.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/units.h"
#include "traces/lines.h"

/* --- names and units ---------------------------------------------------------------------------- */

static const struct {
    const char *name, *old_name;
    enum gw_meteo_column column;
    double scale; /* of the service's usual unit */
} columns[] = {
    {"temperature_2m", NULL, GW_METEO_DRY_BULB_C, 1},
    {"dew_point_2m", "dewpoint_2m", GW_METEO_DEW_POINT_C, 1},
    {"relative_humidity_2m", "relativehumidity_2m", GW_METEO_HUMIDITY_FRAC, 0.01},
    {"surface_pressure", NULL, GW_METEO_PRESSURE_PA, 100},
    {"cloud_cover", "cloudcover", GW_METEO_CLOUD_FRAC, 0.01},
    {"wind_speed_10m", "windspeed_10m", GW_METEO_WIND_M_PER_S, 1 / 3.6},
    {"shortwave_radiation", NULL, GW_METEO_GHI_W_PER_M2, 1},
};

/* Units beside the usual one of each column, which need no entry. */
static const struct {
    const char *unit;
    double scale, offset;
} units[] = {
    {"°F", 1 / 1.8, -32 / 1.8}, {"m/s", 1, 0},       {"ms", 1, 0},
    {"mp/h", 0.44704, 0},       {"mph", 0.44704, 0}, {"kn", 0.514444, 0},
};

/* value = scale * x + offset */
struct reading {
    int32_t column; /* -1: not ours */
    double scale, offset;
};

static bool equals(struct gw_scan_field f, const char *text)
{
    return text != NULL && f.n == strlen(text) && memcmp(f.at, text, f.n) == 0;
}

static struct reading reading_of(struct gw_scan_field name, struct gw_scan_field unit)
{
    struct reading r = {.column = -1};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (equals(name, columns[i].name) || equals(name, columns[i].old_name)) {
            r = (struct reading){(int32_t)columns[i].column, columns[i].scale, 0};
        }
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (r.column >= 0 && equals(unit, units[i].unit)) {
            r.scale = units[i].scale;
            r.offset = units[i].offset;
        }
    }
    return r;
}

/* --- times -------------------------------------------------------------------------------------- */

/* Stamps in order, one constant step apart. */
struct clock {
    gw_time_us utc_offset_us;
    gw_time_us last_unix_us;
    size_t n;
};

static enum gw_status take_time(struct clock *clock, gw_time_us unix_us, struct gw_meteo *out,
                                const char **why)
{
    const gw_time_us step_us = unix_us - clock->last_unix_us;
    if (clock->n == 0) {
        out->first_unix_us = unix_us;
    } else if (clock->n == 1) {
        out->step_us = step_us;
    }
    if (clock->n > 0 && (step_us <= 0 || step_us != out->step_us)) {
        *why = "the time does not follow the one before by the step of the first two";
        return GW_ERR_SYNTAX;
    }
    clock->last_unix_us = unix_us;
    clock->n++;
    return GW_OK;
}

/* "2023-01-01T00:00" in local time. */
static enum gw_status take_stamp(struct clock *clock, struct gw_scan_field text, struct gw_meteo *out,
                                 const char **why)
{
    char stamp[GW_CLOCK_TEXT_MAX];
    gw_time_us local_us;
    *why = "not a time such as 2023-01-01T00:00";
    if (text.n >= sizeof stamp) {
        return GW_ERR_SYNTAX;
    }
    memcpy(stamp, text.at, text.n);
    stamp[text.n] = '\0';
    if (strlen(stamp) != text.n || gw_clock_parse(stamp, &local_us, NULL) != GW_OK) {
        return GW_ERR_SYNTAX;
    }
    return take_time(clock, local_us - clock->utc_offset_us, out, why);
}

/* From the hour before each stamp to the hour about it; the last keeps its own. */
static void centre_radiation(struct gw_meteo *out)
{
    double *ghi = out->value[GW_METEO_GHI_W_PER_M2];
    for (size_t i = 0; ghi != NULL && i + 1 < out->n; i++) {
        ghi[i] = 0.5 * ghi[i] + 0.5 * ghi[i + 1];
    }
}

/* A number beyond all bounds is none. */
static double value_of(const struct reading *reading, double x)
{
    const double value = reading->scale * x + reading->offset;
    return isfinite(value) ? value : (double)NAN;
}

static struct gw_meteo nowhere(void)
{
    return (struct gw_meteo){.lat_deg = (double)NAN, .lon_deg = (double)NAN, .elevation_m = (double)NAN};
}

/* The offset must be one a zone on earth can have. */
static bool take_offset(double offset_s, struct clock *clock, struct gw_meteo *out)
{
    if (!(fabs(offset_s) <= 14 * 3600)) {
        return false;
    }
    clock->utc_offset_us = llround(offset_s) * GW_US_PER_S;
    out->utc_offset_h = offset_s / 3600;
    return true;
}

/* --- CSV ---------------------------------------------------------------------------------------- */

/* The values under latitude, longitude, elevation, utc_offset_seconds. */
static enum gw_status read_place(struct gw_lines *lines, struct clock *clock, struct gw_meteo *out,
                                 struct gw_error *err)
{
    const size_t lat = gw_lines_find(lines, "latitude"), lon = gw_lines_find(lines, "longitude");
    const size_t height = gw_lines_find(lines, "elevation"),
                 offset = gw_lines_find(lines, "utc_offset_seconds");
    if (!gw_lines_next(lines)) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "the values of latitude and so on are missing");
    }
    out->lat_deg = gw_lines_number(lines, lat);
    out->lon_deg = gw_lines_number(lines, lon);
    out->elevation_m = gw_lines_number(lines, height);
    if (!take_offset(gw_lines_number(lines, offset), clock, out)) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "utc_offset_seconds is missing or no such offset");
    }
    while (gw_lines_next(lines) && !gw_lines_is(lines, 0, "time")) {
    }
    return GW_OK;
}

/* "temperature_2m (°C)" */
static struct reading read_heading(struct gw_scan_field f)
{
    struct gw_scan_field name = f, unit = {f.at + f.n, 0};
    const char *open = memchr(f.at, '(', f.n);
    if (open != NULL && f.at[f.n - 1] == ')') {
        unit = (struct gw_scan_field){open + 1, (size_t)(f.at + f.n - open) - 2};
        name.n = (size_t)(open - f.at);
        while (name.n > 0 && name.at[name.n - 1] == ' ') {
            name.n--;
        }
    }
    return reading_of(name, unit);
}

static size_t count_rows(struct gw_lines lines)
{
    size_t n = 0;
    while (gw_lines_next(&lines)) {
        n += lines.field[0].n > 0;
    }
    return n;
}

static enum gw_status read_headings(const struct gw_lines *lines, struct reading *reading,
                                    struct gw_meteo *out, struct gw_arena *arena, struct gw_error *err)
{
    if (!gw_lines_is(lines, 0, "time")) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "no line that begins with \"time\"");
    }
    out->n = count_rows(*lines);
    for (size_t i = 1; i < lines->n; i++) {
        reading[i] = read_heading(lines->field[i]);
        if (reading[i].column >= 0 &&
            !gw_meteo_add_column(out, (enum gw_meteo_column)reading[i].column, arena)) {
            return gw_lines_fail(lines, err, GW_ERR_NOMEM, "out of memory");
        }
    }
    return GW_OK;
}

static enum gw_status read_rows(struct gw_lines *lines, const struct reading *reading, size_t n_readings,
                                struct clock *clock, struct gw_meteo *out, struct gw_error *err)
{
    while (gw_lines_next(lines)) {
        if (lines->field[0].n == 0) {
            continue;
        }
        const size_t row = clock->n;
        const char *why = NULL;
        const enum gw_status s = take_stamp(clock, lines->field[0], out, &why);
        if (s != GW_OK) {
            return gw_lines_fail(lines, err, s, "%s", why);
        }
        for (size_t i = 1; i < n_readings; i++) {
            if (reading[i].column >= 0) {
                out->value[reading[i].column][row] = value_of(&reading[i], gw_lines_number(lines, i));
            }
        }
    }
    return clock->n >= 2 ? GW_OK : gw_lines_fail(lines, err, GW_ERR_SYNTAX, "fewer than two rows");
}

enum gw_status gw_openmeteo_parse_csv(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                      struct gw_arena *arena, struct gw_error *err)
{
    struct gw_lines lines;
    gw_lines_init(&lines, bytes, n, name);
    struct clock clock = {0};
    *out = nowhere();
    enum gw_status s = GW_OK;
    if (gw_lines_next(&lines) && gw_lines_is(&lines, 0, "latitude")) {
        s = read_place(&lines, &clock, out, err);
    }
    struct reading reading[GW_LINES_FIELDS_MAX];
    const size_t n_readings = lines.n;
    if (s == GW_OK) {
        s = read_headings(&lines, reading, out, arena, err);
    }
    if (s == GW_OK) {
        s = read_rows(&lines, reading, n_readings, &clock, out, err);
    }
    if (s == GW_OK) {
        centre_radiation(out);
    }
    return s;
}

/* --- JSON --------------------------------------------------------------------------------------- */

static double number_at(const json_t *object, const char *key)
{
    const json_t *x = json_object_get(object, key);
    return json_is_number(x) ? json_number_value(x) : (double)NAN;
}

static struct gw_scan_field field_of(const char *text)
{
    return (struct gw_scan_field){text, text == NULL ? 0 : strlen(text)};
}

static enum gw_status read_times(const json_t *times, const char *name, struct clock *clock,
                                 struct gw_meteo *out, struct gw_error *err)
{
    size_t i;
    json_t *time;
    json_array_foreach(times, i, time)
    {
        const char *why = "not a time";
        enum gw_status s = GW_ERR_SYNTAX;
        if (json_is_integer(time)) {
            const json_int_t unix_s = json_integer_value(time);
            if (unix_s > -1000000000000 && unix_s < 1000000000000) {
                s = take_time(clock, unix_s * GW_US_PER_S, out, &why);
            }
        } else if (json_is_string(time)) {
            s = take_stamp(clock, field_of(json_string_value(time)), out, &why);
        }
        if (s != GW_OK) {
            return gw_fail(err, s, name, "hourly.time[%zu]: %s", i, why);
        }
    }
    return clock->n >= 2 ? GW_OK : gw_fail(err, GW_ERR_SYNTAX, name, "fewer than two times");
}

static enum gw_status read_column(const json_t *array, const char *key, struct reading reading,
                                  const char *name, struct gw_meteo *out, struct gw_arena *arena,
                                  struct gw_error *err)
{
    if (json_array_size(array) != out->n) {
        return gw_fail(err, GW_ERR_SYNTAX, name, "hourly.%s is no list of %zu values as hourly.time is", key,
                       out->n);
    }
    if (!gw_meteo_add_column(out, (enum gw_meteo_column)reading.column, arena)) {
        return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
    }
    size_t i;
    json_t *x;
    json_array_foreach(array, i, x)
    {
        if (!json_is_number(x) && !json_is_null(x)) {
            return gw_fail(err, GW_ERR_SYNTAX, name, "hourly.%s[%zu] is not a number", key, i);
        }
        if (json_is_number(x)) {
            out->value[reading.column][i] = value_of(&reading, json_number_value(x));
        }
    }
    return GW_OK;
}

static enum gw_status read_document(json_t *root, const char *name, struct gw_meteo *out,
                                    struct gw_arena *arena, struct gw_error *err)
{
    struct clock clock = {0};
    *out = nowhere();
    out->lat_deg = number_at(root, "latitude");
    out->lon_deg = number_at(root, "longitude");
    out->elevation_m = number_at(root, "elevation");
    const json_t *offset = json_object_get(root, "utc_offset_seconds");
    if (offset != NULL && !take_offset(json_number_value(offset), &clock, out)) {
        return gw_fail(err, GW_ERR_SYNTAX, name, "utc_offset_seconds is no offset of a zone on earth");
    }
    json_t *hourly = json_object_get(root, "hourly");
    const json_t *times = json_object_get(hourly, "time"), *unit_of = json_object_get(root, "hourly_units");
    if (!json_is_array(times)) {
        return gw_fail(err, GW_ERR_SYNTAX, name, "no list hourly.time");
    }
    out->n = json_array_size(times);
    enum gw_status s = read_times(times, name, &clock, out, err);
    const char *key;
    json_t *array;
    json_object_foreach(hourly, key, array)
    {
        const char *unit = json_string_value(json_object_get(unit_of, key));
        const struct reading reading = reading_of(field_of(key), field_of(unit));
        if (s == GW_OK && reading.column >= 0) {
            s = read_column(array, key, reading, name, out, arena, err);
        }
    }
    return s;
}

enum gw_status gw_openmeteo_parse_json(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                       struct gw_arena *arena, struct gw_error *err)
{
    json_error_t at;
    json_t *root = json_loadb(bytes, n, 0, &at);
    if (root == NULL) {
        char where[sizeof err->where];
        snprintf(where, sizeof where, "%s:%d:%d", name, at.line, at.column);
        return gw_fail(err, GW_ERR_SYNTAX, where, "%s", at.text);
    }
    const enum gw_status s = read_document(root, name, out, arena, err);
    json_decref(root);
    if (s == GW_OK) {
        centre_radiation(out);
    }
    return s;
}
