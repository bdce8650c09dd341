#include "traces/typical.h"

#include <stdint.h>

#include "sim/base/units.h"

enum { MONTHS = 12, DAY_HOURS = 24, FEBRUARY = 1, LEAP_DAY = 28 };

static const int month_days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

enum gw_status gw_typical_begin(struct gw_meteo *out, const char *name, struct gw_arena *arena,
                                struct gw_error *err)
{
    out->typical = true;
    out->first_unix_us = GW_US_PER_H / 2;
    out->step_us = GW_US_PER_H;
    out->n = GW_METEO_TYPICAL_HOURS;
    for (int c = 0; c < GW_METEO_COLUMNS; c++) {
        if (!gw_meteo_add_column(out, (enum gw_meteo_column)c, arena)) {
            return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        }
    }
    return GW_OK;
}

static void advance(struct gw_typical *self)
{
    self->row++;
    if (++self->hour == DAY_HOURS) {
        self->hour = 0;
        if (++self->day == month_days[self->month]) {
            self->day = 0;
            self->month++;
        }
    }
}

enum gw_status gw_typical_next(struct gw_typical *self, const struct gw_lines *lines, double month,
                               double day, double hour, size_t *row, struct gw_error *err)
{
    *row = SIZE_MAX;
    if (month == FEBRUARY + 1 && day == LEAP_DAY + 1) {
        return GW_OK;
    }
    if (self->month == MONTHS) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "a row beyond the year's %d hours",
                             GW_METEO_TYPICAL_HOURS);
    }
    if (month != self->month + 1 || day != self->day + 1 || hour != self->hour + 1) {
        return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "month %g, day %g, hour %g where %d, %d, %d is due",
                             month, day, hour, self->month + 1, self->day + 1, self->hour + 1);
    }
    *row = self->row;
    advance(self);
    return GW_OK;
}

enum gw_status gw_typical_end(const struct gw_typical *self, const struct gw_lines *lines,
                              struct gw_error *err)
{
    if (self->row == GW_METEO_TYPICAL_HOURS) {
        return GW_OK;
    }
    return gw_lines_fail(lines, err, GW_ERR_SYNTAX, "%zu hours of data, a year has %d", self->row,
                         GW_METEO_TYPICAL_HOURS);
}
