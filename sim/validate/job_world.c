#include "sim/validate/job_world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/base/units.h"

enum { FILE_BYTES_MAX = 64 << 20, CFG_BYTES = 256 };

/* ---- tables of numbers ---- */

void gw_job_world_table_fini(struct gw_job_world_table *self)
{
    free(self->bytes);
    free(self->value);
    *self = (struct gw_job_world_table){0};
}

/* Ends the field that begins at `at` and returns the next one; NULL after the last of the line. */
static char *end_field(char *at, bool *last)
{
    char *end = at + strcspn(at, ",\r\n");
    *last = *end != ',';
    char *next = *end == '\0' ? end : end + 1 + (*end == '\r' && end[1] == '\n');
    *end = '\0';
    return next;
}

static bool table_parse(struct gw_job_world_table *t, size_t n)
{
    size_t lines = 0;
    for (size_t i = 0; i < n; i++) {
        lines += t->bytes[i] == '\n';
    }
    char *at = t->bytes;
    for (bool last = false; !last && t->columns < GW_JOB_WORLD_COLUMNS_MAX; t->columns++) {
        t->name[t->columns] = at;
        at = end_field(at, &last);
    }
    t->value = malloc((lines + 1) * t->columns * sizeof *t->value);
    if (t->value == NULL) {
        return false;
    }
    for (; *at != '\0' && t->rows <= lines; t->rows++) {
        bool last = false;
        for (size_t c = 0; c < t->columns; c++) {
            double *value = &t->value[t->rows * t->columns + c];
            char *field = at;
            at = last ? at : end_field(at, &last);
            *value = NAN;
            (void)gw_number_parse(field, value);
        }
    }
    return true;
}

bool gw_job_world_table_read(struct gw_validation *out, const char *relative, struct gw_job_world_table *t)
{
    *t = (struct gw_job_world_table){0};
    const char *path = gw_validation_file(out, relative);
    size_t n = 0;
    if (path == NULL || gw_file_read(path, FILE_BYTES_MAX, &t->bytes, &n, NULL) != GW_OK) {
        return false;
    }
    if (!table_parse(t, n)) {
        gw_job_world_table_fini(t);
        return false;
    }
    return true;
}

size_t gw_job_world_column(const struct gw_job_world_table *t, const char *name)
{
    for (size_t c = 0; c < t->columns; c++) {
        if (strcmp(t->name[c], name) == 0) {
            return c;
        }
    }
    return SIZE_MAX;
}

/* ---- jobs in a yard of one site ---- */

static const double on_demand_usd = 0.0624, spot_usd = 0.01248, reserved_frac = 0.4; /* an hour; GAIA */

static const struct gw_signal_integral *truth(void *of, uint32_t signal, uint32_t site, gw_time_us now_us)
{
    (void)site;
    (void)now_us;
    const struct gw_job_world *w = of;
    return signal == GW_JOB_CARBON ? &w->ci : NULL;
}

bool gw_job_world_init(struct gw_job_world *w, const struct gw_job_world_table *zones, size_t column,
                       size_t first, size_t hours, uint32_t jobs)
{
    *w = (struct gw_job_world){.jobs = jobs};
    w->kind = (struct gw_job_kind){
        .scaling.exponent = 1.0, .capping.exponent = 1.0, .watts = 1.0, .interval_us = GW_NEVER_US};
    w->queue[0] = (struct gw_job_queue){.name = "all", .longest_us = GW_NEVER_US};
    w->job = gw_arena_alloc(&w->arena, (jobs + 1) * sizeof *w->job);
    w->carbon_g = gw_arena_alloc(&w->arena, (jobs + 1) * sizeof *w->carbon_g);
    if (w->job == NULL || w->carbon_g == NULL ||
        !gw_signal_integral_init(&w->ci, GW_READING_STEP, 0, GW_US_PER_H, (uint32_t)hours, &w->arena)) {
        return false;
    }
    for (size_t h = 0; h < hours; h++) {
        w->ci.value[h] = zones->value[(first + h) * zones->columns + column];
    }
    gw_signal_integral_seal(&w->ci);
    return true;
}

void gw_job_world_fini(struct gw_job_world *w)
{
    gw_arena_fini(&w->arena);
}

static void configure(const struct gw_policy_ops *ops, char cfg[CFG_BYTES], const char *key, double to)
{
    GW_REQUIRE(ops->cfg_size <= CFG_BYTES);
    memset(cfg, 0, CFG_BYTES);
    for (const struct gw_policy_param *p = ops->params; p->key != NULL; p++) {
        const bool changed = key != NULL && strcmp(p->key, key) == 0;
        const double value = changed ? to : p->def;
        const int32_t choice = (int32_t)value;
        if (p->kind == GW_PARAM_CHOICE) {
            memcpy(cfg + p->offset, &choice, sizeof choice);
        } else {
            memcpy(cfg + p->offset, &value, sizeof value);
        }
    }
}

static enum gw_status add_up(struct gw_job_world *w, struct gw_yard *yard, struct gw_job_world_totals *sum,
                             struct gw_error *err)
{
    const enum gw_status s = gw_yard_advance(yard, GW_NEVER_US, err);
    for (uint32_t i = 0; s == GW_OK && i < w->jobs; i++) {
        const struct gw_job_record *r = gw_yard_record(yard, i);
        w->carbon_g[i] = r->carbon_g;
        sum->carbon_g += r->carbon_g;
        sum->usd += r->usd;
        sum->delay_h += gw_h_from_us(r->start_us - w->job[i].submit_us) / (double)w->jobs;
        sum->last_start_us = r->start_us > sum->last_start_us ? r->start_us : sum->last_start_us;
    }
    sum->usd += w->reserved * reserved_frac * on_demand_usd * gw_h_from_us(sum->last_start_us);
    return s;
}

enum gw_status gw_job_world_run(struct gw_job_world *w, const struct gw_policy_ops *ops, const char *key,
                                double to, struct gw_job_world_totals *sum, struct gw_error *err)
{
    const struct gw_yard_site site = {
        .name = "zone",
        .total = {w->reserved, GW_YARD_UNLIMITED, GW_YARD_UNLIMITED},
        .usd_per_h = {0.0, on_demand_usd, spot_usd},
        .carbon = &w->ci,
    };
    union {
        double align;
        char bytes[CFG_BYTES];
    } cfg;
    configure(ops, cfg.bytes, key, to);
    struct gw_policy_error bad = {{0}};
    struct gw_yard_cfg yard_cfg = {
        .job = w->job,
        .jobs = w->jobs,
        .kind = &w->kind,
        .queue = w->queue,
        .site = &site,
        .sites = 1,
        .outlook = {truth, w},
        .policy = ops,
        .policy_name = ops->name,
    };
    *sum = (struct gw_job_world_totals){0};
    if (ops->create(&yard_cfg.self, cfg.bytes, NULL, 1, &bad) != 0) {
        return gw_fail(err, GW_ERR_NOMEM, ops->name, "out of memory");
    }
    struct gw_yard *yard = gw_yard_create(&yard_cfg);
    const enum gw_status s =
        yard != NULL ? add_up(w, yard, sum, err) : gw_fail(err, GW_ERR_NOMEM, ops->name, "out of memory");
    gw_yard_destroy(yard);
    if (ops->destroy != NULL) {
        ops->destroy(yard_cfg.self);
    }
    return s;
}
