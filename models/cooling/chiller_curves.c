#include "models/cooling/chiller_curves.h"

#include <math.h>

enum { GRID = 12 };

static const struct gw_type coefficient = {.kind = GW_NUM, .size = sizeof(double), .unit = "1"};
static const struct gw_type six = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 6, .max = 6, .of = &coefficient};
static const struct gw_type three = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 3, .max = 3, .of = &coefficient};
static const struct gw_type celsius = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "C", .min = -20, .max = 80};
static const struct gw_type ratio = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.01, .max = 2};
static const struct gw_type rated = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1, .max = 30};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_chiller_curves, cop, &rated, NULL, "Its coefficient of performance where it is rated",
             NULL),
    GW_FIELD(struct gw_chiller_curves, capacity, &six, NULL, "Coefficients of capacity over temperatures",
             NULL),
    GW_FIELD(struct gw_chiller_curves, power, &six, NULL, "Coefficients of power over temperatures", NULL),
    GW_FIELD(struct gw_chiller_curves, part_load, &three, NULL, "Coefficients of power over load", NULL),
    GW_FIELD(struct gw_chiller_curves, chilled_min_c, &celsius, "4.4", "Coldest chilled water measured",
             "modelica-buildings"),
    GW_FIELD(struct gw_chiller_curves, chilled_max_c, &celsius, "10", "Warmest chilled water measured",
             "modelica-buildings"),
    GW_FIELD(struct gw_chiller_curves, condenser_min_c, &celsius, "14", "Coldest condenser water measured",
             "modelica-buildings"),
    GW_FIELD(struct gw_chiller_curves, condenser_max_c, &celsius, "35", "Warmest condenser water measured",
             "modelica-buildings"),
    GW_FIELD(struct gw_chiller_curves, load_min, &ratio, "0.2", "Least load measured", "modelica-buildings"),
    GW_FIELD(struct gw_chiller_curves, load_max, &ratio, "1", "Highest load measured", "modelica-buildings"),
    GW_FIELD_END,
};

static double biquadratic(const struct gw_slice *coefficients, double x, double y)
{
    const double *c = coefficients->at;
    return c[0] + x * (c[1] + c[2] * x) + y * (c[3] + c[4] * y) + c[5] * x * y;
}

static double quadratic(const struct gw_slice *coefficients, double r)
{
    const double *c = coefficients->at;
    return c[0] + r * (c[1] + c[2] * r);
}

static double within(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

static double at_grid(double low, double high, int i)
{
    return low + (high - low) * i / GRID;
}

static void check_temperatures(const struct gw_chiller_curves *c, struct gw_bind *bind,
                               const struct gw_node *node)
{
    for (int i = 0; i <= GRID; i++) {
        const double x = at_grid(c->chilled_min_c, c->chilled_max_c, i);
        double last = 0;
        for (int k = 0; k <= GRID; k++) {
            const double y = at_grid(c->condenser_min_c, c->condenser_max_c, k);
            const double power = biquadratic(&c->power, x, y);
            if (!(biquadratic(&c->capacity, x, y) > 0)) {
                gw_bind_fail(bind, node, "capacity", "is not positive at %g and %g degC", x, y);
                return;
            }
            if (!(power > 0)) {
                gw_bind_fail(bind, node, "power", "is not positive at %g and %g degC", x, y);
                return;
            }
            if (power < last) {
                gw_bind_fail(bind, node, "power", "falls as the condenser warms to %g degC, at %g degC", y,
                             x);
                return;
            }
            last = power;
        }
    }
}

static void check(const void *object, struct gw_bind *bind, const struct gw_node *node)
{
    const struct gw_chiller_curves *c = object;
    if (c->chilled_min_c >= c->chilled_max_c || c->condenser_min_c >= c->condenser_max_c ||
        c->load_min >= c->load_max) {
        gw_bind_fail(bind, node, NULL, "each range of measurement must have its lower end below its upper");
        return;
    }
    check_temperatures(c, bind, node);
    double last = 0;
    for (int i = 0; i <= GRID; i++) {
        const double r = at_grid(c->load_min, c->load_max, i), power = quadratic(&c->part_load, r);
        if (!(power > 0) || power < last) {
            gw_bind_fail(bind, node, "part_load",
                         power > 0 ? "falls as the load rises to %g" : "is not positive at %g", r);
            return;
        }
        last = power;
    }
}

static const struct gw_type curves = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_chiller_curves),
                                      .of = fields,
                                      .check = check,
                                      .doc = "A chiller by measured curves in the form of DOE-2"};
const struct gw_type gw_chiller_curves_type = {
    .kind = GW_OPT, .size = sizeof(struct gw_chiller_curves), .of = &curves};

double gw_chiller_curves_cop(const struct gw_chiller_curves *self, double chilled_c, double condenser_c,
                             double load_kw, double rated_kw)
{
    const double x = within(chilled_c, self->chilled_min_c, self->chilled_max_c);
    const double y = within(condenser_c, self->condenser_min_c, self->condenser_max_c);
    const double r =
        within(load_kw / (rated_kw * biquadratic(&self->capacity, x, y)), self->load_min, self->load_max);
    return self->cop * r / (biquadratic(&self->power, x, y) * quadratic(&self->part_load, r));
}
