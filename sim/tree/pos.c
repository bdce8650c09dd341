#include "sim/tree/pos.h"

#include <stdio.h>

void gw_pos_print(struct gw_pos pos, char *out, size_t size)
{
    if (pos.line == 0) {
        snprintf(out, size, "%s", pos.file != NULL ? pos.file : "");
    } else {
        snprintf(out, size, "%s:%u:%u", pos.file, (unsigned)pos.line, (unsigned)pos.col);
    }
}
