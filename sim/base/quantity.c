#include "sim/base/quantity.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/text.h"

/* Base dimensions. Volume is a cubed length, power an energy per time. */
enum { TIME, ENERGY, MASS, LENGTH, MONEY, DATA, TEMPERATURE, ANGLE, TOKENS, FLOP, REQUESTS, DIMENSIONS };

enum { POWER_MAX = 9 };

struct dim {
    int8_t power[DIMENSIONS];
};

/* One of it is num / den base units (s, J, g, m, USD, bit, K, degree, token, floating-point operation,
 * request). A ratio of whole numbers, so that "250 ms" in seconds is 250 / 1000, rounded once. */
struct unit {
    const char *name;
    double num, den;
    struct dim dim;
};

#define D_TIME                                                                                               \
    {                                                                                                        \
        {                                                                                                    \
            [TIME] = 1                                                                                       \
        }                                                                                                    \
    }
#define D_RATE                                                                                               \
    {                                                                                                        \
        {                                                                                                    \
            [TIME] = -1                                                                                      \
        }                                                                                                    \
    }
#define D_ENERGY                                                                                             \
    {                                                                                                        \
        {                                                                                                    \
            [ENERGY] = 1                                                                                     \
        }                                                                                                    \
    }
#define D_POWER                                                                                              \
    {                                                                                                        \
        {                                                                                                    \
            [ENERGY] = 1, [TIME] = -1                                                                        \
        }                                                                                                    \
    }
#define D_PRESSURE                                                                                           \
    {                                                                                                        \
        {                                                                                                    \
            [ENERGY] = 1, [LENGTH] = -3                                                                      \
        }                                                                                                    \
    }
#define D_MASS                                                                                               \
    {                                                                                                        \
        {                                                                                                    \
            [MASS] = 1                                                                                       \
        }                                                                                                    \
    }
#define D_LENGTH                                                                                             \
    {                                                                                                        \
        {                                                                                                    \
            [LENGTH] = 1                                                                                     \
        }                                                                                                    \
    }
#define D_VOLUME                                                                                             \
    {                                                                                                        \
        {                                                                                                    \
            [LENGTH] = 3                                                                                     \
        }                                                                                                    \
    }
#define D_MONEY                                                                                              \
    {                                                                                                        \
        {                                                                                                    \
            [MONEY] = 1                                                                                      \
        }                                                                                                    \
    }
#define D_DATA                                                                                               \
    {                                                                                                        \
        {                                                                                                    \
            [DATA] = 1                                                                                       \
        }                                                                                                    \
    }
#define D_DATA_RATE                                                                                          \
    {                                                                                                        \
        {                                                                                                    \
            [DATA] = 1, [TIME] = -1                                                                          \
        }                                                                                                    \
    }
#define D_TEMPERATURE                                                                                        \
    {                                                                                                        \
        {                                                                                                    \
            [TEMPERATURE] = 1                                                                                \
        }                                                                                                    \
    }
#define D_ANGLE                                                                                              \
    {                                                                                                        \
        {                                                                                                    \
            [ANGLE] = 1                                                                                      \
        }                                                                                                    \
    }
#define D_TOKENS                                                                                             \
    {                                                                                                        \
        {                                                                                                    \
            [TOKENS] = 1                                                                                     \
        }                                                                                                    \
    }
#define D_FLOP                                                                                               \
    {                                                                                                        \
        {                                                                                                    \
            [FLOP] = 1                                                                                       \
        }                                                                                                    \
    }
#define D_FLOP_RATE                                                                                          \
    {                                                                                                        \
        {                                                                                                    \
            [FLOP] = 1, [TIME] = -1                                                                          \
        }                                                                                                    \
    }
#define D_REQUESTS                                                                                           \
    {                                                                                                        \
        {                                                                                                    \
            [REQUESTS] = 1                                                                                   \
        }                                                                                                    \
    }
#define D_NONE                                                                                               \
    {                                                                                                        \
        {                                                                                                    \
            0                                                                                                \
        }                                                                                                    \
    }

/* A year has 365 days and a month a twelfth of them, 730 h: the convention of tariffs and of yearly figures.
 * Where a typo is equally near to two names, the earlier one is suggested. */
static const struct unit units[] = {
    {"ns", 1, 1e9, D_TIME},
    {"us", 1, 1e6, D_TIME},
    {"µs", 1, 1e6, D_TIME},
    {"ms", 1, 1e3, D_TIME},
    {"s", 1, 1, D_TIME},
    {"min", 60, 1, D_TIME},
    {"h", 3600, 1, D_TIME},
    {"d", 86400, 1, D_TIME},
    {"day", 86400, 1, D_TIME},
    {"days", 86400, 1, D_TIME},
    {"week", 604800, 1, D_TIME},
    {"weeks", 604800, 1, D_TIME},
    {"month", 2628000, 1, D_TIME},
    {"months", 2628000, 1, D_TIME},
    {"year", 31536000, 1, D_TIME},
    {"years", 31536000, 1, D_TIME},

    {"J", 1, 1, D_ENERGY},
    {"mJ", 1, 1e3, D_ENERGY},
    {"kJ", 1e3, 1, D_ENERGY},
    {"MJ", 1e6, 1, D_ENERGY},
    {"GJ", 1e9, 1, D_ENERGY},
    {"Wh", 3600, 1, D_ENERGY},
    {"kWh", 3.6e6, 1, D_ENERGY},
    {"MWh", 3.6e9, 1, D_ENERGY},
    {"GWh", 3.6e12, 1, D_ENERGY},
    {"TWh", 3.6e15, 1, D_ENERGY},

    {"W", 1, 1, D_POWER},
    {"kW", 1e3, 1, D_POWER},
    {"MW", 1e6, 1, D_POWER},
    {"GW", 1e9, 1, D_POWER},

    {"Hz", 1, 1, D_RATE},
    {"kHz", 1e3, 1, D_RATE},
    {"MHz", 1e6, 1, D_RATE},
    {"GHz", 1e9, 1, D_RATE},

    {"Pa", 1, 1, D_PRESSURE},
    {"hPa", 1e2, 1, D_PRESSURE},
    {"kPa", 1e3, 1, D_PRESSURE},

    {"g", 1, 1, D_MASS},
    {"mg", 1, 1e3, D_MASS},
    {"kg", 1e3, 1, D_MASS},
    {"t", 1e6, 1, D_MASS},
    {"kt", 1e9, 1, D_MASS},
    {"Mt", 1e12, 1, D_MASS},
    {"lb", 45359237, 1e5, D_MASS},
    {"gCO2", 1, 1, D_MASS},
    {"gCO2e", 1, 1, D_MASS},
    {"kgCO2", 1e3, 1, D_MASS},
    {"kgCO2e", 1e3, 1, D_MASS},
    {"tCO2", 1e6, 1, D_MASS},
    {"tCO2e", 1e6, 1, D_MASS},

    {"mm", 1, 1e3, D_LENGTH},
    {"cm", 1, 1e2, D_LENGTH},
    {"m", 1, 1, D_LENGTH},
    {"km", 1e3, 1, D_LENGTH},

    {"L", 1, 1e3, D_VOLUME},
    {"l", 1, 1e3, D_VOLUME},
    {"mL", 1, 1e6, D_VOLUME},
    {"ml", 1, 1e6, D_VOLUME},
    {"ML", 1e3, 1, D_VOLUME},
    {"gal", 3785411784, 1e12, D_VOLUME}, /* US liquid gallon, 231 cubic inches */

    {"USD", 1, 1, D_MONEY},
    {"kUSD", 1e3, 1, D_MONEY},
    {"MUSD", 1e6, 1, D_MONEY},

    {"bit", 1, 1, D_DATA},
    {"kbit", 1e3, 1, D_DATA},
    {"Mbit", 1e6, 1, D_DATA},
    {"Gbit", 1e9, 1, D_DATA},
    {"Tbit", 1e12, 1, D_DATA},
    {"B", 8, 1, D_DATA},
    {"kB", 8e3, 1, D_DATA},
    {"MB", 8e6, 1, D_DATA},
    {"GB", 8e9, 1, D_DATA},
    {"TB", 8e12, 1, D_DATA},
    {"PB", 8e15, 1, D_DATA},
    {"KiB", 8192, 1, D_DATA},
    {"MiB", 8388608, 1, D_DATA},
    {"GiB", 8589934592, 1, D_DATA},
    {"TiB", 8796093022208, 1, D_DATA},
    {"Mbps", 1e6, 1, D_DATA_RATE},
    {"Gbps", 1e9, 1, D_DATA_RATE},

    {"C", 1, 1, D_TEMPERATURE},
    {"K", 1, 1, D_TEMPERATURE},
    {"F", 5, 9, D_TEMPERATURE},
    {"°C", 1, 1, D_TEMPERATURE},
    {"°F", 5, 9, D_TEMPERATURE},

    {"deg", 1, 1, D_ANGLE},

    {"tok", 1, 1, D_TOKENS},
    {"ktok", 1e3, 1, D_TOKENS},
    {"Mtok", 1e6, 1, D_TOKENS},
    {"Gtok", 1e9, 1, D_TOKENS},
    {"Ttok", 1e12, 1, D_TOKENS},

    {"FLOP", 1, 1, D_FLOP},
    {"MFLOP", 1e6, 1, D_FLOP},
    {"GFLOP", 1e9, 1, D_FLOP},
    {"TFLOP", 1e12, 1, D_FLOP},
    {"PFLOP", 1e15, 1, D_FLOP},
    {"EFLOP", 1e18, 1, D_FLOP},
    {"ZFLOP", 1e21, 1, D_FLOP},
    {"GFLOPS", 1e9, 1, D_FLOP_RATE},
    {"TFLOPS", 1e12, 1, D_FLOP_RATE},
    {"PFLOPS", 1e15, 1, D_FLOP_RATE},

    {"req", 1, 1, D_REQUESTS},
    {"kreq", 1e3, 1, D_REQUESTS},
    {"Mreq", 1e6, 1, D_REQUESTS},

    {"1", 1, 1, D_NONE},
    {"%", 1, 100, D_NONE},
};

enum { UNITS = sizeof units / sizeof units[0] };

/* Dimensions that have a name, each given by a unit of it. */
static const struct {
    const char *unit, *words;
} names[] = {
    {"1", "fraction"},
    {"s", "time"},
    {"1/s", "rate"},
    {"J", "energy"},
    {"W", "power"},
    {"Pa", "pressure"},
    {"g", "mass"},
    {"m", "length"},
    {"m2", "area"},
    {"L", "volume"},
    {"m/s", "speed"},
    {"USD", "amount of money"},
    {"B", "amount of data"},
    {"K", "temperature"},
    {"deg", "angle"},
    {"tok", "number of tokens"},
    {"FLOP", "amount of computation"},
    {"req", "number of requests"},

    {"g/kWh", "mass per energy"},
    {"g/s", "mass flow"},
    {"g/L", "mass per volume"},
    {"g/m2", "mass per area"},
    {"g/tok", "mass per token"},
    {"g/req", "mass per request"},
    {"g/GB", "mass per data"},
    {"g/W", "mass per power"},
    {"g/USD", "mass per money"},
    {"L/kWh", "volume per energy"},
    {"L/s", "volume flow"},
    {"L/tok", "volume per token"},
    {"L/req", "volume per request"},
    {"L/m2", "depth of water"},
    {"USD/kWh", "price of energy"},
    {"USD/kW", "price of power"},
    {"USD/kW/month", "price of power per time"},
    {"USD/L", "price of volume"},
    {"USD/t", "price of mass"},
    {"USD/GB", "price of data"},
    {"USD/h", "price per time"},
    {"USD/tok", "price of tokens"},
    {"USD/req", "price per request"},
    {"kWh/L", "energy per volume"},
    {"kWh/GB", "energy per data"},
    {"J/g", "energy per mass"},
    {"J/tok", "energy per token"},
    {"J/req", "energy per request"},
    {"J/FLOP", "energy per computation"},
    {"J/K", "heat capacity"},
    {"J/g/K", "specific heat"},
    {"W/s", "power ramp"},
    {"W/m2", "power per area"},
    {"W/K", "heat conductance"},
    {"W/Hz", "power per rate"},
    {"K/s", "temperature per time"},
    {"K/m", "temperature per length"},
    {"1/K", "rate per temperature"},
    {"B/s", "data rate"},
    {"B/tok", "data per token"},
    {"B/FLOP", "data per computation"},
    {"s/tok", "time per token"},
    {"s/req", "time per request"},
    {"s/km", "time per length"},
    {"tok/s", "token rate"},
    {"tok/req", "tokens per request"},
    {"tok/J", "tokens per energy"},
    {"req/s", "request rate"},
    {"FLOP/s", "computing speed"},
    {"FLOP/J", "computation per energy"},
    {"FLOP/B", "computation per data"},
    {"FLOP/tok", "computation per token"},
};

/* A unit as written: what it measures, and how many base units it is. */
struct measure {
    struct dim dim;
    double num, den;
    const char *single; /* the one named unit it consists of, or NULL: temperature offsets need it */
};

struct span {
    const char *at;
    size_t n;
};

static const struct unit *find_unit(const char *name, size_t n)
{
    for (size_t i = 0; i < UNITS; i++) {
        const char *known = units[i].name;
        if (known[0] == name[0] && strncmp(known, name, n) == 0 && known[n] == '\0') {
            return &units[i];
        }
    }
    return NULL;
}

static bool scale(struct measure *m, const struct unit *unit, int power)
{
    for (int d = 0; d < DIMENSIONS; d++) {
        const int sum = m->dim.power[d] + unit->dim.power[d] * power;
        if (sum < -POWER_MAX || sum > POWER_MAX) {
            return false;
        }
        m->dim.power[d] = (int8_t)sum;
    }
    for (int i = 0; i < abs(power); i++) {
        m->num *= power > 0 ? unit->num : unit->den;
        m->den *= power > 0 ? unit->den : unit->num;
    }
    return true;
}

/* Letters and digits of any script ("kWh", "gCO2", "µs"), or "%". */
static bool in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80 || c == '%';
}

/* A name and its whole power: "m2", "m^2", "s^-1". NULL when it does not read as one, else where it ends;
 * *unit is NULL when no unit has this name. */
static const char *scan_factor(const char *p, struct span *name, const struct unit **unit, int *power)
{
    *name = (struct span){p, 0};
    while (in_name(*p)) {
        p++;
    }
    name->n = (size_t)(p - name->at);
    if (name->n == 0) {
        return NULL;
    }
    *power = 1;
    *unit = find_unit(name->at, name->n);
    const char last = p[-1];
    if (*unit == NULL && name->n > 1 && last >= '1' && last <= '9') { /* "m2", but not "gCO2" */
        *unit = find_unit(name->at, name->n - 1);
        *power = last - '0';
    } else if (*p == '^') {
        p++;
        const bool negative = *p == '-';
        p += negative;
        if (*p < '1' || *p > '9') {
            return NULL;
        }
        *power = (negative ? -1 : 1) * (*p++ - '0');
    }
    return p;
}

enum unit_fault { UNIT_OK, UNIT_MALFORMED, UNIT_UNKNOWN };

/* factor { ("/" | "*") factor }, optionally begun by "/"; `unknown` is the name that was not found. */
static enum unit_fault read_unit(const char *text, struct measure *m, struct span *unknown)
{
    *m = (struct measure){.num = 1, .den = 1};
    const char *p = text;
    int sign = 1;
    if (*p == '/') {
        sign = -1;
        p++;
    }
    for (int factors = 0;; factors++) {
        struct span name;
        const struct unit *unit;
        int power;
        p = scan_factor(p, &name, &unit, &power);
        if (p == NULL) {
            return UNIT_MALFORMED;
        }
        if (unit == NULL) {
            *unknown = name;
            return UNIT_UNKNOWN;
        }
        if (!scale(m, unit, sign * power)) {
            return UNIT_MALFORMED;
        }
        m->single = factors == 0 && sign == 1 && power == 1 ? unit->name : NULL;
        if (*p == '\0') {
            return UNIT_OK;
        }
        if (*p != '/' && *p != '*') {
            return UNIT_MALFORMED;
        }
        sign = *p++ == '/' ? -1 : 1;
    }
}

bool gw_quantity_unit_ok(const char *unit)
{
    struct measure m;
    struct span unknown;
    return read_unit(unit, &m, &unknown) == UNIT_OK;
}

static bool same_dim(struct dim a, struct dim b)
{
    return memcmp(a.power, b.power, sizeof a.power) == 0;
}

static const char *dimension_words(struct dim dim)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct measure m;
        struct span unknown;
        if (read_unit(names[i].unit, &m, &unknown) == UNIT_OK && same_dim(m.dim, dim)) {
            return names[i].words;
        }
    }
    return "quantity of another kind";
}

const char *gw_quantity_dimension(const char *unit)
{
    struct measure m;
    struct span unknown;
    return read_unit(unit, &m, &unknown) == UNIT_OK ? dimension_words(m.dim) : "unknown";
}

static const char *article(const char *words)
{
    return strchr("aeiou", words[0]) != NULL ? "an" : "a";
}

/* x * num / den with one rounding wherever the ratio is a whole number or one over it. */
static double times_ratio(double x, double num, double den)
{
    if (fmod(num, den) == 0.0) {
        return x * (num / den);
    }
    if (fmod(den, num) == 0.0) {
        return x / (den / num);
    }
    return x * num / den;
}

/* The letter of a scale, which "°C" ends on as well. */
static char scale_letter(const char *unit)
{
    return unit[strlen(unit) - 1];
}

static double convert_temperature(double x, char from, char to)
{
    if (from == to) {
        return x;
    }
    const double celsius = from == 'F' ? (x - 32) * 5 / 9 : from == 'K' ? x - 273.15 : x;
    return to == 'F' ? celsius * 9 / 5 + 32 : to == 'K' ? celsius + 273.15 : celsius;
}

static double convert(double x, const struct measure *from, const struct measure *to)
{
    const bool alone = from->single != NULL && to->single != NULL;
    if (alone && from->dim.power[TEMPERATURE] == 1) {
        return convert_temperature(x, scale_letter(from->single), scale_letter(to->single));
    }
    return times_ratio(x, from->num * to->den, from->den * to->num);
}

/* The text without blanks at its ends; false when it does not fit, which no quantity is long enough for. */
static bool trimmed(const char *text, char *out, size_t size)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t')) {
        n--;
    }
    if (n >= size) {
        return false;
    }
    memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

static enum gw_status fail_unknown(const char *text, struct span unknown, struct gw_error *err)
{
    const char *candidate[UNITS];
    for (size_t i = 0; i < UNITS; i++) {
        candidate[i] = units[i].name;
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)unknown.n, unknown.at);
    const char *nearest = gw_text_nearest(name, candidate, UNITS);
    if (nearest == NULL) {
        return gw_fail(err, GW_ERR_UNKNOWN, NULL, "\"%s\": \"%s\" is not a known unit", text, name);
    }
    return gw_fail(err, GW_ERR_UNKNOWN, NULL, "\"%s\": \"%s\" is not a known unit (did you mean \"%s\"?)",
                   text, name, nearest);
}

/* What stands behind the number of an example: " kW", "/s", "" for a plain fraction. */
struct tail {
    char text[72];
};

static struct tail tail_of(const char *unit)
{
    struct tail tail = {""};
    const bool inverse = strncmp(unit, "1/", 2) == 0;
    if (strcmp(unit, "1") != 0) {
        const bool tight = inverse || unit[0] == '/' || unit[0] == '%';
        snprintf(tail.text, sizeof tail.text, "%s%.64s", tight ? "" : " ", unit + inverse);
    }
    return tail;
}

static enum gw_status fail_dimension(const char *text, struct span number, const struct measure *is,
                                     const struct measure *due, const char *unit, struct gw_error *err)
{
    const char *is_words = dimension_words(is->dim);
    const char *due_words = dimension_words(due->dim);
    return gw_fail(err, GW_ERR_TYPE, NULL, "\"%s\" is %s %s, %s %s is due here (for example \"%.*s%s\")",
                   text, article(is_words), is_words, article(due_words), due_words, (int)number.n, number.at,
                   tail_of(unit).text);
}

enum gw_status gw_quantity_parse(const char *text, const char *unit, double *out, struct gw_error *err)
{
    struct measure due;
    struct span unknown;
    if (read_unit(unit, &due, &unknown) != UNIT_OK) {
        return gw_fail(err, GW_ERR_UNKNOWN, NULL, "the field's own unit \"%.64s\" is not one geowatt knows",
                       unit);
    }
    char clean[128];
    if (!trimmed(text, clean, sizeof clean)) {
        return gw_fail(err, GW_ERR_SYNTAX, NULL, "\"%.60s...\" is too long for a number with a unit", text);
    }

    double x;
    const size_t taken = gw_number_read(clean, strlen(clean), &x);
    if (taken == 0) {
        return gw_fail(err, GW_ERR_SYNTAX, NULL, "\"%s\" is not a number with a unit (for example \"30%s\")",
                       clean, tail_of(unit).text);
    }
    const char *suffix = clean + taken;
    suffix += strspn(suffix, " \t");

    struct measure is = due;
    if (*suffix != '\0') {
        switch (read_unit(suffix, &is, &unknown)) {
        case UNIT_OK:
            break;
        case UNIT_MALFORMED:
            return gw_fail(err, GW_ERR_SYNTAX, NULL,
                           "\"%s\": \"%s\" does not read as a unit (for example \"%s\")", clean, suffix,
                           unit);
        case UNIT_UNKNOWN:
            return fail_unknown(clean, unknown, err);
        }
    }
    if (!same_dim(is.dim, due.dim)) {
        return fail_dimension(clean, (struct span){clean, taken}, &is, &due, unit, err);
    }
    const double value = *suffix == '\0' ? x : convert(x, &is, &due);
    if (!isfinite(value)) {
        return gw_fail(err, GW_ERR_RANGE, NULL, "\"%s\" is larger than any number geowatt can hold", clean);
    }
    *out = value;
    return GW_OK;
}
