#include "models/forecast/forecast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

enum {
    ISSUES = 24,    /* past ones that are mixed: 0.8^24 = 0.5 % */
    HOURS_MAX = 64, /* beyond, errors stay as they are at that hour */
    TABLE_BYTES_MAX = 1 << 28,
};

static const gw_time_us day_us = 24 * GW_US_PER_H;

/* --- parameter tables --------------------------------------------------------------------------- */

struct persistence {
    gw_time_us lag_us;
};

struct climatology {
    int64_t days;
};

struct noisy {
    double sigma, bias, floor, tau_h, along, refresh;
};

struct white {
    double deviation;
};

struct table {
    const char *path;
};

static const struct gw_type lag = {
    .kind = GW_SPAN, .size = sizeof(gw_time_us), .unit = "s", .min = 3600, .max = 366.0 * 86400};
static const struct gw_type days = {.kind = GW_INT, .size = sizeof(int64_t), .min = 1, .max = 366};
static const struct gw_type frac = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 2};
static const struct gw_type signed_frac = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = -0.9, .max = 10};
static const struct gw_type level = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1e9};
static const struct gw_type hours = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "h", .min = 0.1, .max = 10000};
static const struct gw_type correlation = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 0.9999};
static const struct gw_type path = {.kind = GW_PATH, .size = sizeof(const char *)};

static const struct gw_field persistence_fields[] = {
    GW_FIELD_AS(struct persistence, "lag", lag_us, &lag, "24 h",
                "How long before the same was seen; multiples of it where that is still ahead",
                "round number"),
    GW_FIELD_END,
};
static const struct gw_field climatology_fields[] = {
    GW_FIELD(struct climatology, days, &days, "7", "How many days before are averaged", "round number"),
    GW_FIELD_END,
};
static const struct gw_field noisy_fields[] = {
    GW_FIELD(struct noisy, sigma, &frac, "0.1",
             "Standard deviation of the relative error a day ahead; the mean absolute error is 0.8 of it",
             "round number"),
    GW_FIELD(struct noisy, bias, &signed_frac, "0", "Mean of the relative error", NULL),
    GW_FIELD(struct noisy, floor, &level, "0",
             "Errors are relative to the signal, but at least to this much of it, in its own unit", NULL),
    GW_FIELD_AS(struct noisy, "tau", tau_h, &hours, "12 h", "How fast the error grows with the lead",
                "round number"),
    GW_FIELD(struct noisy, along, &correlation, "0.95", "Correlation of the errors of neighbouring hours",
             "round number"),
    GW_FIELD(struct noisy, refresh, &correlation, "0.8", "Correlation of the errors of successive issues",
             "round number"),
    GW_FIELD_END,
};
static const struct gw_field white_fields[] = {
    GW_FIELD(struct white, deviation, &level, NULL, "Standard deviation, in the signal's own unit", NULL),
    GW_FIELD_END,
};
static const struct gw_field table_fields[] = {
    GW_FIELD(struct table, path, &path, NULL,
             "CSV of values for times ahead: time_utc and a column NAME_UNIT per site or demand row", NULL),
    GW_FIELD_END,
};

static const struct gw_type perfect_type = {.kind = GW_OBJ, .doc = "The truth: an oracle"};
static const struct gw_type persistence_type = {.kind = GW_OBJ,
                                                .size = sizeof(struct persistence),
                                                .of = persistence_fields,
                                                .doc = "What was seen some time before"};
static const struct gw_type climatology_type = {.kind = GW_OBJ,
                                                .size = sizeof(struct climatology),
                                                .of = climatology_fields,
                                                .doc = "The mean of the same hours of the days before"};
static const struct gw_type noisy_type = {.kind = GW_OBJ,
                                          .size = sizeof(struct noisy),
                                          .of = noisy_fields,
                                          .doc = "The truth with errors that grow with the lead"};
static const struct gw_type white_type = {.kind = GW_OBJ,
                                          .size = sizeof(struct white),
                                          .of = white_fields,
                                          .doc = "The truth with an error of its own in each interval"};
static const struct gw_type table_type = {
    .kind = GW_OBJ, .size = sizeof(struct table), .of = table_fields, .doc = "A forecast read from a file"};

static const struct {
    const char *name;
    const struct gw_type *type;
} methods[] = {
    {"perfect", &perfect_type},
    {"persistence", &persistence_type},
    {"climatology", &climatology_type},
    {"noisy", &noisy_type},
    {"white", &white_type},
    {"table", &table_type},
};
enum { METHODS = sizeof methods / sizeof methods[0], WEATHER_METHODS = 2 };

static const struct gw_type *find_method(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(methods[i].name, name) == 0) {
            return methods[i].type;
        }
    }
    return NULL;
}

static const struct gw_type *method_type(const char *name)
{
    return find_method(name, METHODS);
}

static const struct gw_type *weather_method_type(const char *name)
{
    return find_method(name, WEATHER_METHODS);
}

static const char *const *method_names(void)
{
    static const char *const names[] = {"perfect", "persistence", "climatology", "noisy",
                                        "white",   "table",       NULL};
    return names;
}

static const char *const *weather_method_names(void)
{
    static const char *const names[] = {"perfect", "persistence", NULL};
    return names;
}

const struct gw_type gw_forecast_type = {.kind = GW_NAMED,
                                         .size = sizeof(struct gw_named),
                                         .key = "method",
                                         .named = method_type,
                                         .names = method_names};
const struct gw_type gw_forecast_weather_type = {.kind = GW_NAMED,
                                                 .size = sizeof(struct gw_named),
                                                 .key = "method",
                                                 .named = weather_method_type,
                                                 .names = weather_method_names};

/* --- noise -------------------------------------------------------------------------------------- */

/* xi at the hours 0 .. n-1 from the issue's own hour on. Each issue brings an AR(1) sequence of its own; what
 * is seen now is their geometric mixture over past issues, so that both correlations hold and nothing is
 * remembered between calls. */
static void draw_errors(const struct noisy *cfg, uint64_t key, int64_t issue, uint32_t n, double *xi)
{
    for (uint32_t h = 0; h < n; h++) {
        xi[h] = 0.0;
    }
    const double step = sqrt(1.0 - cfg->along * cfg->along);
    double weight = 1.0, weights = 0.0;
    for (uint32_t back = 0; back < ISSUES && weight > 5e-3; back++, weight *= cfg->refresh) {
        struct gw_rng rng;
        gw_rng_init(&rng, gw_rng_mix(key ^ gw_rng_mix((uint64_t)(issue - (int64_t)back))));
        double x = gw_rng_normal(&rng);
        for (uint32_t h = 0; h < back + n; h++) {
            if (h >= back) { /* the same hours of the calendar */
                xi[h - back] += weight * x;
            }
            x = cfg->along * x + step * gw_rng_normal(&rng);
        }
        weights += weight * weight;
    }
    for (uint32_t h = 0; h < n; h++) {
        xi[h] /= sqrt(weights);
    }
}

static double sigma_at(const struct noisy *cfg, double lead_h)
{
    const double day = 1.0 - exp(-48.0 / cfg->tau_h);
    return cfg->sigma * sqrt((1.0 - exp(-2.0 * lead_h / cfg->tau_h)) / day);
}

static int64_t hour_of(gw_time_us unix_us)
{
    const gw_time_us into_us = unix_us % GW_US_PER_H;
    return (unix_us - (into_us < 0 ? into_us + GW_US_PER_H : into_us)) / GW_US_PER_H;
}

/* --- methods: the mean over [from, to) as seen at now, NAN when it cannot be said ---------------- */

/* What a meter shows at this moment. Before the run's data begin, what they begin with. */
static double present(const struct gw_forecast_truth *truth, gw_time_us now_us, gw_time_us interval_us)
{
    const gw_time_us at_us = now_us > truth->first_unix_us ? now_us : truth->first_unix_us;
    return truth->mean(truth->of, at_us, at_us + interval_us);
}

/* One lag ahead or more: as many lags back as bring the whole interval before now. */
static double persisted(const struct gw_forecast_truth *truth, gw_time_us lag_us, gw_time_us now_us,
                        gw_time_us from_us, gw_time_us interval_us)
{
    const gw_time_us ahead_us = from_us + interval_us - now_us;
    const gw_time_us lags = (ahead_us + lag_us - 1) / lag_us;
    const double seen =
        truth->mean(truth->of, from_us - lags * lag_us, from_us - lags * lag_us + interval_us);
    return isnan(seen) ? present(truth, now_us, interval_us) : seen;
}

static double usual(const struct gw_forecast_truth *truth, int64_t n_days, gw_time_us now_us,
                    gw_time_us from_us, gw_time_us interval_us)
{
    const gw_time_us first_lag = (from_us + interval_us - now_us + day_us - 1) / day_us;
    double sum = 0.0, known = 0.0;
    for (int64_t k = 0; k < n_days; k++) {
        const gw_time_us back_us = (first_lag + k) * day_us;
        const double seen = truth->mean(truth->of, from_us - back_us, from_us - back_us + interval_us);
        if (!isnan(seen)) {
            sum += seen;
            known += 1.0;
        }
    }
    return known > 0.0 ? sum / known : present(truth, now_us, interval_us);
}

static double disturbed(const struct noisy *cfg, double y, double lead_h, double xi)
{
    const double f = y + fmax(fabs(y), cfg->floor) * (cfg->bias + sigma_at(cfg, lead_h) * xi);
    return y >= 0.0 ? fmax(f, 0.0) : f;
}

/* An interval's error is the same in all issues, and errors of two intervals have nothing in common. */
static double whitened(const struct white *cfg, uint64_t key, double y, gw_time_us from_us)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_mix(key ^ gw_rng_mix((uint64_t)from_us)));
    const double f = y + cfg->deviation * gw_rng_normal(&rng);
    return y >= 0.0 ? fmax(f, 0.0) : f;
}

static double true_mean(const struct gw_forecast_truth *truth, gw_time_us from_us, gw_time_us interval_us)
{
    const gw_time_us at_us = from_us > truth->first_unix_us ? from_us : truth->first_unix_us;
    const double known = truth->mean(truth->of, from_us, from_us + interval_us);
    return isnan(known) ? truth->mean(truth->of, at_us, at_us + interval_us) : known;
}

/* --- interface ---------------------------------------------------------------------------------- */

void gw_forecast_row(const struct gw_forecast *self, const struct gw_forecast_truth *truth, uint64_t key,
                     gw_time_us now_unix_us, gw_time_us interval_us, uint32_t n, double *out)
{
    const struct gw_type *type = self->method->type;
    const void *cfg = self->method->cfg;
    double xi[HOURS_MAX];
    const int64_t issue = hour_of(now_unix_us);
    uint32_t hours_drawn = 0;
    if (type == &noisy_type) {
        const int64_t last = hour_of(now_unix_us + (gw_time_us)n * interval_us) - issue + 1;
        hours_drawn = last < HOURS_MAX ? (uint32_t)last : HOURS_MAX;
        draw_errors(cfg, key, issue, hours_drawn, xi);
    }
    for (uint32_t h = 0; h < n; h++) {
        const gw_time_us from_us = now_unix_us + (gw_time_us)h * interval_us;
        double f = NAN;
        if (type == &persistence_type) {
            f = persisted(truth, ((const struct persistence *)cfg)->lag_us, now_unix_us, from_us,
                          interval_us);
        } else if (type == &climatology_type) {
            f = usual(truth, ((const struct climatology *)cfg)->days, now_unix_us, from_us, interval_us);
        } else if (type == &table_type) {
            const double ahead = gw_series_mean(self->table, from_us, from_us + interval_us);
            f = isnan(ahead) ? present(truth, now_unix_us, interval_us) : ahead;
        } else {
            f = true_mean(truth, from_us, interval_us);
        }
        if (type == &noisy_type && !isnan(f)) {
            const gw_time_us middle_us = from_us + interval_us / 2;
            const int64_t hour = hour_of(middle_us) - issue;
            f = disturbed(cfg, f, gw_h_from_us(middle_us - now_unix_us),
                          xi[hour < hours_drawn ? hour : hours_drawn - 1]);
        }
        if (type == &white_type && !isnan(f)) {
            f = whitened(cfg, key, f, from_us);
        }
        out[h] = isnan(f) && h > 0 ? out[h - 1] : f;
    }
}

enum gw_status gw_forecast_read(const struct gw_named *method, const struct gw_source *source,
                                struct gw_csv *out, struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_csv){0};
    if (method->type != &table_type) {
        return GW_OK;
    }
    const struct table *table = method->cfg;
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = source == NULL
                           ? gw_file_read(table->path, TABLE_BYTES_MAX, &bytes, &n, err)
                           : source->read(source->from, table->path, TABLE_BYTES_MAX, &bytes, &n, err);
    if (s == GW_OK) {
        s = gw_csv_parse(bytes, n, table->path, true, out, arena, err);
        free(bytes);
    }
    return s;
}

enum gw_status gw_forecast_make(const struct gw_named *method, const struct gw_csv *table, const char *column,
                                struct gw_forecast *out, struct gw_error *err)
{
    *out = (struct gw_forecast){.method = method};
    if (method->type == &table_type) {
        out->table = gw_csv_column(table, column, ((const struct table *)method->cfg)->path, err);
        return out->table != NULL ? GW_OK : GW_ERR_UNKNOWN;
    }
    return GW_OK;
}

bool gw_forecast_is_oracle(const struct gw_named *method)
{
    return method->type == &perfect_type;
}

void gw_forecast_print(const struct gw_named *method, char *out)
{
    if (gw_forecast_is_oracle(method)) {
        snprintf(out, GW_FORECAST_TEXT_MAX, "perfect (an oracle)");
    } else if (method->type == &persistence_type) {
        snprintf(out, GW_FORECAST_TEXT_MAX, "persistence, as %.4g h before",
                 gw_h_from_us(((const struct persistence *)method->cfg)->lag_us));
    } else if (method->type == &climatology_type) {
        snprintf(out, GW_FORECAST_TEXT_MAX, "climatology, mean of %lld days",
                 (long long)((const struct climatology *)method->cfg)->days);
    } else if (method->type == &noisy_type) {
        snprintf(out, GW_FORECAST_TEXT_MAX, "noisy, sigma %.3g %% a day ahead",
                 100.0 * ((const struct noisy *)method->cfg)->sigma);
    } else if (method->type == &white_type) {
        snprintf(out, GW_FORECAST_TEXT_MAX, "white noise of %.4g",
                 ((const struct white *)method->cfg)->deviation);
    } else {
        GW_REQUIRE(method->type == &table_type);
        snprintf(out, GW_FORECAST_TEXT_MAX, "from a table");
    }
}

gw_time_us gw_forecast_weather_lag(const struct gw_named *method)
{
    return gw_forecast_is_oracle(method) ? 0 : ((const struct persistence *)method->cfg)->lag_us;
}
