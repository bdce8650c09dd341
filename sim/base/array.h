/* sim/base/array.h - growth of a heap array that its owner keeps as pointer, count, capacity.
 *
 *   if (!gw_array_reserve((void **)&self->item, &self->cap, self->n + 1, sizeof *self->item)) ...
 *   self->item[self->n++] = x;
 *
 * Capacity doubles; the array is freed with free(). On failure nothing changes. */
#ifndef GW_SIM_BASE_ARRAY_H
#define GW_SIM_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/status.h"

GW_MUST_USE bool gw_array_reserve(void **at, size_t *cap, size_t need, size_t elem_size);

#endif
