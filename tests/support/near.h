/* tests/support/near.h - cmocka with the headers it needs, and a comparison of doubles that stay doubles. */
#ifndef GW_TESTS_SUPPORT_NEAR_H
#define GW_TESTS_SUPPORT_NEAR_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* |a - b| <= atol + rtol * |b|; a NaN is near nothing. */
#define assert_near(a, b, rtol, atol)                                                                        \
    do {                                                                                                     \
        const double near_a = (a), near_b = (b);                                                             \
        if (!(fabs(near_a - near_b) <= (atol) + (rtol)*fabs(near_b))) {                                      \
            fail_msg("%s:%d: %s is %.17g, not %s (%.17g)", __FILE__, __LINE__, #a, near_a, #b, near_b);      \
        }                                                                                                    \
    } while (0)

#endif
