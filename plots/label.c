#include "plots/label.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/number.h"

#define MINUS      "\u2212"
#define TIMES      "\u00d7"
#define THIN_SPACE "\u2009"
#define DASH       "\u2013"

enum { DECIMALS_MAX = 3, GROUPED_FROM_DIGITS = 5 };
#define SCIENTIFIC_FROM  1e7
#define SCIENTIFIC_BELOW 1e-3

/* --- units ---------------------------------------------------------------------------------------- */

struct rung {
    const char *unit;
    double from; /* the least `largest`, in the unit, for which this rung is taken */
    double factor;
    const char *text;
};

/* Highest rung first within a unit. */
static const struct rung ladder[] = {
    {"kgCO2", 1e6, 1e-6, "kt CO₂e"},
    {"kgCO2", 1e3, 1e-3, "t CO₂e"},
    {"kgCO2", 1e0, 1e0, "kg CO₂e"},
    {"kgCO2", 0.0, 1e3, "g CO₂e"},
    {"gCO2/kWh", 0.0, 1.0, "g CO₂e/kWh"},
    {"L", 1e9, 1e-9, "10⁶ m³"},
    {"L", 1e6, 1e-6, "10³ m³"},
    {"L", 1e3, 1e-3, "m³"},
    {"L", 0.0, 1.0, "L"},
    {"USD", 1e6, 1e-6, "10⁶ USD"},
    {"USD", 1e4, 1e-3, "10³ USD"},
    {"USD", 0.0, 1.0, "USD"},
    {"kWh", 1e9, 1e-9, "TWh"},
    {"kWh", 1e6, 1e-6, "GWh"},
    {"kWh", 1e3, 1e-3, "MWh"},
    {"kWh", 1e0, 1e0, "kWh"},
    {"kWh", 0.0, 1e3, "Wh"},
    {"kW", 1e6, 1e-6, "GW"},
    {"kW", 1e3, 1e-3, "MW"},
    {"kW", 1e0, 1e0, "kW"},
    {"kW", 0.0, 1e3, "W"},
    {"ms", 3.6e7, 1.0 / 3.6e6, "h"},
    {"ms", 6e5, 1.0 / 6e4, "min"},
    {"ms", 1e3, 1e-3, "s"},
    {"ms", 0.0, 1.0, "ms"},
};

struct gw_label_unit gw_label_unit(const char *unit, double largest)
{
    const double seen = largest > 0.0 ? largest : 1.0; /* zeros need no small unit */
    for (size_t i = 0; i < sizeof ladder / sizeof ladder[0]; i++) {
        if (strcmp(ladder[i].unit, unit) == 0 && seen >= ladder[i].from) {
            return (struct gw_label_unit){ladder[i].factor, ladder[i].text};
        }
    }
    return (struct gw_label_unit){1.0, unit};
}

/* --- numbers -------------------------------------------------------------------------------------- */

static void append(struct gw_label *label, const char *text, size_t n)
{
    const size_t used = strlen(label->text);
    if (used + n < sizeof label->text) {
        memcpy(label->text + used, text, n);
        label->text[used + n] = '\0';
    }
}

static struct gw_label label_of(const char *text)
{
    struct gw_label label = {""};
    append(&label, text, strlen(text));
    return label;
}

/* |x| as first.second * 10^exponent, rounded to `places` decimals; the locale's point is not looked at. */
struct digits {
    char first, last;
    int exponent;
};

static struct digits digits_of(double x, int places)
{
    char text[GW_NUMBER_MAX];
    snprintf(text, sizeof text, "%.*e", places, fabs(x));
    const char *e = strchr(text, 'e');
    return (struct digits){text[0], e[-1], (int)strtol(e + 1, NULL, 10)};
}

/* floor(log10 |x|) of x as it reads with three significant digits: 999.7 is a thousand. */
static int magnitude(double x)
{
    return digits_of(x, 2).exponent;
}

static void append_superscript(struct gw_label *label, int exponent)
{
    static const char *const digit[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char decimal[16];
    snprintf(decimal, sizeof decimal, "%d", exponent);
    for (const char *p = decimal; *p != '\0'; p++) {
        const char *glyph = *p == '-' ? "⁻" : digit[*p - '0'];
        append(label, glyph, strlen(glyph));
    }
}

/* |x| with fixed decimals, none behind five digits, and its thousands apart. */
static void append_fixed(struct gw_label *label, double x, int decimals)
{
    char plain[GW_NUMBER_MAX * 12];
    gw_number_print_fixed(fabs(x), fabs(x) < 1e4 ? decimals : 0, plain);
    const size_t whole = strcspn(plain, ".");
    if (whole < GROUPED_FROM_DIGITS) {
        append(label, plain, strlen(plain));
        return;
    }
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            append(label, THIN_SPACE, strlen(THIN_SPACE));
        }
        append(label, plain + i, 1);
    }
    append(label, plain + whole, strlen(plain + whole));
}

/* "1.2×10⁷", or "10⁷" */
static void append_scientific(struct gw_label *label, double x)
{
    const struct digits d = digits_of(x, 1);
    if (d.first != '1' || d.last != '0') {
        append(label, &d.first, 1);
        if (d.last != '0') {
            append(label, ".", 1);
            append(label, &d.last, 1);
        }
        append(label, TIMES, strlen(TIMES));
    }
    append(label, "10", 2);
    append_superscript(label, d.exponent);
}

static bool is_scientific(double x)
{
    return x != 0.0 && (fabs(x) >= SCIENTIFIC_FROM || fabs(x) < SCIENTIFIC_BELOW);
}

int gw_label_decimals(double largest)
{
    if (!isfinite(largest) || largest <= 0.0) {
        return 0;
    }
    const int decimals = 2 - magnitude(largest);
    return decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
}

struct gw_label gw_label_number(double x, int decimals)
{
    if (!isfinite(x)) {
        return label_of(DASH);
    }
    struct gw_label label = {""};
    if (x < 0.0) {
        append(&label, MINUS, strlen(MINUS));
    }
    if (is_scientific(x)) {
        append_scientific(&label, x);
        return label;
    }
    const bool vanishes = x != 0.0 && fabs(x) < 0.5 * pow(10.0, -decimals);
    append_fixed(&label, x, vanishes ? 1 - magnitude(x) : decimals);
    return label;
}

struct gw_label gw_label_short(double x)
{
    return gw_label_number(x, gw_label_decimals(fabs(x)));
}

static struct gw_label with_sign(double x, int decimals)
{
    const double step = pow(10.0, -decimals);
    const bool zero = fabs(x) < 0.5 * step;
    struct gw_label label = {""};
    append(&label, zero ? "±" : x < 0.0 ? MINUS : "+", zero ? strlen("±") : x < 0.0 ? strlen(MINUS) : 1);
    append_fixed(&label, zero ? 0.0 : x, zero ? 0 : decimals);
    return label;
}

struct gw_label gw_label_change(double x, double base)
{
    if (!isfinite(x) || !isfinite(base) || base <= 0.0) {
        return (struct gw_label){""};
    }
    if (x >= 1000.0 * base) {
        return label_of(">" TIMES "999");
    }
    if (x >= 10.0 * base) {
        struct gw_label label = label_of(TIMES);
        const struct gw_label ratio = gw_label_number(x / base, x < 100.0 * base ? 1 : 0);
        append(&label, ratio.text, strlen(ratio.text));
        return label;
    }
    const double percent = (x / base - 1.0) * 100.0;
    return with_sign(percent, fabs(percent) < 9.95 ? 1 : 0);
}

struct gw_label gw_label_points(double x, double base)
{
    if (!isfinite(x) || !isfinite(base)) {
        return (struct gw_label){""};
    }
    const double points = (x - base) * 100.0;
    return with_sign(points, fabs(points) < 9.95 ? 1 : 0);
}
