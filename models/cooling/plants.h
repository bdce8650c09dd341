/* models/cooling/plants.h - the plants that are built in.
 *
 * To add one: a file beside this, a line here, a test, a section in docs/models/cooling.md. */
#ifndef GW_MODELS_COOLING_PLANTS_H
#define GW_MODELS_COOLING_PLANTS_H

#include "models/cooling/plant.h"

/* the symbol's ending, the name in scenarios */
/* clang-format off */
#define GW_PLANT_LIST(X) \
    X(constant, "constant") \
    X(air_ae_dec, "ae-dec") \
    X(air_iec, "iec") \
    X(economizer_tower, "ae-wc") \
    X(economizer_air, "ae-ac") \
    X(tower_wc_wse, "wc-wse") \
    X(tower_hyper, "hyper-tower") \
    X(tower_wc, "wc") \
    X(dry_ac, "ac") \
    X(dry_dx, "dx") \
    X(liquid_tower, "liq-tower") \
    X(liquid_hybrid, "liq-hybrid") \
    X(liquid_dry, "liq-dry") \
    X(compat_ren, "ren") \
    X(compat_gupta, "gupta") \
    X(compat_shield, "shield") \
    X(compat_sustaindc, "sustaindc")
/* clang-format on */

#define GW_PLANT_DECLARE(symbol, name) extern const struct gw_plant gw_plant_##symbol;
GW_PLANT_LIST(GW_PLANT_DECLARE)
#undef GW_PLANT_DECLARE

#endif
