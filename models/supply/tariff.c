#include "models/supply/tariff.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

enum { MONTHS = 12, WEEK = 7, HALF_HOURS = 48, DEMANDS_MAX = 20 };
static const gw_time_us piece_us = 15 * 60 * GW_US_PER_S; /* divides every interval and window */

/* ---- windows ---- */

enum days { ALL_DAYS, WEEKDAYS, WEEKEND, SATURDAYS, SUNDAYS };
static const char *const day_names[] = {"all", "weekday", "weekend", "saturday", "sunday", NULL};

/* weekday: 0 is Monday */
static bool covers_day(int32_t days, int weekday)
{
    switch (days) {
    case WEEKDAYS:
        return weekday < 5;
    case WEEKEND:
        return weekday >= 5;
    case SATURDAYS:
        return weekday == 5;
    case SUNDAYS:
        return weekday == 6;
    default:
        return true;
    }
}

static bool covers_month(const struct gw_slice *months, int month)
{
    bool found = months->n == 0;
    for (uint32_t i = 0; i < months->n; i++) {
        found = found || ((const int64_t *)months->at)[i] == month;
    }
    return found;
}

static bool window_covers(const struct gw_tariff_window *w, int month, int weekday, double hour)
{
    const bool over_midnight = w->to_h <= w->from_h;
    const bool in_hours =
        over_midnight ? hour >= w->from_h || hour < w->to_h : hour >= w->from_h && hour < w->to_h;
    return in_hours && covers_day(w->days, weekday) && covers_month(&w->months, month);
}

static bool when_covers(const struct gw_slice *when, int month, int weekday, double hour)
{
    const struct gw_tariff_window *w = when->at;
    for (uint32_t i = 0; i < when->n; i++) {
        if (window_covers(&w[i], month, weekday, hour)) {
            return true;
        }
    }
    return false;
}

/* The period in force; the one without windows where no other is. UINT32_MAX: none. */
static uint32_t period_at(const struct gw_slice *periods, int month, int weekday, double hour)
{
    const struct gw_tariff_period *p = periods->at;
    uint32_t rest = UINT32_MAX;
    for (uint32_t i = 0; i < periods->n; i++) {
        if (p[i].when.n == 0) {
            rest = i;
        } else if (when_covers(&p[i].when, month, weekday, hour)) {
            return i;
        }
    }
    return rest;
}

/* ---- prices ---- */

static double hour_of(const struct gw_calendar *c)
{
    return c->hour + c->minute / 60.0;
}

static double block_price(const struct gw_slice *blocks, double month_mwh, double share, double *left_mwh)
{
    const struct gw_tariff_block *b = blocks->at;
    uint32_t i = 0;
    while (i + 1 < blocks->n && month_mwh >= b[i].up_to_mwh * share) {
        i++;
    }
    *left_mwh = i + 1 < blocks->n ? b[i].up_to_mwh * share - month_mwh : INFINITY;
    return b[i].price_usd_per_mwh;
}

/* Of everything but blocks, at an instant of the local clock. */
static double price_at(const struct gw_tariff *t, gw_time_us local_us, double wholesale_usd_per_mwh)
{
    if (t->energy.alt == GW_TARIFF_WHOLESALE) {
        return wholesale_usd_per_mwh * (1 + t->loss_frac);
    }
    if (t->energy.alt == GW_TARIFF_FLAT) {
        return *(const double *)t->energy.at;
    }
    GW_REQUIRE(t->energy.alt == GW_TARIFF_TOU);
    const struct gw_calendar c = gw_clock_calendar(local_us);
    const struct gw_slice *periods = t->energy.at;
    const uint32_t i = period_at(periods, c.month, c.weekday, hour_of(&c));
    GW_REQUIRE(i < periods->n);
    return ((const struct gw_tariff_period *)periods->at)[i].price_usd_per_mwh;
}

static struct gw_local_time clock_of(const struct gw_tariff *tariff, double utc_offset_h)
{
    return (struct gw_local_time){llround(utc_offset_h * (double)GW_US_PER_H),
                                  (enum gw_daylight_saving)tariff->daylight_saving};
}

/* End of the quarter of an hour of the local clock. */
static gw_time_us piece_end(const struct gw_local_time *clock, gw_time_us unix_us)
{
    const gw_time_us into = ((unix_us + clock->utc_offset_us) % piece_us + piece_us) % piece_us;
    return unix_us + piece_us - into;
}

double gw_tariff_price(const struct gw_tariff *tariff, double utc_offset_h, gw_time_us from_unix_us,
                       gw_time_us to_unix_us, double wholesale_usd_per_mwh)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    if (tariff->energy.alt == GW_TARIFF_BLOCK) {
        const struct gw_slice *blocks = tariff->energy.at;
        return ((const struct gw_tariff_block *)blocks->at)[blocks->n - 1].price_usd_per_mwh +
               tariff->adder_usd_per_mwh;
    }
    if (tariff->energy.alt != GW_TARIFF_TOU) {
        return price_at(tariff, from_unix_us, wholesale_usd_per_mwh) + tariff->adder_usd_per_mwh;
    }
    const struct gw_local_time clock = clock_of(tariff, utc_offset_h);
    double sum = 0.0;
    for (gw_time_us t = from_unix_us, next; t < to_unix_us; t = next) {
        next = piece_end(&clock, t);
        next = next < to_unix_us ? next : to_unix_us;
        sum += (double)(next - t) * price_at(tariff, gw_local_time_at(&clock, t), wholesale_usd_per_mwh);
    }
    return sum / (double)(to_unix_us - from_unix_us) + tariff->adder_usd_per_mwh;
}

bool gw_tariff_is_wholesale(const struct gw_tariff *tariff)
{
    return tariff->energy.alt == GW_TARIFF_WHOLESALE;
}

/* ---- bills ---- */

bool gw_tariff_open(struct gw_tariff_bill *self, const struct gw_tariff *tariff, double utc_offset_h,
                    const struct gw_tariff_before *before, gw_time_us from_unix_us, gw_time_us to_unix_us,
                    struct gw_arena *arena)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    *self = (struct gw_tariff_bill){
        .tariff = tariff,
        .clock = clock_of(tariff, utc_offset_h),
        .from_unix_us = from_unix_us,
        .to_unix_us = to_unix_us,
        .peak = gw_arena_array(arena, tariff->demand.n, sizeof *self->peak),
    };
    if (before != NULL) {
        self->before = *before;
    }
    return self->peak != NULL;
}

/* The part of [from, to) that is scored, in microseconds. */
static double scored_us(const struct gw_tariff_bill *self, gw_time_us from, gw_time_us to)
{
    const gw_time_us begin = from > self->from_unix_us ? from : self->from_unix_us;
    const gw_time_us end = to < self->to_unix_us ? to : self->to_unix_us;
    return end > begin ? (double)(end - begin) : 0.0;
}

static const struct gw_tariff_demand *demand_row(const struct gw_tariff_bill *self, uint32_t j)
{
    return (const struct gw_tariff_demand *)self->tariff->demand.at + j;
}

/* F_j of the present month. */
static double owed_kw(const struct gw_tariff_bill *self, uint32_t j)
{
    const struct gw_tariff_demand *row = demand_row(self, j);
    double kw = row->least_kw;
    if (self->month == 0) {
        kw = fmax(kw, self->before.month_kw);
    }
    if (self->month < GW_TARIFF_PAST_MONTHS) {
        kw = fmax(kw, row->ratchet_frac * self->before.year_kw);
    }
    /* the peak that stood in the run's first month ratchets the next ones */
    if (self->month > 0 && self->month <= GW_TARIFF_PAST_MONTHS) {
        kw = fmax(kw, row->ratchet_frac * self->before.month_kw);
    }
    return kw;
}

/* What the run's own peaks of the months before ratchet the present month to. */
static double own_kw(const struct gw_tariff_bill *self, uint32_t j)
{
    double kw = 0.0;
    for (int m = 0; m < GW_TARIFF_PAST_MONTHS; m++) {
        kw = fmax(kw, self->peak[j].past_kw[m]);
    }
    return demand_row(self, j)->ratchet_frac * kw;
}

static void enter_month(struct gw_tariff_bill *self, gw_time_us unix_us)
{
    const bool first = self->month_to_us == 0;
    gw_local_time_month(&self->clock, unix_us, &self->month_from_us, &self->month_to_us);
    self->share = scored_us(self, self->month_from_us, self->month_to_us) /
                  (double)(self->month_to_us - self->month_from_us);
    self->month_kwh = 0.0;
    if (first) {
        return;
    }
    self->month++;
    for (uint32_t j = 0; j < self->tariff->demand.n; j++) {
        struct gw_tariff_peak *peak = &self->peak[j];
        for (int m = GW_TARIFF_PAST_MONTHS - 1; m > 0; m--) {
            peak->past_kw[m] = peak->past_kw[m - 1];
        }
        peak->past_kw[0] = peak->peak_kw;
        peak->peak_kw = peak->charged_kw = peak->interval_kwh = 0.0;
    }
}

/* One demand row over a piece that lies in one interval: what its peak's growth adds. */
static double add_demand(struct gw_tariff_bill *self, uint32_t j, gw_time_us from,
                         const struct gw_calendar *local, double kwh)
{
    const struct gw_tariff_demand *row = demand_row(self, j);
    struct gw_tariff_peak *peak = &self->peak[j];
    if (row->when.n == 0 || when_covers(&row->when, local->month, local->weekday, hour_of(local))) {
        const int64_t interval = (from + self->clock.utc_offset_us) / row->interval_us;
        peak->interval_kwh = interval == peak->interval ? peak->interval_kwh + kwh : kwh;
        peak->interval = interval;
        peak->peak_kw = fmax(peak->peak_kw, peak->interval_kwh / gw_h_from_us(row->interval_us));
    }
    const double charged_kw = fmax(fmax(peak->peak_kw, own_kw(self, j)) - owed_kw(self, j), 0.0);
    const double more_kw = charged_kw - peak->charged_kw;
    peak->charged_kw = charged_kw;
    return self->share * row->price_usd_per_kw_month * more_kw;
}

static double add_coincident(const struct gw_tariff *t, gw_time_us from, gw_time_us to, double kwh)
{
    double usd = 0.0;
    for (uint32_t i = 0; t->coincident != NULL && i < t->coincident->at.n; i++) {
        const gw_time_us begin = ((const gw_time_us *)t->coincident->at.at)[i];
        const gw_time_us end = begin + t->coincident->interval_us;
        const gw_time_us a = from > begin ? from : begin, b = to < end ? to : end;
        if (b > a) {
            const double inside_kwh = kwh * (double)(b - a) / (double)(to - from);
            usd += t->coincident->price_usd_per_kw * inside_kwh / gw_h_from_us(t->coincident->interval_us);
        }
    }
    return usd;
}

/* Energy of a piece, over as many blocks as it fills. */
static double add_blocks(struct gw_tariff_bill *self, double kwh)
{
    double usd = 0.0;
    for (double rest_mwh = gw_mwh_from_kwh(kwh), left_mwh; rest_mwh > 0.0; rest_mwh -= left_mwh) {
        const double price =
            block_price(self->tariff->energy.at, gw_mwh_from_kwh(self->month_kwh), self->share, &left_mwh);
        left_mwh = fmin(left_mwh, rest_mwh);
        usd += left_mwh * price;
        self->month_kwh += left_mwh * 1e3;
        if (left_mwh == 0.0) {
            break;
        }
    }
    return usd;
}

static void add_piece(struct gw_tariff_bill *self, gw_time_us from, gw_time_us to, double kwh,
                      double wholesale_usd_per_mwh, struct gw_tariff_charge *out)
{
    const struct gw_tariff *t = self->tariff;
    if (from >= self->month_to_us) {
        enter_month(self, from);
    }
    const gw_time_us local_us = gw_local_time_at(&self->clock, from);
    const double mwh = gw_mwh_from_kwh(kwh);
    out->energy_usd += mwh * t->adder_usd_per_mwh;
    out->energy_usd += t->energy.alt == GW_TARIFF_BLOCK ? add_blocks(self, kwh)
                                                        : mwh * price_at(t, local_us, wholesale_usd_per_mwh);
    out->coincident_usd += add_coincident(t, from, to, kwh);

    const struct gw_calendar local = gw_clock_calendar(local_us);
    const double of_month = scored_us(self, from, to) / (double)(self->month_to_us - self->month_from_us);
    out->fixed_usd += of_month * t->fixed_usd_per_month;
    for (uint32_t j = 0; j < t->demand.n; j++) {
        out->demand_usd += add_demand(self, j, from, &local, kwh);
        out->owed_usd += of_month * demand_row(self, j)->price_usd_per_kw_month * owed_kw(self, j);
    }
}

static bool counts_between(const struct gw_tariff_bill *self, uint32_t j, gw_time_us from, gw_time_us to)
{
    const struct gw_slice *when = &demand_row(self, j)->when;
    bool counts = when->n == 0;
    for (gw_time_us t = from; !counts && t < to; t = piece_end(&self->clock, t)) {
        const struct gw_calendar local = gw_clock_calendar(gw_local_time_at(&self->clock, t));
        counts = when_covers(when, local.month, local.weekday, hour_of(&local));
    }
    return counts;
}

uint32_t gw_tariff_thresholds(const struct gw_tariff_bill *self, gw_time_us from_unix_us,
                              gw_time_us to_unix_us, uint32_t n, struct gw_tariff_threshold *out)
{
    const uint32_t rows = self->tariff->demand.n;
    struct gw_tariff_bill then = *self; /* perhaps in a month that has not begun for the bill */
    struct gw_tariff_peak peak[DEMANDS_MAX];
    uint32_t found = 0;
    if (rows == 0) {
        return 0;
    }
    memcpy(peak, self->peak, rows * sizeof *peak);
    then.peak = peak;
    if (from_unix_us >= then.month_to_us) {
        enter_month(&then, from_unix_us);
    }
    for (uint32_t j = 0; j < rows && found < n; j++) {
        if (counts_between(self, j, from_unix_us, to_unix_us)) {
            out[found++] = (struct gw_tariff_threshold){
                .kw = fmax(fmax(peak[j].peak_kw, own_kw(&then, j)), owed_kw(&then, j)),
                .usd_per_kw = then.share * demand_row(self, j)->price_usd_per_kw_month,
            };
        }
    }
    return found;
}

struct gw_tariff_charge gw_tariff_add(struct gw_tariff_bill *self, gw_time_us from_unix_us,
                                      gw_time_us to_unix_us, double kwh, double wholesale_usd_per_mwh)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    GW_REQUIRE(kwh >= 0.0);
    struct gw_tariff_charge charge = {0};
    const double kwh_per_us = kwh / (double)(to_unix_us - from_unix_us);
    for (gw_time_us t = from_unix_us, next; t < to_unix_us; t = next) {
        next = piece_end(&self->clock, t);
        next = next < to_unix_us ? next : to_unix_us;
        const bool whole = t == from_unix_us && next == to_unix_us;
        add_piece(self, t, next, whole ? kwh : kwh_per_us * (double)(next - t), wholesale_usd_per_mwh,
                  &charge);
    }
    return charge;
}

/* ---- parameter tables ---- */

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/MWh", .min = -1000, .max = 100e3};
static const struct gw_type month = {.kind = GW_INT, .size = sizeof(int64_t), .min = 1, .max = MONTHS};
static const struct gw_type months = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .max = MONTHS, .of = &month};
static const struct gw_type days = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = day_names};
static const struct gw_type hour = {.kind = GW_NUM, .size = sizeof(double), .unit = "h", .min = 0, .max = 24};

static void check_window(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_tariff_window *w = object;
    if (w->from_h * 2 != floor(w->from_h * 2) || w->to_h * 2 != floor(w->to_h * 2)) {
        gw_bind_fail(bind, at, "from", "%g to %g h: periods change at full and half hours", w->from_h,
                     w->to_h);
    }
    if (w->from_h == w->to_h || w->from_h == 24) {
        gw_bind_fail(bind, at, "from", "%g to %g h is no time at all", w->from_h, w->to_h);
    }
}

#define W struct gw_tariff_window
static const struct gw_field window_fields[] = {
    GW_FIELD(W, months, &months, "[]", "Months of the year; all when empty", NULL),
    GW_FIELD(W, days, &days, "all", "Days of the week", NULL),
    GW_FIELD_AS(W, "from", from_h, &hour, "0 h", "Begin on the local clock", NULL),
    GW_FIELD_AS(W, "to", to_h, &hour, "24 h",
                "End; at or before the begin it goes over midnight of such days", NULL),
    GW_FIELD_END,
};
#undef W
static const struct gw_type window = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_tariff_window),
                                      .of = window_fields,
                                      .check = check_window,
                                      .doc = "Hours on the local clock"};
static const struct gw_type windows = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .max = 100, .of = &window};

#define P struct gw_tariff_period
static const struct gw_field period_fields[] = {
    GW_FIELD(P, name, &text, NULL, "Its name in messages", NULL),
    GW_FIELD_AS(P, "price", price_usd_per_mwh, &price, NULL, "Price of energy in it", NULL),
    GW_FIELD(P, when, &windows, "[]", "Its hours; empty: all that no other period covers", NULL),
    GW_FIELD_END,
};
#undef P
static const struct gw_type period = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_tariff_period),
                                      .of = period_fields,
                                      .doc = "A price by the clock"};
static const struct gw_type periods = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1, .max = 50, .of = &period};

#define B struct gw_tariff_block
static const struct gw_type block_mwh = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "MWh", .min = 1e-6, .max = 1e9};
static const struct gw_field block_fields[] = {
    GW_FIELD_AS(B, "up_to", up_to_mwh, &block_mwh, "~",
                "Energy of a month up to which it holds; the last block has no end", NULL),
    GW_FIELD_AS(B, "price", price_usd_per_mwh, &price, NULL, "Price of energy in it", NULL),
    GW_FIELD_END,
};
#undef B
static const struct gw_type block = {.kind = GW_OBJ,
                                     .size = sizeof(struct gw_tariff_block),
                                     .of = block_fields,
                                     .doc = "A price by the month's energy"};
static const struct gw_type blocks = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1, .max = 50, .of = &block};

static const struct gw_type demand_price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/kW/month", .min = 0, .max = 1e4};
static const struct gw_type interval = {
    .kind = GW_SPAN, .size = sizeof(gw_time_us), .unit = "s", .min = 900, .max = 3600};
static const struct gw_type frac = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type kw = {.kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 0, .max = 1e7};

static void check_interval(gw_time_us interval_us, struct gw_bind *bind, const struct gw_node *at)
{
    if (GW_US_PER_H % interval_us != 0 || interval_us % piece_us != 0) {
        gw_bind_fail(bind, at, "interval", "meters average over 15, 30 or 60 min");
    }
}

static void check_demand(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    check_interval(((const struct gw_tariff_demand *)object)->interval_us, bind, at);
}

#define D struct gw_tariff_demand
static const struct gw_field demand_fields[] = {
    GW_FIELD(D, name, &text, NULL, "Its name in messages", NULL),
    GW_FIELD_AS(D, "price", price_usd_per_kw_month, &demand_price, NULL,
                "Charge on the month's highest power", NULL),
    GW_FIELD_AS(D, "interval", interval_us, &interval, "15 min", "Over which power is averaged", NULL),
    GW_FIELD(D, when, &windows, "[]", "Hours in which peaks count; empty: all", NULL),
    GW_FIELD_AS(D, "ratchet", ratchet_frac, &frac, "0",
                "Part of the highest peak of the last eleven months that is billed at least", NULL),
    GW_FIELD_AS(D, "least", least_kw, &kw, "0 kW", "Billed at least, by contract", NULL),
    GW_FIELD_END,
};
#undef D
static const struct gw_type demand = {.kind = GW_OBJ,
                                      .size = sizeof(struct gw_tariff_demand),
                                      .of = demand_fields,
                                      .check = check_demand,
                                      .doc = "A charge on power"};
static const struct gw_type demands = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .max = DEMANDS_MAX, .of = &demand};

static void check_coincident(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    check_interval(((const struct gw_tariff_coincident *)object)->interval_us, bind, at);
}

#define C struct gw_tariff_coincident
static const struct gw_type event_price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/kW", .min = 0, .max = 1e5};
static const struct gw_type date = {.kind = GW_TIME, .size = sizeof(gw_time_us)};
static const struct gw_type dates = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1, .max = 1000, .of = &date};
static const struct gw_field coincident_fields[] = {
    GW_FIELD_AS(C, "price", price_usd_per_kw, &event_price, NULL, "Charge on the mean power in each interval",
                NULL),
    GW_FIELD_AS(C, "interval", interval_us, &interval, "15 min", "Length of the system's peaks", NULL),
    GW_FIELD(C, at, &dates, NULL, "Begins of the system's peaks, UTC", NULL),
    GW_FIELD_END,
};
#undef C
static const struct gw_type coincident_type = {.kind = GW_OBJ,
                                               .size = sizeof(struct gw_tariff_coincident),
                                               .of = coincident_fields,
                                               .check = check_coincident,
                                               .doc = "A charge on power at the hours of the system's peak"};
static const struct gw_type coincident = {
    .kind = GW_OPT, .size = sizeof(struct gw_tariff_coincident), .of = &coincident_type};

static const struct gw_alt energy_alts[] = {
    [GW_TARIFF_WHOLESALE] = {.key = "wholesale"},
    [GW_TARIFF_FLAT] = {.key = "flat", .type = &price, .scalar_form = true},
    [GW_TARIFF_TOU] = {.key = "tou", .type = &periods},
    [GW_TARIFF_BLOCK] = {.key = "block", .type = &blocks},
    {0},
};
static const struct gw_type energy = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = energy_alts};

/* "weekday" of the Monday that is meant, for messages. */
static const char *weekday_name(int weekday)
{
    static const char *const names[WEEK] = {"Mondays", "Tuesdays",  "Wednesdays", "Thursdays",
                                            "Fridays", "Saturdays", "Sundays"};
    return names[weekday];
}

/* Each half hour of each kind of day belongs to one period; the first that does not is told. */
static void check_periods(const struct gw_slice *list, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_tariff_period *p = list->at;
    uint32_t rest = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        rest += p[i].when.n == 0;
    }
    if (rest > 1) {
        gw_bind_fail(bind, at, "energy.tou", "%u periods have no hours; one may take what the others leave",
                     (unsigned)rest);
        return;
    }
    for (int slot = 0; slot < MONTHS * WEEK * HALF_HOURS; slot++) {
        const int m = slot / (WEEK * HALF_HOURS) + 1, day = slot / HALF_HOURS % WEEK;
        const double h = slot % HALF_HOURS / 2.0;
        uint32_t first = UINT32_MAX;
        for (uint32_t i = 0; i < list->n; i++) {
            if (p[i].when.n == 0 || !when_covers(&p[i].when, m, day, h)) {
                continue;
            }
            if (first != UINT32_MAX) {
                gw_bind_fail(bind, at, "energy.tou", "\"%s\" and \"%s\" both cover %s at %g h in month %d",
                             p[first].name, p[i].name, weekday_name(day), h, m);
                return;
            }
            first = i;
        }
        if (first == UINT32_MAX && rest == 0) {
            gw_bind_fail(
                bind, at, "energy.tou",
                "no period covers %s at %g h in month %d; a period without `when` takes what is left",
                weekday_name(day), h, m);
            return;
        }
    }
}

static void check_blocks(const struct gw_slice *list, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_tariff_block *b = list->at;
    for (uint32_t i = 0; i < list->n; i++) {
        const bool last = i + 1 == list->n;
        if (isnan(b[i].up_to_mwh) != last) {
            gw_bind_fail(bind, at, "energy.block",
                         last ? "the last block has no `up_to`: it takes the rest"
                              : "every block but the last ends at an `up_to`");
            return;
        }
        if (i > 0 && !last && b[i].up_to_mwh <= b[i - 1].up_to_mwh) {
            gw_bind_fail(bind, at, "energy.block", "blocks end at rising energies; %g MWh follows %g MWh",
                         b[i].up_to_mwh, b[i - 1].up_to_mwh);
            return;
        }
    }
}

static void check_tariff(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_tariff *t = object;
    if (t->energy.alt == GW_TARIFF_TOU) {
        check_periods(t->energy.at, bind, at);
    } else if (t->energy.alt == GW_TARIFF_BLOCK) {
        check_blocks(t->energy.at, bind, at);
    }
}

#define T struct gw_tariff
static const struct gw_type daylight = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_local_time_rules};
static const struct gw_type per_month = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/month", .min = 0, .max = 1e9};
static const struct gw_field tariff_fields[] = {
    GW_FIELD(T, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(T, title, &text, "~", "Name for people", NULL),
    GW_FIELD(T, daylight_saving, &daylight, "none", "How the local clock changes between summer and winter",
             NULL),
    GW_FIELD(T, energy, &energy, "wholesale",
             "Price of energy: wholesale, a flat price, { tou: periods } or { block: blocks }", NULL),
    GW_FIELD_AS(T, "adder", adder_usd_per_mwh, &price, "0 USD/MWh", "Networks, levies, the supplier's margin",
                NULL),
    GW_FIELD_AS(T, "loss", loss_frac, &frac, "0",
                "With wholesale energy: losses of the network that are billed", NULL),
    GW_FIELD_AS(T, "fixed", fixed_usd_per_month, &per_month, "0", "Charge per month, whatever is used", NULL),
    GW_FIELD(T, demand, &demands, "[]", "Charges on the highest power of a month, each row by itself", NULL),
    GW_FIELD(T, coincident, &coincident, "~", "Charge on power at the hours of the system's peak", NULL),
    GW_FIELD_END,
};
#undef T
const struct gw_type gw_tariff_type = {.kind = GW_OBJ,
                                       .size = sizeof(struct gw_tariff),
                                       .of = tariff_fields,
                                       .check = check_tariff,
                                       .doc = "What electricity costs at a site's meter"};

#define F struct gw_tariff_before
static const struct gw_field before_fields[] = {
    GW_FIELD_AS(F, "month", month_kw, &kw, "0 kW", "Highest power in the month of the run's begin, before it",
                NULL),
    GW_FIELD_AS(F, "year", year_kw, &kw, "0 kW", "Highest power in the eleven months before that", NULL),
    GW_FIELD_END,
};
#undef F
const struct gw_type gw_tariff_before_type = {.kind = GW_OBJ,
                                              .size = sizeof(struct gw_tariff_before),
                                              .of = before_fields,
                                              .doc = "Peaks from before the run"};

enum { WHOLESALE, NAMED, TERMS };
static const struct gw_type tariff_ref = {.kind = GW_REF, .size = sizeof(struct gw_tariff), .of = "tariff"};
static const struct gw_alt pick_alts[] = {
    [WHOLESALE] = {.key = "wholesale"},
    [NAMED] = {.key = "name", .type = &tariff_ref, .scalar_form = true},
    [TERMS] = {.key = "terms", .type = &gw_tariff_type},
    {0},
};
const struct gw_type gw_tariff_pick = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = pick_alts};

const struct gw_tariff *gw_tariff_of(const struct gw_pick *pick)
{
    static const struct gw_tariff wholesale = {.name = "wholesale", .energy = {.alt = GW_TARIFF_WHOLESALE}};
    return pick->alt == WHOLESALE ? &wholesale
           : pick->alt == TERMS   ? pick->at
                                  : *(const void *const *)pick->at;
}
