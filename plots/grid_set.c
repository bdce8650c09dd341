#include "plots/grid_set.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 160 };

/* Bit by bit, so that a missing hour equals a missing hour. */
static bool are_alike(const struct gw_result_grids *grids, uint32_t a, uint32_t b)
{
    bool alike =
        strcmp(grids->name[a], grids->name[b]) == 0 && grids->utc_offset_h[a] == grids->utc_offset_h[b];
    for (uint32_t c = 0; c < grids->n_columns && alike; c++) {
        const double *value = grids->column[c].value;
        alike = memcmp(value + (size_t)a * grids->hours, value + (size_t)b * grids->hours,
                       grids->hours * sizeof *value) == 0;
    }
    return alike;
}

static bool is_repeated(const struct gw_grid_set *set, uint32_t i)
{
    for (uint32_t k = 0; k < set->n; k++) {
        if (k != i && strcmp(set->grids->name[set->site[k]], set->grids->name[set->site[i]]) == 0) {
            return true;
        }
    }
    return false;
}

bool gw_grid_set_of(const struct gw_result_file *result, struct gw_grid_set *out, struct gw_arena *arena)
{
    const struct gw_result_grids *grids = &result->grids;
    *out = (struct gw_grid_set){.grids = grids};
    for (uint32_t s = 0; s < result->sites && grids->hours > 0; s++) {
        uint32_t before = 0;
        while (before < s && !are_alike(grids, before, s)) {
            before++;
        }
        if (before == s && out->n < GW_THEME_CATEGORIES) {
            out->site[out->n++] = s;
        } else if (before == s) {
            out->left_out++;
        }
    }
    for (uint32_t i = 0; i < out->n; i++) {
        char text[NAME_BYTES];
        out->name[i] = grids->name[out->site[i]];
        if (is_repeated(out, i)) {
            (void)snprintf(text, sizeof text, "%s (%s)", out->name[i], result->site[out->site[i]]);
            out->name[i] = gw_arena_text(arena, text);
        }
        if (out->name[i] == NULL) {
            return false;
        }
    }
    return true;
}

const struct gw_result_column *gw_grid_set_column(const struct gw_grid_set *self, const char *name)
{
    return gw_result_file_column(self->grids->column, self->grids->n_columns, name);
}

const double *gw_grid_set_hours(const struct gw_grid_set *self, const struct gw_result_column *column,
                                uint32_t i)
{
    return column->value + (size_t)self->site[i] * self->grids->hours;
}

void gw_grid_set_keys(const struct gw_grid_set *self, struct gw_page *page)
{
    struct gw_page_key key[GW_THEME_CATEGORIES];
    for (uint32_t i = 0; i < self->n; i++) {
        key[i] = (struct gw_page_key){GW_PAGE_SWATCH, gw_theme_category(i), self->name[i]};
    }
    gw_page_keys(page, key, self->n);
}

void gw_grid_set_note(const struct gw_grid_set *self, struct gw_page *page)
{
    if (self->left_out > 0) {
        char text[96];
        (void)snprintf(text, sizeof text, "%u more grid%s not drawn: the colours end at %d.", self->left_out,
                       self->left_out == 1 ? " is" : "s are", GW_THEME_CATEGORIES);
        gw_page_note(page, text);
    }
}
