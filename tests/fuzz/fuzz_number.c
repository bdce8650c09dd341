/* Any bytes at all: either a number of some length, or none; printed, it reads back as the same value. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double x = 0.0;
    const size_t taken = gw_number_read((const char *)data, size, &x);
    GW_REQUIRE(taken <= size);
    if (taken == 0 || !isfinite(x)) {
        return 0;
    }

    char text[GW_NUMBER_MAX];
    double again = 0.0;
    gw_number_print(x, text);
    GW_REQUIRE(gw_number_parse(text, &again));
    GW_REQUIRE(memcmp(&x, &again, sizeof x) == 0);
    return 0;
}
