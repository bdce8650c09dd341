/* The replica against queueing theory, in seconds; tests/verify/verify_queueing.c is the long form. */
#include "tests/support/near.h"

#include "tests/support/queueing.h"

static void one_seat_is_a_queue_of_pollaczek_and_khinchine(void **state)
{
    (void)state;
    for (int law = 0; law < QUEUEING_LAWS; law++) {
        const struct queueing_case c = {(enum queueing_law)law, 0.6, 400000};
        queueing_check_fcfs(&c);
    }
}

static void a_cost_per_sequence_is_processor_sharing(void **state)
{
    (void)state;
    for (int law = 0; law < QUEUEING_LAWS; law++) {
        const struct queueing_case c = {(enum queueing_law)law, 0.6, 400000};
        queueing_check_sharing(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seat_is_a_queue_of_pollaczek_and_khinchine),
        cmocka_unit_test(a_cost_per_sequence_is_processor_sharing),
    };
    return cmocka_run_group_tests_name("prop_queueing", tests, NULL, NULL);
}
