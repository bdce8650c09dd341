#include "models/workload/directive.h"

#include <math.h>

static const struct gw_type output = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.001, .max = 10};
static const struct gw_type preference = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.001, .max = 1};
static const struct gw_field level_fields[] = {
    GW_FIELD(struct gw_directive_level, output, &output, NULL,
             "Tokens of an answer over those without a directive; 1 of the first level", NULL),
    GW_FIELD(struct gw_directive_level, preference, &preference, NULL,
             "Share of judged answers that are preferred at this level", NULL),
    GW_FIELD_END,
};
static const struct gw_type level = {.kind = GW_OBJ,
                                     .size = sizeof(struct gw_directive_level),
                                     .of = level_fields,
                                     .doc = "One length of answers"};
static const struct gw_type levels = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1, .max = GW_DIRECTIVE_LEVELS_MAX, .of = &level};

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_field directive_fields[] = {
    GW_FIELD(struct gw_directive, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct gw_directive, title, &text, NULL, "Name for people", NULL),
    GW_FIELD(struct gw_directive, levels, &levels, NULL, "From no directive to the shortest answers", NULL),
    GW_FIELD_END,
};

static const struct gw_directive_level *at(const struct gw_directive *self, uint32_t l)
{
    return (const struct gw_directive_level *)self->levels.at + l;
}

static void check(const void *object, struct gw_bind *bind, const struct gw_node *node)
{
    const struct gw_directive *self = object;
    if (self->levels.n > 0 && at(self, 0)->output != 1.0) {
        gw_bind_fail(bind, node, "levels", "the first level is no directive: its output is 1, not %g",
                     at(self, 0)->output);
    }
}

const struct gw_type gw_directive_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_directive),
    .of = directive_fields,
    .check = check,
    .doc = "Levels of a generation directive: lengths of answers and how they are liked",
};

uint32_t gw_directive_levels(const struct gw_directive *self)
{
    return self == NULL ? 1 : self->levels.n;
}

double gw_directive_quality(const struct gw_directive *self, uint32_t l)
{
    return self == NULL ? 1.0 : at(self, l)->preference / at(self, 0)->preference;
}

double gw_directive_output(const struct gw_directive *self, uint32_t l)
{
    return self == NULL ? 1.0 : at(self, l)->output;
}

uint32_t gw_directive_tok(const struct gw_directive *self, uint32_t l, uint32_t out_tok)
{
    const double tok = (double)out_tok * gw_directive_output(self, l);
    return (uint32_t)fmin(fmax(round(tok), 1.0), (double)UINT32_MAX);
}
