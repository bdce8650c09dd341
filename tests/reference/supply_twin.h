/* tests/reference/supply_twin.h - the rules of models/supply/supply.h, said slice by slice.
 *
 * A step is cut into slices so short that every power may be taken as level within one: no kink is looked for
 * and no integral solved. Right to the first order in the slice. */
#ifndef GW_TESTS_REFERENCE_SUPPLY_TWIN_H
#define GW_TESTS_REFERENCE_SUPPLY_TWIN_H

#include "models/supply/supply.h"

void gw_supply_twin_add(const struct gw_supply_cfg *cfg, const struct gw_supply_in *in, int slices,
                        double *stored_kwh, struct gw_supply_out *out);

#endif
