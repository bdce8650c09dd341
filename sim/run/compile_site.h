/* sim/run/compile_site.h - a site: its place, plant, weather, grid signals and books */
#ifndef GW_SIM_RUN_COMPILE_SITE_H
#define GW_SIM_RUN_COMPILE_SITE_H

#include "sim/run/compiler.h"

/* Fills site `index`, its replicas apart. */
GW_MUST_USE enum gw_status gw_compile_site(struct gw_compiler *c, uint32_t index);

#endif
