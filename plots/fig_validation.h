/* plots/fig_validation.h - how far each row of a validation lies from what was published, in units of what is
 * allowed: one strip per group of rows. */
#ifndef GW_PLOTS_FIG_VALIDATION_H
#define GW_PLOTS_FIG_VALIDATION_H

#include "plots/canvas.h"
#include "sim/validate/validation.h"

GW_MUST_USE enum gw_status gw_fig_validation_draw(struct gw_canvas *canvas, const char *subject,
                                                  const struct gw_validation *validation,
                                                  struct gw_error *err);

#endif
