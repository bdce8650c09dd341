#include "sim/base/array.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 8 };

bool gw_array_reserve(void **at, size_t *cap, size_t need, size_t elem_size)
{
    if (need <= *cap) {
        return true;
    }
    size_t grown = *cap > SIZE_MAX / 2 ? SIZE_MAX : *cap * 2;
    grown = grown > need ? grown : need;
    grown = grown > FIRST_CAPACITY ? grown : FIRST_CAPACITY;
    if (grown > SIZE_MAX / elem_size) {
        return false;
    }
    void *moved = realloc(*at, grown * elem_size);
    if (moved == NULL) {
        return false;
    }
    *at = moved;
    *cap = grown;
    return true;
}
