/* models/cooling/plant_step.h - a plant over one step of time, however long: in equal parts of at most five
 * minutes.
 *
 *   n = ceil(step / 300 s)        out = sum_i at(air((i + 1/2) step / n)) / n        (45)
 *
 * Dampers shut and open within an hour, and the air of its middle would then stand for all of it. The IT
 * power is the step's mean in every part; the memory goes from part to part. docs/models/cooling.md. */
#ifndef GW_MODELS_COOLING_PLANT_STEP_H
#define GW_MODELS_COOLING_PLANT_STEP_H

#include <stdint.h>

#include "models/cooling/plant.h"

/* Writes the air outside, and who takes heat, `after_s` seconds into the step. */
struct gw_plant_step_air {
    void (*at)(const void *from, double after_s, struct gw_plant_in *in);
    const void *from;
};

uint32_t gw_plant_step_parts(double step_s); /* step_s > 0 */

/* Means over the step; shut_s as at its end. Of *in the powers, the shift, shut_s at the step's start and the
 * whole step's step_s are read. */
struct gw_plant_out gw_plant_step(const struct gw_plant *plant, const void *cfg, const struct gw_plant_in *in,
                                  const struct gw_plant_step_air *air);

#endif
