/* tests/support/one_plant.h - one cooling plant bound from a line of YAML.
 *
 *   struct one_plant p;
 *   one_plant_read(&p, "{ plant: wc-wse, cycles: 4 }");
 *   out = p.plant->at(p.cfg, &in);
 *   one_plant_fini(&p); */
#ifndef GW_TESTS_SUPPORT_ONE_PLANT_H
#define GW_TESTS_SUPPORT_ONE_PLANT_H

#include "tests/support/bound.h"

#include <stdio.h>

#include "models/cooling/plant.h"

struct one_plant_root {
    struct gw_named cooling;
};

static const struct gw_type one_plant_named = {.kind = GW_NAMED,
                                               .size = sizeof(struct gw_named),
                                               .key = "plant",
                                               .named = gw_plant_type,
                                               .names = gw_plant_names};
static const struct gw_field one_plant_fields[] = {
    GW_FIELD(struct one_plant_root, cooling, &one_plant_named, NULL, "A plant", NULL), GW_FIELD_END};
static const struct gw_type one_plant_type = {
    .kind = GW_OBJ, .size = sizeof(struct one_plant_root), .of = one_plant_fields, .doc = "A site's cooling"};

struct one_plant {
    struct bound bound;
    struct one_plant_root root;
    const struct gw_plant *plant;
    const void *cfg;
};

static inline void one_plant_read(struct one_plant *self, const char *cooling)
{
    char yaml[512];
    assert_true(snprintf(yaml, sizeof yaml, "cooling: %s\n", cooling) < (int)sizeof yaml);
    bound_read(&self->bound, &one_plant_type, yaml, &self->root);
    self->plant = gw_plant_find(self->root.cooling.name);
    assert_non_null(self->plant);
    self->cfg = self->root.cooling.cfg;
}

static inline void one_plant_fini(struct one_plant *self)
{
    bound_fini(&self->bound);
}

#endif
