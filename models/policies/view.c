#include "models/policies/view.h"

#include <string.h>

#include "models/policies/eval.h"

#define DOC(id, name, unit, axes, doc) {name, unit, axes, doc},
static const struct gw_view_doc docs[] = {GW_VIEW_TABLES(DOC)};
#undef DOC
_Static_assert(sizeof docs / sizeof docs[0] == GW_VIEW_COUNT, "one sentence per table");

static const char *const objective_names[] = {"carbon_kgco2", "water_l", "cost_usd", "ttft_ms", "energy_kwh"};
_Static_assert(sizeof objective_names / sizeof objective_names[0] == GW_OBJECTIVES, "one name per objective");

struct gw_view_doc gw_view_doc(enum gw_view_id id)
{
    return docs[id];
}

uint32_t gw_view_axis_length(const struct gw_dims *dims, char axis)
{
    switch (axis) {
    case 'o':
        return dims->origins;
    case 'd':
        return dims->demands;
    case 'm':
        return dims->models;
    case 's':
        return dims->sites;
    case 'u':
        return GW_VIEW_LOADS;
    case 'p':
        return GW_VIEW_PEAKS;
    case 'c':
        return GW_VIEW_CAPS;
    case 'l':
        return dims->levels;
    case 'g':
        return GW_OBJECTIVES;
    default:
        return dims->horizon;
    }
}

/* The public view is the first member of the store, so a policy's pointer leads back to it. */
static const struct gw_view_store *store_of(const struct gw_view *view)
{
    return (const struct gw_view_store *)view;
}

static const struct gw_table *find_table(const struct gw_view *view, const char *name)
{
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        if (strcmp(docs[i].name, name) == 0) {
            return &store_of(view)->table[i];
        }
    }
    return NULL;
}

static const char *axis_name(const struct gw_view *view, const char *axis, uint32_t index)
{
    const struct gw_view_store *store = store_of(view);
    const struct {
        const char *axis;
        const char *const *names;
        uint32_t n;
    } axes[] = {
        {"origin", store->names.origin, store->dims.origins},
        {"demand", store->names.demand, store->dims.demands},
        {"model", store->names.model, store->dims.models},
        {"site", store->names.site, store->dims.sites},
        {"objective", objective_names, GW_OBJECTIVES},
    };
    for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++) {
        if (strcmp(axes[i].axis, axis) == 0) {
            return index < axes[i].n ? axes[i].names[index] : NULL;
        }
    }
    return NULL;
}

static void eval_plan(const struct gw_view *view, const double *share, double *objective)
{
    gw_eval_plan(store_of(view), share, objective);
}

bool gw_view_init(struct gw_view_store *self, const struct gw_dims *dims, const struct gw_view_names *names,
                  struct gw_arena *arena)
{
    *self = (struct gw_view_store){.dims = *dims, .names = *names};
    self->public = (struct gw_view){
        .bytes = sizeof self->public,
        .dims = &self->dims,
        .table = find_table,
        .name = axis_name,
        .eval = eval_plan,
    };
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        struct gw_table *table = &self->table[i];
        table->unit = docs[i].unit;
        size_t n = 1;
        for (const char *axis = docs[i].axes; *axis != '\0'; axis++) {
            table->dim[table->rank] = gw_view_axis_length(dims, *axis);
            n *= table->dim[table->rank++];
        }
        self->value[i] = gw_arena_array(arena, n, sizeof(double));
        if (self->value[i] == NULL) {
            return false;
        }
        table->v = self->value[i];
    }
    return true;
}
