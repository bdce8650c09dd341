#include "sim/run/ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/check.h"

#define GW_ACCOUNT_ROW(id, name, unit, doc) {name, unit, doc},
static const struct gw_account_doc docs[] = {GW_ACCOUNTS(GW_ACCOUNT_ROW)};
#undef GW_ACCOUNT_ROW

const char *const gw_ledger_share_names[] = {
    [GW_SHARE_BUSY_KWH] = "busy_kwh",   [GW_SHARE_IMPORT_KWH] = "import_kwh",
    [GW_SHARE_CARBON_KG] = "carbon_kg", [GW_SHARE_WATER_L] = "water_l",
    [GW_SHARE_COST_USD] = "cost_usd",
};

_Static_assert(sizeof gw_ledger_share_names / sizeof gw_ledger_share_names[0] == GW_SHARE_COUNT,
               "every share has a name");

struct gw_account_doc gw_ledger_account(enum gw_account account)
{
    GW_REQUIRE(account >= 0 && account < GW_ACCOUNT_COUNT);
    return docs[account];
}

bool gw_ledger_init(struct gw_ledger *self, uint32_t sites, uint32_t demands, gw_time_us step_us,
                    gw_time_us every_us, struct gw_arena *arena)
{
    GW_REQUIRE(sites > 0);
    GW_REQUIRE(step_us > 0);
    GW_REQUIRE(every_us > 0 && every_us % step_us == 0);

    *self = (struct gw_ledger){.sites = sites, .demands = demands, .step_us = step_us, .every_us = every_us};
    self->total = gw_arena_array(arena, (size_t)sites * GW_ACCOUNT_COUNT, sizeof *self->total);
    self->demand = gw_arena_array(arena, (size_t)sites * demands, GW_SHARE_COUNT * sizeof *self->demand);
    return self->total != NULL && self->demand != NULL;
}

void gw_ledger_fini(struct gw_ledger *self)
{
    if (self == NULL) {
        return;
    }
    free(self->series);
    *self = (struct gw_ledger){0};
}

/* doubles in one row of the time series */
static size_t row_size(const struct gw_ledger *self)
{
    return (size_t)self->sites * GW_ACCOUNT_COUNT;
}

bool gw_ledger_open_step(struct gw_ledger *self, gw_time_us from_us)
{
    GW_REQUIRE(from_us >= self->now_us);
    GW_REQUIRE(from_us % self->step_us == 0);

    const size_t rows = (size_t)(from_us / self->every_us) + 1;
    const size_t row_bytes = row_size(self) * sizeof *self->series;
    void *series = self->series;
    if (!gw_array_reserve(&series, &self->cap_rows, rows, row_bytes)) {
        return false;
    }
    self->series = series;
    if (rows > self->rows) {
        memset(self->series + self->rows * row_size(self), 0, (rows - self->rows) * row_bytes);
        self->rows = rows;
    }
    self->now_us = from_us + self->step_us;
    return true;
}

void gw_ledger_enter(struct gw_ledger *self, gw_time_us from_us, uint32_t site, const double *entry,
                     const double *share)
{
    GW_REQUIRE(site < self->sites);
    GW_REQUIRE(from_us + self->step_us == self->now_us);

    /* Nothing but this site's own memory is written: sites may enter a step at the same time. */
    struct gw_sum *total = self->total + (size_t)site * GW_ACCOUNT_COUNT;
    double *row =
        self->series + (size_t)(from_us / self->every_us) * row_size(self) + (size_t)site * GW_ACCOUNT_COUNT;
    double any = 0;
    for (size_t a = 0; a < GW_ACCOUNT_COUNT; a++) {
        gw_sum_add(&total[a], entry[a]);
        row[a] += entry[a];
        any += entry[a];
    }

    struct gw_sum *demand = self->demand + (size_t)site * self->demands * GW_SHARE_COUNT;
    for (size_t i = 0; i < (size_t)self->demands * GW_SHARE_COUNT; i++) {
        gw_sum_add(&demand[i], share[i]);
        any += share[i];
    }
    GW_REQUIRE(isfinite(any)); /* one test for all: a NaN or an infinity among them stays in the sum */
}

double gw_ledger_site(const struct gw_ledger *self, uint32_t site, enum gw_account account)
{
    GW_REQUIRE(site < self->sites);
    return gw_sum_value(self->total[(size_t)site * GW_ACCOUNT_COUNT + account]);
}

double gw_ledger_sum(const struct gw_ledger *self, enum gw_account account)
{
    struct gw_sum sum = {0};
    for (uint32_t site = 0; site < self->sites; site++) {
        gw_sum_merge(&sum, self->total[(size_t)site * GW_ACCOUNT_COUNT + account]);
    }
    return gw_sum_value(sum);
}

static struct gw_sum share_of(const struct gw_ledger *self, uint32_t site, uint32_t demand,
                              enum gw_share share)
{
    return self->demand[((size_t)site * self->demands + demand) * GW_SHARE_COUNT + share];
}

double gw_ledger_demand(const struct gw_ledger *self, uint32_t demand, enum gw_share share)
{
    GW_REQUIRE(demand < self->demands);
    struct gw_sum sum = {0};
    for (uint32_t site = 0; site < self->sites; site++) {
        gw_sum_merge(&sum, share_of(self, site, demand, share));
    }
    return gw_sum_value(sum);
}

/* 0 when both sides are 0 */
static double imbalance(double source, double use)
{
    const double larger = fmax(fabs(source), fabs(use));
    return larger > 0 ? fabs(source - use) / larger : 0;
}

static double sum_of(const struct gw_ledger *self, uint32_t site, const enum gw_account *accounts, size_t n)
{
    struct gw_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        gw_sum_merge(&sum, self->total[(size_t)site * GW_ACCOUNT_COUNT + accounts[i]]);
    }
    return gw_sum_value(sum);
}

/* What the grid's meter counted, own plants and the battery gave, and was missing = what the nodes drew +
 * what the building and its heat's user spent on top + what was stored, given away and thrown away. */
static double meter_imbalance(const struct gw_ledger *self, uint32_t site)
{
    static const enum gw_account sources[] = {GW_ACCOUNT_IMPORT, GW_ACCOUNT_PV, GW_ACCOUNT_WIND,
                                              GW_ACCOUNT_DISCHARGE, GW_ACCOUNT_UNSERVED};
    static const enum gw_account uses[] = {
        GW_ACCOUNT_BUSY,   GW_ACCOUNT_IDLE,    GW_ACCOUNT_HOST,     GW_ACCOUNT_HOST_IDLE,
        GW_ACCOUNT_SPARE,  GW_ACCOUNT_LOADING, GW_ACCOUNT_TRAINING, GW_ACCOUNT_TRAINING_HELD,
        GW_ACCOUNT_PSU,    GW_ACCOUNT_COOLING, GW_ACCOUNT_CHAIN,    GW_ACCOUNT_HEAT_PUMP,
        GW_ACCOUNT_CHARGE, GW_ACCOUNT_EXPORT,  GW_ACCOUNT_CURTAILED};
    return imbalance(sum_of(self, site, sources, sizeof sources / sizeof sources[0]),
                     sum_of(self, site, uses, sizeof uses / sizeof uses[0]));
}

/* What went into the battery = what came out, was lost, and is still there. The last may be negative, so the
 * difference is compared with the largest of them. */
static double battery_imbalance(const struct gw_ledger *self, uint32_t site)
{
    const double in = gw_ledger_site(self, site, GW_ACCOUNT_CHARGE);
    const double out = gw_ledger_site(self, site, GW_ACCOUNT_DISCHARGE);
    const double lost = gw_ledger_site(self, site, GW_ACCOUNT_BATTERY_LOSS);
    const double left = gw_ledger_site(self, site, GW_ACCOUNT_STORED);
    const double largest = fmax(fmax(in, out), fmax(lost, fabs(left)));
    return largest > 0 ? fabs(in - out - lost - left) / largest : 0;
}

/* What the accelerators drew while busy = what was attributed to the demand rows. */
static double share_imbalance(const struct gw_ledger *self, uint32_t site)
{
    struct gw_sum use = {0};
    for (uint32_t demand = 0; demand < self->demands; demand++) {
        gw_sum_merge(&use, share_of(self, site, demand, GW_SHARE_BUSY_KWH));
    }
    return imbalance(gw_ledger_site(self, site, GW_ACCOUNT_BUSY), gw_sum_value(use));
}

double gw_ledger_residual(const struct gw_ledger *self)
{
    double worst = 0;
    for (uint32_t site = 0; site < self->sites; site++) {
        worst = fmax(worst, fmax(meter_imbalance(self, site), share_imbalance(self, site)));
        worst = fmax(worst, battery_imbalance(self, site));
    }
    return worst;
}
