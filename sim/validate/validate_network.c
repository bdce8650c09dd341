#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

#include "models/network/network.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"

enum { REGIONS = 13, PAIRS = REGIONS * (REGIONS - 1) / 2 };

static const char *const source =
    "AT&T Center for Virtualization, SMU: mean round trips between Google Cloud regions (13 of 34)";

/* Where the regions are, to the metropolis; mean round trips in ms in the order of the rows. */
static const struct {
    const char *name;
    double lat_deg, lon_deg;
    double rtt_ms[REGIONS];
} region[REGIONS] = {
    {"us-west1", 45.60, -121.18, {5, 38, 55, 60, 169, 126, 133, 157, 156, 216, 158, 91, 137}},
    {"us-central1", 41.26, -95.86, {38, 5, 23, 28, 139, 94, 102, 125, 124, 251, 199, 136, 175}},
    {"us-east4", 39.04, -77.49, {55, 23, 5, 14, 114, 76, 87, 103, 101, 209, 211, 146, 192}},
    {"northamerica-northeast1", 45.50, -73.57, {60, 28, 14, 5, 127, 77, 85, 115, 102, 215, 216, 151, 197}},
    {"southamerica-east1", -23.53, -46.79, {169, 139, 114, 127, 5, 190, 199, 216, 214, 322, 321, 256, 294}},
    {"europe-west2", 51.51, -0.13, {126, 94, 76, 77, 190, 5, 9, 39, 27, 140, 199, 216, 262}},
    {"europe-west4", 53.44, 6.83, {133, 102, 87, 85, 199, 9, 5, 30, 21, 139, 199, 224, 270}},
    {"europe-north1", 60.57, 27.19, {157, 125, 103, 115, 216, 39, 30, 5, 19, 165, 224, 247, 293}},
    {"europe-central2", 52.23, 21.01, {156, 124, 101, 102, 214, 27, 21, 19, 5, 149, 210, 246, 293}},
    {"asia-south1", 19.08, 72.88, {216, 251, 209, 216, 322, 140, 139, 165, 149, 5, 60, 132, 152}},
    {"asia-southeast1", 1.35, 103.70, {158, 200, 211, 216, 321, 199, 199, 224, 210, 60, 5, 69, 93}},
    {"asia-northeast1", 35.69, 139.69, {91, 136, 146, 151, 256, 216, 224, 247, 246, 132, 69, 5, 121}},
    {"australia-southeast1", -33.87, 151.21, {137, 175, 192, 197, 294, 262, 270, 293, 293, 152, 93, 121, 5}},
};

/* The coefficients were chosen from all 34 regions, so nothing here is a prediction. */
enum gw_status gw_validate_network(struct gw_validation *out, struct gw_error *err)
{
    struct gw_network_cfg cfg;
    struct gw_errors errs = {0};
    if (gw_bind_defaults(&gw_network_type, &cfg, &out->arena, &errs) != GW_OK) {
        *err = errs.item[0];
        return err->status;
    }
    double off_frac[PAIRS];
    size_t n = 0;
    for (size_t i = 0; i < REGIONS; i++) {
        for (size_t j = i + 1; j < REGIONS; j++) {
            const struct gw_place a = {.lat_deg = region[i].lat_deg, .lon_deg = region[i].lon_deg},
                                  b = {.lat_deg = region[j].lat_deg, .lon_deg = region[j].lon_deg};
            const double ours_ms = gw_ms_from_us((double)gw_network_rtt_us(&cfg, &a, &b));
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
                                  .source = source,
                                  .detail = true,
                              });
        }
    }
    gsl_sort(off_frac, 1, n);
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Round trips",
                               .name = "median relative error",
                               .kind = GW_VALIDATION_FITTED,
                               .rule = GW_VALIDATION_AT_MOST,
                               .published = 0.15,
                               .ours = gsl_stats_median_from_sorted_data(off_frac, 1, n),
                               .unit = "1",
                               .source = source,
                           });
    return GW_OK;
}
