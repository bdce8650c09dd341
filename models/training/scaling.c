#include "models/training/scaling.h"

#include <math.h>

#include "sim/base/check.h"

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type count = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1.0, .max = 1e6};
static const struct gw_type exponent = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.0, .max = 1.2};

static const struct gw_field point_fields[] = {
    GW_FIELD(struct gw_scaling_point, nodes, &count, NULL, "Nodes, or whatever is counted", NULL),
    GW_FIELD(struct gw_scaling_point, throughput, &count, NULL, "Throughput over that of one", NULL),
    GW_FIELD_END,
};
static const struct gw_type point = {.kind = GW_OBJ,
                                     .size = sizeof(struct gw_scaling_point),
                                     .of = point_fields,
                                     .doc = "Throughput measured at one size"};
static const struct gw_type points = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 0.0, .max = 256.0, .of = &point};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_scaling, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct gw_scaling, title, &text, NULL, "Name for people", NULL),
    GW_FIELD(struct gw_scaling, exponent, &exponent, "1", "Throughput is nodes to this power", NULL),
    GW_FIELD(struct gw_scaling, points, &points, "~", "Measured throughput instead, from one node on", NULL),
    GW_FIELD_END,
};

static const struct gw_scaling_point *points_of(const struct gw_scaling *self)
{
    return self->points.at;
}

static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_scaling *self = object;
    const struct gw_scaling_point *p = points_of(self);
    if (self->points.n == 1) {
        gw_bind_fail(bind, at, "points", "one point says nothing of scaling");
        return;
    }
    if (self->points.n > 0 && !(p[0].nodes == 1.0 && p[0].throughput == 1.0)) {
        gw_bind_fail(bind, at, "points", "the first point is %g nodes, %g times as fast, not 1 and 1",
                     p[0].nodes, p[0].throughput);
        return;
    }
    for (uint32_t i = 1; i < self->points.n; i++) {
        if (!(p[i].nodes > p[i - 1].nodes && p[i].throughput >= p[i - 1].throughput)) {
            gw_bind_fail(bind, at, "points", "%g nodes, %g times as fast, do not rise from %g and %g",
                         p[i].nodes, p[i].throughput, p[i - 1].nodes, p[i - 1].throughput);
            return;
        }
    }
}

const struct gw_type gw_scaling_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_scaling),
    .of = fields,
    .check = check,
    .doc = "Throughput of a job over the number of nodes",
};

double gw_scaling_throughput(const struct gw_scaling *self, double n)
{
    GW_REQUIRE(n == 0.0 || n >= 1.0);
    if (n == 0.0) {
        return 0.0;
    }
    if (self->points.n == 0) {
        return pow(n, self->exponent);
    }
    const struct gw_scaling_point *p = points_of(self);
    uint32_t i = 1;
    while (i + 1 < self->points.n && p[i].nodes < n) {
        i++;
    }
    const double slope = log(p[i].throughput / p[i - 1].throughput) / log(p[i].nodes / p[i - 1].nodes);
    return p[i - 1].throughput * pow(n / p[i - 1].nodes, slope);
}

double gw_scaling_marginal(const struct gw_scaling *self, int64_t n)
{
    GW_REQUIRE(n >= 1);
    return gw_scaling_throughput(self, (double)n) - gw_scaling_throughput(self, (double)(n - 1));
}

int64_t gw_scaling_useful(const struct gw_scaling *self, double least, int64_t most)
{
    int64_t n = 1;
    while (n < most && gw_scaling_marginal(self, n + 1) >= least) {
        n++;
    }
    return n;
}
