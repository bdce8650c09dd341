/* The fingerprint of the C library's mathematics: the same for the same library, another for another. */
#include "tests/support/near.h"

#include <fenv.h>

#include "sim/base/hash.h"
#include "sim/run/fingerprint.h"

static void the_same_library_has_the_same_fingerprint(void **state)
{
    (void)state;
    assert_true(gw_fingerprint_libm() == gw_fingerprint_libm());
    assert_true(gw_fingerprint_libm() != GW_HASH_START); /* of no values at all */
}

/* A library that rounds otherwise in the last bit, as one would be that is rounded upward. */
static void last_bits_show(void **state)
{
    (void)state;
    const uint64_t nearest = gw_fingerprint_libm();
    assert_int_equal(fesetround(FE_UPWARD), 0);
    const uint64_t upward = gw_fingerprint_libm();
    assert_int_equal(fesetround(FE_TONEAREST), 0);
    assert_true(nearest != upward);
    assert_true(nearest == gw_fingerprint_libm());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_library_has_the_same_fingerprint),
        cmocka_unit_test(last_bits_show),
    };
    return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
