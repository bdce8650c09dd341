#include "sim/run/external.h"

#include <inttypes.h>
#include <string.h>

#include "sim/run/exec_policy.h"

static const struct gw_named *row_of(const struct gw_scenario *sc, uint32_t variant, size_t slot)
{
    const struct gw_variant_cfg *cfg = (const struct gw_variant_cfg *)sc->cfg.policies.at + variant;
    const struct gw_named *own = &cfg->slots.slot[slot];
    return own->name != NULL ? own : &sc->cfg.defaults.slot[slot];
}

/* One program or plug-in may fill several slots: it is named once. */
static bool named_before(const struct gw_variant *v, size_t slot)
{
    const struct gw_policy_choice *it = &v->slot[slot];
    for (size_t k = 0; k < slot; k++) {
        const struct gw_policy_choice *other = &v->slot[k];
        const bool same_program = it->ops == &gw_policy_exec && other->ops == it->ops &&
                                  memcmp(it->cfg, other->cfg, it->ops->cfg_size) == 0;
        if (same_program || (it->checksum != 0 && it->checksum == other->checksum)) {
            return true;
        }
    }
    return false;
}

void gw_external_print(const struct gw_scenario *sc, struct gw_text *out)
{
    bool first = true;
    for (uint32_t i = 0; i < sc->n_variants; i++) {
        const struct gw_variant *v = &sc->variant[i];
        for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
            const bool program = v->slot[k].ops == &gw_policy_exec;
            if ((!program && v->slot[k].library == NULL) || named_before(v, k)) {
                continue;
            }
            gw_text_addf(out, "%s%s:", first ? "" : "; ", v->name);
            first = false;
            if (!program) {
                gw_text_addf(out, " plug-in %s %016" PRIx64, v->slot[k].ops->name, v->slot[k].checksum);
                continue;
            }
            const struct gw_exec_cfg *cfg = row_of(sc, i, k)->cfg;
            const char *const *word = cfg->command.at;
            for (uint32_t w = 0; w < cfg->command.n; w++) {
                gw_text_addf(out, " %s", word[w]);
            }
        }
    }
}
