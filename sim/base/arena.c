#include "sim/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CHUNK_BYTES = 4096,
    LARGEST_CHUNK_BYTES = 1 << 20, /* chunks double up to here; larger wishes get a chunk of their own */
};

struct gw_arena_chunk {
    struct gw_arena_chunk *next; /* older */
    size_t size, used;
    alignas(max_align_t) unsigned char at[];
};

void gw_arena_fini(struct gw_arena *self)
{
    if (self == NULL) {
        return;
    }
    struct gw_arena_chunk *chunk = self->chunk;
    while (chunk != NULL) {
        struct gw_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *self = (struct gw_arena){0};
}

static struct gw_arena_chunk *chunk_create(size_t size)
{
    struct gw_arena_chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk != NULL) {
        chunk->size = size;
    }
    return chunk;
}

/* A chunk with room for `size` bytes, linked into the arena. */
static struct gw_arena_chunk *chunk_with_room(struct gw_arena *self, size_t size)
{
    struct gw_arena_chunk *head = self->chunk;
    if (head != NULL && head->size - head->used >= size) {
        return head;
    }

    size_t wish = head == NULL ? FIRST_CHUNK_BYTES : head->size * 2;
    wish = wish < LARGEST_CHUNK_BYTES ? wish : LARGEST_CHUNK_BYTES;
    struct gw_arena_chunk *chunk = chunk_create(size > wish ? size : wish);
    if (chunk == NULL) {
        return NULL;
    }
    if (head != NULL && size > wish) { /* full at once: stays behind the head, which still has room */
        chunk->next = head->next;
        head->next = chunk;
    } else {
        chunk->next = head;
        self->chunk = chunk;
    }
    return chunk;
}

void *gw_arena_alloc(struct gw_arena *self, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > PTRDIFF_MAX / 2) { /* beyond any machine, and sums of sizes cannot overflow */
        return NULL;
    }
    const size_t taken = size == 0 ? align : (size + align - 1) / align * align;
    struct gw_arena_chunk *chunk = chunk_with_room(self, taken);
    if (chunk == NULL) {
        return NULL;
    }
    void *at = chunk->at + chunk->used;
    chunk->used += taken;
    self->used_bytes += taken;
    return at;
}

void *gw_arena_array(struct gw_arena *self, size_t n, size_t size)
{
    return size != 0 && n > SIZE_MAX / size ? NULL : gw_arena_alloc(self, n * size);
}

char *gw_arena_text_n(struct gw_arena *self, const char *text, size_t len)
{
    char *copy = len == SIZE_MAX ? NULL : gw_arena_alloc(self, len + 1);
    if (copy != NULL && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *gw_arena_text(struct gw_arena *self, const char *text)
{
    return gw_arena_text_n(self, text, strlen(text));
}
