/* The checksum line at the end of a file: what was sealed passes, anything else is refused. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/hash.h"
#include "sim/run/seal.h"

static void what_was_sealed_passes_and_tells_its_length_and_checksum(void **state)
{
    (void)state;
    char bytes[7 + GW_SEAL_BYTES] = "geo\0att";
    gw_seal_put(bytes, 7);
    size_t n = 0;
    uint64_t checksum = 0;
    assert_int_equal(gw_seal_check(bytes, sizeof bytes, "f", &n, &checksum, NULL), GW_OK);
    assert_int_equal(n, 7);
    assert_true(checksum == gw_hash_fnv1a(GW_HASH_START, "geo\0att", 7));
}

/* FNV-1a of nothing is its start value, cbf29ce484222325. */
static void the_seal_is_a_line_that_a_person_can_read(void **state)
{
    (void)state;
    char bytes[GW_SEAL_BYTES];
    gw_seal_put(bytes, 0);
    assert_memory_equal(bytes, "\ngeowatt seal fnv1a64 cbf29ce484222325\n", GW_SEAL_BYTES);
}

static void every_single_bit_counts(void **state)
{
    (void)state;
    char bytes[40 + GW_SEAL_BYTES] = "0123456789012345678901234567890123456789";
    gw_seal_put(bytes, 40);
    size_t n;
    uint64_t checksum;
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        struct gw_error err = {0};
        assert_int_equal(gw_seal_check(bytes, sizeof bytes, "f", &n, &checksum, &err), GW_ERR_SYNTAX);
        assert_string_equal(err.where, "f");
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
    }
}

static void less_than_a_seal_is_none(void **state)
{
    (void)state;
    char bytes[GW_SEAL_BYTES];
    gw_seal_put(bytes, 0);
    size_t n;
    uint64_t checksum;
    for (size_t length = 0; length < sizeof bytes; length++) {
        assert_int_equal(gw_seal_check(bytes, length, "f", &n, &checksum, NULL), GW_ERR_SYNTAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_passes_and_tells_its_length_and_checksum),
        cmocka_unit_test(the_seal_is_a_line_that_a_person_can_read),
        cmocka_unit_test(every_single_bit_counts),
        cmocka_unit_test(less_than_a_seal_is_none),
    };
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
