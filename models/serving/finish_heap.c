#include "models/serving/finish_heap.h"

#include "sim/base/check.h"

enum { ARITY = 4 };

static void sift_up(uint64_t *key, uint32_t at, uint64_t x)
{
    while (at > 0) {
        const uint32_t parent = (at - 1) / ARITY;
        if (key[parent] <= x) {
            break;
        }
        key[at] = key[parent];
        at = parent;
    }
    key[at] = x;
}

static void sift_down(uint64_t *key, uint32_t n, uint32_t at, uint64_t x)
{
    for (;;) {
        const uint32_t first = at * ARITY + 1;
        if (first >= n) {
            break;
        }
        const uint32_t end = first + ARITY < n ? first + ARITY : n;
        uint32_t least = first;
        for (uint32_t i = first + 1; i < end; i++) {
            least = key[i] < key[least] ? i : least;
        }
        if (x <= key[least]) {
            break;
        }
        key[at] = key[least];
        at = least;
    }
    key[at] = x;
}

void gw_finish_heap_push(struct gw_finish_heap *self, uint64_t key)
{
    sift_up(self->key, self->n++, key);
}

uint64_t gw_finish_heap_pop(struct gw_finish_heap *self)
{
    GW_REQUIRE(self->n > 0);
    const uint64_t least = self->key[0];
    self->n--;
    sift_down(self->key, self->n, 0, self->key[self->n]);
    return least;
}

/* n when it is not inside. */
static uint32_t find(const struct gw_finish_heap *self, uint32_t slot)
{
    uint32_t at = 0;
    while (at < self->n && gw_finish_heap_slot(self->key[at]) != slot) {
        at++;
    }
    return at;
}

bool gw_finish_heap_holds(const struct gw_finish_heap *self, uint32_t slot)
{
    return find(self, slot) < self->n;
}

uint64_t gw_finish_heap_remove(struct gw_finish_heap *self, uint32_t slot)
{
    const uint32_t at = find(self, slot);
    GW_REQUIRE(at < self->n);

    const uint64_t removed = self->key[at];
    const uint64_t last = self->key[--self->n];
    if (at < self->n) {
        if (last < removed) {
            sift_up(self->key, at, last);
        } else {
            sift_down(self->key, self->n, at, last);
        }
    }
    return removed;
}

void gw_finish_heap_renumber(struct gw_finish_heap *self, uint32_t by)
{
    for (uint32_t i = 0; i < self->n; i++) {
        self->key[i] -= (uint64_t)by << 32;
    }
}
