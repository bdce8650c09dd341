#include "models/supply/generation.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

enum { PARTS = 6 }; /* of an hour, in each of which the sun stands still */

/* --- making ------------------------------------------------------------------------------------- */

struct place {
    double lat_deg, lon_deg;
};

static enum gw_status fail_unknown(const char *where, const char *what, gw_time_us unix_us,
                                   struct gw_error *err)
{
    char time[GW_CLOCK_TEXT_MAX];
    gw_clock_print(unix_us, time);
    return gw_fail(err, GW_ERR_RANGE, where, "its weather has no %s at %s", what, time);
}

/* PV's mean over the hour about a node; NAN when nothing tells the light. */
static double pv_mean_kw(const struct gw_pv_cfg *pv, const struct place *place, gw_time_us middle_unix_us,
                         gw_time_us step_us, const struct gw_weather *weather)
{
    const struct gw_pv_day day = gw_pv_day_at(middle_unix_us);
    struct gw_pv_sun sun[PARTS];
    double high = 0;
    for (int i = 0; i < PARTS; i++) {
        const gw_time_us unix_us = middle_unix_us + step_us * (2 * i + 1 - PARTS) / (2 * PARTS);
        sun[i] = gw_pv_sun_at(&day, place->lat_deg, place->lon_deg, unix_us);
        high += fmax(sun[i].up, 0);
    }
    if (!(high > 0)) {
        return 0;
    }
    if (isnan(weather->ghi_w_per_m2) && isnan(weather->cloud_frac)) {
        return (double)NAN;
    }
    double kw = 0;
    for (int i = 0; i < PARTS; i++) {
        if (sun[i].up <= 0) {
            continue;
        }
        const double ghi = isnan(weather->ghi_w_per_m2) ? gw_pv_ghi_w_per_m2(sun[i].up, weather->cloud_frac)
                                                        : weather->ghi_w_per_m2 * PARTS * sun[i].up / high;
        const struct gw_pv_sky sky = gw_pv_sky_at(ghi, sun[i].up, day.normal_w_per_m2);
        kw += gw_pv_at(pv, &sun[i], &sky, weather->dry_bulb_c).ac_kw / PARTS;
    }
    return kw;
}

enum gw_status gw_generation_make(const struct gw_supply_cfg *cfg, double lat_deg, double lon_deg,
                                  const struct gw_weather_series *weather, const char *where,
                                  struct gw_generation *out, struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_generation){0};
    if (cfg->pv == NULL && cfg->wind == NULL) {
        return GW_OK;
    }
    GW_REQUIRE(weather->n > 0);
    struct gw_generation_node *node = gw_arena_array(arena, weather->n, sizeof *node);
    if (node == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, where, "out of memory");
    }
    const struct place place = {lat_deg, lon_deg};
    const struct gw_pv_cfg pv = cfg->pv != NULL ? gw_pv_placed(cfg->pv, lat_deg) : (struct gw_pv_cfg){0};
    for (size_t i = 0; i < weather->n; i++) {
        const struct gw_weather *w = &weather->node[i];
        const gw_time_us unix_us = weather->first_unix_us + (gw_time_us)i * weather->step_us;
        if (cfg->pv != NULL) {
            node[i].pv_kw = pv_mean_kw(&pv, &place, unix_us, weather->step_us, w);
        }
        if (cfg->wind != NULL) {
            node[i].wind_kw =
                isnan(w->wind_m_per_s)
                    ? (double)NAN
                    : gw_turbine_at(cfg->wind, w->wind_m_per_s, w->dry_bulb_c, w->pressure_pa).kw;
        }
        if (isnan(node[i].pv_kw) || isnan(node[i].wind_kw)) {
            return fail_unknown(where, isnan(node[i].pv_kw) ? "irradiance and no cloud" : "wind", unix_us,
                                err);
        }
    }
    *out = (struct gw_generation){weather->first_unix_us, weather->step_us, weather->n, node};
    return GW_OK;
}

/* --- asking ------------------------------------------------------------------------------------- */

static gw_time_us floor_to(gw_time_us t, gw_time_us part)
{
    return t - (t % part + part) % part;
}

/* On the lines; held at the ends. */
static struct gw_generation_node line_at(const struct gw_generation *self, gw_time_us unix_us)
{
    const gw_time_us since_us = unix_us - self->first_unix_us;
    if (since_us <= 0) {
        return self->node[0];
    }
    const size_t i = (size_t)(since_us / self->step_us);
    if (i + 1 >= self->n) {
        return self->node[self->n - 1];
    }
    const double part = (double)(since_us % self->step_us) / (double)self->step_us;
    const struct gw_generation_node *a = &self->node[i], *b = a + 1;
    return (struct gw_generation_node){
        .pv_kw = a->pv_kw + (b->pv_kw - a->pv_kw) * part,
        .wind_kw = a->wind_kw + (b->wind_kw - a->wind_kw) * part,
    };
}

struct gw_generation_node gw_generation_at(const struct gw_generation *self, gw_time_us unix_us)
{
    if (self->n == 0) {
        return (struct gw_generation_node){0};
    }
    return line_at(self, floor_to(unix_us, GW_GENERATION_SLOT_US) + GW_GENERATION_SLOT_US / 2);
}

gw_time_us gw_generation_next(const struct gw_generation *self, gw_time_us unix_us)
{
    return self->n == 0 ? GW_NEVER_US : floor_to(unix_us, GW_GENERATION_SLOT_US) + GW_GENERATION_SLOT_US;
}

double gw_generation_mean_kw(const struct gw_generation *self, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    double area = 0;
    for (gw_time_us t = from_unix_us; self->n > 0 && t < to_unix_us;) {
        const gw_time_us knot_us =
            self->first_unix_us + floor_to(t - self->first_unix_us, self->step_us) + self->step_us;
        const gw_time_us next = knot_us < to_unix_us ? knot_us : to_unix_us;
        const struct gw_generation_node a = line_at(self, t), b = line_at(self, next);
        area += (a.pv_kw + b.pv_kw + a.wind_kw + b.wind_kw) / 2 * (double)(next - t);
        t = next;
    }
    return area / (double)(to_unix_us - from_unix_us);
}
