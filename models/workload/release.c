#include "models/workload/release.h"

#include <string.h>

#include "sim/base/check.h"

struct rule {
    gw_time_us reserve_us;
    double limit, pace;
};

static const struct gw_type reserve = {
    .kind = GW_SPAN, .size = sizeof(gw_time_us), .unit = "s", .min = 0, .max = 7 * 86400.0};
static const struct gw_type limit = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "g/kWh", .min = 0, .max = 5000};
static const struct gw_type pace = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 1.01, .max = 1e4};

#define RESERVE                                                                                              \
    GW_FIELD_AS(struct rule, "reserve", reserve_us, &reserve, "15 min",                                      \
                "How long before the deadline a request goes at the latest", "round number")
static const struct gw_field deadline_fields[] = {RESERVE, GW_FIELD_END};
static const struct gw_field carbon_fields[] = {
    GW_FIELD(struct rule, limit, &limit, NULL,
             "Go while a site that may serve them has a forecast carbon intensity below", NULL),
    GW_FIELD(struct rule, pace, &pace, "4", "How much faster than time the queue moves while it is open",
             "round number"),
    RESERVE,
    GW_FIELD_END,
};
#undef RESERVE

static const struct gw_type at_once_type = {.kind = GW_OBJ, .doc = "Requests go when they are asked for"};
static const struct gw_type by_deadline_type = {.kind = GW_OBJ,
                                                .size = sizeof(struct rule),
                                                .of = deadline_fields,
                                                .doc = "Requests go as late as the deadline allows"};
static const struct gw_type below_carbon_type = {
    .kind = GW_OBJ, .size = sizeof(struct rule), .of = carbon_fields, .doc = "Requests go while it is clean"};

static const struct gw_type *rule_type(const char *name)
{
    return strcmp(name, "at-once") == 0        ? &at_once_type
           : strcmp(name, "by-deadline") == 0  ? &by_deadline_type
           : strcmp(name, "below-carbon") == 0 ? &below_carbon_type
                                               : NULL;
}

static const char *const *rule_names(void)
{
    static const char *const names[] = {"at-once", "by-deadline", "below-carbon", NULL};
    return names;
}

const struct gw_type gw_release_type = {.kind = GW_NAMED,
                                        .size = sizeof(struct gw_named),
                                        .key = "rule",
                                        .named = rule_type,
                                        .names = rule_names};

static const double plain_pace = 4.0; /* of rules that have none: for a policy's order */

gw_time_us gw_release_patience_us(const struct gw_named *rule, gw_time_us deadline_us)
{
    const struct rule *cfg = rule->cfg;
    const gw_time_us latest_us = deadline_us - (rule->type == &at_once_type ? 0 : cfg->reserve_us);
    return latest_us > 0 ? latest_us : 0;
}

bool gw_release_init(struct gw_release *self, const struct gw_named *rule, gw_time_us deadline_us,
                     gw_time_us first_us, gw_time_us end_us, gw_time_us epoch_us, struct gw_arena *arena)
{
    *self = (struct gw_release){
        .rule = rule,
        .latest_us = gw_release_patience_us(rule, deadline_us),
        .end_us = end_us,
        .pace = rule->type == &below_carbon_type ? ((const struct rule *)rule->cfg)->pace : plain_pace,
        .epoch_us = epoch_us,
        .first_us = first_us,
        .epoch = gw_arena_array(arena, (size_t)((end_us - first_us) / epoch_us + 1), sizeof *self->epoch),
    };
    return self->epoch != NULL;
}

bool gw_release_wish(const struct gw_release *self, double carbon_g_per_kwh)
{
    if (self->rule->type == &below_carbon_type) {
        return carbon_g_per_kwh < ((const struct rule *)self->rule->cfg)->limit;
    }
    return self->rule->type == &at_once_type;
}

void gw_release_begin(struct gw_release *self, bool open, gw_time_us now_us, gw_time_us from_us)
{
    GW_REQUIRE(now_us == self->first_us + (gw_time_us)self->n * self->epoch_us && now_us < self->end_us);
    self->epoch[self->n++] = (struct gw_release_epoch){open, now_us, from_us};
}

static gw_time_us smaller(gw_time_us a, gw_time_us b)
{
    return a < b ? a : b;
}

static gw_time_us larger(gw_time_us a, gw_time_us b)
{
    return a > b ? a : b;
}

/* The latest instant: L after the asking, but less and less towards the end of the run, where the queue is
 * gone. */
static gw_time_us limit_of(const struct gw_release *self, gw_time_us asked_us)
{
    return asked_us + smaller(self->latest_us, (self->end_us - asked_us) / 2);
}

static gw_time_us asked_at_limit(const struct gw_release *self, gw_time_us released_us)
{
    return released_us <= self->end_us - self->latest_us ? released_us - self->latest_us
                                                         : 2 * released_us - self->end_us;
}

gw_time_us gw_release_at(const struct gw_release *self, gw_time_us asked_us)
{
    const struct gw_release_epoch *e = &self->epoch[self->n - 1];
    gw_time_us at_us = limit_of(self, asked_us);
    if (e->open) {
        const gw_time_us queued_us = (gw_time_us)((double)(asked_us - e->from_us) / self->pace);
        at_us = smaller(larger(asked_us, e->since_us + queued_us), at_us);
    }
    /* what the deadline was to let go in an epoch before goes now */
    return larger(at_us, e->since_us);
}

gw_time_us gw_release_asked(const struct gw_release *self, gw_time_us released_us)
{
    const uint32_t i = (uint32_t)((released_us - self->first_us) / self->epoch_us);
    GW_REQUIRE(i < self->n);
    const struct gw_release_epoch *e = &self->epoch[i];
    const gw_time_us at_limit_us = asked_at_limit(self, released_us);
    if (!e->open) {
        return at_limit_us;
    }
    const gw_time_us queued_us = e->from_us + (gw_time_us)((double)(released_us - e->since_us) * self->pace);
    return larger(smaller(released_us, queued_us), at_limit_us);
}
