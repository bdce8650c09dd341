#include "sim/run/transfers.h"

#include <stdbool.h>

static bool known(const struct gw_transfer *list, uint32_t n, const struct gw_transfer *t)
{
    for (uint32_t i = 0; i < n; i++) {
        if (list[i].engine == t->engine && list[i].accelerator == t->accelerator) {
            return true;
        }
    }
    return false;
}

uint32_t gw_transfers_find(const struct gw_scenario *sc, struct gw_transfer out[GW_TRANSFERS_MAX])
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        for (uint32_t g = 0; g < sc->site[s].n_groups; g++) {
            const struct gw_group *group = &sc->site[s].group[g];
            const struct gw_transfer t = {sc->model[group->model].cfg->engine, group->node->accelerator};
            if (group->quality == GW_FIT_TRANSFERRED && n < GW_TRANSFERS_MAX && !known(out, n, &t)) {
                out[n++] = t;
            }
        }
    }
    return n;
}

void gw_transfers_print(const struct gw_scenario *sc, struct gw_text *out)
{
    struct gw_transfer list[GW_TRANSFERS_MAX];
    const uint32_t n = gw_transfers_find(sc, list);
    for (uint32_t i = 0; i < n; i++) {
        gw_text_addf(out, "%s%s on %s", i > 0 ? ", " : "", list[i].engine->name, list[i].accelerator->name);
    }
}
