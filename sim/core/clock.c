#include "sim/core/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define US_PER_S   INT64_C(1000000)
#define US_PER_MIN (60 * US_PER_S)
#define US_PER_H   (60 * US_PER_MIN)
#define US_PER_DAY (24 * US_PER_H)

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years run from March, so that the leap
 * day is the last of its year, and in eras of 400 years = 146097 days (after Howard Hinnant's chrono
 * algorithms). */
static int64_t days_from_date(int64_t year, int month, int day)
{
    const int64_t y = year - (month <= 2);
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, struct gw_calendar *out)
{
    const int64_t z = days + 719468;
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t day_of_era = z - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153; /* 0 = March */
    out->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t floor_mod(int64_t a, int64_t b)
{
    return a % b + (a % b < 0 ? b : 0);
}

struct gw_calendar gw_clock_calendar(gw_time_us unix_us)
{
    const int64_t days = floor_div(unix_us, US_PER_DAY);
    const int64_t second = floor_mod(unix_us, US_PER_DAY) / US_PER_S;
    struct gw_calendar c = {
        .hour = (int)(second / 3600),
        .minute = (int)(second / 60 % 60),
        .second = (int)(second % 60),
        .weekday = (int)floor_mod(days + 3, 7), /* 1970-01-01 was a Thursday */
    };
    date_from_days(days, &c);
    c.day_of_year = (int)(days - days_from_date(c.year, 1, 1));
    return c;
}

/* Exactly n digits at *p, which then stands behind them; -1 when there are fewer. */
static int take_digits(const char **p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if ((*p)[i] < '0' || (*p)[i] > '9') {
            return -1;
        }
        value = value * 10 + ((*p)[i] - '0');
    }
    *p += n;
    return value;
}

static bool take(const char **p, char c)
{
    const bool there = **p == c;
    *p += there;
    return there;
}

/* What a date may consist of, as written; -1 where a digit was missing. */
struct stamp {
    int year, month, day, hour, minute, second, us, zone_minutes;
};

/* ".25" as 250000; -1 when malformed or finer than a microsecond. */
static int take_fraction_us(const char **p)
{
    int us = 0, digits = 0;
    for (; **p >= '0' && **p <= '9'; ++*p, digits++) {
        if (digits < 6) {
            us = us * 10 + (**p - '0');
        } else if (**p != '0') {
            return -1;
        }
    }
    for (int i = digits; i < 6; i++) {
        us *= 10;
    }
    return digits > 0 ? us : -1;
}

static bool take_time(const char **p, struct stamp *out)
{
    out->hour = take_digits(p, 2);
    if (out->hour < 0 || !take(p, ':')) {
        return false;
    }
    out->minute = take_digits(p, 2);
    if (take(p, ':')) {
        out->second = take_digits(p, 2);
        if (take(p, '.')) {
            out->us = take_fraction_us(p);
        }
    }
    return out->minute >= 0 && out->second >= 0 && out->us >= 0;
}

static bool take_zone(const char **p, struct stamp *out)
{
    if (take(p, 'Z') || take(p, 'z')) {
        return true;
    }
    const int sign = **p == '+' ? 1 : **p == '-' ? -1 : 0;
    if (sign == 0) {
        return true;
    }
    ++*p;
    const int hours = take_digits(p, 2);
    int minutes = 0;
    if (take(p, ':') || (**p >= '0' && **p <= '9')) {
        minutes = take_digits(p, 2);
    }
    out->zone_minutes = sign * (hours * 60 + minutes);
    return hours >= 0 && hours <= 14 && minutes >= 0 && minutes < 60;
}

static void skip_blanks(const char **p)
{
    *p += strspn(*p, " \t");
}

static bool take_stamp(const char *text, struct stamp *out)
{
    const char *p = text;
    *out = (struct stamp){0};
    skip_blanks(&p);
    out->year = take_digits(&p, 4);
    if (out->year < 0 || !take(&p, '-')) {
        return false;
    }
    out->month = take_digits(&p, 2);
    if (out->month < 0 || !take(&p, '-')) {
        return false;
    }
    out->day = take_digits(&p, 2);
    if (out->day < 0) {
        return false;
    }

    bool separated = take(&p, 'T') || take(&p, 't');
    if (!separated && *p == ' ') {
        skip_blanks(&p);
        separated = *p >= '0' && *p <= '9';
    }
    if (separated && !take_time(&p, out)) {
        return false;
    }
    skip_blanks(&p);
    if (separated && !take_zone(&p, out)) {
        return false;
    }
    skip_blanks(&p);
    return *p == '\0';
}

enum gw_status gw_clock_parse(const char *text, gw_time_us *unix_us, struct gw_error *err)
{
    struct stamp t;
    if (!take_stamp(text, &t)) {
        return gw_fail(err, GW_ERR_SYNTAX, NULL,
                       "\"%.80s\" is not a date and time (for example \"2023-06-01T00:00:00Z\")", text);
    }
    if (t.month < 1 || t.month > 12) {
        return gw_fail(err, GW_ERR_RANGE, NULL, "\"%.80s\": there is no month %d", text, t.month);
    }
    const int days = days_in_month(t.year, t.month);
    if (t.day < 1 || t.day > days) {
        return gw_fail(err, GW_ERR_RANGE, NULL, "\"%.80s\": %04d-%02d has the days 1 to %d", text, t.year,
                       t.month, days);
    }
    const bool midnight = t.hour == 24 && t.minute == 0 && t.second == 0 && t.us == 0;
    if ((t.hour > 23 && !midnight) || t.minute > 59 || t.second > 59) {
        return gw_fail(err, GW_ERR_RANGE, NULL, "\"%.80s\": a day runs from 00:00:00 to 23:59:59", text);
    }
    *unix_us = days_from_date(t.year, t.month, t.day) * US_PER_DAY + t.hour * US_PER_H +
               (t.minute - t.zone_minutes) * US_PER_MIN + t.second * US_PER_S + t.us;
    return GW_OK;
}

/* At least `width` digits, and the character that follows them; returns the end. */
static char *put(char *p, int64_t value, int width, char next)
{
    int64_t power = 1;
    for (int digits = 1; digits < width || value / power >= 10; digits++) {
        power *= 10;
    }
    for (; power > 0; power /= 10) {
        *p++ = (char)('0' + value / power % 10);
    }
    *p++ = next;
    return p;
}

void gw_clock_print(gw_time_us unix_us, char out[GW_CLOCK_TEXT_MAX])
{
    const struct gw_calendar c = gw_clock_calendar(unix_us);
    const int64_t us = floor_mod(unix_us, US_PER_S);
    char *p = out;
    if (c.year < 0) {
        *p++ = '-';
    }
    p = put(p, c.year < 0 ? -c.year : c.year, 4, '-');
    p = put(p, c.month, 2, '-');
    p = put(p, c.day, 2, 'T');
    p = put(p, c.hour, 2, ':');
    p = put(p, c.minute, 2, ':');
    p = put(p, c.second, 2, us != 0 ? '.' : 'Z');
    if (us != 0) {
        p = put(p, us, 6, 'Z');
    }
    *p = '\0';
}

/* n / unit rounded half up, n >= 0, without overflow near INT64_MAX */
static int64_t rounded(int64_t n, int64_t unit)
{
    return n / unit + (n % unit >= unit - n % unit);
}

/* Whole and thousandths of a unit, "1.5 s", as few decimals as say it. */
static void print_decimal(int64_t thousandths, const char *unit, char *out, size_t size)
{
    const int rest = (int)(thousandths % 1000);
    const int decimals = rest == 0 ? 0 : rest % 100 == 0 ? 1 : rest % 10 == 0 ? 2 : 3;
    const int scaled = decimals == 1 ? rest / 100 : decimals == 2 ? rest / 10 : rest;
    if (decimals == 0) {
        snprintf(out, size, "%" PRId64 " %s", thousandths / 1000, unit);
    } else {
        snprintf(out, size, "%" PRId64 ".%0*d %s", thousandths / 1000, decimals, scaled, unit);
    }
}

static void print_pair(int64_t small, int64_t per_big, const char *big_unit, const char *small_unit,
                       char *out, size_t size)
{
    const int64_t big = small / per_big, rest = small % per_big;
    if (rest == 0) {
        snprintf(out, size, "%" PRId64 " %s", big, big_unit);
    } else {
        snprintf(out, size, "%" PRId64 " %s %" PRId64 " %s", big, big_unit, rest, small_unit);
    }
}

void gw_clock_print_span(gw_time_us span_us, char out[GW_CLOCK_TEXT_MAX])
{
    char *p = out;
    size_t size = GW_CLOCK_TEXT_MAX;
    int64_t us = span_us;
    if (us < 0) {
        *p++ = '-';
        size--;
        us = us == INT64_MIN ? INT64_MAX : -us;
    }
    /* each unit is left when rounding reaches the next one: 59.9996 s is 1 min */
    if (us < 1000) {
        print_decimal(us * 1000, us == 0 ? "s" : "us", p, size);
    } else if (us < US_PER_S) {
        print_decimal(us, "ms", p, size);
    } else if (rounded(us, 1000) < 60 * 1000) {
        print_decimal(rounded(us, 1000), "s", p, size);
    } else if (rounded(us, US_PER_S) < 3600) {
        print_pair(rounded(us, US_PER_S), 60, "min", "s", p, size);
    } else if (rounded(us, US_PER_MIN) < 48 * 60) {
        print_pair(rounded(us, US_PER_MIN), 60, "h", "min", p, size);
    } else {
        print_pair(rounded(us, US_PER_H), 24, "d", "h", p, size);
    }
}
