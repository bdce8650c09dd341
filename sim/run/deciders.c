#include "sim/run/deciders.h"

#include <math.h>
#include <string.h>

#include "models/policies/eval.h"
#include "sim/core/rng.h"
#include "sim/run/timing.h"

/* ---- begin and end ---- */

bool gw_deciders_init(struct gw_deciders *self, const struct gw_scenario *sc, const struct gw_dims *dims,
                      struct gw_arena *arena)
{
    *self = (struct gw_deciders){0};
    self->share = gw_arena_array(arena, (size_t)sc->n_demands * sc->n_sites, sizeof *self->share);
    return self->share != NULL && gw_orders_init(&self->orders, dims, arena);
}

/* The decider that already fills another slot with the same policy, parameters and rhythm; NULL when none. */
static struct gw_decider *same(struct gw_deciders *self, const struct gw_policy_choice *choice,
                               gw_time_us every_us)
{
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_policy_choice *other = self->decider[i].choice;
        if (other->ops == choice->ops && self->decider[i].every_us == every_us &&
            (choice->ops->cfg_size == 0 || memcmp(other->cfg, choice->cfg, choice->ops->cfg_size) == 0)) {
            return &self->decider[i];
        }
    }
    return NULL;
}

static enum gw_status join_program(struct gw_deciders *self, struct gw_decider *decider, uint64_t seed,
                                   struct gw_error *err)
{
    const char *name = self->variant->name;
    const struct gw_exec_subject subject = {.policy = name, .slots = decider->slots, .seed = seed};
    struct gw_exec_program *program;
    struct gw_error why;
    const enum gw_status s = gw_exec_policy_begin(self->programs, (uint32_t)(decider - self->decider),
                                                  decider->choice->cfg, &subject, &program, &why);
    decider->self = program;
    return s == GW_OK ? GW_OK : gw_fail(err, s, name, "%s: %s", why.where, why.why);
}

static enum gw_status create(struct gw_deciders *self, struct gw_decider *decider,
                             const struct gw_scenario *sc, uint32_t replication,
                             const struct gw_view_store *view, struct gw_error *err)
{
    const char *variant = self->variant->name;
    const struct gw_policy_ops *ops = decider->choice->ops;
    const uint64_t seed = gw_rng_seed((uint64_t)sc->cfg.seed, replication, ops->name);
    if (ops == &gw_policy_exec) {
        return join_program(self, decider, seed, err);
    }
    if (ops->create == NULL) {
        return GW_OK;
    }
    struct gw_policy_error why = {0};
    if (ops->create(&decider->self, decider->choice->cfg, &view->public, seed, &why) != 0) {
        decider->self = NULL;
        return gw_fail(err, GW_ERR_POLICY, variant, "could not be created: %s",
                       why.why[0] != '\0' ? why.why : "no reason given");
    }
    return GW_OK;
}

enum gw_status gw_deciders_open(struct gw_deciders *self, const struct gw_scenario *sc,
                                const struct gw_variant *variant, uint32_t replication,
                                const struct gw_view_store *view, struct gw_error *err)
{
    self->variant = variant;
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        const struct gw_policy_choice *choice = &variant->slot[k];
        if (choice->ops == NULL) {
            continue;
        }
        struct gw_decider *decider = same(self, choice, variant->every_us[k]);
        if (decider == NULL) {
            decider = &self->decider[self->n++];
            *decider = (struct gw_decider){.choice = choice, .every_us = variant->every_us[k]};
        }
        decider->slots |= gw_slots_docs[k].slot;
        self->router = k == GW_SLOTS_ROUTING ? decider : self->router;
    }
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < self->n && s == GW_OK; i++) {
        s = create(self, &self->decider[i], sc, replication, view, err);
    }
    return s;
}

void gw_deciders_close(struct gw_deciders *self)
{
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_policy_ops *ops = self->decider[i].choice->ops;
        if (self->decider[i].self != NULL && ops->destroy != NULL) {
            ops->destroy(self->decider[i].self);
        }
    }
    self->n = 0;
}

/* ---- planning ---- */

/* The plan that a policy fills, and where its orders go. */
struct planning {
    struct gw_plan plan; /* first: the policy hands its address back */
    struct gw_orders *orders;
    uint32_t slots;
    struct gw_error broken; /* the first order that broke the contract */
};

static int take_order(struct gw_plan *plan, const struct gw_order *order)
{
    struct planning *planning = (struct planning *)plan;
    struct gw_error err;
    const enum gw_status s = gw_orders_take(planning->orders, planning->slots, order, &err);
    if (s == GW_ERR_POLICY && planning->broken.status == GW_OK) {
        planning->broken = err;
    }
    return s == GW_OK ? 0 : 1;
}

static bool due(const struct gw_deciders *self, const struct gw_decider *decider, gw_time_us now_us)
{
    return decider->choice->ops->plan != NULL && (!self->planned || now_us % decider->every_us == 0);
}

bool gw_deciders_due(const struct gw_deciders *self, gw_time_us now_us)
{
    for (uint32_t i = 0; i < self->n; i++) {
        if (due(self, &self->decider[i], now_us)) {
            return true;
        }
    }
    return false;
}

static enum gw_status plan_one(struct gw_deciders *self, const struct gw_decider *decider,
                               const struct gw_view_store *view, struct gw_error *err)
{
    const struct gw_policy_ops *ops = decider->choice->ops;
    const char *name = self->variant->name;
    const bool routes = (decider->slots & GW_SLOT_ROUTING) != 0;
    struct planning planning = {
        .plan = {.bytes = sizeof planning.plan, .share = routes ? self->share : NULL, .order = take_order},
        .orders = &self->orders,
        .slots = decider->slots};
    struct gw_policy_error why = {0};
    const double began_s = gw_timing_now_s();
    const int failed = ops->plan(decider->self, &view->public, &planning.plan, &why);
    self->plan_s += gw_timing_now_s() - began_s;
    if (failed != 0) {
        return gw_fail(err, GW_ERR_POLICY, name, "its plan failed: %s",
                       why.why[0] != '\0' ? why.why : "no reason given");
    }
    if (planning.broken.status != GW_OK) {
        return gw_fail(err, GW_ERR_POLICY, name, "its order %s breaks the contract: %s",
                       planning.broken.where, planning.broken.why);
    }
    /* a router may leave shares alone: it decides request by request */
    return routes && ops->route == NULL ? gw_eval_check(view, name, self->share, err) : GW_OK;
}

enum gw_status gw_deciders_plan(struct gw_deciders *self, gw_time_us now_us, const struct gw_view_store *view,
                                struct gw_error *err)
{
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < self->n && s == GW_OK; i++) {
        if (due(self, &self->decider[i], now_us)) {
            s = plan_one(self, &self->decider[i], view, err);
            s = s == GW_OK && self->hook.planned != NULL
                    ? self->hook.planned(self->hook.to, self->decider[i].slots, err)
                    : s;
        }
    }
    self->planned = true;
    return s;
}

struct gw_policy_report gw_deciders_report(const struct gw_deciders *self)
{
    struct gw_policy_report out = {.bytes = sizeof out,
                                   .evaluations = (double)NAN,
                                   .hypervolume = (double)NAN,
                                   .hypervolume_ratio = (double)NAN};
    const struct gw_decider *router = self->router;
    if (router != NULL && router->choice->ops->report != NULL) {
        router->choice->ops->report(router->self, &out);
    }
    return out;
}
