#include "models/workload/length.h"

#include <math.h>

#include "models/workload/law.h"
#include "sim/base/check.h"
#include "sim/core/moments.h"

#define PI_SIXTH 0.52359877559829887308

enum {
    GUIDE_MAX = 1 << 16, /* 256 kB; beyond, a cell of the guide holds several lengths */
    SCAN = 8,            /* entries of a cell looked at one by one before halving */
};

static void fill_guide(const double *cdf, uint32_t n, uint32_t *guide, uint32_t guide_n)
{
    uint32_t i = 0;
    for (uint32_t j = 0; j < guide_n; j++) {
        const double u = (double)j / guide_n;
        while (cdf[i] <= u) {
            i++;
        }
        guide[j] = i;
    }
    guide[guide_n] = n - 1;
}

/* The moments of the table as it is drawn from, not of the law behind it. */
static void fill_moments(struct gw_length *self)
{
    struct gw_sum mean = {0}, mean_sq = {0};
    for (uint32_t i = 0; i <= self->max - self->min; i++) {
        const double mass = self->cdf[i] - (i == 0 ? 0 : self->cdf[i - 1]);
        const double tok = self->min + (double)i;
        gw_sum_add(&mean, mass * tok);
        gw_sum_add(&mean_sq, mass * tok * tok);
    }
    self->mean = gw_sum_value(mean);
    self->mean_sq = gw_sum_value(mean_sq);
}

bool gw_length_build(const struct gw_pick *law, struct gw_length *out, struct gw_arena *arena)
{
    const struct gw_law_range range = gw_law_range(law);
    GW_REQUIRE(1 <= range.min && range.min <= range.max && range.max <= GW_LAW_MAX);
    const uint32_t n = range.max - range.min + 1;

    uint32_t guide_n = 1;
    while (guide_n < n && guide_n < GUIDE_MAX) {
        guide_n *= 2;
    }
    double *cdf = gw_arena_array(arena, n, sizeof *cdf);
    uint32_t *guide = gw_arena_array(arena, (size_t)guide_n + 1, sizeof *guide);
    if (cdf == NULL || guide == NULL) {
        return false;
    }

    /* what lies below min - 1/2 or above max + 1/2 is cut off and shared out in proportion */
    const double below = gw_law_cdf(law, range.min - 0.5);
    const double inside = gw_law_cdf(law, range.max + 0.5) - below;
    double last = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double x = range.min + (double)i + 0.5;
        const double p = (gw_law_cdf(law, x) - below) / inside;
        last = fmin(fmax(p, last), 1); /* rounding must not make it fall */
        cdf[i] = last;
    }
    cdf[n - 1] = 1;

    fill_guide(cdf, n, guide, guide_n);
    *out = (struct gw_length){
        .min = range.min, .max = range.max, .cdf = cdf, .guide = guide, .guide_n = guide_n};
    fill_moments(out);
    return true;
}

uint32_t gw_length_at(const struct gw_length *self, double u)
{
    /* guide_n is a power of two: the product is exact, the cell the right one */
    const uint32_t cell = (uint32_t)(u * self->guide_n);
    uint32_t low = self->guide[cell];
    uint32_t high = self->guide[cell + 1]; /* its cdf exceeds every u of the cell */
    while (high - low > SCAN) {
        const uint32_t middle = low + (high - low) / 2;
        if (self->cdf[middle] > u) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    while (self->cdf[low] <= u) {
        low++;
    }
    return self->min + low;
}

/* --- parameter tables --------------------------------------------------------------------------- */

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};

static const struct gw_type correlation = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = -0.99, .max = 0.99};

#define P struct gw_length_pair_cfg
#define PAIR                                                                                                 \
    GW_FIELD(P, prompt, &gw_law_type, NULL, "Tokens of the prompt", NULL),                                   \
        GW_FIELD(P, output, &gw_law_type, NULL, "Tokens of the answer", NULL),                               \
        GW_FIELD(P, correlation, &correlation, "0",                                                          \
                 "Correlation of the ranks of prompt and answer (Spearman): a Gaussian copula", NULL)

static const struct gw_field entry_fields[] = {
    GW_FIELD(P, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(P, title, &text, NULL, "Name for people", NULL),
    PAIR,
    GW_FIELD_END,
};

static const struct gw_field laws_fields[] = {PAIR, GW_FIELD_END};
#undef PAIR
#undef P

const struct gw_type gw_length_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_length_pair_cfg),
    .of = entry_fields,
    .doc = "How many tokens prompts and answers have",
};

static const struct gw_type laws_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_length_pair_cfg),
    .of = laws_fields,
    .doc = "Laws of prompt and answer written out in the scenario",
};
static const struct gw_type length_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_length_pair_cfg), .of = "length"};

enum { ENTRY, LAWS };
static const struct gw_alt alternatives[] = {
    [ENTRY] = {"length", &length_ref, true},
    [LAWS] = {"laws", &laws_type, false},
    {NULL, NULL, false},
};

const struct gw_type gw_lengths_type = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = alternatives};

const struct gw_length_pair_cfg *gw_length_pair(const struct gw_pick *pick)
{
    GW_REQUIRE(pick->alt == ENTRY || pick->alt == LAWS);
    return pick->alt == LAWS ? pick->at : *(const void *const *)pick->at;
}

double gw_length_correlation(const struct gw_length_pair_cfg *pair)
{
    return 2.0 * sin(PI_SIXTH * pair->correlation);
}
