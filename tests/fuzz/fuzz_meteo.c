/* Any bytes at all: either weather that keeps its promises, or an error that says where. */
#include <math.h>
#include <stdint.h>

#include "sim/base/check.h"
#include "traces/meteo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_meteo meteo;
    struct gw_arena arena = {0};
    struct gw_error err = {0};
    if (gw_meteo_parse((const char *)data, size, "fuzz", &meteo, &arena, &err) == GW_OK) {
        GW_REQUIRE(meteo.step_us > 0 || meteo.n < 2);
        GW_REQUIRE(!meteo.typical || meteo.n == GW_METEO_TYPICAL_HOURS);
        for (int c = 0; c < GW_METEO_COLUMNS; c++) {
            for (size_t i = 0; meteo.value[c] != NULL && i < meteo.n; i++) {
                GW_REQUIRE(!isinf(meteo.value[c][i]));
            }
        }
    } else {
        GW_REQUIRE(err.where[0] != '\0');
        GW_REQUIRE(err.why[0] != '\0');
        GW_REQUIRE(meteo.n == 0);
    }
    gw_arena_fini(&arena);
    return 0;
}
