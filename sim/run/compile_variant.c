#include "sim/run/compile_variant.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/run/exec_policy.h"
#include "sim/run/phases.h"
#include "sim/run/spill.h"

static const gw_time_us longest_answer_window_us = 10 * GW_US_PER_S;
static const double window_requests = 1e5; /* about 5 MB of inboxes: they stay in the cache */
static const gw_time_us max_parts = 100000;

/* Planners get the same bytes for any window (docs/contracts.md), so theirs is an epoch, or what part of a
 * step keeps the requests in memory few and a signal soon heard. */
static gw_time_us planners_window_us(const struct gw_scenario *sc)
{
    double rate_per_s = 0.0;
    for (uint32_t i = 0; i < sc->n_demands; i++) {
        rate_per_s += gw_request_law_peak_rate(&sc->demand[i].law, 0, gw_compiler_arrivals_end_us(sc));
    }
    gw_time_us window_us = sc->cfg.time.epoch_us;
    for (gw_time_us parts = 1; rate_per_s * gw_s_from_us(window_us) > window_requests && parts <= max_parts;
         parts++) {
        window_us = sc->cfg.time.step_us % parts == 0 ? sc->cfg.time.step_us / parts : window_us;
    }
    return window_us;
}

static enum gw_status compile_slot(struct gw_compiler *c, struct gw_variant *v,
                                   const struct gw_variant_cfg *cfg, size_t k)
{
    struct gw_scenario *sc = c->sc;
    const struct gw_named *own = &cfg->slots.slot[k],
                          *row = own->name != NULL ? own : &sc->cfg.defaults.slot[k];
    const char *key = gw_slots_docs[k].key;
    const gw_time_us asked = cfg->every.slot_us[k], step_us = sc->cfg.time.step_us;
    const struct gw_compiler_place every = gw_compiler_at("policies[%s].every.%s", v->name, key);
    v->every_us[k] = asked != GW_ABSENT ? asked : sc->cfg.time.epoch_us;
    if (v->every_us[k] % step_us != 0 || v->every_us[k] == 0) {
        char span[GW_CLOCK_TEXT_MAX], step[GW_CLOCK_TEXT_MAX];
        gw_clock_print_span(v->every_us[k], span);
        gw_clock_print_span(step_us, step);
        return gw_compiler_fail(c, GW_ERR_RANGE, every, "%s is not a multiple of time.step, %s", span, step);
    }
    if (row->name == NULL) {
        return asked == GW_ABSENT
                   ? GW_OK
                   : gw_compiler_fail(c, GW_ERR_RANGE, every, "no policy fills this slot: nothing plans");
    }
    struct gw_error err;
    const enum gw_status s = strcmp(row->name, "exec") == 0
                                 ? gw_exec_policy_open(row->cfg, sc->path, &v->slot[k], &sc->arena, &err)
                                 : gw_registry_open(row, &v->slot[k], &sc->arena, &err);
    char slot[GW_NAME_BYTES_MAX + 40];
    snprintf(slot, sizeof slot, "policies[%s].%s", v->name, key);
    if (s != GW_OK) {
        return gw_compiler_fail(c, s, gw_compiler_at("%s", slot), "%s: %s", err.where, err.why);
    }
    if ((v->slot[k].ops->slots & gw_slots_docs[k].slot) == 0) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("%s", slot), "this policy is not made for %s",
                                key);
    }
    return GW_OK;
}

/* Planning moments are window edges. */
static gw_time_us window_at_moments(const struct gw_scenario *sc, const struct gw_variant *v,
                                    gw_time_us window_us)
{
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        if (v->slot[k].ops != NULL && v->every_us[k] % window_us != 0) {
            return sc->cfg.time.step_us;
        }
    }
    return window_us;
}

/* Whether some row's next requests depend on when the former were answered. */
static bool answers_matter(const struct gw_scenario *sc)
{
    for (uint32_t i = 0; i < sc->n_demands; i++) {
        if (sc->demand[i].sessions.sessions.turns > 0.0) {
            return true;
        }
    }
    return false;
}

enum gw_status gw_compile_variant(struct gw_compiler *c, uint32_t index)
{
    struct gw_scenario *sc = c->sc;
    struct gw_variant *v = &sc->variant[index];
    const struct gw_variant_cfg *cfg = (const struct gw_variant_cfg *)sc->cfg.policies.at + index;
    v->name = sc->variant_name[index];
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        const enum gw_status s = compile_slot(c, v, cfg, k);
        if (s != GW_OK) {
            return s;
        }
    }
    const struct gw_policy_ops *trainer = v->slot[GW_SLOTS_TRAINING].ops;
    if (trainer != NULL && trainer->schedule == NULL) {
        return gw_compiler_fail(c, GW_ERR_POLICY, gw_compiler_at("policies[%s].training", v->name),
                                "this policy has no function schedule, which decides about jobs");
    }
    v->staged = v->slot[GW_SLOTS_REPLICAS].ops != NULL;
    for (uint32_t m = 0; m < sc->n_models && v->staged; m++) {
        if (gw_phases_split(sc, m)) {
            return gw_compiler_fail(c, GW_ERR_RANGE,
                                    gw_compiler_at("serving.models[%s].replicas", sc->model_name[m]),
                                    "a split model keeps its replicas: policy \"%s\" orders how many there "
                                    "are, but not of which phase",
                                    v->name);
        }
    }
    v->state_aware = v->slot[GW_SLOTS_ROUTING].ops->route != NULL;
    const gw_time_us asked = sc->cfg.time.window_us;
    v->window_us = asked != GW_ABSENT ? asked : v->state_aware ? GW_US_PER_S : planners_window_us(sc);
    v->window_us = window_at_moments(sc, v, v->window_us);
    if (answers_matter(sc)) {
        v->window_us = asked == GW_ABSENT && v->window_us > GW_US_PER_S ? GW_US_PER_S : v->window_us;
        if (v->window_us > longest_answer_window_us) {
            return gw_compiler_fail(
                c, GW_ERR_RANGE, gw_compiler_at("time.window"),
                "users of sessions come back at window edges, so with sessions a window may last at "
                "most 10 s");
        }
    }
    if (gw_spill_wanted(sc)) {
        v->window_us = asked == GW_ABSENT && v->window_us > GW_US_PER_S ? GW_US_PER_S : v->window_us;
        if (v->window_us > longest_answer_window_us) {
            return gw_compiler_fail(
                c, GW_ERR_RANGE, gw_compiler_at("time.window"),
                "requests are spilled at window edges, so with on_overload spill a window "
                "may last at most 10 s");
        }
    }
    if (sc->cfg.time.step_us % v->window_us != 0 && v->window_us % sc->cfg.time.step_us != 0) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("time.step"),
                                "is not a multiple of 1 s, the window of policies that route each "
                                "request: set time.window to a divisor of it");
    }
    return GW_OK;
}

enum gw_status gw_compile_variant_baseline(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    const char *name = sc->cfg.score.baseline;
    for (uint32_t i = 0; name != NULL && i < sc->n_variants; i++) {
        if (strcmp(sc->variant_name[i], name) == 0) {
            sc->baseline = i;
            return GW_OK;
        }
    }
    if (name == NULL) {
        sc->baseline = 0;
        return GW_OK;
    }
    const char *nearest = gw_text_nearest(name, sc->variant_name, sc->n_variants);
    return gw_compiler_fail(c, GW_ERR_UNKNOWN, gw_compiler_at("score.baseline"),
                            "no policy of this scenario is named \"%s\"%s", name, gw_text_hint(nearest).text);
}
