#include "models/catalogue/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "models/grid/zone.h"
#include "models/hardware/hardware.h"
#include "models/hardware/technique.h"
#include "models/network/egress.h"
#include "models/supply/carbon_price.h"
#include "models/supply/tariff.h"
#include "models/training/cap_choice.h"
#include "models/training/efficiency.h"
#include "models/training/scaling.h"
#include "models/weather/climate.h"
#include "models/workload/directive.h"
#include "models/workload/length.h"
#include "models/workload/shape.h"

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};

static const struct gw_field citation_fields[] = {
    GW_FIELD(struct gw_citation, name, &text, "~", "Key by which sources name the work", NULL),
    GW_FIELD(struct gw_citation, text, &text, NULL, "Who wrote it, its title, where and when", NULL),
    GW_FIELD(struct gw_citation, url, &text, "~", "Where it can be read", NULL),
    GW_FIELD_END,
};

static const struct gw_type citation_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_citation),
    .of = citation_fields,
    .doc = "A work that numbers of the catalogue come from",
};

const struct gw_catalogue_kind *gw_catalogue_kinds(void)
{
    static const struct gw_catalogue_kind kinds[] = {
        {"accelerator", "accelerators", &gw_accelerator_type},
        {"node", "nodes", &gw_machine_type},
        {"llm", "llms", &gw_llm_type},
        {"engine", "engines", &gw_engine_type},
        {"technique", "techniques", &gw_technique_type},
        {"efficiency", "efficiencies", &gw_efficiency_type},
        {"scaling", "scalings", &gw_scaling_type},
        {"cap-curve", "cap-curves", &gw_cap_choice_curve},
        {"region", "regions", &gw_region_type},
        {"grid", "grids", &gw_zone_type},
        {"water-set", "water-sets", &gw_mix_water_set},
        {"tariff", "tariffs", &gw_tariff_type},
        {"carbon-price", "carbon-prices", &gw_carbon_price_type},
        {"place", "places", &gw_place_type},
        {"egress", "egress-prices", &gw_egress_type},
        {"climate", "climates", &gw_climate_type},
        {"weather-region", "weather-regions", &gw_factors_region_type},
        {"length", "lengths", &gw_length_type},
        {"directive", "directives", &gw_directive_type},
        {"shape", "shapes", &gw_shape_type},
        {"citation", "citations", &citation_type},
        {NULL, NULL, NULL},
    };
    return kinds;
}

/* Hands out the embedded files by name, as if they lay in a folder. */
static enum gw_status read_embedded(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                    struct gw_error *err)
{
    (void)from;
    for (const struct gw_catalogue_file *file = gw_catalogue_files; file->name != NULL; file++) {
        if (strcmp(file->name, path) != 0) {
            continue;
        }
        if (file->n > max_bytes) {
            return gw_fail(err, GW_ERR_RANGE, path, "%zu bytes are more than %zu", file->n, max_bytes);
        }
        *bytes = malloc(file->n + 1);
        if (*bytes == NULL) {
            return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
        }
        memcpy(*bytes, file->bytes, file->n + 1);
        *n = file->n;
        return GW_OK;
    }
    return gw_fail(err, GW_ERR_IO, path, "not part of the catalogue");
}

enum gw_status gw_catalogue_load(struct gw_tree *out, struct gw_errors *errs)
{
    static const struct gw_source embedded = {.read = read_embedded};
    struct gw_text list = {0};
    gw_text_add(&list, "include:");
    for (const struct gw_catalogue_file *file = gw_catalogue_files; file->name != NULL; file++) {
        gw_text_addf(&list, "\n  - %s", file->name);
    }
    gw_text_add(&list, "\n");
    enum gw_status status = GW_ERR_NOMEM;
    if (list.failed) {
        gw_errors_add(errs, status, "catalogue", "out of memory");
    } else {
        status = gw_tree_parse(out, list.at, list.n, "catalogue", &embedded, errs);
    }
    gw_text_fini(&list);
    return status;
}
