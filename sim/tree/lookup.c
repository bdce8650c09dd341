#include "sim/tree/lookup.h"

#include <stdlib.h>
#include <string.h>

bool gw_lookup_init(struct gw_lookup *self, uint32_t n)
{
    self->item = malloc(n > 0 ? n * sizeof *self->item : 1);
    self->n = self->item != NULL ? n : 0;
    return self->item != NULL;
}

void gw_lookup_fini(struct gw_lookup *self)
{
    free(self->item);
    *self = (struct gw_lookup){0};
}

static int compare(const void *a, const void *b)
{
    const struct gw_lookup_item *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

void gw_lookup_sort(struct gw_lookup *self)
{
    qsort(self->item, self->n, sizeof *self->item, compare);
}

uint32_t gw_lookup_find(const struct gw_lookup *self, const char *key)
{
    uint32_t low = 0, high = self->n;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        if (strcmp(self->item[mid].key, key) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < self->n && strcmp(self->item[low].key, key) == 0 ? self->item[low].at : UINT32_MAX;
}
