#include "traces/trace_json.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/number.h"
#include "traces/trace_clock.h"

#define LB_PER_MWH 0.45359237 /* in g/kWh; 1 lb = 453.59237 g exactly */

struct source {
    json_t *root, *rows; /* rows: the array of items */
    const struct gw_trace_options *options;
    struct gw_trace *trace;
    struct gw_trace_rows *out;
    struct gw_arena *arena;
    struct gw_error *err;
    const struct layout *layout;
    struct gw_trace_stamps stamps;
    struct gw_trace_clock clock;
    double scale;
    bool naive;
};

struct layout {
    const char *format;
    const char *time, *value, *area; /* keys of an item; the value may lie in an object: "intensity.actual" */
    const char *name;                /* of the column; NULL: told by setup */
    const char *value2, *name2;      /* a second one, or NULL */
    enum gw_status (*setup)(struct source *s, json_t *first);
    const char *note;
};

__attribute__((format(printf, 4, 5))) static enum gw_status
fail(const struct source *s, enum gw_status status, size_t item, const char *fmt, ...)
{
    struct gw_error e;
    snprintf(e.where, sizeof e.where, item > 0 ? "%s: item %zu" : "%s", s->trace->file, item);
    va_list args;
    va_start(args, fmt);
    vsnprintf(e.why, sizeof e.why, fmt, args);
    va_end(args);
    return gw_fail(s->err, status, e.where, "%s", e.why);
}

/* Text of a key, NULL when there is none. */
static const char *text_of(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* --- what each service says about its values ---------------------------------------------------- */

static enum gw_status set_column(struct source *s, const char *name)
{
    s->trace->column[0].name = name;
    return GW_OK;
}

static enum gw_status setup_electricity_maps(struct source *s, json_t *first)
{
    const char *type = text_of(first, "emissionFactorType");
    type = type != NULL ? type : text_of(s->root, "emissionFactorType");
    if (type == NULL && !gw_trace_add(s->trace, s->arena, GW_TRACE_UNIT, GW_TRACE_NOTE, NULL, 0, 0,
                                      "no emissionFactorType: taken as lifecycle, the service's default")) {
        return fail(s, GW_ERR_NOMEM, 0, "out of memory");
    }
    return set_column(s, type != NULL && strcmp(type, "direct") == 0 ? "ci_direct_gco2_per_kwh"
                                                                     : "ci_lifecycle_gco2_per_kwh");
}

static enum gw_status setup_watttime(struct source *s, json_t *first)
{
    json_t *meta = json_object_get(s->root, "meta");
    const char *units = text_of(meta, "units"), *signal = text_of(meta, "signal_type");
    const char *datatype = text_of(first, "datatype");
    if (units != NULL && strcmp(units, "lbs_co2_per_mwh") != 0) {
        return fail(s, GW_ERR_RANGE, 0, "units are \"%.40s\" instead of lbs_co2_per_mwh", units);
    }
    if (units == NULL && datatype == NULL) {
        return fail(s, GW_ERR_SYNTAX, 0, "neither meta.units nor datatype: the unit is not known");
    }
    s->scale = LB_PER_MWH;
    if (signal != NULL && strcmp(signal, "co2_aoer") == 0) {
        return set_column(s, "ci_direct_gco2_per_kwh");
    }
    if ((signal != NULL && strcmp(signal, "co2_moer") != 0) ||
        (datatype != NULL && strcmp(datatype, "MOER") != 0)) {
        return fail(s, GW_ERR_RANGE, 0, "the signal is \"%.40s\", neither co2_moer nor co2_aoer",
                    signal != NULL ? signal : datatype);
    }
    return set_column(s, "ci_marginal_direct_gco2_per_kwh");
}

static const struct layout layouts[] = {
    {"electricity-maps-api", "datetime", "carbonIntensity", "zone", NULL, NULL, NULL, setup_electricity_maps,
     NULL},
    {"watttime-api", "point_time", "value", "ba", NULL, NULL, NULL, setup_watttime, NULL},
    {"carbon-aware-sdk", "Time", "Rating", "Location", "ci_gco2_per_kwh", NULL, NULL, NULL,
     "ratings say neither average nor marginal, direct nor lifecycle"},
    {"carbon-aware-sdk-forecast", "timestamp", "value", "location", "ci_gco2_per_kwh", NULL, NULL, NULL,
     "a forecast, not what came"},
    {"uk-neso", "from", "intensity.actual", NULL, "ci_direct_gco2_per_kwh", "intensity.forecast",
     "forecast_ci_direct_gco2_per_kwh", NULL, NULL},
};

/* --- items -------------------------------------------------------------------------------------- */

/* The value of "a" or "a.b". */
static json_t *look_up(json_t *object, const char *path)
{
    char head[32];
    const char *dot = strchr(path, '.');
    if (dot == NULL) {
        return json_object_get(object, path);
    }
    snprintf(head, sizeof head, "%.*s", (int)(dot - path), path);
    return json_object_get(json_object_get(object, head), dot + 1);
}

static enum gw_status read_value(const struct source *s, json_t *item, const char *key, size_t at,
                                 double *out)
{
    json_t *value = look_up(item, key);
    *out = (double)NAN;
    if (value == NULL || json_is_null(value)) {
        return GW_OK;
    }
    double x = json_number_value(value);
    if (!json_is_number(value) &&
        (!json_is_string(value) || !gw_number_parse(json_string_value(value), &x))) {
        return fail(s, GW_ERR_TYPE, at, "%s is not a number", key);
    }
    *out = x * s->scale;
    return isfinite(*out) ? GW_OK : fail(s, GW_ERR_RANGE, at, "%s is too large", key);
}

static enum gw_status read_time(struct source *s, json_t *item, size_t at, gw_time_us *us)
{
    const char *text = text_of(item, s->layout->time);
    bool zoned;
    if (text == NULL) {
        return fail(s, GW_ERR_SYNTAX, at, "%s is missing", s->layout->time);
    }
    if (!gw_trace_clock_read(&s->stamps, text, strlen(text), us, &zoned)) {
        return fail(s, GW_ERR_SYNTAX, at, "%s is not a time", s->layout->time);
    }
    if (!zoned && s->options->clock != NULL) {
        bool skipped = false;
        *us = gw_trace_clock_utc(&s->clock, *us, false, &skipped);
    }
    s->naive = s->naive || (!zoned && s->options->clock == NULL);
    return GW_OK;
}

/* False when the item is of another area than the wanted one. */
static enum gw_status check_area(struct source *s, const char *area, size_t at, bool *wanted)
{
    const char *const chosen = s->options->area != NULL ? s->options->area : s->trace->area;
    *wanted = true;
    if (area == NULL) {
        return GW_OK;
    }
    if (chosen == NULL || strcmp(chosen, area) == 0) {
        s->trace->area = chosen != NULL ? chosen : gw_arena_text(s->arena, area);
        return s->trace->area != NULL ? GW_OK : fail(s, GW_ERR_NOMEM, 0, "out of memory");
    }
    *wanted = false;
    return s->options->area != NULL
               ? GW_OK
               : fail(s, GW_ERR_SYNTAX, at, "an item of %.40s after items of %.40s: choose an area", area,
                      chosen);
}

static enum gw_status read_item(struct source *s, json_t *item, size_t at)
{
    bool wanted = true;
    gw_time_us us = 0;
    double value[2] = {(double)NAN, (double)NAN};
    enum gw_status status = GW_OK;
    if (s->layout->area != NULL) {
        status = check_area(s, text_of(item, s->layout->area), at, &wanted);
    }
    if (status != GW_OK || !wanted) {
        return status;
    }
    status = read_time(s, item, at, &us);
    if (status == GW_OK) {
        status = read_value(s, item, s->layout->value, at, &value[0]);
    }
    if (status == GW_OK && s->layout->value2 != NULL) {
        status = read_value(s, item, s->layout->value2, at, &value[1]);
    }
    if (status != GW_OK) {
        return status;
    }
    struct gw_trace_row *row = gw_trace_rows_add(s->out, us, (uint32_t)at);
    if (row == NULL) {
        return fail(s, GW_ERR_NOMEM, 0, "out of memory");
    }
    memcpy(row->value, value, s->out->width * sizeof *value);
    s->trace->estimated += json_is_true(json_object_get(item, "isEstimated"));
    return GW_OK;
}

/* --- the whole ---------------------------------------------------------------------------------- */

/* The array of items, wherever the service puts it; a single object is an array of one. */
static enum gw_status find_rows(struct source *s, json_t *single)
{
    static const char *const lists[] = {"data", "history", "Emissions", "forecastData"};
    json_t *root = s->root;
    if (json_is_array(root) && json_object_get(json_array_get(root, 0), "forecastData") != NULL) {
        if (json_array_size(root) > 1) {
            return fail(s, GW_ERR_SYNTAX, 0, "more than one forecast");
        }
        root = s->root = json_array_get(root, 0);
    }
    s->rows = json_is_array(root) ? root : NULL;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && s->rows == NULL; i++) {
        json_t *list = json_object_get(root, lists[i]);
        s->rows = json_is_array(list) ? list : NULL;
    }
    if (s->rows == NULL) {
        (void)json_array_append(single, root);
        s->rows = single;
    }
    return GW_OK;
}

static enum gw_status find_layout(struct source *s)
{
    json_t *first = json_array_get(s->rows, 0);
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0] && s->layout == NULL; i++) {
        if (json_object_get(first, layouts[i].time) != NULL && look_up(first, layouts[i].value) != NULL) {
            s->layout = &layouts[i];
        }
    }
    if (s->layout == NULL) {
        return fail(s, GW_ERR_SYNTAX, 0, "items are of no service that is known here");
    }
    s->trace->format = s->layout->format;
    s->trace->columns = s->out->width = s->layout->value2 != NULL ? 2 : 1;
    s->trace->column = gw_arena_array(s->arena, 2, sizeof *s->trace->column);
    if (s->trace->column == NULL) {
        return fail(s, GW_ERR_NOMEM, 0, "out of memory");
    }
    s->trace->column[0].name = s->layout->name;
    s->trace->column[1].name = s->layout->name2;
    return s->layout->setup == NULL ? GW_OK : s->layout->setup(s, first);
}

/* The area when it stands above the items. */
static enum gw_status find_area(struct source *s)
{
    static const char *const keys[] = {"zone", "location"};
    const char *area = text_of(json_object_get(s->root, "meta"), "region");
    bool wanted;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && area == NULL; i++) {
        area = text_of(s->root, keys[i]);
    }
    const enum gw_status status = check_area(s, area, 0, &wanted);
    return status != GW_OK || wanted ? status : fail(s, GW_ERR_UNKNOWN, 0, "the area is %.60s", area);
}

static bool note(struct source *s)
{
    bool ok = true;
    if (s->layout->note != NULL) {
        ok = gw_trace_add(s->trace, s->arena, GW_TRACE_UNIT, GW_TRACE_NOTE, NULL, s->out->n, 0, "%s",
                          s->layout->note);
    }
    if (ok && s->naive) {
        ok = gw_trace_add(s->trace, s->arena, GW_TRACE_TIME_BASE, GW_TRACE_NOTE, NULL, s->out->n, 0,
                          "stamps say no zone and no clock was given: read as UTC");
    }
    return ok;
}

static enum gw_status read_all(struct source *s, json_t *single)
{
    enum gw_status status = find_rows(s, single);
    if (status == GW_OK) {
        status = find_layout(s);
    }
    if (status == GW_OK) {
        status = find_area(s);
    }
    for (size_t i = 0; status == GW_OK && i < json_array_size(s->rows); i++) {
        status = read_item(s, json_array_get(s->rows, i), i + 1);
    }
    return status != GW_OK || note(s) ? status : fail(s, GW_ERR_NOMEM, 0, "out of memory");
}

enum gw_status gw_trace_json_read(const char *bytes, size_t n, const struct gw_trace_options *options,
                                  struct gw_trace *trace, struct gw_trace_rows *rows, bool *naive,
                                  struct gw_arena *arena, struct gw_error *err)
{
    struct source s = {
        .options = options, .trace = trace, .out = rows, .arena = arena, .err = err, .scale = 1};
    trace->line_word = "item";
    if (options->clock != NULL && !gw_trace_clock_find(options->clock, &s.clock)) {
        return fail(&s, GW_ERR_UNKNOWN, 0, "there is no clock \"%.40s\" here", options->clock);
    }
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        n -= 3;
    }
    json_error_t error;
    json_t *const root = json_loadb(bytes, n, 0, &error);
    if (root == NULL) {
        char where[sizeof err->where];
        snprintf(where, sizeof where, "%s:%d:%d", trace->file, error.line, error.column);
        return gw_fail(err, GW_ERR_SYNTAX, where, "%s", error.text);
    }
    json_t *const single = json_array();
    s.root = root;
    const enum gw_status status =
        single == NULL ? fail(&s, GW_ERR_NOMEM, 0, "out of memory") : read_all(&s, single);
    json_decref(single);
    json_decref(root);
    *naive = s.naive;
    return status;
}
