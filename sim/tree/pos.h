/* sim/tree/pos.h - where a text stood in the user's input. */
#ifndef GW_SIM_TREE_POS_H
#define GW_SIM_TREE_POS_H

#include <stddef.h>
#include <stdint.h>

struct gw_pos {
    const char *file;   /* as the user named it; "--set a=b" for settings, "(default)" for defaults */
    uint32_t line, col; /* from 1; 0 when the file has no lines */
};

/* "file:line:col" into out, or just "file" without a line. Cut off at size. */
void gw_pos_print(struct gw_pos pos, char *out, size_t size);

#endif
