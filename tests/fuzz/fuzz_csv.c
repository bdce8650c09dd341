/* Any bytes at all: either series that keep their promises, or an error that says where and why. The first
 * byte chooses whether gaps are allowed. */
#include <math.h>
#include <stdint.h>

#include "sim/base/check.h"
#include "traces/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_series(const struct gw_csv *csv, bool allow_gaps)
{
    for (uint32_t c = 0; c < csv->columns; c++) {
        const struct gw_series *series = &csv->series[c];
        GW_REQUIRE(csv->name[c][0] != '\0');
        GW_REQUIRE(series->n >= 2 && series->step_us > 0);
        uint64_t missing = 0;
        for (size_t i = 0; i < series->n; i++) {
            GW_REQUIRE(isfinite(series->value[i]) || isnan(series->value[i]));
            missing += isnan(series->value[i]) ? 1 : 0;
        }
        GW_REQUIRE(missing == series->missing);
        GW_REQUIRE(missing == 0 || allow_gaps);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const bool allow_gaps = data[0] % 2 == 0;
    struct gw_csv csv;
    struct gw_error err = {0};
    struct gw_arena arena = {0};
    if (gw_csv_parse((const char *)data + 1, size - 1, "fuzz.csv", allow_gaps, &csv, &arena, &err) == GW_OK) {
        check_series(&csv, allow_gaps);
    } else {
        GW_REQUIRE(err.where[0] != '\0' && err.why[0] != '\0');
        GW_REQUIRE(csv.columns == 0 && csv.series == NULL);
    }
    gw_arena_fini(&arena);
    return 0;
}
