#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

#include "models/network/measured.h"
#include "models/network/network.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"

enum { REGIONS = GW_MEASURED_REGIONS, PAIRS = REGIONS * (REGIONS - 1) / 2 };

static const char *const source =
    "AT&T Center for Virtualization, SMU: mean round trips between Google Cloud regions (13 of 34)";

/* The coefficients were chosen from all 34 regions, so nothing here is a prediction. */
enum gw_status gw_validate_network(struct gw_validation *out, struct gw_error *err)
{
    struct gw_network_cfg cfg;
    struct gw_errors errs = {0};
    if (gw_bind_defaults(&gw_network_type, &cfg, &out->arena, &errs) != GW_OK) {
        *err = errs.item[0];
        return err->status;
    }
    cfg.reach_km = 0.0; /* the law, not the table */
    const struct gw_measured_region *region = gw_measured_table;
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
