#include "sim/run/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

#define GW_LOAD_ROW(id, name, unit, method, doc) {name, unit, "time: " method, doc},
static const struct gw_load_doc docs[] = {GW_LOAD_COLUMNS(GW_LOAD_ROW)};
#undef GW_LOAD_ROW

struct gw_load_doc gw_load_column(enum gw_load_column column)
{
    GW_REQUIRE(column >= 0 && column < GW_LOAD_COUNT);
    return docs[column];
}

struct gw_load gw_load_make(uint32_t sites, uint32_t models, gw_time_us every_us)
{
    GW_REQUIRE(every_us > 0);
    return (struct gw_load){.sites = sites, .models = models, .every_us = every_us};
}

void gw_load_fini(struct gw_load *self)
{
    free(self->cell);
    free(self->covered_us);
    *self = (struct gw_load){0};
}

static size_t cells_per_row(const struct gw_load *self)
{
    return (size_t)self->sites * self->models;
}

static bool reserve(struct gw_load *self, size_t rows)
{
    void *cell = self->cell, *covered_us = self->covered_us;
    const bool good =
        gw_array_reserve(&cell, &self->cap_cells, rows * cells_per_row(self), sizeof *self->cell) &&
        gw_array_reserve(&covered_us, &self->cap_rows, rows, sizeof *self->covered_us);
    self->cell = cell;
    self->covered_us = covered_us;
    return good;
}

bool gw_load_open_step(struct gw_load *self, gw_time_us from_us, gw_time_us to_us)
{
    const size_t row = (size_t)(from_us / self->every_us);
    GW_REQUIRE(to_us <= (gw_time_us)(row + 1) * self->every_us);
    GW_REQUIRE(row + 1 >= self->rows);
    if (!reserve(self, row + 1)) {
        return false;
    }
    const size_t n = cells_per_row(self);
    if (n > 0) { /* nothing is served: there is no array */
        memset(self->cell + self->rows * n, 0, (row + 1 - self->rows) * n * sizeof *self->cell);
    }
    memset(self->covered_us + self->rows, 0, (row + 1 - self->rows) * sizeof *self->covered_us);
    self->rows = row + 1;
    self->covered_us[row] += to_us - from_us;
    return true;
}

static void add(struct gw_fleet_load *sum, const struct gw_fleet_load *one)
{
    sum->waiting_s += one->waiting_s;
    sum->running_s += one->running_s;
    sum->waiting_peak = one->waiting_peak > sum->waiting_peak ? one->waiting_peak : sum->waiting_peak;
    sum->running_peak = one->running_peak > sum->running_peak ? one->running_peak : sum->running_peak;
    sum->arrived += one->arrived;
    sum->finished += one->finished;
    sum->kv_tok_s += one->kv_tok_s;
    sum->room_tok_s += one->room_tok_s;
    sum->kv_peak_frac = fmax(sum->kv_peak_frac, one->kv_peak_frac);
    sum->busy_s += one->busy_s;
    sum->batch_s += one->batch_s;
    sum->replica_s += one->replica_s;
}

void gw_load_enter(struct gw_load *self, uint32_t site, uint32_t model, const struct gw_fleet_load *found)
{
    GW_REQUIRE(self->rows > 0);
    GW_REQUIRE(site < self->sites);
    GW_REQUIRE(model < self->models);
    add(&self->cell[((self->rows - 1) * self->sites + site) * self->models + model], found);
}

static double quotient(double a, double b)
{
    return b > 0.0 ? a / b : (double)NAN;
}

static void fill_cell(const struct gw_fleet_load *load, double span_s, double *out)
{
    out[GW_LOAD_WAITING] = load->waiting_s / span_s;
    out[GW_LOAD_WAITING_PEAK] = load->waiting_peak;
    out[GW_LOAD_RUNNING] = load->running_s / span_s;
    out[GW_LOAD_RUNNING_PEAK] = load->running_peak;
    out[GW_LOAD_BATCH] = quotient(load->batch_s, load->busy_s);
    out[GW_LOAD_KV_TOK] = load->kv_tok_s / span_s;
    out[GW_LOAD_KV_FRAC] = quotient(load->kv_tok_s, load->room_tok_s);
    out[GW_LOAD_KV_PEAK] = load->replica_s > 0.0 ? load->kv_peak_frac : (double)NAN;
    out[GW_LOAD_BUSY] = quotient(load->busy_s, load->replica_s);
    out[GW_LOAD_REPLICAS] = load->replica_s / span_s;
    out[GW_LOAD_ARRIVED] = (double)load->arrived;
    out[GW_LOAD_FINISHED] = (double)load->finished;
}

void gw_load_row(const struct gw_load *self, size_t row, double *out)
{
    GW_REQUIRE(row < self->rows);
    const size_t n = cells_per_row(self);
    const double span_s = gw_s_from_us(self->covered_us[row]);
    for (size_t i = 0; i < n; i++) {
        if (span_s > 0.0) {
            fill_cell(&self->cell[row * n + i], span_s, out + i * GW_LOAD_COUNT);
        } else {
            for (size_t c = 0; c < GW_LOAD_COUNT; c++) {
                out[i * GW_LOAD_COUNT + c] = (double)NAN;
            }
        }
    }
}
