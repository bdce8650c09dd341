#include "models/training/cap_choice.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type watts = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "W", .min = 1.0, .max = 50e3};
static const struct gw_type time_over = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.9, .max = 100.0};

static const struct gw_field point_fields[] = {
    GW_FIELD(struct gw_cap_point, cap_w, &watts, NULL, "The cap", NULL),
    GW_FIELD(struct gw_cap_point, time, &time_over, NULL, "Time per work over that at the highest cap", NULL),
    GW_FIELD(struct gw_cap_point, watts, &watts, NULL, "Mean watts drawn", NULL),
    GW_FIELD_END,
};
static const struct gw_type point = {.kind = GW_OBJ,
                                     .size = sizeof(struct gw_cap_point),
                                     .of = point_fields,
                                     .doc = "A training measured under one cap"};
static const struct gw_type points = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 2.0, .max = 64.0, .of = &point};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_cap_curve, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct gw_cap_curve, title, &text, NULL, "Name for people", NULL),
    GW_FIELD(struct gw_cap_curve, points, &points, NULL, "By rising cap", NULL),
    GW_FIELD_END,
};

static const struct gw_cap_point *points_of(const struct gw_cap_curve *curve)
{
    return curve->points.at;
}

static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_cap_curve *curve = object;
    const struct gw_cap_point *p = points_of(curve);
    for (uint32_t i = 1; i < curve->points.n; i++) {
        if (!(p[i].cap_w > p[i - 1].cap_w)) {
            gw_bind_fail(bind, at, "points", "a cap of %g W does not come after %g W", p[i].cap_w,
                         p[i - 1].cap_w);
            return;
        }
    }
    if (p[curve->points.n - 1].time != 1.0) {
        gw_bind_fail(bind, at, "points", "time at the highest cap is %g, not 1", p[curve->points.n - 1].time);
    }
}

const struct gw_type gw_cap_choice_curve = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_cap_curve),
    .of = fields,
    .check = check,
    .doc = "Time and watts of one training under power caps",
};

struct gw_cap_point gw_cap_choice_at(const struct gw_cap_curve *curve, double cap_w)
{
    const struct gw_cap_point *p = points_of(curve);
    const uint32_t last = curve->points.n - 1;
    GW_REQUIRE(cap_w >= p[0].cap_w && cap_w <= p[last].cap_w);
    uint32_t i = 1;
    while (i < last && p[i].cap_w < cap_w) {
        i++;
    }
    const double x = (cap_w - p[i - 1].cap_w) / (p[i].cap_w - p[i - 1].cap_w);
    return (struct gw_cap_point){
        .cap_w = cap_w,
        .time = p[i - 1].time + x * (p[i].time - p[i - 1].time),
        .watts = p[i - 1].watts + x * (p[i].watts - p[i - 1].watts),
    };
}

double gw_cap_choice_zeus_j(const struct gw_cap_option *option, double e, double max_w)
{
    GW_REQUIRE(e >= 0.0 && e <= 1.0);
    return (e * option->watts + (1.0 - e) * max_w) * option->time_s;
}

size_t gw_cap_choice_zeus(const struct gw_cap_option *option, size_t n, double e, double max_w)
{
    GW_REQUIRE(n > 0);
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        if (gw_cap_choice_zeus_j(&option[i], e, max_w) < gw_cap_choice_zeus_j(&option[best], e, max_w)) {
            best = i;
        }
    }
    return best;
}

static double max_w(const struct gw_cap_chase *self)
{
    return points_of(self->curve)[self->curve->points.n - 1].cap_w;
}

/* Chase's cost per hour of work at the highest cap, in grams. */
static double cost_of(const struct gw_cap_chase *self, const struct gw_cap_point *p, double ci)
{
    const double g_per_h =
        self->e * gw_kw_from_w(p->watts) * ci + (1.0 - self->e) * gw_kw_from_w(max_w(self)) * self->max_ci;
    return g_per_h * p->time;
}

/* The higher cap on a tie: time that costs nothing. */
uint32_t gw_cap_choice_chase(const struct gw_cap_chase *self, double ci)
{
    const struct gw_cap_point *p = points_of(self->curve);
    uint32_t best = self->curve->points.n - 1;
    for (uint32_t i = best; i-- > 0;) {
        if (cost_of(self, &p[i], ci) < cost_of(self, &p[best], ci)) {
            best = i;
        }
    }
    return best;
}

/* fixed: UINT32_MAX to choose anew in each period. */
static bool run(const struct gw_cap_chase *self, const double *ci, size_t n, double period_h, double work_h,
                uint32_t fixed, struct gw_cap_outcome *out)
{
    struct gw_cap_outcome o = {0};
    uint32_t before = fixed;
    for (size_t k = 0; k < n && work_h > 0.0; k++) {
        const uint32_t i = fixed != UINT32_MAX ? fixed : gw_cap_choice_chase(self, ci[k]);
        const struct gw_cap_point *p = &points_of(self->curve)[i];
        const double hours = fmin(period_h, work_h * p->time), kwh = gw_kw_from_w(p->watts) * hours;
        o.changes += k > 0 && i != before;
        before = i;
        work_h = hours < period_h ? 0.0 : work_h - hours / p->time;
        o.hours += hours;
        o.kwh += kwh;
        o.gco2 += kwh * ci[k];
        o.cost += cost_of(self, p, ci[k]) * hours / p->time;
    }
    if (work_h > 0.0) {
        return false;
    }
    *out = o;
    return true;
}

bool gw_cap_choice_follow(const struct gw_cap_chase *self, const double *ci, size_t n, double period_h,
                          double work_h, struct gw_cap_outcome *out)
{
    return run(self, ci, n, period_h, work_h, UINT32_MAX, out);
}

bool gw_cap_choice_fixed(const struct gw_cap_chase *self, const double *ci, size_t n, double period_h,
                         double work_h, uint32_t *point_at, struct gw_cap_outcome *out)
{
    if (*point_at != UINT32_MAX) {
        GW_REQUIRE(*point_at < self->curve->points.n);
        return run(self, ci, n, period_h, work_h, *point_at, out);
    }
    bool any = false;
    struct gw_cap_outcome o;
    for (uint32_t i = self->curve->points.n; i-- > 0;) {
        if (run(self, ci, n, period_h, work_h, i, &o) && (!any || o.cost < out->cost)) {
            any = true;
            *out = o;
            *point_at = i;
        }
    }
    return any;
}
