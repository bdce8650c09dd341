/* Any bytes at all: either a compiled scenario whose resolved form compiles to itself, or errors that say
 * where and why. Nothing is run. Inputs that name a plug-in are passed over: loading one runs its code. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/run/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool names_plugin(const uint8_t *data, size_t size)
{
    static const char word[] = "plugin";
    for (size_t i = 0; i + sizeof word - 1 <= size; i++) {
        if (memcmp(data + i, word, sizeof word - 1) == 0) {
            return true;
        }
    }
    return false;
}

static void require_told(const struct gw_scenario *sc, const struct gw_errors *errs)
{
    GW_REQUIRE(errs->n > 0);
    for (uint32_t i = 0; i < errs->n; i++) {
        GW_REQUIRE(errs->item[i].where[0] != '\0');
        GW_REQUIRE(errs->item[i].why[0] != '\0');
    }
    GW_REQUIRE(sc->tree.root == NULL && sc->site == NULL);
}

/* What a run relies on without looking again. */
static void require_sound(const struct gw_scenario *sc)
{
    const struct gw_time_cfg *t = &sc->cfg.time;
    GW_REQUIRE(sc->n_sites > 0 && sc->n_models > 0 && sc->n_demands > 0 && sc->n_variants > 0);
    GW_REQUIRE(t->duration_us % t->epoch_us == 0 && t->epoch_us % t->step_us == 0);
    GW_REQUIRE(sc->drain_max_us % t->step_us == 0 && sc->every_us % t->step_us == 0);
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        uint32_t places = 0;
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            GW_REQUIRE(sc->demand[d].rtt_us[s] >= 0);
            places += sc->demand[d].allowed[s];
        }
        GW_REQUIRE(places > 0);
        GW_REQUIRE(isfinite(sc->demand[d].cfg->rate_per_s) &&
                   strlen(sc->demand[d].name) <= GW_NAME_BYTES_MAX);
    }
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        GW_REQUIRE(isfinite(sc->site[s].fixed_it_kw) && sc->site[s].fixed_it_kw >= 0.0);
    }
    for (uint32_t v = 0; v < sc->n_variants; v++) {
        const gw_time_us window_us = sc->variant[v].window_us;
        GW_REQUIRE(window_us > 0 && t->epoch_us % window_us == 0);
    }
}

static void require_same_again(const struct gw_scenario *sc)
{
    struct gw_scenario again;
    struct gw_errors errs = {0};
    GW_REQUIRE(gw_scenario_parse(sc->resolved.at, sc->resolved.n, "fuzz.yaml", NULL, &again, &errs) == GW_OK);
    GW_REQUIRE(strcmp(sc->resolved.at, again.resolved.at) == 0);
    gw_scenario_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (names_plugin(data, size)) {
        return 0;
    }
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    if (gw_scenario_parse((const char *)data, size, "fuzz.yaml", NULL, &sc, &errs) == GW_OK) {
        require_sound(&sc);
        require_same_again(&sc);
        gw_scenario_fini(&sc);
    } else {
        require_told(&sc, &errs);
    }
    return 0;
}
