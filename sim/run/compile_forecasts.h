/* sim/run/compile_forecasts.h - forecasts of a scenario: tables read once, one forecast per site signal and
 * demand row */
#ifndef GW_SIM_RUN_COMPILE_FORECASTS_H
#define GW_SIM_RUN_COMPILE_FORECASTS_H

#include "sim/run/compiler.h"

/* The tables that all sites and all demand rows may share. */
GW_MUST_USE enum gw_status gw_compile_forecasts_read(struct gw_compiler *c);

/* Each its own forecast, or the shared one. */
GW_MUST_USE enum gw_status gw_compile_forecasts_of_site(struct gw_compiler *c, struct gw_site *site);
GW_MUST_USE enum gw_status gw_compile_forecasts_of_demand(struct gw_compiler *c, struct gw_demand *d);

#endif
