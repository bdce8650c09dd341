#include "models/training/efficiency.h"

#include <math.h>
#include <string.h>

#include "sim/base/check.h"

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type weights = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1e6, .max = 1e15};
static const struct gw_type count = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1.0, .max = 1e8};
static const struct gw_type share = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.001, .max = 1.0};
static const struct gw_type factor = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.01, .max = 10.0};
static const struct gw_type small = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.0, .max = 0.2};
static const struct gw_type air = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "C", .min = -30.0, .max = 60.0};

#define R(field, type, doc) GW_FIELD(struct gw_efficiency_row, field, type, NULL, doc, NULL)
static const struct gw_field row_fields[] = {
    R(params, &weights, "Weights of the model"),
    R(accelerators, &count, "Accelerators it was measured on"),
    R(hfu, &share, "FLOP of the hardware, recomputed ones included, over the peak"),
    GW_FIELD_END,
};
#undef R
static const struct gw_type row = {.kind = GW_OBJ,
                                   .size = sizeof(struct gw_efficiency_row),
                                   .of = row_fields,
                                   .doc = "One measured training"};
static const struct gw_type rows = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1.0, .max = 256.0, .of = &row};

static const struct gw_field factor_fields[] = {
    GW_FIELD(struct gw_efficiency_factor, factor, &factor, NULL, "Share of the peak over that of the table",
             NULL),
    GW_FIELD_END,
};
static const struct gw_type factor_type = {.kind = GW_OBJ,
                                           .size = sizeof(struct gw_efficiency_factor),
                                           .of = factor_fields,
                                           .doc = "An accelerator beside the one of the table"};
static const struct gw_type factors = {.kind = GW_MAP, .size = sizeof(struct gw_names), .of = &factor_type};

#define F(field, type, def, doc) GW_FIELD(struct gw_efficiency, field, type, def, doc, NULL)
static const struct gw_field fields[] = {
    F(name, &text, "~", "Key in the catalogue"),
    F(title, &text, NULL, "Name for people"),
    F(rows, &rows, NULL, "What was measured, by rising number of weights"),
    F(loss_per_doubling, &small, "0", "Lost share with each doubling of accelerators at a fixed batch"),
    F(accelerators, &factors, "~", "Other accelerators than that of the table"),
    F(hot_from_c, &air, "20", "Temperature of the outdoor air above which throughput falls"),
    F(hot_loss_per_k, &small, "0", "Share of throughput lost per kelvin above"),
    GW_FIELD_END,
};
#undef F

static const struct gw_efficiency_row *rows_of(const struct gw_efficiency *self)
{
    return self->rows.at;
}

static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_efficiency *self = object;
    const struct gw_efficiency_row *r = rows_of(self);
    for (uint32_t i = 1; i < self->rows.n; i++) {
        if (!(r[i].params > r[i - 1].params)) {
            gw_bind_fail(bind, at, "rows", "%g weights do not come after %g", r[i].params, r[i - 1].params);
            return;
        }
    }
}

const struct gw_type gw_efficiency_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_efficiency),
    .of = fields,
    .check = check,
    .doc = "The share of the peak rate that trainings reached",
};

/* The row before P and the weight of the one after it, over log P; the ends hold. */
static uint32_t place(const struct gw_efficiency *self, double params, double *weight)
{
    const struct gw_efficiency_row *r = rows_of(self);
    *weight = 0.0;
    if (params <= r[0].params) {
        return 0;
    }
    uint32_t i = 0;
    while (i + 1 < self->rows.n && r[i + 1].params <= params) {
        i++;
    }
    if (i + 1 < self->rows.n) {
        *weight = log(params / r[i].params) / log(r[i + 1].params / r[i].params);
    }
    return i;
}

static const struct gw_efficiency_factor *factor_of(const struct gw_efficiency *self, const char *accelerator)
{
    const struct gw_efficiency_factor *all = self->accelerators.at;
    for (uint32_t i = 0; accelerator != NULL && i < self->accelerators.n; i++) {
        if (strcmp(self->accelerators.key[i], accelerator) == 0) {
            return &all[i];
        }
    }
    return NULL;
}

struct gw_efficiency_at gw_efficiency_hfu(const struct gw_efficiency *self, const char *accelerator,
                                          double params, double n)
{
    GW_REQUIRE(params > 0.0 && n > 0.0);
    double weight;
    const struct gw_efficiency_row *before = &rows_of(self)[place(self, params, &weight)];
    const struct gw_efficiency_row *after = weight > 0.0 ? before + 1 : before;
    const struct gw_efficiency_factor *k = factor_of(self, accelerator);
    struct gw_efficiency_at at = {
        .table = before->hfu + weight * (after->hfu - before->hfu),
        .accelerators = before->accelerators * pow(after->accelerators / before->accelerators, weight),
        .factor = k != NULL ? k->factor : 1.0,
        .known = k != NULL || accelerator == NULL,
    };
    at.doublings = fmax(log2(n / at.accelerators), 0.0);
    at.hfu = fmin(at.table * fmax(1.0 - self->loss_per_doubling * at.doublings, 0.0) * at.factor, 1.0);
    return at;
}

double gw_efficiency_hot(const struct gw_efficiency *self, double air_c)
{
    return fmax(1.0 - self->hot_loss_per_k * fmax(air_c - self->hot_from_c, 0.0), 0.0);
}

double gw_efficiency_bubble(double stages, double chunks, double micro_batches)
{
    GW_REQUIRE(stages >= 1.0 && chunks >= 1.0 && micro_batches >= 1.0);
    return (stages - 1.0) / (chunks * micro_batches);
}

double gw_efficiency_relayout(double hfu, double bubble_from, double bubble_to)
{
    return hfu * (1.0 + bubble_from) / (1.0 + bubble_to);
}

double gw_efficiency_llmcarbon_tflops(double params, bool pipeline)
{
    return pipeline ? (-5.60233749e-23 * params + 8.45435587e-11) * params + 134.546129
                    : (-8.82079068e-20 * params + 1.68591116e-9) * params + 133.954735;
}
