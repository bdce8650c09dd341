#include "models/workload/burst.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "sim/base/units.h"

static const double client_cv_min = 0.1, client_cv_max = 20.0;

/* --- parameter tables --------------------------------------------------------------------------- */

struct gamma {
    double cv;
};

struct mmpp {
    double ratio;
    gw_time_us high_us, low_us;
};

struct clients {
    int64_t count;
    double share_spread, skew, cv, cv_spread, own_lengths;
};

static const struct gw_type variation = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.05, .max = 50};
static const struct gw_type below_one = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type dwell = {
    .kind = GW_SPAN, .size = sizeof(gw_time_us), .unit = "s", .min = 0.01, .max = 86400};
static const struct gw_type client_count = {.kind = GW_INT, .size = sizeof(int64_t), .min = 1, .max = 4096};
static const struct gw_type exponent = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 5};

static const struct gw_field gamma_fields[] = {
    GW_FIELD(struct gamma, cv, &variation, "2", "Coefficient of variation of the gaps; 1 is Poisson",
             "round number"),
    GW_FIELD_END,
};
static const struct gw_field mmpp_fields[] = {
    GW_FIELD(struct mmpp, ratio, &below_one, "0", "The low rate over the high one; 0: on and off",
             "azure-llm-2023"),
    GW_FIELD_AS(struct mmpp, "high", high_us, &dwell, "9.1 s", "Mean time at the high rate",
                "azure-llm-2023"),
    GW_FIELD_AS(struct mmpp, "low", low_us, &dwell, "36.5 s", "Mean time at the low rate", "azure-llm-2023"),
    GW_FIELD_END,
};
static const struct gw_field clients_fields[] = {
    GW_FIELD(struct clients, count, &client_count, "100", "How many there are", "round number"),
    GW_FIELD(struct clients, share_spread, &exponent, "2.15",
             "Standard deviation over clients of ln of their shares", "servegen-2025"),
    GW_FIELD(struct clients, skew, &exponent, "~",
             "Instead of that: the i-th largest has a share in proportion to i to the minus this", NULL),
    GW_FIELD(struct clients, cv, &variation, "1.25",
             "Median over clients of the coefficient of variation of their gaps", "servegen-2025"),
    GW_FIELD(struct clients, cv_spread, &exponent, "1.15",
             "Standard deviation over clients of ln of that coefficient", "servegen-2025"),
    GW_FIELD(struct clients, own_lengths, &below_one, "0.3",
             "Share of the variance of prompt and answer lengths (of their normal ranks) that lies between "
             "clients",
             "round number"),
    GW_FIELD_END,
};

static const struct gw_type poisson_type = {.kind = GW_OBJ, .doc = "Independent requests"};
static const struct gw_type gamma_type = {.kind = GW_OBJ,
                                          .size = sizeof(struct gamma),
                                          .of = gamma_fields,
                                          .doc = "Gaps that are independent and Gamma distributed"};
static const struct gw_type mmpp_type = {.kind = GW_OBJ,
                                         .size = sizeof(struct mmpp),
                                         .of = mmpp_fields,
                                         .doc = "A Poisson process that switches between two rates"};
static const struct gw_type clients_type = {.kind = GW_OBJ,
                                            .size = sizeof(struct clients),
                                            .of = clients_fields,
                                            .doc =
                                                "Many clients with rates, bursts and lengths of their own"};

static const struct {
    const char *name;
    const struct gw_type *type;
} laws[] = {
    [GW_BURST_POISSON] = {"poisson", &poisson_type},
    [GW_BURST_GAMMA] = {"gamma", &gamma_type},
    [GW_BURST_MMPP] = {"mmpp", &mmpp_type},
    [GW_BURST_CLIENTS] = {"clients", &clients_type},
};
enum { LAWS = sizeof laws / sizeof laws[0] };

static const struct gw_type *law_type(const char *name)
{
    for (size_t i = 0; i < LAWS; i++) {
        if (strcmp(laws[i].name, name) == 0) {
            return laws[i].type;
        }
    }
    return NULL;
}

static const char *const *law_names(void)
{
    static const char *const names[] = {"poisson", "gamma", "mmpp", "clients", NULL};
    return names;
}

const struct gw_type gw_burst_type = {
    .kind = GW_NAMED, .size = sizeof(struct gw_named), .key = "law", .named = law_type, .names = law_names};

struct gw_burst gw_burst_of(const struct gw_named *cfg)
{
    if (cfg->type == &gamma_type) {
        return (struct gw_burst){.law = GW_BURST_GAMMA, .cv = ((const struct gamma *)cfg->cfg)->cv};
    }
    if (cfg->type == &mmpp_type) {
        const struct mmpp *mmpp = cfg->cfg;
        return (struct gw_burst){
            .law = GW_BURST_MMPP, .ratio = mmpp->ratio, .high_us = mmpp->high_us, .low_us = mmpp->low_us};
    }
    if (cfg->type == &clients_type) {
        const struct clients *clients = cfg->cfg;
        return (struct gw_burst){.law = GW_BURST_CLIENTS,
                                 .count = (uint32_t)clients->count,
                                 .share_spread = isnan(clients->skew) ? clients->share_spread : 0.0,
                                 .skew = clients->skew,
                                 .cv = clients->cv,
                                 .cv_spread = clients->cv_spread,
                                 .own_lengths = clients->own_lengths};
    }
    return (struct gw_burst){.law = GW_BURST_POISSON};
}

/* --- formulas ----------------------------------------------------------------------------------- */

double gw_burst_high_factor(const struct gw_burst *self)
{
    const double high = (double)self->high_us, low = (double)self->low_us;
    return (high + low) / (high + self->ratio * low);
}

double gw_burst_memory_s(const struct gw_burst *self)
{
    const double high_s = gw_s_from_us(self->high_us), low_s = gw_s_from_us(self->low_us);
    return high_s * low_s / (high_s + low_s);
}

double gw_burst_idc(const struct gw_burst *self, double rate_per_s, double window_s)
{
    if (self->law == GW_BURST_GAMMA) {
        const double more = self->cv * self->cv - 1.0, shape = 1.0 / (self->cv * self->cv);
        const double met = window_s * rate_per_s;
        if (!(more > 0.0)) {
            return 1.0 + more * -expm1(met / more);
        }
        const double again = pow(shape * met, shape) / tgamma(shape + 1.0);
        return again < 1.0 ? 1.0 - more * expm1(-2.0 / more * again / (1.0 - again)) : 1.0 + more;
    }
    if (self->law != GW_BURST_MMPP) {
        return 1.0;
    }
    const double high_s = gw_s_from_us(self->high_us), low_s = gw_s_from_us(self->low_us);
    const double tau_s = gw_burst_memory_s(self);
    const double high_frac = high_s / (high_s + low_s);
    const double apart = gw_burst_high_factor(self) * (1.0 - self->ratio) * rate_per_s;
    const double variance = high_frac * (1.0 - high_frac) * apart * apart;
    const double infinite = 1.0 + 2.0 * variance * tau_s / rate_per_s;
    const double t = window_s / tau_s;
    return 1.0 + (infinite - 1.0) * (1.0 + expm1(-t) / t);
}

void gw_burst_shares(const struct gw_burst *self, double *share)
{
    double sum = 0.0;
    for (uint32_t i = self->count; i-- > 0;) { /* small ones first */
        share[i] = self->share_spread > 0.0
                       ? exp(self->share_spread * gsl_cdf_ugaussian_Qinv((i + 0.5) / self->count))
                       : pow(i + 1.0, -self->skew);
        sum += share[i];
    }
    for (uint32_t i = 0; i < self->count; i++) {
        share[i] /= sum;
    }
}

double gw_burst_client_cv(const struct gw_burst *self, double z)
{
    return fmin(fmax(self->cv * exp(self->cv_spread * z), client_cv_min), client_cv_max);
}
