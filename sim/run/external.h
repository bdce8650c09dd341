/* sim/run/external.h - which variants of a scenario are decided by what geowatt does not contain: programs of
 * their own and plug-ins. The promise of equal bytes holds as far as they answer alike, so results name them.
 */
#ifndef GW_SIM_RUN_EXTERNAL_H
#define GW_SIM_RUN_EXTERNAL_H

#include "sim/run/scenario.h"

/* "mine: python3 mine.py; other: plug-in cheapest 0123456789abcdef"; nothing when there are none. */
void gw_external_print(const struct gw_scenario *sc, struct gw_text *out);

#endif
