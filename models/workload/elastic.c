#include "models/workload/elastic.h"

#include <math.h>
#include <string.h>

#include "sim/base/check.h"

struct elastic_cfg {
    double elasticity, reference, least, most;
};

static const struct gw_type elasticity = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = -10, .max = 10};
static const struct gw_type least = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.01, .max = 1};
static const struct gw_type most = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1, .max = 100};
static const struct gw_type latency = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "ms", .min = 1e-3, .max = 1e9};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD", .min = 1e-12, .max = 1e6};
static const struct gw_type energy = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "Wh", .min = 1e-9, .max = 1e9};

#define E struct elastic_cfg
#define ROWS(type, doc)                                                                                      \
    GW_FIELD(E, elasticity, &elasticity, NULL,                                                               \
             "Relative change of the rate per relative change of the value; below zero: dearer is less",     \
             NULL),                                                                                          \
        GW_FIELD(E, reference, type, NULL, doc, NULL),                                                       \
        GW_FIELD(E, least, &least, "0.5", "Smallest factor of the rate", "round number"),                    \
        GW_FIELD(E, most, &most, "2", "Largest factor of the rate", "round number"), GW_FIELD_END

static const struct gw_field latency_fields[] = {
    ROWS(&latency, "Mean time to first token at which the row asks at its rate")};
static const struct gw_field price_fields[] = {
    ROWS(&price, "Cost of a request's energy at which the row asks at its rate")};
static const struct gw_field energy_fields[] = {
    ROWS(&energy, "Imported energy of a request at which the row asks at its rate")};
#undef ROWS
#undef E

static const struct gw_type types[] = {
    [GW_ELASTIC_LATENCY] = {.kind = GW_OBJ,
                            .size = sizeof(struct elastic_cfg),
                            .of = latency_fields,
                            .doc = "Users answer to the time to first token"},
    [GW_ELASTIC_PRICE] = {.kind = GW_OBJ,
                          .size = sizeof(struct elastic_cfg),
                          .of = price_fields,
                          .doc = "Users answer to what the energy of a request costs"},
    [GW_ELASTIC_ENERGY] = {.kind = GW_OBJ,
                           .size = sizeof(struct elastic_cfg),
                           .of = energy_fields,
                           .doc = "Users answer to the energy of a request"},
};
static const char *const names[] = {
    [GW_ELASTIC_LATENCY] = "latency", [GW_ELASTIC_PRICE] = "price", [GW_ELASTIC_ENERGY] = "energy", NULL};

static const struct gw_type *type_named(const char *name)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(name, names[i]) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

static const char *const *all_names(void)
{
    return names;
}

const struct gw_type gw_elastic_type = {
    .kind = GW_NAMED, .size = sizeof(struct gw_named), .key = "of", .named = type_named, .names = all_names};

struct gw_elastic gw_elastic_of(const struct gw_named *named)
{
    const struct elastic_cfg *cfg = named->cfg;
    return (struct gw_elastic){.of = (enum gw_elastic_of)(named->type - types),
                               .elasticity = cfg->elasticity,
                               .reference = cfg->reference,
                               .least = cfg->least,
                               .most = cfg->most};
}

double gw_elastic_factor(const struct gw_elastic *self, double value)
{
    GW_REQUIRE(!isnan(value));
    const double factor = pow(fmax(value, 0.0) / self->reference, self->elasticity);
    return fmin(fmax(factor, self->least), self->most);
}
