#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/network/measured.h"
#include "models/network/network.h"
#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"

enum { PRINTED = GW_MEASURED_REGIONS, PRINTED_PAIRS = PRINTED * (PRINTED - 1) / 2, FILE_BYTES_MAX = 4 << 20 };

static const char *const printed_source =
    "AT&T Center for Virtualization, SMU: mean round trips between Google Cloud regions (13 of 34)";
static const char *const whole_source =
    "AT&T Center for Virtualization, SMU: mean round trips between Google Cloud regions (34)";
static const char *const rtt_file = "training/network/gcp_region_rtt_ms.csv";
static const char *const grid_source =
    "Jain et al., Skyplane, NSDI 2023: throughput of n2-standard-32 over 64 connections, January 2022";
static const char *const grid_file = "training/network/skyplane_throughput_gbps.csv";

enum { REGIONS = GW_MEASURED_PLACES, PAIRS = REGIONS * (REGIONS - 1) };

/* ---- round trips ---- */

static double law_ms(const struct gw_network_cfg *cfg, double lat_a, double lon_a, double lat_b, double lon_b)
{
    const struct gw_place a = {.lat_deg = lat_a, .lon_deg = lon_a}, b = {.lat_deg = lat_b, .lon_deg = lon_b};
    return gw_ms_from_us((double)gw_network_rtt_us(cfg, &a, &b));
}

static const struct gw_validation_row median_row = {
    .group = "Round trips",
    .kind = GW_VALIDATION_FITTED,
    .rule = GW_VALIDATION_AT_MOST,
    .published = 0.15,
    .unit = "1",
};

static double median_of(double *value, size_t n)
{
    gsl_sort(value, 1, n);
    return gsl_stats_median_from_sorted_data(value, 1, n);
}

static void add_printed(struct gw_validation *out, const struct gw_network_cfg *law)
{
    const struct gw_measured_region *region = gw_measured_table;
    double off_frac[PRINTED_PAIRS];
    size_t n = 0;
    for (size_t i = 0; i < PRINTED; i++) {
        for (size_t j = i + 1; j < PRINTED; j++) {
            const double ours_ms =
                law_ms(law, region[i].lat_deg, region[i].lon_deg, region[j].lat_deg, region[j].lon_deg);
            off_frac[n++] = fabs(ours_ms / region[i].rtt_ms[j] - 1.0);
            gw_validation_add(out,
                              &(struct gw_validation_row){
                                  .group = "Round trips",
                                  .name = gw_validation_text(out, "%s to %s", region[i].name, region[j].name),
                                  .kind = GW_VALIDATION_FITTED,
                                  .rule = GW_VALIDATION_REL,
                                  .published = region[i].rtt_ms[j],
                                  .ours = ours_ms,
                                  .tolerance = 0.15,
                                  .unit = "ms",
                                  .source = printed_source,
                                  .detail = true,
                              });
        }
    }
    struct gw_validation_row row = median_row;
    row.name = "median relative error of the law, 78 printed pairs";
    row.ours = median_of(off_frac, n);
    row.source = printed_source;
    row.note = "the law was fitted to all 34 regions";
    gw_validation_add(out, &row);
}

/* ---- files ---- */

/* The field in a line that begins there; *n: its length. NULL when the line has fewer. */
static const char *field(const char *line, int column, size_t *n)
{
    for (; column > 0; column--) {
        line += strcspn(line, ",\n");
        if (*line != ',') {
            return NULL;
        }
        line++;
    }
    *n = strcspn(line, ",\r\n");
    return line;
}

static bool is_field(const char *line, int column, const char *text)
{
    size_t n;
    const char *at = field(line, column, &n);
    return at != NULL && n == strlen(text) && memcmp(at, text, n) == 0;
}

static double number_in(const char *line, int column)
{
    char text[32];
    size_t n;
    const char *at = field(line, column, &n);
    double value = NAN;
    if (at != NULL && n < sizeof text) {
        memcpy(text, at, n);
        text[n] = '\0';
        if (!gw_number_parse(text, &value)) {
            return NAN;
        }
    }
    return value;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return *line != '\0' ? line + 1 : line;
}

static char *read_whole(struct gw_validation *out, const char *relative)
{
    const char *path = gw_validation_file(out, relative);
    char *bytes = NULL;
    size_t n;
    return path != NULL && gw_file_read(path, FILE_BYTES_MAX, &bytes, &n, NULL) == GW_OK ? bytes : NULL;
}

/* rtt_ms[from][to] by the order of gw_measured_places; NAN where the file says nothing. */
static void read_rtt(const char *csv, double rtt_ms[REGIONS][REGIONS])
{
    int column[REGIONS];
    for (size_t k = 0; k < REGIONS; k++) {
        size_t n;
        column[k] = 1;
        while (field(csv, column[k], &n) != NULL && !is_field(csv, column[k], gw_measured_places[k].name)) {
            column[k]++;
        }
        for (size_t i = 0; i < REGIONS; i++) {
            rtt_ms[i][k] = NAN;
        }
    }
    for (const char *line = next_line(csv); *line != '\0'; line = next_line(line)) {
        for (size_t i = 0; i < REGIONS; i++) {
            for (size_t k = 0; k < REGIONS && is_field(line, 0, gw_measured_places[i].name); k++) {
                rtt_ms[i][k] = number_in(line, column[k]);
            }
        }
    }
}

static void add_whole(struct gw_validation *out, const struct gw_network_cfg *law,
                      double rtt_ms[REGIONS][REGIONS])
{
    double off_frac[PAIRS];
    size_t n = 0;
    for (size_t i = 0; i < REGIONS; i++) {
        for (size_t k = 0; k < REGIONS; k++) {
            if (i != k && !isnan(rtt_ms[i][k])) {
                const struct gw_measured_place *a = &gw_measured_places[i], *b = &gw_measured_places[k];
                off_frac[n++] =
                    fabs(law_ms(law, a->lat_deg, a->lon_deg, b->lat_deg, b->lon_deg) / rtt_ms[i][k] - 1.0);
            }
        }
    }
    struct gw_validation_row row = median_row;
    row.name = gw_validation_text(out, "median relative error of the law, all %zu pairs", n);
    row.ours = n > 0 ? median_of(off_frac, n) : NAN;
    row.source = whole_source;
    gw_validation_add(out, &row);
}

/* ---- throughput ---- */

enum { ASIA, EUROPE, AMERICA, AREAS };
static const char *const area_names[] = {"Asia", "Europe", "North America"};

/* Medians over the pairs of the published grid, Gbit/s, [from][to]. */
static const double grid_gbps[AREAS][AREAS] = {{5.60, 4.24, 4.84}, {4.36, 6.90, 5.26}, {4.71, 5.26, 6.30}};
static const double grid_median_gbps = 4.98;

static int area_of(const char *region)
{
    if (strncmp(region, "asia-", 5) == 0) {
        return ASIA;
    }
    if (strncmp(region, "europe-", 7) == 0) {
        return EUROPE;
    }
    return strncmp(region, "us-", 3) == 0 || strncmp(region, "northamerica-", 13) == 0 ? AMERICA : AREAS;
}

/* (5) at the measured round trips of the printed regions, against the grid's medians. */
static void add_throughput(struct gw_validation *out, const struct gw_bandwidth_cfg *cfg)
{
    const struct gw_measured_region *region = gw_measured_table;
    double all[PRINTED_PAIRS * 2], cell[PRINTED_PAIRS * 2];
    size_t n_all = 0;
    for (int from = 0; from <= AREAS; from++) {
        for (int to = 0; to <= AREAS; to++) {
            size_t n = 0;
            for (size_t i = 0; i < PRINTED; i++) {
                for (size_t k = 0; k < PRINTED; k++) {
                    if (i != k && area_of(region[i].name) == from && area_of(region[k].name) == to) {
                        cell[n++] = all[n_all++] = gw_bandwidth_vm(cfg, region[i].rtt_ms[k]);
                    }
                }
            }
            if (from < AREAS && to < AREAS) {
                gw_validation_add(out, &(struct gw_validation_row){
                                           .group = "Throughput",
                                           .name = gw_validation_text(out, "%s to %s, median",
                                                                      area_names[from], area_names[to]),
                                           .kind = GW_VALIDATION_FITTED,
                                           .rule = GW_VALIDATION_REL,
                                           .published = grid_gbps[from][to],
                                           .ours = median_of(cell, n),
                                           .tolerance = 0.15,
                                           .unit = "Gbit/s",
                                           .source = grid_source,
                                           .note = "ours over 13 of its regions",
                                       });
            }
        }
    }
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Throughput",
                               .name = "all pairs, median",
                               .kind = GW_VALIDATION_FITTED,
                               .rule = GW_VALIDATION_REL,
                               .published = grid_median_gbps,
                               .ours = median_of(all, n_all),
                               .tolerance = 0.15,
                               .unit = "Gbit/s",
                               .source = grid_source,
                               .note = "ours over 13 of its regions",
                           });
}

/* "gcp:us-west1-a" is a zone of us-west1; REGIONS when it is none. */
static size_t region_of_zone(const char *line, int column)
{
    size_t n;
    const char *at = field(line, column, &n);
    for (size_t i = 0; at != NULL && n > 6 && strncmp(at, "gcp:", 4) == 0 && i < REGIONS; i++) {
        const size_t length = strlen(gw_measured_places[i].name);
        if (strncmp(at + 4, gw_measured_places[i].name, length) == 0 &&
            (n == length + 4 || at[4 + length] == '-')) {
            return i;
        }
    }
    return REGIONS;
}

static void add_grid(struct gw_validation *out, const struct gw_bandwidth_cfg *cfg,
                     double rtt_ms[REGIONS][REGIONS], const char *csv)
{
    double off_frac[PAIRS];
    size_t n = 0;
    for (const char *line = next_line(csv); *line != '\0' && n < PAIRS; line = next_line(line)) {
        const size_t from = region_of_zone(line, 0), to = region_of_zone(line, 1);
        const double gbps = number_in(line, 2);
        if (from < REGIONS && to < REGIONS && from != to && gbps > 0.0 && !isnan(rtt_ms[from][to])) {
            off_frac[n++] = fabs(gw_bandwidth_vm(cfg, rtt_ms[from][to]) / gbps - 1.0);
        }
    }
    gw_validation_add(out,
                      &(struct gw_validation_row){
                          .group = "Throughput",
                          .name = gw_validation_text(out, "median relative error of the line, %zu pairs", n),
                          .kind = GW_VALIDATION_FITTED,
                          .rule = GW_VALIDATION_AT_MOST,
                          .published = 0.15,
                          .ours = n > 0 ? median_of(off_frac, n) : NAN,
                          .unit = "1",
                          .source = grid_source,
                      });
}

static void skip(struct gw_validation *out, const char *group, const char *name, const char *source,
                 const char *file)
{
    struct gw_validation_row row = median_row;
    row.group = group;
    row.name = name;
    row.source = source;
    row.note = gw_validation_text(out, "needs %s", file);
    gw_validation_skip(out, &row);
}

/* The coefficients were chosen from all 34 regions and from the whole grid, so nothing here is a prediction.
 */
enum gw_status gw_validate_network(struct gw_validation *out, struct gw_error *err)
{
    struct gw_network_cfg law;
    struct gw_errors errs = {0};
    if (gw_bind_defaults(&gw_network_type, &law, &out->arena, &errs) != GW_OK) {
        *err = errs.item[0];
        return err->status;
    }
    law.reach_km = 0.0; /* the law, not the table */
    double rtt_ms[REGIONS][REGIONS];
    char *rtt = read_whole(out, rtt_file), *grid = read_whole(out, grid_file);
    add_printed(out, &law);
    if (rtt != NULL) {
        read_rtt(rtt, rtt_ms);
        add_whole(out, &law, rtt_ms);
    } else {
        skip(out, "Round trips", "median relative error of the law, all 1122 pairs", whole_source, rtt_file);
    }
    add_throughput(out, &law.bandwidth);
    if (rtt != NULL && grid != NULL) {
        add_grid(out, &law.bandwidth, rtt_ms, grid);
    } else {
        skip(out, "Throughput", "median relative error of the line, 702 pairs", grid_source, grid_file);
    }
    free(rtt);
    free(grid);
    return GW_OK;
}
