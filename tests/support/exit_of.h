/* tests/support/exit_of.h - how a process ends that does what it must not, for tests of asserts. */
#ifndef GW_TESTS_SUPPORT_EXIT_OF_H
#define GW_TESTS_SUPPORT_EXIT_OF_H

#include <stddef.h>

/* Runs `act` in a child process: its exit status, 0 when act returned, -1 when a signal ended it. What it
 * wrote to standard error comes back in `said`, cut off to `size`; said may be NULL. */
int gw_exit_of(void (*act)(void), char *said, size_t size);

#endif
