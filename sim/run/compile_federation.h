/* sim/run/compile_federation.h - federated jobs made ready: clients, and the links between their sites. */
#ifndef GW_SIM_RUN_COMPILE_FEDERATION_H
#define GW_SIM_RUN_COMPILE_FEDERATION_H

#include "sim/run/compiler.h"

/* After the sites. */
GW_MUST_USE enum gw_status gw_compile_federation(struct gw_compiler *c);

#endif
