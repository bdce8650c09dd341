#include "models/workload/law.h"

#include <math.h>

#include "sim/base/check.h"

#define SQRT_HALF 0.70710678118654752440

/* Below this share of its mass inside [min, max] a law is nearly all truncation, and its table all rounding.
 */
#define INSIDE_MIN 1e-6

struct range {
    int64_t min, max; /* tokens */
};

struct uniform {
    struct range in; /* first in every law but the constant */
};

struct exponential {
    struct range in;
    double mean_tok;
};

struct part {
    double weight, mu, sigma;
};

struct lognormals {
    struct range in;
    struct gw_slice part;
};

/* A point of an empirical distribution function. */
struct quantile {
    double p, tok;
};

struct quantiles {
    struct gw_slice point;
};

/* --- distribution functions --------------------------------------------------------------------- */

static double uniform_cdf(const struct uniform *law, double x)
{
    const double low = (double)law->in.min - 0.5, high = (double)law->in.max + 0.5;
    return fmin(fmax((x - low) / (high - low), 0), 1);
}

static double exponential_cdf(const struct exponential *law, double x)
{
    return x <= 0 ? 0 : -expm1(-x / law->mean_tok);
}

static double lognormals_cdf(const struct lognormals *law, double x)
{
    if (x <= 0) {
        return 0;
    }
    const struct part *part = law->part.at;
    const double ln_x = log(x);
    double mass = 0, weights = 0;
    for (uint32_t i = 0; i < law->part.n; i++) {
        const double z = (ln_x - part[i].mu) / part[i].sigma;
        mass += part[i].weight * 0.5 * erfc(-z * SQRT_HALF);
        weights += part[i].weight;
    }
    return mass / weights;
}

/* Between two points tokens grow by a constant factor per step of p. */
static double quantiles_cdf(const struct quantiles *law, double x)
{
    const struct quantile *point = law->point.at;
    if (x < point[0].tok) {
        return 0;
    }
    uint32_t i = 1;
    while (i < law->point.n && x >= point[i].tok) {
        i++;
    }
    if (i == law->point.n) {
        return 1;
    }
    const struct quantile *a = &point[i - 1], *b = &point[i];
    return a->p + (b->p - a->p) * log(x / a->tok) / log(b->tok / a->tok);
}

/* --- parameter tables --------------------------------------------------------------------------- */

static bool check_range(const struct range *in, struct gw_bind *bind, const struct gw_node *at)
{
    if (in->min > in->max) {
        gw_bind_fail(bind, at, "min", "min %lld tokens lies above max %lld", (long long)in->min,
                     (long long)in->max);
    }
    return in->min <= in->max;
}

static void check_inside(double inside, struct gw_bind *bind, const struct gw_node *at)
{
    if (!(inside >= INSIDE_MIN)) {
        gw_bind_fail(bind, at, "max", "only %.3g of the law lies within [min, max]; at least %g must", inside,
                     INSIDE_MIN);
    }
}

static void check_uniform(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    (void)check_range(object, bind, at);
}

static void check_exponential(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct exponential *law = object;
    if (check_range(&law->in, bind, at)) {
        const double low = (double)law->in.min - 0.5, high = (double)law->in.max + 0.5;
        check_inside(exponential_cdf(law, high) - exponential_cdf(law, low), bind, at);
    }
}

static void check_lognormals(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct lognormals *law = object;
    if (check_range(&law->in, bind, at)) {
        const double low = (double)law->in.min - 0.5, high = (double)law->in.max + 0.5;
        check_inside(lognormals_cdf(law, high) - lognormals_cdf(law, low), bind, at);
    }
}

static const struct gw_type tokens = {.kind = GW_INT, .size = sizeof(int64_t), .min = 1, .max = GW_LAW_MAX};
static const struct gw_type mean = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "tok", .min = 0.1, .max = GW_LAW_MAX};
static const struct gw_type weight = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1e-6, .max = 1e6};
static const struct gw_type mu = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = -10, .max = 20};
static const struct gw_type sigma = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1e-3, .max = 10};

#define MIN_ROW(law) GW_FIELD_AS(law, "min", in.min, &tokens, "1", "Shortest length in tokens", NULL)
#define MAX_ROW(law) GW_FIELD_AS(law, "max", in.max, &tokens, NULL, "Longest length in tokens", NULL)

static const struct gw_field uniform_fields[] = {MIN_ROW(struct uniform), MAX_ROW(struct uniform),
                                                 GW_FIELD_END};

static const struct gw_field exponential_fields[] = {
    GW_FIELD_AS(struct exponential, "mean", mean_tok, &mean, NULL, "Mean before truncation", NULL),
    MIN_ROW(struct exponential),
    MAX_ROW(struct exponential),
    GW_FIELD_END,
};

static const struct gw_field part_fields[] = {
    GW_FIELD(struct part, weight, &weight, "1", "Share of this part, in proportion to the others", NULL),
    GW_FIELD(struct part, mu, &mu, NULL, "Mean of ln(tokens)", NULL),
    GW_FIELD(struct part, sigma, &sigma, NULL, "Standard deviation of ln(tokens)", NULL),
    GW_FIELD_END,
};
static const struct gw_type part_type = {
    .kind = GW_OBJ, .size = sizeof(struct part), .of = part_fields, .doc = "One lognormal of a mixture"};
static const struct gw_type parts = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .of = &part_type, .min = 1, .max = 64};

static const struct gw_field lognormals_fields[] = {
    GW_FIELD_AS(struct lognormals, "parts", part, &parts, NULL, "The lognormals that are mixed", NULL),
    MIN_ROW(struct lognormals),
    MAX_ROW(struct lognormals),
    GW_FIELD_END,
};

static const struct gw_type probability = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type length = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "tok", .min = 0.5, .max = GW_LAW_MAX};
static const struct gw_field quantile_fields[] = {
    GW_FIELD(struct quantile, p, &probability, NULL, "Share of requests up to this length", NULL),
    GW_FIELD(struct quantile, tok, &length, NULL, "The length", NULL),
    GW_FIELD_END,
};

static const struct gw_type quantile_type = {.kind = GW_OBJ,
                                             .size = sizeof(struct quantile),
                                             .of = quantile_fields,
                                             .doc = "A point of an empirical distribution function"};
static const struct gw_type quantile_list = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .of = &quantile_type, .min = 2, .max = 100000};

static const struct gw_field quantiles_fields[] = {
    GW_FIELD_AS(struct quantiles, "points", point, &quantile_list, NULL,
                "From p = 0 to p = 1, rising; ln(tokens) is linear between neighbours", NULL),
    GW_FIELD_END,
};

static void check_quantiles(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct quantiles *law = object;
    const struct quantile *point = law->point.at;
    for (uint32_t i = 1; i < law->point.n; i++) {
        if (!(point[i].p > point[i - 1].p && point[i].tok > point[i - 1].tok)) {
            gw_bind_fail(bind, at, "points",
                         "p and tok must rise from point to point; %g after %g, %g after %g", point[i].p,
                         point[i - 1].p, point[i].tok, point[i - 1].tok);
            return;
        }
    }
    if (point[0].p != 0 || point[law->point.n - 1].p != 1) {
        gw_bind_fail(bind, at, "points", "they must begin with p: 0 and end with p: 1");
    }
}
static const struct gw_type quantiles_type = {.kind = GW_OBJ,
                                              .size = sizeof(struct quantiles),
                                              .of = quantiles_fields,
                                              .check = check_quantiles,
                                              .doc = "An empirical table of quantiles"};

static const struct gw_type uniform_type = {.kind = GW_OBJ,
                                            .size = sizeof(struct uniform),
                                            .of = uniform_fields,
                                            .check = check_uniform,
                                            .doc = "Every length from min to max equally likely"};
static const struct gw_type exponential_type = {.kind = GW_OBJ,
                                                .size = sizeof(struct exponential),
                                                .of = exponential_fields,
                                                .check = check_exponential,
                                                .doc = "An exponential law, truncated to [min, max]"};
static const struct gw_type lognormals_type = {.kind = GW_OBJ,
                                               .size = sizeof(struct lognormals),
                                               .of = lognormals_fields,
                                               .check = check_lognormals,
                                               .doc = "A mixture of lognormals, truncated to [min, max]"};

enum { CONSTANT, UNIFORM, EXPONENTIAL, LOGNORMALS, QUANTILES };
static const struct gw_alt laws[] = {
    [CONSTANT] = {"constant", &tokens, true},
    [UNIFORM] = {"uniform", &uniform_type, false},
    [EXPONENTIAL] = {"exponential", &exponential_type, false},
    [LOGNORMALS] = {"lognormals", &lognormals_type, false},
    [QUANTILES] = {"quantiles", &quantiles_type, false},
    {NULL, NULL, false},
};

const struct gw_type gw_law_type = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = laws};

/* --- interface ---------------------------------------------------------------------------------- */

struct gw_law_range gw_law_range(const struct gw_pick *law)
{
    if (law->alt == CONSTANT) {
        const uint32_t tok = (uint32_t) * (const int64_t *)law->at;
        return (struct gw_law_range){tok, tok};
    }
    if (law->alt == QUANTILES) {
        const struct gw_slice *points = &((const struct quantiles *)law->at)->point;
        const struct quantile *point = points->at;
        return (struct gw_law_range){(uint32_t)fmax(ceil(point[0].tok), 1),
                                     (uint32_t)fmax(ceil(point[points->n - 1].tok), 1)};
    }
    const struct range *in = law->at;
    return (struct gw_law_range){(uint32_t)in->min, (uint32_t)in->max};
}

double gw_law_cdf(const struct gw_pick *law, double x_tok)
{
    switch (law->alt) {
    case CONSTANT:
        return x_tok >= (double)*(const int64_t *)law->at ? 1 : 0;
    case UNIFORM:
        return uniform_cdf(law->at, x_tok);
    case EXPONENTIAL:
        return exponential_cdf(law->at, x_tok);
    case QUANTILES:
        return quantiles_cdf(law->at, x_tok);
    default:
        GW_REQUIRE(law->alt == LOGNORMALS);
        return lognormals_cdf(law->at, x_tok);
    }
}
