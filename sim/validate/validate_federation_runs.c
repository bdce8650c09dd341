#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/federation/fed_arm.h"
#include "models/policies/registry.h"
#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"

static const char *const curtailed_source =
    "Wiesner et al., Distributed LLM pretraining during renewable curtailment windows, arXiv 2602.22760";
static const char *const curtailed_missing = "the marginal carbon of the three grids is not at hand";

static const struct gw_fed_links nowhere = {0};

/* ---- a training across three grids ---- */

/* Its constants: four A100 at a site, a step of 524 288 tokens in 2.73 s, rounds of 514 s and gaps of 133 s,
 * 240 s to provision, 10 s to connect, 95 s to load and compile. */
static const double step_s = 2.73, steps = 23400.0, tokens_per_step = 524288.0;
static const double train_kw = 2.024, idle_kw = 0.468, round_s = 514.0, gap_s = 133.0;
static const double provision_s = 240.0, connect_s = 10.0, load_s = 95.0;

enum { SITES = 3 };
static struct gw_fed_client site_of(const char *name, uint32_t domain)
{
    return (struct gw_fed_client){.name = name,
                                  .steps_per_s = 1.0 / step_s,
                                  .tok_per_step = tokens_per_step,
                                  .train_kw = train_kw,
                                  .idle_kw = idle_kw,
                                  .start_s = provision_s + connect_s + load_s,
                                  .utility = 1.0,
                                  .domain = domain};
}

static struct gw_federation_cfg curtailed_cfg(void)
{
    struct gw_federation_cfg cfg = gw_federation_default(561e6, steps * tokens_per_step);
    cfg.local_steps = round_s / step_s;
    cfg.sync.agg_bytes_per_s = INFINITY; /* part of the gap */
    cfg.sync.fix_s = gap_s;
    cfg.quorum_frac = 0.0;
    cfg.leave_at_once = true;
    return cfg;
}

/* When the run's log has its sites provisioned and removed, seconds; the last two work until the end. */
struct stay {
    uint32_t site;
    double provisioned_s, removed_s;
};
static const struct stay log_of_run[] = {
    {0, 526.7, 8125.4}, {0, 8630.8, 23750.3}, {2, 17025.0, 1e6}, {1, 36527.0, 1e6}};
enum { STAYS = sizeof log_of_run / sizeof log_of_run[0] };

/* A policy that repeats the log. */
static int repeat_log(void *self, const struct gw_view *view, const struct gw_round *round,
                      struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)self;
    (void)view;
    (void)error;
    memset(out->in, 0, round->clients);
    for (int i = 0; i < STAYS; i++) {
        const double now_s = gw_s_from_us(round->now_us);
        const bool here =
            now_s >= log_of_run[i].provisioned_s - provision_s && now_s < log_of_run[i].removed_s;
        out->in[log_of_run[i].site] |= here ? 1 : 0;
    }
    return 0;
}
static const struct gw_policy_ops repeater = {.name = "log", .select = repeat_log};

static void add_curtailed(struct gw_validation *out, const char *name, enum gw_validation_kind kind,
                          double published, double ours, double tolerance, const char *unit)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Training across three grids: its rules, its constants, its log",
                               .name = name,
                               .kind = kind,
                               .rule = GW_VALIDATION_REL,
                               .published = published,
                               .ours = ours,
                               .tolerance = tolerance,
                               .unit = unit,
                               .source = curtailed_source,
                           });
}

static enum gw_status run_curtailed(struct gw_validation *out, struct gw_error *err)
{
    const struct gw_fed_client client[SITES] = {site_of("C0", 0), site_of("C1", 1), site_of("C2", 2)};
    const struct gw_federation_cfg cfg = curtailed_cfg();
    const struct gw_fed_selector selector = {.ops = &repeater};
    /* every second, the log's instants to a second: the policy sees nothing but the clock */
    static const double nothing = 0.0;
    static const double *const blank[SITES] = {&nothing, &nothing, &nothing};
    const struct gw_fed_outlook outlook = {.horizon = 1,
                                           .step_us = GW_US_PER_H,
                                           .carbon = blank,
                                           .price = blank,
                                           .water = blank,
                                           .excess = blank};
    struct gw_federation *job = gw_federation_create(&cfg, SITES, client, &nowhere, &selector);
    if (job == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "validate federation", "out of memory");
    }
    enum gw_status s = GW_OK;
    for (gw_time_us t_us = 0; s == GW_OK && t_us < 24 * GW_US_PER_H; t_us += GW_US_PER_S) {
        s = gw_federation_decide(job, &outlook, err);
        s = s == GW_OK ? gw_federation_advance(job, t_us + GW_US_PER_S, err) : s;
    }
    if (s == GW_OK) {
        const struct gw_fed_state state = gw_federation_state(job);
        const struct gw_fed_books sum = gw_fed_arm_sum(job, SITES);
        const double hours = gw_h_from_us(state.reached_us) - log_of_run[0].provisioned_s / 3600.0;
        add_curtailed(out, "hours from the first site to the last step", GW_VALIDATION_REPLAY, 14.6, hours,
                      0.03, "h");
        add_curtailed(out, "energy", GW_VALIDATION_REPLAY, 37.7, sum.compute_kwh + sum.gap_kwh + sum.idle_kwh,
                      0.03, "kWh");
        add_curtailed(out, "aggregations", GW_VALIDATION_REPLAY, 37.0,
                      (double)sum.joined - (double)state.rounds, 0.05, "1");
    }
    gw_federation_destroy(job);
    return s;
}

/* The same work at one site, which is provisioned once. */
static enum gw_status run_central(struct gw_validation *out, struct gw_error *err)
{
    const struct gw_fed_client client = site_of("alone", 0);
    const struct gw_federation_cfg cfg = curtailed_cfg();
    struct gw_federation *job =
        gw_federation_create(&cfg, 1, &client, &nowhere, &(struct gw_fed_selector){0});
    if (job == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "validate federation", "out of memory");
    }
    enum gw_status s = gw_federation_decide(job, &(struct gw_fed_outlook){0}, err);
    s = s == GW_OK ? gw_federation_advance(job, 24 * GW_US_PER_H, err) : s;
    if (s == GW_OK) {
        const struct gw_fed_books sum = gw_fed_arm_sum(job, 1);
        add_curtailed(out, "one site: hours", GW_VALIDATION_REPLAY, 17.81,
                      gw_h_from_us(gw_federation_state(job).reached_us), 0.005, "h");
        add_curtailed(out, "one site: energy", GW_VALIDATION_REPLAY, 35.99, sum.compute_kwh + sum.gap_kwh,
                      0.005, "kWh");
    }
    gw_federation_destroy(job);
    return s;
}

static void skip_carbon(struct gw_validation *out)
{
    static const struct {
        const char *name, *unit;
        double published, tolerance;
    } rows[] = {{"carbon", "kg", 1.38, 0.05},
                {"share of energy below the threshold", "1", 0.97, 0.02},
                {"one site in California: carbon", "kg", 11.405, 0.005},
                {"one site in Germany: carbon", "kg", 27.069, 0.005}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        gw_validation_skip(out, &(struct gw_validation_row){
                                    .group = "Training across three grids: its rules, its constants, its log",
                                    .name = rows[i].name,
                                    .kind = GW_VALIDATION_REPLAY,
                                    .rule = GW_VALIDATION_REL,
                                    .published = rows[i].published,
                                    .tolerance = rows[i].tolerance,
                                    .unit = rows[i].unit,
                                    .source = curtailed_source,
                                    .note = curtailed_missing,
                                });
    }
}

/* ---- FedZero's supply ---- */

enum { CITIES = 10, WEEK = 7 * 288 };
static const char *const solar_file = "training/fedzero/solar_10cities_5min.csv";
static const char *const solar_source =
    "Wiesner et al., FedZero, e-Energy 2024: solar power of ten cities from 8 June 2022 (Solcast)";
static const double panel_kw = 0.8;
static const struct {
    const char *city;
    double published_kwh;
} cities[] = {{"San Francisco", 36.59}, {"Hong Kong", 11.90}, {"Berlin", 26.83},
              {"Mumbai", 24.58},        {"Stockholm", 29.53}, {"Cape Town", 15.98}};
enum { PRINTED = sizeof cities / sizeof cities[0] };

struct supply {
    char name[CITIES][32];
    double kw[CITIES][WEEK];
};

/* One field of a line, and the beginning of the next; NULL behind the last. */
static const char *next_field(const char *at, char out[32])
{
    const size_t n = strcspn(at, ",\r\n");
    const size_t kept = n < 31 ? n : 31;
    memcpy(out, at, kept);
    out[kept] = '\0';
    return at[n] == ',' ? at + n + 1 : NULL;
}

/* Header "time,CITY,...", then shares of full power. False when it is something else or shorter. */
static bool read_supply(const char *csv, struct supply *out)
{
    char field[32];
    for (int row = -1; row < WEEK; row++) {
        const char *at = next_field(csv, field);
        for (int c = 0; c < CITIES; c++) {
            double share = 0.0;
            if (at == NULL) {
                return false;
            }
            at = next_field(at, field);
            if (row < 0) {
                memcpy(out->name[c], field, sizeof field);
            } else if (!gw_number_parse(field, &share)) {
                return false;
            } else {
                out->kw[c][row] = share * panel_kw;
            }
        }
        csv += strcspn(csv, "\n");
        csv += *csv == '\n' ? 1 : 0;
    }
    return true;
}

static double energy_kwh(const struct supply *supply, int city)
{
    double sum = 0.0;
    for (int i = 0; i < WEEK; i++) {
        sum += supply->kw[city][i] / 12.0;
    }
    return sum;
}

static int find_city(const struct supply *supply, const char *name)
{
    int c = 0;
    while (c < CITIES && strcmp(supply->name[c], name) != 0) {
        c++;
    }
    return c;
}

static struct gw_validation_row supply_row(const char *name, double published, double ours)
{
    return (struct gw_validation_row){.group = "FedZero: a week of panels of 800 W",
                                      .name = name,
                                      .kind = GW_VALIDATION_REPLAY,
                                      .rule = GW_VALIDATION_REL,
                                      .published = published,
                                      .ours = ours,
                                      .tolerance = 0.001,
                                      .unit = "kWh",
                                      .source = solar_source};
}

/* A hundred clients of three sizes on that supply alone, ten to a round, by its rules. */
static enum gw_status run_fedzero(struct gw_validation *out, const struct supply *supply, double supply_kwh,
                                  struct gw_error *err)
{
    enum { CLIENTS = 100 };
    static const double kw[] = {0.07, 0.3, 0.7}, images_per_s[] = {1.83, 6.39, 12.37};
    struct gw_fed_client client[CLIENTS];
    char name[CLIENTS][8];
    const double *excess[CLIENTS];
    for (uint32_t c = 0; c < CLIENTS; c++) {
        name[c][0] = (char)('a' + c % 10);
        name[c][1] = (char)('0' + c / 10);
        name[c][2] = '\0';
        client[c] = (struct gw_fed_client){.name = name[c],
                                           .steps_per_s = images_per_s[c / 10 % 3] / 10.0,
                                           .tok_per_step = 10.0,
                                           .train_kw = kw[c / 10 % 3],
                                           .utility = 1.0,
                                           .domain = c % 10};
        excess[c] = supply->kw[c % 10];
    }
    struct gw_federation_cfg cfg = gw_federation_default(11e6, 1e12);
    cfg.local_steps = 250.0;
    cfg.least_steps = 50.0;
    cfg.straggler = GW_FED_DEADLINE;
    cfg.power = GW_FED_EXCESS_ONLY;
    cfg.blocklist = (struct gw_blocklist_cfg){.alpha = 1.0, .quantile_frac = 1.0};
    const double ten = 10.0;
    struct gw_fed_selector selector = {.ops = &gw_policy_excess_power};
    struct gw_federation *job = NULL;
    if (selector.ops->create(&selector.self, &ten, NULL, 1, NULL) == 0) {
        job = gw_federation_create(&cfg, CLIENTS, client, &nowhere, &selector);
    }
    const struct gw_fed_series series = {.step_us = 300 * GW_US_PER_S, .n = WEEK, .excess_kw = excess};
    const enum gw_status s = job != NULL
                                 ? gw_fed_series_run(job, CLIENTS, &series, 60 * GW_US_PER_S, 12, false, err)
                                 : gw_fail(err, GW_ERR_NOMEM, "validate federation", "out of memory");
    if (s == GW_OK) {
        const struct gw_fed_books sum = gw_fed_arm_sum(job, CLIENTS);
        struct gw_validation_row row =
            supply_row("energy of a hundred clients from the grid", 0.0, sum.grid_kwh);
        row.kind = GW_VALIDATION_IDENTITY;
        row.rule = GW_VALIDATION_ABS;
        row.tolerance = 0.0;
        gw_validation_add(out, &row);
        row.name = "energy that they use, at most all of it";
        row.rule = GW_VALIDATION_AT_MOST;
        row.published = supply_kwh;
        row.ours = sum.excess_kwh;
        gw_validation_add(out, &row);
    }
    gw_federation_destroy(job);
    gw_policy_excess_power.destroy(selector.self);
    return s;
}

static enum gw_status add_supply(struct gw_validation *out, struct gw_error *err)
{
    enum { FILE_BYTES_MAX = 4 << 20 };
    const char *path = gw_validation_file(out, solar_file);
    char *csv = NULL;
    size_t n;
    struct supply *supply = gw_arena_alloc(&out->arena, sizeof *supply);
    if (supply == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "validate federation", "out of memory");
    }
    const bool read = path != NULL && gw_file_read(path, FILE_BYTES_MAX, &csv, &n, NULL) == GW_OK &&
                      read_supply(csv, supply);
    free(csv);
    double sum_kwh = 0.0;
    for (int c = 0; c < CITIES && read; c++) {
        sum_kwh += energy_kwh(supply, c);
    }
    for (int i = -1; i < PRINTED; i++) {
        const int c = i >= 0 && read ? find_city(supply, cities[i].city) : CITIES;
        const double ours = i < 0 ? sum_kwh : c < CITIES ? energy_kwh(supply, c) : (double)NAN;
        struct gw_validation_row row = i < 0 ? supply_row("ten cities", 240.06, ours)
                                             : supply_row(cities[i].city, cities[i].published_kwh, ours);
        row.note = read ? NULL : solar_file;
        if (read) {
            gw_validation_add(out, &row);
        } else {
            gw_validation_skip(out, &row);
        }
    }
    return read ? run_fedzero(out, supply, sum_kwh, err) : GW_OK;
}

enum gw_status gw_validate_federation_runs(struct gw_validation *out, struct gw_error *err)
{
    enum gw_status s = run_curtailed(out, err);
    s = s == GW_OK ? run_central(out, err) : s;
    skip_carbon(out);
    return s == GW_OK ? add_supply(out, err) : s;
}
