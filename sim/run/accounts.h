/* sim/run/accounts.h - what the books of a site need beside its meters: who takes its heat, how short of
 * water it is, which carbon signals its columns hold.
 *
 * A column holds one signal of one kind. Several columns may stand side by side; a signal that some site
 * lacks, or sites that count consumption beside sites that count production, are an error of the scenario. */
#ifndef GW_SIM_RUN_ACCOUNTS_H
#define GW_SIM_RUN_ACCOUNTS_H

#include "sim/run/scenario.h"

/* Of one site whose place, plant and grid are there. Files of contracts come through `source`. err->where is
 * a path in the scenario. */
GW_MUST_USE enum gw_status gw_accounts_compile_site(struct gw_scenario *sc, struct gw_site *site,
                                                    const struct gw_source *source, struct gw_error *err);

/* The keys of `score:` against what the grids of all sites have. */
GW_MUST_USE enum gw_status gw_accounts_check_signals(const struct gw_scenario *sc, struct gw_error *err);

/* What a reader of this site's money and claims should know, one sentence a line; nothing when all is plain.
 */
void gw_accounts_cautions(const struct gw_scenario *sc, uint32_t site, struct gw_text *out);

#endif
