/* tests/support/small_view.h - a view of two sites, two demand rows of one model and an hour's epoch, with
 * round numbers.
 *
 *   oregon     100 g/kWh, 0.04 USD/kWh, 2 L/kWh, 10 kW fixed
 *   virginia   400 g/kWh, 0.03 USD/kWh, 1 L/kWh, 20 kW fixed
 *   east       6 requests/s
 *   west       4 requests/s
 *
 * A site saturates at 10 requests/s and then draws 10 kW more. */
#ifndef GW_TESTS_SUPPORT_SMALL_VIEW_H
#define GW_TESTS_SUPPORT_SMALL_VIEW_H

#include "tests/support/near.h"

#include <math.h>

#include "models/policies/eval.h"

struct small_view {
    struct gw_arena arena;
    struct gw_view_store store;
};

enum { OREGON, VIRGINIA };
enum { EAST, WEST };

static inline void small_view_init(struct small_view *self)
{
    static const char *const origins[] = {"us-east", "us-west"}, *const demands[] = {"east", "west"};
    static const char *const models[] = {"llama"}, *const sites[] = {"oregon", "virginia"};
    const struct gw_dims dims = {
        .bytes = sizeof dims, .origins = 2, .demands = 2, .models = 1, .sites = 2, .horizon = 1};
    const struct gw_view_names names = {origins, demands, models, sites};
    *self = (struct small_view){0};
    assert_true(gw_view_init(&self->store, &dims, &names, &self->arena));
    self->store.public.epoch_us = INT64_C(3600000000);

    static const struct {
        enum gw_view_id id;
        double v[4];
    } rows[] = {
        {GW_VIEW_DEMAND_RATE, {6, 4}},
        {GW_VIEW_DEMAND_IN_TOK, {1000, 1000}},
        {GW_VIEW_DEMAND_OUT_TOK, {200, 200}},
        {GW_VIEW_DEMAND_ORIGIN, {0, 1}},
        {GW_VIEW_DEMAND_SLO_TTFT, {1000, 1000}},
        {GW_VIEW_DEMAND_ALLOWED, {1, 1, 1, 1}},
        {GW_VIEW_NETWORK_RTT, {60, 10, 10, 60}},
        {GW_VIEW_SITE_CARBON, {100, 400}},
        {GW_VIEW_SITE_PRICE, {0.04, 0.03}},
        {GW_VIEW_SITE_WATER, {2, 1}},
        {GW_VIEW_SITE_MARGINAL, {1.1, 1.2}},
        {GW_VIEW_SITE_WATER_ONSITE, {0.5, 0.25}},
        {GW_VIEW_SITE_STRESS, {1, 1}},
        {GW_VIEW_SITE_FIXED_IT, {10, 20}},
        {GW_VIEW_SITE_FIXED_FACILITY, {11, 24}},
        {GW_VIEW_SERVING_REQUEST_KWH, {0.001, 0.001, 0.001, 0.001}},
        {GW_VIEW_SERVING_CAPACITY, {10, 10, 10, 10}},
        {GW_VIEW_SERVING_TTFT, {100, 100, 100, 100}},
        {GW_VIEW_SERVING_REPLICAS, {4, 4}},
        {GW_VIEW_SERVING_REPLICAS_MAX, {8, 8}},
        {GW_VIEW_SERVING_REPLICA_CAPACITY, {2.5, 2.5, 2.5, 2.5}},
        {GW_VIEW_SERVING_START, {100, 100}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct gw_table *table = &self->store.table[rows[i].id];
        size_t n = 1;
        for (uint32_t k = 0; k < table->rank; k++) {
            n *= table->dim[k];
        }
        for (size_t k = 0; k < n; k++) {
            self->store.value[rows[i].id][k] = rows[i].v[k];
        }
    }
    for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) { /* half of it at the first tenth of load: batching */
        const double load = (double)u / (GW_VIEW_LOADS - 1),
                     kw = load <= 0.1 ? 50.0 * load : 5.0 + (load - 0.1) / 0.9 * 5.0;
        self->store.value[GW_VIEW_SERVING_POWER][u] = kw;
        self->store.value[GW_VIEW_SERVING_POWER][GW_VIEW_LOADS + u] = kw;
    }
}

static inline void small_view_fini(struct small_view *self)
{
    gw_arena_fini(&self->arena);
}

#endif
