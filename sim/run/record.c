#include "sim/run/record.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/array.h"
#include "sim/core/rng.h"

double gw_record_frac(const struct gw_scenario *sc)
{
    const struct gw_pick *requests = &sc->cfg.output.requests;
    switch ((enum gw_requests_alt)requests->alt) {
    case GW_REQUESTS_NONE:
        return 0.0;
    case GW_REQUESTS_ALL:
        return 1.0;
    case GW_REQUESTS_SAMPLE:
        return *(const double *)requests->at;
    }
    return 0.0;
}

bool gw_record_sample_init(struct gw_record_sample *self, const struct gw_scenario *sc, uint32_t replication,
                           struct gw_arena *arena)
{
    *self = (struct gw_record_sample){.frac = gw_record_frac(sc)};
    if (self->frac == 0.0) {
        return true;
    }
    uint64_t *key = gw_arena_array(arena, sc->n_demands, sizeof *key);
    for (uint32_t d = 0; key != NULL && d < sc->n_demands; d++) {
        char name[sizeof "record/" + GW_NAME_BYTES_MAX];
        snprintf(name, sizeof name, "record/%s", sc->demand[d].name);
        key[d] = gw_rng_seed((uint64_t)sc->cfg.seed, replication, name);
    }
    self->key = key;
    return key != NULL;
}

void gw_record_add(struct gw_record *self, const struct gw_record_row *row)
{
    void *at = self->row;
    if (!gw_array_reserve(&at, &self->cap, self->n + 1, sizeof *self->row)) {
        self->failed = true;
        return;
    }
    self->row = at;
    self->row[self->n++] = *row;
}

void gw_record_fini(struct gw_record *self)
{
    free(self->row);
    *self = (struct gw_record){0};
}

static int compare_rows(const void *a, const void *b)
{
    const struct gw_record_row *x = a, *y = b;
    if (x->sent_us != y->sent_us) {
        return x->sent_us < y->sent_us ? -1 : 1;
    }
    if (x->demand != y->demand) {
        return x->demand < y->demand ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

void gw_record_sort(struct gw_record_row *row, size_t n)
{
    if (n > 1) {
        qsort(row, n, sizeof *row, compare_rows);
    }
}
