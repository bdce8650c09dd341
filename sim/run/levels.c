#include "sim/run/levels.h"

#include <math.h>

#include "sim/core/rng.h"

uint32_t gw_levels_most(const struct gw_scenario *sc)
{
    uint32_t most = 1;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const uint32_t n = gw_directive_levels(sc->demand[d].cfg->directives);
        most = n > most ? n : most;
    }
    return most;
}

static bool make_key(struct gw_levels *self, uint32_t d, uint32_t replication)
{
    struct gw_text name = {0};
    gw_text_addf(&name, "requests/%s", self->sc->demand[d].name);
    const bool good = !name.failed;
    self->key[d] = good ? gw_rng_seed((uint64_t)self->sc->cfg.seed, replication, name.at) : 0;
    gw_text_fini(&name);
    return good;
}

bool gw_levels_init(struct gw_levels *self, const struct gw_scenario *sc, uint32_t replication,
                    const double *order, struct gw_arena *arena)
{
    const uint32_t levels = gw_levels_most(sc);
    *self = (struct gw_levels){
        .sc = sc,
        .levels = levels,
        .order = order,
        .key = gw_arena_array(arena, sc->n_demands, sizeof *self->key),
        .edge = gw_arena_array(arena, (size_t)sc->n_demands * levels, sizeof *self->edge),
        .effect = gw_arena_array(arena, sc->n_demands, sizeof *self->effect),
    };
    bool good = self->key != NULL && self->edge != NULL && self->effect != NULL;
    for (uint32_t d = 0; d < sc->n_demands && good; d++) {
        for (uint32_t l = 0; l < levels; l++) {
            self->edge[(size_t)d * levels + l] = 1.0;
        }
        self->effect[d] = (struct gw_levels_effect){1.0, 1.0};
        good = make_key(self, d, replication);
    }
    return good;
}

static double share_of(const struct gw_levels *self, uint32_t d, uint32_t l)
{
    const double x = self->order[(size_t)d * self->levels + l];
    return isnan(x) ? 0.0 : x;
}

static bool was_ordered(const struct gw_levels *self, uint32_t d)
{
    for (uint32_t l = 0; l < self->levels; l++) {
        if (!isnan(self->order[(size_t)d * self->levels + l])) {
            return true;
        }
    }
    return false;
}

static enum gw_status check_row(const struct gw_levels *self, uint32_t d, const char *policy,
                                struct gw_error *err)
{
    const uint32_t has = gw_directive_levels(self->sc->demand[d].cfg->directives);
    double sum = 0.0;
    for (uint32_t l = 0; l < self->levels; l++) {
        const double x = share_of(self, d, l);
        if (l >= has && x > 0.0) {
            return gw_fail(
                err, GW_ERR_POLICY, policy,
                "its order directives gives demand \"%s\" a share of %g at level %u; it has only %u",
                self->sc->demand[d].name, x, (unsigned)l, (unsigned)has);
        }
        sum += x;
    }
    if (fabs(sum - 1.0) > 1e-9) {
        return gw_fail(err, GW_ERR_POLICY, policy,
                       "its orders directives of demand \"%s\" sum to %.12g, not to 1",
                       self->sc->demand[d].name, sum);
    }
    return GW_OK;
}

/* The last level of the row takes what rounding leaves over. */
static bool take_row(struct gw_levels *self, uint32_t d)
{
    const struct gw_directive *directives = self->sc->demand[d].cfg->directives;
    const uint32_t has = gw_directive_levels(directives);
    struct gw_levels_effect effect = {0};
    bool changed = false;
    double end = 0.0;
    for (uint32_t l = 0; l < has; l++) {
        const double x = share_of(self, d, l), output = gw_directive_output(directives, l);
        end = l + 1 < has ? fmin(end + x, 1.0) : 1.0;
        double *edge = &self->edge[(size_t)d * self->levels + l];
        changed = changed || *edge != end;
        *edge = end;
        effect.tok += x * output;
        effect.tok_sq += x * output * output;
    }
    self->effect[d] = effect;
    return changed;
}

enum gw_status gw_levels_update(struct gw_levels *self, const char *policy, bool *changed,
                                struct gw_error *err)
{
    *changed = false;
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        if (!was_ordered(self, d)) {
            continue;
        }
        const enum gw_status s = check_row(self, d, policy, err);
        if (s != GW_OK) {
            return s;
        }
        *changed = take_row(self, d) || *changed;
    }
    return GW_OK;
}

uint32_t gw_levels_of(const struct gw_levels *self, uint32_t d, uint64_t number)
{
    const uint64_t request = gw_rng_request_key(self->key[d], 0, number, 0);
    const double u = gw_rng_unit(gw_rng_draw(request, GW_DRAW_QUALITY));
    const double *edge = self->edge + (size_t)d * self->levels;
    const uint32_t has = gw_directive_levels(self->sc->demand[d].cfg->directives);
    uint32_t l = 0;
    while (l + 1 < has && u >= edge[l]) {
        l++;
    }
    return l;
}
