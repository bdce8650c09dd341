/* sim/run/plant_map.h - the plants of a resolved scenario, each asked in any air.
 *
 * Sites whose plants are written alike share one. Left out are plants that know no weather or that repeat
 * published formulas, and those beyond the first GW_PLANT_MAP_MAX. Air is at sea level, plants have no
 * memory. */
#ifndef GW_SIM_RUN_PLANT_MAP_H
#define GW_SIM_RUN_PLANT_MAP_H

#include "models/cooling/plant.h"

enum { GW_PLANT_MAP_MAX = 8 };

/* What serves the heat. */
enum gw_plant_map_mode {
    GW_PLANT_MAP_NO_AIR, /* there is no air of this dry and wet bulb */
    GW_PLANT_MAP_FREE_DRY,
    GW_PLANT_MAP_FREE_WET,
    GW_PLANT_MAP_PARTLY,
    GW_PLANT_MAP_COMPRESSOR,
    GW_PLANT_MAP_MODES
};

struct gw_plant_map {
    struct gw_arena arena;
    struct gw_tree tree;
    uint32_t n;
    struct {
        const struct gw_node *node;
        struct gw_named plant;
        struct gw_text sites; /* "a, b" */
    } row[GW_PLANT_MAP_MAX];
    struct gw_text without; /* sites left out */
};

struct gw_plant_map_point {
    enum gw_plant_map_mode mode;
    double pue, withdrawn_l_per_kwh; /* of IT energy; not set where there is no air */
};

/* From YAML. On failure *out is zeroed. */
GW_MUST_USE enum gw_status gw_plant_map_read(const char *scenario_yaml, struct gw_plant_map *out,
                                             struct gw_error *err);
void gw_plant_map_fini(struct gw_plant_map *self);

/* At a share of the nameplate, 0 < load <= 1. */
struct gw_plant_map_point gw_plant_map_at(const struct gw_plant_map *self, uint32_t row, double dry_bulb_c,
                                          double wet_bulb_c, double load);

#endif
