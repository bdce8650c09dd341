/* sim/base/arena.h - memory that lives exactly as long as its owner and is freed at once.
 *
 * A scenario, a tree and a run each own an arena; pointers into it stay valid until fini. Memory
 * comes zeroed. Not thread safe: one arena, one thread. */
#ifndef GW_SIM_BASE_ARENA_H
#define GW_SIM_BASE_ARENA_H

#include <stddef.h>

struct gw_arena_chunk;
struct gw_arena {
    struct gw_arena_chunk *chunk; /* newest first */
    size_t used_bytes;            /* handed out in total */
};

/* A zeroed struct gw_arena is valid and empty. */
void gw_arena_fini(struct gw_arena *self);

/* Zeroed memory aligned for any type, or NULL when the system has none. size 0 gives a valid pointer. */
void *gw_arena_alloc(struct gw_arena *self, size_t size);

/* n objects of `size` bytes; NULL on overflow or exhaustion. */
void *gw_arena_array(struct gw_arena *self, size_t n, size_t size);

/* Copies of text; NULL only on exhaustion. `len` bytes are copied and a NUL appended. */
char *gw_arena_text(struct gw_arena *self, const char *text);
char *gw_arena_text_n(struct gw_arena *self, const char *text, size_t len);

#endif
