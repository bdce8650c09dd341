/* sim/run/compile_variant.h - a policy variant: its policies, their moments and the window of the run */
#ifndef GW_SIM_RUN_COMPILE_VARIANT_H
#define GW_SIM_RUN_COMPILE_VARIANT_H

#include "sim/run/compiler.h"

/* Fills variant `index`. Demand rows are compiled before. */
GW_MUST_USE enum gw_status gw_compile_variant(struct gw_compiler *c, uint32_t index);

/* The variant that changes are taken against. */
GW_MUST_USE enum gw_status gw_compile_variant_baseline(struct gw_compiler *c);

#endif
