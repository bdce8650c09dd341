/* Any bytes at all: either a trace that keeps its promises and prints as a file of geowatt's own form, or an
 * error that says where and why. The first byte chooses unit, clock and area. */
#include <math.h>
#include <stdint.h>

#include "sim/base/check.h"
#include "traces/csv.h"
#include "traces/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_trace(const struct gw_trace *trace)
{
    GW_REQUIRE(trace->n >= 2 && trace->step_us > 0 && trace->format != NULL);
    for (uint32_t c = 0; c < trace->columns; c++) {
        uint64_t missing = 0;
        for (size_t i = 0; i < trace->n; i++) {
            GW_REQUIRE(!isinf(trace->column[c].value[i]));
            missing += isnan(trace->column[c].value[i]) ? 1 : 0;
        }
        GW_REQUIRE(missing == trace->column[c].missing);
    }
    for (uint32_t i = 0; i < trace->findings; i++) {
        GW_REQUIRE(trace->finding[i].text[0] != '\0');
    }
}

static void check_print(const struct gw_trace *trace, struct gw_arena *arena)
{
    struct gw_text text = {0};
    struct gw_csv csv;
    gw_trace_print_csv(trace, &text);
    GW_REQUIRE(!text.failed);
    GW_REQUIRE(gw_csv_parse(text.at, text.n, "printed.csv", true, &csv, arena, NULL) == GW_OK);
    GW_REQUIRE(csv.columns == trace->columns);
    for (uint32_t c = 0; c < csv.columns; c++) {
        for (size_t i = 0; i < trace->n; i++) {
            const double x = trace->column[c].value[i], y = csv.series[c].value[i];
            GW_REQUIRE(x == y || (isnan(x) && isnan(y)));
        }
    }
    gw_text_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const struct gw_trace_options options = {.unit = data[0] & 1 ? "g/kWh" : NULL,
                                             .clock = data[0] & 2 ? "Europe/Berlin" : NULL,
                                             .area = data[0] & 4 ? "A" : NULL,
                                             .longest_gap_h = data[0] & 8 ? 3 : 0};
    struct gw_trace trace;
    struct gw_error err = {0};
    struct gw_arena arena = {0};
    if (gw_trace_read((const char *)data + 1, size - 1, "fuzz", &options, &trace, &arena, &err) == GW_OK) {
        check_trace(&trace);
        if (gw_trace_accept(&trace, &err) == GW_OK) {
            check_print(&trace, &arena);
        }
    } else {
        GW_REQUIRE(err.where[0] != '\0' && err.why[0] != '\0');
        GW_REQUIRE(trace.columns == 0 && trace.column == NULL);
    }
    gw_arena_fini(&arena);
    return 0;
}
