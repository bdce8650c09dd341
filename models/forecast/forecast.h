/* models/forecast/forecast.h - what a policy is told of a signal's future: carbon, price, water, demand.
 *
 *   perfect                                  the truth; an oracle, which no real policy has
 *   persistence                              what was a day before, or { method: persistence, lag: 168 h }
 *   climatology                              the mean of the same hours of the days before (days: 7)
 *   { method: noisy, sigma: 0.1 }            the truth with errors that grow with the lead
 *   { method: table, path: ahead.csv }       somebody else's forecast, for the same instants
 *
 * Noise, with h the lead in hours and y the truth:
 *
 *   f       = y + max(|y|, floor) (bias + sigma_h xi)
 *   sigma_h = sigma sqrt((1 - exp(-2 h / tau)) / (1 - exp(-48 / tau)))
 *
 * xi is standard normal, AR(1) along the hours forecast (`along`, 0.95) and correlated from one issue to the
 * next (`refresh`, 0.8; issues come hourly): it is a sum over past issues of streams keyed by (signal,
 * issue). The mean absolute error at a day ahead is 0.8 sigma. A truth >= 0 is never forecast below 0.
 *
 * A forecast is a pure function of (truth, now, lead, key). Persistence and climatology use only what lies
 * before now; where that is not known (a run at the begin of its data) the present value stands in.
 * docs/models/forecast.md. */
#ifndef GW_MODELS_FORECAST_FORECAST_H
#define GW_MODELS_FORECAST_FORECAST_H

#include <stdbool.h>

#include "sim/core/clock.h"
#include "sim/tree/bind.h"
#include "traces/csv.h"

extern const struct gw_type gw_forecast_type; /* NAMED; key `method` */

/* What is forecast. `mean` over [from, to), NAN where it is not known. */
struct gw_forecast_truth {
    double (*mean)(const void *of, gw_time_us from_unix_us, gw_time_us to_unix_us);
    const void *of;
    gw_time_us first_unix_us; /* of the run: what comes before it is seen as it was then, unless known */
};

/* Ready to be asked. */
struct gw_forecast {
    const struct gw_named *method;
    const struct gw_series *table; /* of the column asked for; NULL: no table */
};

/* The file of a table, once for all sites; zeroed for the other methods. Files come through `source`, NULL:
 * from the disk. */
struct gw_source;
GW_MUST_USE enum gw_status gw_forecast_read(const struct gw_named *method, const struct gw_source *source,
                                            struct gw_csv *out, struct gw_arena *arena, struct gw_error *err);

/* `column` names the signal in the table ("oregon_gco2_per_kwh"). */
GW_MUST_USE enum gw_status gw_forecast_make(const struct gw_named *method, const struct gw_csv *table,
                                            const char *column, struct gw_forecast *out,
                                            struct gw_error *err);

/* Means over n equal intervals from now on; key: of this signal's noise in this run. Where neither forecast
 * nor truth reaches, the interval before is repeated. */
void gw_forecast_row(const struct gw_forecast *self, const struct gw_forecast_truth *truth, uint64_t key,
                     gw_time_us now_unix_us, gw_time_us interval_us, uint32_t n, double *out);

/* True when the forecast is the truth. */
bool gw_forecast_is_oracle(const struct gw_named *method);

/* "perfect (an oracle)", "noisy, 10 % a day ahead": for people. At most 80 bytes. */
enum { GW_FORECAST_TEXT_MAX = 80 };
void gw_forecast_print(const struct gw_named *method, char *out);

/* The weather is forecast as a whole: perfect, or as it was `lag` before. */
extern const struct gw_type gw_forecast_weather_type; /* NAMED */
gw_time_us gw_forecast_weather_lag(const struct gw_named *method);

#endif
