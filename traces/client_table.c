#include "traces/client_table.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/array.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

/* Where one client stands. */
struct state {
    size_t from, to; /* its windows */
    size_t window;   /* the one it is in */
    double spent_s;  /* of that window */
    gw_time_us t_us; /* of its next request */
    uint64_t client;
    gsl_rng *rng;
};

struct gw_client_table {
    uint64_t seed;
    struct gw_client_table_window *window; /* by client, then start */
    size_t n, cap;
    double length_s;
    struct state *state;
    size_t n_states;
    size_t *heap; /* of states, the next request on top; equal times by client */
    size_t n_heap;
};

struct gw_client_table *gw_client_table_create(uint64_t seed)
{
    struct gw_client_table *self = malloc(sizeof *self);
    if (self != NULL) {
        *self = (struct gw_client_table){.seed = seed};
    }
    return self;
}

void gw_client_table_destroy(struct gw_client_table *self)
{
    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->n_states; i++) {
        if (self->state[i].rng != NULL) {
            gsl_rng_free(self->state[i].rng);
        }
    }
    free(self->state);
    free(self->heap);
    free(self->window);
    free(self);
}

bool gw_client_table_add(struct gw_client_table *self, const struct gw_client_table_window *window)
{
    if (!gw_array_reserve((void **)&self->window, &self->cap, self->n + 1, sizeof *self->window)) {
        return false;
    }
    self->window[self->n++] = *window;
    return true;
}

/* --- one client --------------------------------------------------------------------------------- */

/* A distance of mean 1. */
static double draw_gap(const struct gw_client_table_window *w, gsl_rng *rng)
{
    switch (w->law) {
    case GW_CLIENT_TABLE_GAMMA:
        return gsl_ran_gamma(rng, w->shape, 1 / w->shape);
    case GW_CLIENT_TABLE_WEIBULL:
        return gsl_ran_weibull(rng, 1 / gsl_sf_gamma(1 + 1 / w->shape), w->shape);
    default:
        return gsl_ran_exponential(rng, 1);
    }
}

/* What remains of the distance in which time 0 falls: a uniform part of a distance drawn by its length. */
static double draw_first(const struct gw_client_table_window *w, gsl_rng *rng)
{
    double length;
    switch (w->law) {
    case GW_CLIENT_TABLE_GAMMA:
        length = gsl_ran_gamma(rng, w->shape + 1, 1 / w->shape);
        break;
    case GW_CLIENT_TABLE_WEIBULL:
        length = pow(gsl_ran_gamma(rng, 1 + 1 / w->shape, 1), 1 / w->shape) / gsl_sf_gamma(1 + 1 / w->shape);
        break;
    default:
        length = gsl_ran_gamma(rng, 2, 1);
    }
    return gsl_rng_uniform(rng) * length;
}

/* Spends the distance over the windows; false when they end before. */
static bool advance(struct gw_client_table *self, struct state *c, double gap)
{
    for (; c->window < c->to; c->window++, c->spent_s = 0) {
        const struct gw_client_table_window *w = &self->window[c->window];
        const double left = (self->length_s - c->spent_s) * w->rate_per_s;
        if (gap < left) {
            c->spent_s += gap / w->rate_per_s;
            c->t_us = (gw_time_us)((w->start_s + c->spent_s) * (double)GW_US_PER_S);
            return true;
        }
        gap -= left;
    }
    return false;
}

/* --- all of them -------------------------------------------------------------------------------- */

static int by_client(const void *a, const void *b)
{
    const struct gw_client_table_window *x = a, *y = b;
    if (x->client != y->client) {
        return x->client < y->client ? -1 : 1;
    }
    if (x->start_s != y->start_s) {
        return x->start_s < y->start_s ? -1 : 1;
    }
    return x->line < y->line ? -1 : x->line > y->line;
}

static bool before(const struct gw_client_table *self, size_t a, size_t b)
{
    const struct state *x = &self->state[a], *y = &self->state[b];
    return x->t_us != y->t_us ? x->t_us < y->t_us : x->client < y->client;
}

static void sift_down(struct gw_client_table *self, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < self->n_heap; child++) {
            least = before(self, self->heap[child], self->heap[least]) ? child : least;
        }
        if (least == at) {
            return;
        }
        const size_t moved = self->heap[at];
        self->heap[at] = self->heap[least];
        self->heap[least] = moved;
        at = least;
    }
}

static enum gw_status find_length(struct gw_client_table *self, const char *name, struct gw_error *err)
{
    self->length_s = (double)INFINITY;
    for (size_t i = 1; i < self->n; i++) {
        const struct gw_client_table_window *w = &self->window[i];
        if (w->client != w[-1].client) {
            continue;
        }
        if (w->start_s == w[-1].start_s) {
            char where[sizeof err->where];
            snprintf(where, sizeof where, "%s:%llu", name, (unsigned long long)w->line);
            return gw_fail(err, GW_ERR_RANGE, where, "client %llu has two windows that begin at %g s",
                           (unsigned long long)w->client, w->start_s);
        }
        self->length_s = fmin(self->length_s, w->start_s - w[-1].start_s);
    }
    return isfinite(self->length_s)
               ? GW_OK
               : gw_fail(err, GW_ERR_SYNTAX, name, "no client has two windows: their length is not known");
}

static bool add_client(struct gw_client_table *self, size_t from, size_t to)
{
    char stream[64];
    struct state *c = &self->state[self->n_states];
    *c = (struct state){.from = from, .to = to, .window = from, .client = self->window[from].client};
    snprintf(stream, sizeof stream, "clients/%llu", (unsigned long long)c->client);
    c->rng = gw_rng_create(self->seed, 0, stream);
    if (c->rng == NULL) {
        return false;
    }
    if (advance(self, c, draw_first(&self->window[from], c->rng))) {
        self->heap[self->n_heap++] = self->n_states;
    }
    self->n_states++;
    return true;
}

enum gw_status gw_client_table_begin(struct gw_client_table *self, const char *name, struct gw_error *err)
{
    if (self->n > 0) {
        qsort(self->window, self->n, sizeof *self->window, by_client);
    }
    const enum gw_status s = find_length(self, name, err);
    if (s != GW_OK) {
        return s;
    }
    size_t clients = 1;
    for (size_t i = 1; i < self->n; i++) {
        clients += self->window[i].client != self->window[i - 1].client;
    }
    self->state = calloc(clients, sizeof *self->state);
    self->heap = calloc(clients, sizeof *self->heap);
    bool ok = self->state != NULL && self->heap != NULL;
    for (size_t from = 0, to = 0; ok && from < self->n; from = to) {
        while (to < self->n && self->window[to].client == self->window[from].client) {
            to++;
        }
        ok = add_client(self, from, to);
    }
    for (size_t i = self->n_heap / 2; ok && i-- > 0;) {
        sift_down(self, i);
    }
    return ok ? GW_OK : gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
}

bool gw_client_table_next(struct gw_client_table *self, gw_time_us *t_us, uint64_t *client)
{
    if (self->n_heap == 0) {
        return false;
    }
    struct state *c = &self->state[self->heap[0]];
    *t_us = c->t_us;
    *client = c->client;
    if (!advance(self, c, draw_gap(&self->window[c->window], c->rng))) {
        self->heap[0] = self->heap[--self->n_heap];
    }
    sift_down(self, 0);
    return true;
}
