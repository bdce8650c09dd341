#include "traces/prefix.h"

#include <stdbool.h>
#include <stdlib.h>

enum { KEPT = 1 << 19 };

struct node {
    uint64_t id; /* + 1, so that 0 is an empty place */
    uint32_t text;
    uint32_t is_end; /* nothing was put behind it */
};

struct gw_prefix {
    unsigned block_tok;
    uint32_t texts;
    struct node node[KEPT];
};

struct gw_prefix *gw_prefix_create(unsigned block_tok)
{
    struct gw_prefix *self = calloc(1, sizeof *self);
    if (self != NULL) {
        self->block_tok = block_tok;
    }
    return self;
}

void gw_prefix_destroy(struct gw_prefix *self)
{
    free(self);
}

static struct node *node_of(struct gw_prefix *self, uint64_t id)
{
    return &self->node[id % KEPT];
}

static size_t count_known(struct gw_prefix *self, const uint64_t *block, size_t n)
{
    size_t k = 0;
    while (k < n && node_of(self, block[k])->id == block[k] + 1) {
        k++;
    }
    return k;
}

uint64_t gw_prefix_take(struct gw_prefix *self, const uint64_t *block, size_t n, uint32_t in_tok,
                        uint32_t *tok, uint32_t *known)
{
    *tok = *known = 0;
    n = n < in_tok / self->block_tok ? n : in_tok / self->block_tok;
    if (n == 0) {
        return 0;
    }
    const size_t old = count_known(self, block, n);
    *known = (uint32_t)old * self->block_tok;
    *tok = (uint32_t)n * self->block_tok;
    struct node *last = old > 0 ? node_of(self, block[old - 1]) : NULL;
    if (old == n) {
        return last->text;
    }
    const bool continues = last != NULL && last->is_end != 0;
    const uint32_t parent = last != NULL ? last->text : 0, text = continues ? parent : ++self->texts;
    if (continues) {
        last->is_end = 0;
    }
    for (size_t i = old; i < n; i++) {
        *node_of(self, block[i]) = (struct node){.id = block[i] + 1, .text = text, .is_end = i + 1 == n};
    }
    if (!continues && 2 * old >= n) {
        *tok = *known;
        return parent;
    }
    return text;
}
