#include "sim/base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Halfway points between doubles have at most 767 significant digits; what follows matters only as "more". */
enum { DIGITS_MAX = 800, SHORT_DIGITS = 15, EXPONENT_FAR = 100000 };

/* digit[0] ... digit[n - 1] as an integer, times 10^exp10 */
struct decimal {
    bool negative;
    int n;
    int64_t exp10;
    char digit[DIGITS_MAX + 32]; /* room for the sticky digit and an exponent */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void take_digit(struct decimal *d, char c, bool in_fraction)
{
    if (d->n == 0 && c == '0') {
        d->exp10 -= in_fraction;
    } else if (d->n < DIGITS_MAX) {
        d->digit[d->n++] = c;
        d->exp10 -= in_fraction;
    } else {
        d->exp10 += !in_fraction;
        if (c != '0' && d->n == DIGITS_MAX) { /* one 1 stands for all that was dropped */
            d->digit[d->n++] = '1';
            d->exp10--;
        }
    }
}

/* Digits with single `_` between them; returns where they end. */
static const char *scan_digits(struct decimal *d, const char *p, const char *end, bool in_fraction)
{
    while (p < end && is_digit(*p)) {
        take_digit(d, *p++, in_fraction);
        if (end - p >= 2 && p[0] == '_' && is_digit(p[1])) {
            p++;
        }
    }
    return p;
}

/* A complete exponent or nothing: "2 eggs" begins with a 2. */
static const char *scan_exponent(struct decimal *d, const char *at, const char *end)
{
    const char *p = at;
    if (p == end || (*p != 'e' && *p != 'E')) {
        return at;
    }
    p++;
    const bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) {
        p++;
    }
    if (p == end || !is_digit(*p)) {
        return at;
    }
    int64_t exponent = 0;
    for (; p < end && is_digit(*p); p++) {
        exponent = exponent > INT64_MAX / 100 ? exponent : exponent * 10 + (*p - '0');
    }
    d->exp10 += negative ? -exponent : exponent;
    return p;
}

/* Bytes taken, 0 for no number. */
static size_t scan(const char *text, size_t n, struct decimal *d)
{
    d->negative = false;
    d->n = 0;
    d->exp10 = 0;
    const char *p = text, *end = text + n;
    if (p < end && (*p == '-' || *p == '+')) {
        d->negative = *p++ == '-';
    }
    const char *whole = p;
    p = scan_digits(d, p, end, false);
    bool any = p > whole;
    if (p < end && *p == '.') {
        const char *fraction = p + 1;
        const char *after = scan_digits(d, fraction, end, true);
        any = any || after > fraction;
        p = any ? after : p;
    }
    return any ? (size_t)(scan_exponent(d, p, end) - text) : 0;
}

/* Both operands exact and one correctly rounded operation (Clinger 1990); covers almost all input. */
static bool short_value(const struct decimal *d, double *out)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (FLT_EVAL_METHOD != 0 || d->n > SHORT_DIGITS || d->exp10 < -22 || d->exp10 > 22) {
        return false;
    }
    int64_t whole = 0;
    for (int i = 0; i < d->n; i++) {
        whole = whole * 10 + (d->digit[i] - '0');
    }
    *out = d->exp10 < 0 ? (double)whole / power[-d->exp10] : (double)whole * power[d->exp10];
    return true;
}

/* strtod rounds correctly, and without a decimal point in its text no locale can mislead it. */
static double long_value(struct decimal *d)
{
    const int64_t exp10 = d->exp10 < -EXPONENT_FAR  ? -EXPONENT_FAR
                          : d->exp10 > EXPONENT_FAR ? EXPONENT_FAR
                                                    : d->exp10;
    snprintf(d->digit + d->n, sizeof d->digit - (size_t)d->n, "e%d", (int)exp10);
    return strtod(d->digit, NULL);
}

size_t gw_number_read(const char *text, size_t n, double *out)
{
    struct decimal d;
    const size_t taken = scan(text, n, &d);
    if (taken == 0) {
        return 0;
    }
    double magnitude = 0.0;
    if (d.n > 0 && !short_value(&d, &magnitude)) {
        magnitude = long_value(&d);
    }
    *out = d.negative ? -magnitude : magnitude;
    return taken;
}

bool gw_number_parse(const char *text, double *out)
{
    const size_t n = strlen(text);
    double x;
    if (n == 0 || gw_number_read(text, n, &x) != n) {
        return false;
    }
    *out = x;
    return true;
}

bool gw_number_parse_int(const char *text, int64_t *out)
{
    struct decimal d;
    const size_t n = strlen(text);
    if (n == 0 || scan(text, n, &d) != n) {
        return false;
    }
    while (d.n > 0 && d.digit[d.n - 1] == '0') {
        d.n--;
        d.exp10++;
    }
    if (d.n == 0) {
        *out = 0;
        return true;
    }
    if (d.exp10 < 0 || d.exp10 > 18 || d.n > 19) {
        return false;
    }

    const uint64_t limit = (uint64_t)INT64_MAX + d.negative;
    uint64_t magnitude = 0;
    for (int64_t i = 0; i < d.n + d.exp10; i++) {
        const uint64_t digit = i < d.n ? (uint64_t)(d.digit[i] - '0') : 0;
        if (magnitude > (limit - digit) / 10) {
            return false;
        }
        magnitude = magnitude * 10 + digit;
    }
    /* -(m - 1) - 1, since INT64_MIN has no positive twin */
    *out = d.negative ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return true;
}

/* x > 0 rounded to n significant digits, d[0].d[1]d[2]... * 10^exp10, whatever the locale's decimal point. */
static int round_to_digits(double x, int n, char digit[])
{
    char text[GW_NUMBER_MAX];
    snprintf(text, sizeof text, "%.*e", n - 1, x);
    int found = 0;
    const char *p = text;
    for (; *p != 'e'; p++) {
        if (is_digit(*p)) {
            digit[found++] = *p;
        }
    }
    digit[found] = '\0';
    return (int)strtol(p + 1, NULL, 10);
}

static bool reads_back(const char *digit, int exp10, double x)
{
    char text[GW_NUMBER_MAX * 2];
    snprintf(text, sizeof text, "%se%d", digit, exp10 - (int)strlen(digit) + 1);
    return strtod(text, NULL) == x;
}

/* Below a power of two doubles lie twice as close, so the nearest n-digit decimal may be a stranger's
 * while the next one up still reads back as x. None of the 46 such powers ends on a 9. */
static bool next_up_reads_back(char *digit, int exp10, double x)
{
    int exponent;
    char *last = digit + strlen(digit) - 1;
    if (frexp(x, &exponent) != 0.5 || *last == '9') {
        return false;
    }
    ++*last;
    return reads_back(digit, exp10, x);
}

/* The fewest digits that read back as x > 0. */
static int shortest_digits(double x, char digit[])
{
    /* any decimal of up to 15 digits survives a normal double, so 15 rounded ones contain every shorter form
     */
    for (int n = x < DBL_MIN ? 1 : SHORT_DIGITS; n < 17; n++) {
        const int exp10 = round_to_digits(x, n, digit);
        if (reads_back(digit, exp10, x) || next_up_reads_back(digit, exp10, x)) {
            size_t len = strlen(digit);
            while (len > 1 && digit[len - 1] == '0') {
                digit[--len] = '\0';
            }
            return exp10;
        }
    }
    return round_to_digits(x, 17, digit);
}

static void print_special(double x, char *out)
{
    snprintf(out, GW_NUMBER_MAX, "%s", isnan(x) ? "nan" : x > 0 ? "inf" : "-inf");
}

/* The digits with a point behind the first `whole` of them, filled up with zeros; returns the end. */
static char *put_point(char *p, const char *digit, int whole)
{
    for (; whole > 0; whole--) {
        *p++ = *digit != '\0' ? *digit++ : '0';
    }
    if (*digit != '\0') {
        *p++ = '.';
        while (*digit != '\0') {
            *p++ = *digit++;
        }
    }
    return p;
}

void gw_number_print(double x, char out[GW_NUMBER_MAX])
{
    if (!isfinite(x)) {
        print_special(x, out);
        return;
    }
    if (fabs(x) < 1e15 && x == (double)(int64_t)x) {
        snprintf(out, GW_NUMBER_MAX, "%s%lld", signbit(x) ? "-" : "", llabs((long long)x));
        return;
    }

    char digit[GW_NUMBER_MAX];
    const int exp10 = shortest_digits(fabs(x), digit);
    char *p = out;
    if (x < 0) {
        *p++ = '-';
    }
    if (exp10 < -6 || exp10 > 20) {
        p = put_point(p, digit, 1);
        snprintf(p, 8, "e%d", exp10);
    } else if (exp10 < 0) {
        memcpy(p, "0.00000", 7);
        p += 1 - exp10;
        memcpy(p, digit, strlen(digit) + 1);
    } else {
        *put_point(p, digit, exp10 + 1) = '\0';
    }
}

void gw_number_print_fixed(double x, int decimals, char out[GW_NUMBER_MAX * 12])
{
    enum { SIZE = GW_NUMBER_MAX * 12, DECIMALS_MAX = 60 };
    if (!isfinite(x)) {
        print_special(x, out);
        return;
    }
    const int places = decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
    snprintf(out, SIZE, "%.*f", places, x);
    if (places == 0) {
        return;
    }
    /* whatever the locale put between the whole part and the `places` last digits becomes one point */
    char *point = out + (out[0] == '-');
    point += strspn(point, "0123456789");
    char *fraction = out + strlen(out) - places;
    *point = '.';
    memmove(point + 1, fraction, (size_t)places + 1);
}
