#include "models/cooling/plant.h"

#include <string.h>

#include "models/cooling/plants.h"

#define ROW(symbol, name) &gw_plant_##symbol,
static const struct gw_plant *const plants[] = {GW_PLANT_LIST(ROW)};
#undef ROW

#define NAME(symbol, name) name,
static const char *const names[] = {GW_PLANT_LIST(NAME) NULL};
#undef NAME

const struct gw_plant *gw_plant_find(const char *name)
{
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        if (strcmp(plants[i]->name, name) == 0) {
            return plants[i];
        }
    }
    return NULL;
}

const char *const *gw_plant_names(void)
{
    return names;
}

const struct gw_type *gw_plant_type(const char *name)
{
    const struct gw_plant *plant = gw_plant_find(name);
    return plant == NULL ? NULL : plant->type;
}
