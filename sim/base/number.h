/* sim/base/number.h - numbers to and from text, the same in every locale and on every run. */
#ifndef GW_SIM_BASE_NUMBER_H
#define GW_SIM_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a decimal number at the start of [text, text + n) and returns how many bytes it took, 0 for
 * none. Accepts sign, digits with `_` between digits (1_000_000), fraction, exponent; correctly
 * rounded; never hexadecimal, "inf" or "nan". Overflow gives an infinity, which callers refuse. */
size_t gw_number_read(const char *text, size_t n, double *out);

/* The same for a whole text; false when anything else is in it. */
bool gw_number_parse(const char *text, double *out);
bool gw_number_parse_int(const char *text, int64_t *out); /* also "2e9" when it is integral */

/* Shortest form that reads back as the same double; "nan", "inf", "-inf" for those. */
enum { GW_NUMBER_MAX = 32 };
void gw_number_print(double x, char out[GW_NUMBER_MAX]);

/* Fixed decimals, as "%.*f" in the C locale. */
void gw_number_print_fixed(double x, int decimals, char out[GW_NUMBER_MAX * 12]);

#endif
