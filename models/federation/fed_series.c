#include "models/federation/fed_series.h"

#include <stdlib.h>

#include "sim/base/check.h"

/* The series that a policy sees, each from now on. */
enum shown { CARBON, PRICE, WATER, EXCESS, SHOWN };

struct window {
    const double **at[SHOWN]; /* [client] */
    double *nothing;          /* [n] zeros, for what is not given */
};

static void close_window(struct window *window)
{
    for (int i = 0; i < SHOWN; i++) {
        free(window->at[i]);
    }
    free(window->nothing);
}

static bool make_window(struct window *window, uint32_t clients, uint32_t n)
{
    *window = (struct window){.nothing = calloc(n, sizeof *window->nothing)};
    bool ok = window->nothing != NULL;
    for (int i = 0; i < SHOWN; i++) {
        window->at[i] = calloc(clients, sizeof *window->at[i]);
        ok = ok && window->at[i] != NULL;
    }
    return ok;
}

static void move_window(struct window *window, uint32_t clients, const struct gw_fed_series *series,
                        uint32_t step)
{
    const double *const *const from[SHOWN] = {
        [CARBON] = series->carbon,
        [PRICE] = series->price,
        [WATER] = series->water_offsite,
        [EXCESS] = series->excess_kw,
    };
    for (int i = 0; i < SHOWN; i++) {
        for (uint32_t c = 0; c < clients; c++) {
            window->at[i][c] = (from[i] != NULL ? from[i][c] : window->nothing) + step;
        }
    }
}

static double value(const double *const *of, uint32_t c, uint32_t step, double otherwise)
{
    return of != NULL ? of[c][step] : otherwise;
}

static void set_all(struct gw_federation *job, uint32_t clients, const struct gw_fed_series *s, uint32_t step)
{
    const struct gw_fed_now plain = gw_federation_plain();
    for (uint32_t c = 0; c < clients; c++) {
        struct gw_fed_now now = plain;
        now.excess_kw = value(s->excess_kw, c, step, 0.0);
        now.spare_frac = value(s->spare_frac, c, step, plain.spare_frac);
        now.pue = value(s->pue, c, step, plain.pue);
        now.carbon_g_per_kwh = value(s->carbon, c, step, 0.0);
        now.price_usd_per_kwh = value(s->price, c, step, 0.0);
        now.water_onsite_l_per_kwh = value(s->water_onsite, c, step, 0.0);
        now.water_offsite_l_per_kwh = value(s->water_offsite, c, step, 0.0);
        now.renewable_frac = value(s->renewable_frac, c, step, 0.0);
        now.buffer_frac = value(s->buffer_frac, c, step, plain.buffer_frac);
        gw_federation_set(job, c, &now);
    }
}

static enum gw_status drive(struct gw_federation *job, uint32_t clients, const struct gw_fed_series *series,
                            gw_time_us decide_us, uint32_t horizon, bool to_end, struct window *window,
                            struct gw_error *err)
{
    const gw_time_us end_us = (gw_time_us)series->n * series->step_us;
    const gw_time_us tick_us = decide_us < series->step_us ? decide_us : series->step_us;
    enum gw_status s = GW_OK;
    for (gw_time_us t_us = 0; t_us < end_us && s == GW_OK; t_us += tick_us) {
        const uint32_t step = (uint32_t)(t_us / series->step_us);
        if (t_us % series->step_us == 0) {
            set_all(job, clients, series, step);
        }
        if (t_us % decide_us == 0) {
            move_window(window, clients, series, step);
            const struct gw_fed_outlook outlook = {
                .horizon = horizon < series->n - step ? horizon : series->n - step,
                .step_us = series->step_us,
                .carbon = window->at[CARBON],
                .price = window->at[PRICE],
                .water = window->at[WATER],
                .excess = window->at[EXCESS],
                .truth = window->at[CARBON],
            };
            s = gw_federation_decide(job, &outlook, err);
        }
        if (s == GW_OK) {
            s = gw_federation_advance(job, t_us + tick_us, err);
        }
        if (!to_end && gw_federation_state(job).reached) {
            break;
        }
    }
    return s;
}

enum gw_status gw_fed_series_run(struct gw_federation *job, uint32_t clients,
                                 const struct gw_fed_series *series, gw_time_us decide_us, uint32_t horizon,
                                 bool to_end, struct gw_error *err)
{
    GW_REQUIRE(series->step_us > 0);
    GW_REQUIRE(decide_us > 0);
    GW_REQUIRE(decide_us % series->step_us == 0 || series->step_us % decide_us == 0);
    GW_REQUIRE(horizon > 0);
    struct window window;
    const enum gw_status s = make_window(&window, clients, series->n)
                                 ? drive(job, clients, series, decide_us, horizon, to_end, &window, err)
                                 : gw_fail(err, GW_ERR_NOMEM, "federated", "out of memory");
    close_window(&window);
    return s;
}
