/* tests/support/random_view.h - views of random worlds, and random plans for them. */
#ifndef GW_TESTS_SUPPORT_RANDOM_VIEW_H
#define GW_TESTS_SUPPORT_RANDOM_VIEW_H

#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/policies/eval.h"
#include "sim/core/rng.h"

enum { RANDOM_VIEW_MAX = 64 };

struct random_view {
    struct gw_arena arena;
    struct gw_view_store store;
    char text[RANDOM_VIEW_MAX][12];
    const char *name[RANDOM_VIEW_MAX];
};

static inline double random_between(struct gw_rng *rng, double low, double high)
{
    return low + (high - low) * gw_rng_unit(gw_rng_next(rng));
}

/* A world of so many sites, demand rows and models; loads add up to about `load` of all capacity. Power
 * curves rise steeply and flatten, as batching makes them; some sites have panels; some rows may not go
 * everywhere. */
static inline void random_view_init(struct random_view *self, struct gw_rng *rng, uint32_t sites,
                                    uint32_t demands, uint32_t models, double load)
{
    *self = (struct random_view){0};
    for (uint32_t i = 0; i < RANDOM_VIEW_MAX; i++) {
        snprintf(self->text[i], sizeof self->text[i], "n%u", (unsigned)(i * 37 % RANDOM_VIEW_MAX));
        self->name[i] = self->text[i];
    }
    const struct gw_dims dims = {.bytes = sizeof dims,
                                 .origins = demands,
                                 .demands = demands,
                                 .models = models,
                                 .sites = sites,
                                 .horizon = 1};
    const struct gw_view_names names = {self->name, self->name, self->name, self->name};
    assert_true(gw_view_init(&self->store, &dims, &names, &self->arena));
    self->store.public.epoch_us = INT64_C(900000000);
    double **v = self->store.value;
    for (uint32_t s = 0; s < sites; s++) {
        v[GW_VIEW_SITE_CARBON][s] = random_between(rng, 20, 800);
        v[GW_VIEW_SITE_PRICE][s] = random_between(rng, 0.02, 0.2);
        v[GW_VIEW_SITE_WATER][s] = random_between(rng, 0, 5);
        v[GW_VIEW_SITE_MARGINAL][s] = random_between(rng, 1.02, 1.6);
        v[GW_VIEW_SITE_WATER_ONSITE][s] = random_between(rng, 0, 3);
        v[GW_VIEW_SITE_STRESS][s] = 1.0 + (double)(s % 3) / 2.0; /* no draw: the worlds stay what they were */
        v[GW_VIEW_SITE_FIXED_IT][s] = random_between(rng, 5, 50);
        v[GW_VIEW_SITE_FIXED_FACILITY][s] = 1.2 * v[GW_VIEW_SITE_FIXED_IT][s];
        v[GW_VIEW_SITE_ONSITE][s] = random_between(rng, -100, 100) > 50 ? random_between(rng, 0, 100) : 0.0;
        for (uint32_t m = 0; m < models; m++) {
            double *power = v[GW_VIEW_SERVING_POWER] + ((size_t)m * sites + s) * GW_VIEW_LOADS;
            const double most = random_between(rng, 5, 100), bend = random_between(rng, 0.3, 1.5);
            for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
                power[u] = most * pow((double)u / (GW_VIEW_LOADS - 1), bend);
            }
        }
    }
    for (uint32_t d = 0; d < demands; d++) {
        v[GW_VIEW_DEMAND_MODEL][d] = d % models;
        v[GW_VIEW_DEMAND_ORIGIN][d] = d;
        v[GW_VIEW_DEMAND_SLO_TTFT][d] = 1000;
        v[GW_VIEW_DEMAND_RATE][d] = random_between(rng, 0.2, 1.8) * 10.0 * load * sites / demands * models;
        const uint32_t always = (uint32_t)random_between(rng, 0, sites);
        for (uint32_t s = 0; s < sites; s++) {
            const size_t cell = (size_t)d * sites + s;
            v[GW_VIEW_DEMAND_ALLOWED][cell] = s == always || random_between(rng, 0, 1) < 0.8;
            v[GW_VIEW_NETWORK_RTT][cell] = random_between(rng, 5, 250);
            v[GW_VIEW_SERVING_CAPACITY][cell] = random_between(rng, 10, 30);
            v[GW_VIEW_SERVING_TTFT][cell] = random_between(rng, 50, 400);
            v[GW_VIEW_SERVING_REQUEST_KWH][cell] = random_between(rng, 1e-4, 1e-3);
            v[GW_VIEW_NETWORK_TRANSFER][cell] = random_between(rng, 0, 1e-6);
        }
    }
}

/* Batteries of every rule, import limits and charges on peaks at some of the sites. */
static inline void random_view_supply(struct random_view *self, struct gw_rng *rng)
{
    double **v = self->store.value;
    for (uint32_t s = 0; s < self->store.dims.sites; s++) {
        const double level = random_between(rng, 0, 120);
        const double band[][2] = {{0, 0},        {level, level},        {INFINITY, INFINITY},
                                  {0, INFINITY}, {-INFINITY, INFINITY}, {level / 3, level}};
        const size_t rule = (size_t)random_between(rng, 0, 6);
        const bool has_battery = random_between(rng, 0, 1) < 0.7;
        v[GW_VIEW_BATTERY_LOW][s] = band[rule][0];
        v[GW_VIEW_BATTERY_HIGH][s] = band[rule][1];
        v[GW_VIEW_BATTERY_TAKE][s] = has_battery ? random_between(rng, 0, 60) : 0.0;
        v[GW_VIEW_BATTERY_GIVE][s] = has_battery ? random_between(rng, 0, 60) : 0.0;
        v[GW_VIEW_SITE_IMPORT_LIMIT][s] =
            random_between(rng, 0, 1) < 0.5 ? random_between(rng, 5, 150) : INFINITY;
        for (uint32_t p = 0; p < GW_VIEW_PEAKS; p++) {
            v[GW_VIEW_SITE_PEAK][s * GW_VIEW_PEAKS + p] = random_between(rng, 0, 150);
            v[GW_VIEW_SITE_PEAK_PRICE][s * GW_VIEW_PEAKS + p] =
                random_between(rng, 0, 1) < 0.4 ? random_between(rng, 0, 1) : 0.0;
        }
    }
}

static inline void random_view_fini(struct random_view *self)
{
    gw_arena_fini(&self->arena);
}

/* Shares of all kinds: even, sparse, single sites. */
static inline void random_plan(const struct random_view *v, struct gw_rng *rng, double *share)
{
    const uint32_t sites = v->store.dims.sites;
    const double bend = random_between(rng, 0, 12);
    for (uint32_t d = 0; d < v->store.dims.demands; d++) {
        double sum = 0;
        for (uint32_t s = 0; s < sites; s++) {
            const size_t cell = (size_t)d * sites + s;
            share[cell] =
                v->store.value[GW_VIEW_DEMAND_ALLOWED][cell] * pow(random_between(rng, 1e-3, 1), bend);
            sum += share[cell];
        }
        for (uint32_t s = 0; s < sites; s++) {
            share[(size_t)d * sites + s] /= sum;
        }
    }
}

/* Whether the plan overloads no site. */
static inline bool random_plan_fits(const struct random_view *v, const double *share)
{
    for (uint32_t m = 0; m < v->store.dims.models; m++) {
        for (uint32_t s = 0; s < v->store.dims.sites; s++) {
            if (gw_eval_utilisation(&v->store, share, m, s) > 1.0) {
                return false;
            }
        }
    }
    return true;
}

#endif
