#include "sim/run/plant_map.h"

#include <string.h>

#include "models/cooling/plant_read.h"
#include "models/weather/psychro.h"

static void add_name(struct gw_text *to, const char *site)
{
    gw_text_addf(to, "%s%s", to->n > 0 ? ", " : "", site);
}

static enum gw_status add_site(struct gw_plant_map *map, const char *site, const struct gw_node *cooling,
                               struct gw_errors *errs)
{
    for (uint32_t i = 0; i < map->n; i++) {
        if (gw_node_equal(map->row[i].node, cooling)) {
            add_name(&map->row[i].sites, site);
            return GW_OK;
        }
    }
    struct gw_named plant;
    const enum gw_status s = gw_plant_read_node(cooling, &plant, &map->arena, errs);
    if (s != GW_OK) {
        return s;
    }
    const struct gw_plant *ops = gw_plant_find(plant.name);
    if (!ops->needs_weather || ops->caution != NULL || map->n == GW_PLANT_MAP_MAX) {
        add_name(&map->without, site);
        return GW_OK;
    }
    map->row[map->n].node = cooling;
    map->row[map->n].plant = plant;
    add_name(&map->row[map->n++].sites, site);
    return GW_OK;
}

static enum gw_status add_sites(struct gw_plant_map *map, struct gw_errors *errs)
{
    const struct gw_node *sites = gw_node_get(map->tree.root, "sites");
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; sites != NULL && i < sites->n && s == GW_OK; i++) {
        const struct gw_node *cooling = gw_node_get(sites->entry[i].value, "cooling");
        const char *name = gw_node_text(sites->entry[i].value, "name");
        if (cooling != NULL && name != NULL) {
            s = add_site(map, name, cooling, errs);
        }
    }
    bool failed = map->without.failed;
    for (uint32_t i = 0; i < map->n; i++) {
        failed = failed || map->row[i].sites.failed;
    }
    if (s == GW_OK && failed) {
        gw_errors_add(errs, s = GW_ERR_NOMEM, "sites", "out of memory");
    }
    return s;
}

enum gw_status gw_plant_map_read(const char *scenario_yaml, struct gw_plant_map *out, struct gw_error *err)
{
    struct gw_errors errs = {0};
    *out = (struct gw_plant_map){0};
    enum gw_status s =
        gw_tree_parse(&out->tree, scenario_yaml, strlen(scenario_yaml), "scenario", NULL, &errs);
    s = s == GW_OK ? add_sites(out, &errs) : s;
    if (s != GW_OK) {
        *err = errs.item[0];
        gw_plant_map_fini(out);
    }
    return s;
}

void gw_plant_map_fini(struct gw_plant_map *self)
{
    for (uint32_t i = 0; i < self->n; i++) {
        gw_text_fini(&self->row[i].sites);
    }
    gw_text_fini(&self->without);
    gw_tree_fini(&self->tree);
    gw_arena_fini(&self->arena);
    *self = (struct gw_plant_map){0};
}

/* Vapour of air of this dry and wet bulb: psychro.h (5), (6). Negative where there is no such air. */
static double vapour_ratio(double dry_c, double wet_c)
{
    const double saturated =
        gw_psychro_humidity_ratio(gw_psychro_saturation_pa(wet_c), GW_PSYCHRO_SEA_LEVEL_PA);
    return wet_c > 0 ? ((2501 - 2.326 * wet_c) * saturated - 1.006 * (dry_c - wet_c)) /
                           (2501 + 1.86 * dry_c - 4.186 * wet_c)
                     : ((2830 - 0.24 * wet_c) * saturated - 1.006 * (dry_c - wet_c)) /
                           (2830 + 1.86 * dry_c - 2.1 * wet_c);
}

struct gw_plant_map_point gw_plant_map_at(const struct gw_plant_map *self, uint32_t row, double dry_bulb_c,
                                          double wet_bulb_c, double load)
{
    const double ratio = wet_bulb_c <= dry_bulb_c ? vapour_ratio(dry_bulb_c, wet_bulb_c) : -1;
    if (ratio <= 1e-5) {
        return (struct gw_plant_map_point){.mode = GW_PLANT_MAP_NO_AIR};
    }
    const struct gw_named *plant = &self->row[row].plant;
    const struct gw_plant_in in = {.it_kw = load,
                                   .nameplate_kw = 1,
                                   .dry_bulb_c = dry_bulb_c,
                                   .wet_bulb_c = wet_bulb_c,
                                   .humidity_ratio = ratio,
                                   .pressure_pa = GW_PSYCHRO_SEA_LEVEL_PA};
    const struct gw_plant_out out = gw_plant_find(plant->name)->at(plant->cfg, &in);
    struct gw_plant_map_point point = {.pue = 1 + (out.cooling_kw + out.power_chain_kw) / load,
                                       .withdrawn_l_per_kwh = out.water_withdrawn_l_per_h / load};
    if (out.free_frac < 1) {
        point.mode = out.free_frac > 0 ? GW_PLANT_MAP_PARTLY : GW_PLANT_MAP_COMPRESSOR;
    } else {
        point.mode = out.water_withdrawn_l_per_h > 0 ? GW_PLANT_MAP_FREE_WET : GW_PLANT_MAP_FREE_DRY;
    }
    return point;
}
