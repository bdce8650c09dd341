/* sim/run/compiler.h - what the parts of compile share: the scenario being filled, and sentences about it */
#ifndef GW_SIM_RUN_COMPILER_H
#define GW_SIM_RUN_COMPILER_H

#include "models/forecast/forecast.h"
#include "sim/run/scenario.h"

struct gw_compiler {
    struct gw_scenario *sc;
    const struct gw_source *source; /* of trace files; NULL: the disk */
    struct gw_errors *errs;
    struct gw_csv site_forecast[GW_FORECAST_SIGNALS], demand_forecast; /* tables that all may share */
};

/* A place in the scenario, "sites[oregon].grid". */
struct gw_compiler_place {
    char path[300];
};

struct gw_compiler_place gw_compiler_at(const char *fmt, ...) GW_PRINTF(1, 2);

/* Reports a sentence at the node of `at`, or at the nearest one around it that somebody wrote, printed as the
 * binder does. Returns `status`. */
enum gw_status gw_compiler_fail(struct gw_compiler *c, enum gw_status status, struct gw_compiler_place at,
                                const char *fmt, ...) GW_PRINTF(4, 5);

/* Reports GW_ERR_NOMEM and returns it. */
enum gw_status gw_compiler_no_memory(struct gw_compiler *c);

/* Zeroed, lives as long as the scenario. NULL when memory is out. */
void *gw_compiler_array(struct gw_compiler *c, size_t n, size_t size);

/* Time from the burn-in's start to the end of arrivals. */
gw_time_us gw_compiler_arrivals_end_us(const struct gw_scenario *sc);

#endif
