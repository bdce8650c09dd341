/* The replica against queueing theory at light, medium and heavy load, with intervals of a few per mille. */
#include "tests/support/near.h"

#include "tests/support/queueing.h"

static const double loads[] = {0.2, 0.5, 0.8, 0.9};
enum { LOADS = sizeof loads / sizeof loads[0] };

static void one_seat_is_a_queue_of_pollaczek_and_khinchine(void **state)
{
    (void)state;
    for (int i = 0; i < LOADS * QUEUEING_LAWS; i++) {
        const struct queueing_case c = {(enum queueing_law)(i % QUEUEING_LAWS), loads[i / QUEUEING_LAWS],
                                        8000000};
        queueing_check_fcfs(&c);
    }
}

static void a_cost_per_sequence_is_processor_sharing(void **state)
{
    (void)state;
    for (int i = 0; i < LOADS * QUEUEING_LAWS; i++) {
        const struct queueing_case c = {(enum queueing_law)(i % QUEUEING_LAWS), loads[i / QUEUEING_LAWS],
                                        8000000};
        queueing_check_sharing(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seat_is_a_queue_of_pollaczek_and_khinchine),
        cmocka_unit_test(a_cost_per_sequence_is_processor_sharing),
    };
    return cmocka_run_group_tests_name("verify_queueing", tests, NULL, NULL);
}
