/* models/cooling/plant_read.h - a plant alone, as a scenario writes it after `cooling:`.
 *
 * For whoever asks a plant without a scenario around it: probe, validation, figures. */
#ifndef GW_MODELS_COOLING_PLANT_READ_H
#define GW_MODELS_COOLING_PLANT_READ_H

#include "models/cooling/plant.h"

/* From YAML on one line: a name, or "{ plant: wc-wse, cycles: 4 }". Messages say `where`. Lives in the arena.
 */
GW_MUST_USE enum gw_status gw_plant_read_text(const char *cooling, const char *where, struct gw_named *out,
                                              struct gw_arena *arena, struct gw_errors *errs);

/* From a node of another tree, which is left as it is. */
GW_MUST_USE enum gw_status gw_plant_read_node(const struct gw_node *cooling, struct gw_named *out,
                                              struct gw_arena *arena, struct gw_errors *errs);

#endif
