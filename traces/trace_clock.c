#include "traces/trace_clock.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"

#define US_PER_MIN (60 * GW_US_PER_S)
#define US_PER_DAY (24 * GW_US_PER_H)

/* --- clocks ------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int offset_min;
    enum gw_trace_daylight daylight;
} zones[] = {
    {"UTC", 0, GW_TRACE_DAYLIGHT_NONE},
    {"CET/CEST", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/London", 0, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Dublin", 0, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Lisbon", 0, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Amsterdam", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Berlin", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Brussels", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Madrid", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Oslo", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Paris", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Rome", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Stockholm", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Vienna", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Warsaw", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Zurich", 60, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Athens", 120, GW_TRACE_DAYLIGHT_EU},
    {"Europe/Helsinki", 120, GW_TRACE_DAYLIGHT_EU},
    {"America/New_York", -300, GW_TRACE_DAYLIGHT_US},
    {"America/Toronto", -300, GW_TRACE_DAYLIGHT_US},
    {"America/Chicago", -360, GW_TRACE_DAYLIGHT_US},
    {"America/Denver", -420, GW_TRACE_DAYLIGHT_US},
    {"America/Phoenix", -420, GW_TRACE_DAYLIGHT_NONE},
    {"America/Los_Angeles", -480, GW_TRACE_DAYLIGHT_US},
    {"Asia/Kolkata", 330, GW_TRACE_DAYLIGHT_NONE},
    {"Asia/Singapore", 480, GW_TRACE_DAYLIGHT_NONE},
    {"Asia/Seoul", 540, GW_TRACE_DAYLIGHT_NONE},
    {"Asia/Tokyo", 540, GW_TRACE_DAYLIGHT_NONE},
    {"Australia/Brisbane", 600, GW_TRACE_DAYLIGHT_NONE},
    {"Africa/Johannesburg", 120, GW_TRACE_DAYLIGHT_NONE},
};

static bool digits(const char *at, const char *end, int n, int *out)
{
    if (end - at < n) {
        return false;
    }
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
        *out = 10 * *out + (at[i] - '0');
    }
    return true;
}

/* "+05:30", "-0600", "+01", "Z", "-00:00" up to the end. */
static bool read_offset(const char *at, const char *end, int *out_min)
{
    *out_min = 0;
    if (end - at == 1 && (*at == 'Z' || *at == 'z')) {
        return true;
    }
    int hour, minute = 0;
    if (end - at < 3 || (*at != '+' && *at != '-') || !digits(at + 1, end, 2, &hour)) {
        return false;
    }
    const char *p = at + 3;
    if (p < end) {
        p += *p == ':';
        if (!digits(p, end, 2, &minute) || p + 2 != end) {
            return false;
        }
    }
    if (hour > 15 || minute > 59) {
        return false;
    }
    *out_min = (*at == '-' ? -1 : 1) * (60 * hour + minute);
    return true;
}

bool gw_trace_clock_find(const char *name, struct gw_trace_clock *out)
{
    *out = (struct gw_trace_clock){0};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        if (strcmp(zones[i].name, name) == 0) {
            out->offset_min = zones[i].offset_min;
            out->daylight = zones[i].daylight;
            return true;
        }
    }
    return read_offset(name, name + strlen(name), &out->offset_min);
}

/* Midnight of the n-th Sunday of a month, n from 1; n = 0: the last. Months here have 30 or 31 days. */
static gw_time_us sunday(int year, int month, int n)
{
    char text[GW_CLOCK_TEXT_MAX];
    const int day = n == 0 ? 31 : 7 * n;
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    gw_time_us us = 0;
    if (gw_clock_parse(text, &us, NULL) != GW_OK) {
        return 0;
    }
    return us - (gw_clock_calendar(us).weekday + 1) % 7 * US_PER_DAY;
}

static bool in_daylight(struct gw_trace_clock *self, gw_time_us unix_us)
{
    if (self->daylight == GW_TRACE_DAYLIGHT_NONE) {
        return false;
    }
    const int year = gw_clock_calendar(unix_us).year;
    if (year != self->year) {
        const gw_time_us offset_us = self->offset_min * US_PER_MIN;
        const bool eu = self->daylight == GW_TRACE_DAYLIGHT_EU;
        self->year = year;
        self->from_unix_us =
            eu ? sunday(year, 3, 0) + GW_US_PER_H : sunday(year, 3, 2) + 2 * GW_US_PER_H - offset_us;
        self->to_unix_us =
            eu ? sunday(year, 10, 0) + GW_US_PER_H : sunday(year, 11, 1) + GW_US_PER_H - offset_us;
    }
    return unix_us >= self->from_unix_us && unix_us < self->to_unix_us;
}

bool gw_trace_clock_twice(struct gw_trace_clock *self, gw_time_us local_us)
{
    const gw_time_us standard_us = local_us - self->offset_min * US_PER_MIN;
    return in_daylight(self, standard_us - GW_US_PER_H) && !in_daylight(self, standard_us);
}

gw_time_us gw_trace_clock_utc(struct gw_trace_clock *self, gw_time_us local_us, bool second, bool *skipped)
{
    const gw_time_us standard_us = local_us - self->offset_min * US_PER_MIN;
    const bool is_daylight = in_daylight(self, standard_us - GW_US_PER_H);
    const bool is_standard = !in_daylight(self, standard_us);
    if (is_daylight && (!is_standard || !second)) {
        return standard_us - GW_US_PER_H;
    }
    *skipped = *skipped || (!is_daylight && !is_standard);
    return standard_us;
}

/* --- stamps ------------------------------------------------------------------------------------- */

/* One or two digits. */
static bool short_number(const char **at, const char *end, int *out)
{
    if (!digits(*at, end, 1, out)) {
        return false;
    }
    (*at)++;
    int ones;
    if (digits(*at, end, 1, &ones)) {
        *out = 10 * *out + ones;
        (*at)++;
    }
    return true;
}

/* The date at *at as midnight; the clock refuses 30 February. */
static bool read_date(struct gw_trace_stamps *self, const char **at, const char *end, gw_time_us *us)
{
    if (end - *at >= 10 && memcmp(*at, self->date, sizeof self->date) == 0 &&
        (end - *at == 10 || (unsigned char)((*at)[10] - '0') > 9)) {
        *us = self->date_us;
        *at += 10;
        return true;
    }

    const char *const from = *at;
    const char *p = from;
    int year, month, day;
    if (end - p >= 5 && digits(p, end, 4, &year) && (p[4] == '-' || p[4] == '/')) {
        p += 5;
        if (!short_number(&p, end, &month) || p == end || *p != from[4]) {
            return false;
        }
        p++;
        if (!short_number(&p, end, &day)) {
            return false;
        }
    } else {
        int first, second;
        if (!short_number(&p, end, &first) || p == end || (*p != '.' && *p != '/' && *p != '-')) {
            return false;
        }
        const char separator = *p++;
        if (!short_number(&p, end, &second) || p == end || *p++ != separator || !digits(p, end, 4, &year)) {
            return false;
        }
        p += 4;
        const bool day_first = self->day_first || separator == '.';
        day = day_first ? first : second;
        month = day_first ? second : first;
    }
    char text[GW_CLOCK_TEXT_MAX];
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    if (gw_clock_parse(text, us, NULL) != GW_OK) {
        return false;
    }
    if (p - from == 10) {
        memcpy(self->date, from, sizeof self->date);
        self->date_us = *us;
    }
    *at = p;
    return true;
}

/* " AM", "PM": the twelve-hour clock. */
static bool read_half(const char **at, const char *end, int *hour)
{
    const char *p = *at;
    while (p < end && *p == ' ') {
        p++;
    }
    if (end - p < 2 || (p[1] != 'M' && p[1] != 'm')) {
        return true;
    }
    const bool pm = *p == 'P' || *p == 'p';
    if ((!pm && *p != 'A' && *p != 'a') || *hour < 1 || *hour > 12) {
        return false;
    }
    *hour = *hour % 12 + 12 * pm;
    *at = p + 2;
    return true;
}

static bool read_time_of_day(const char **at, const char *end, gw_time_us *us)
{
    const char *p = *at;
    int hour, minute = 0, second = 0, digit;
    gw_time_us fraction_us = 0;
    if (!short_number(&p, end, &hour)) {
        return false;
    }
    if (p < end && *p == ':') {
        p++;
        if (!digits(p, end, 2, &minute)) {
            return false;
        }
        p += 2;
        if (p < end && *p == ':') {
            p++;
            if (!digits(p, end, 2, &second)) {
                return false;
            }
            p += 2;
        }
    }
    if (p < end && *p == '.') {
        gw_time_us unit_us = GW_US_PER_S;
        for (p++; digits(p, end, 1, &digit); p++) {
            unit_us /= 10;
            fraction_us += digit * unit_us;
        }
    }
    if (!read_half(&p, end, &hour) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *us += (60 * (60 * (gw_time_us)hour + minute) + second) * GW_US_PER_S + fraction_us;
    *at = p;
    return true;
}

static bool two_digits(const char *at, unsigned limit, unsigned *out)
{
    const unsigned tens = (unsigned char)(at[0] - '0'), ones = (unsigned char)(at[1] - '0');
    *out = 10 * tens + ones;
    return tens <= 9 && ones <= 9 && *out < limit;
}

/* "2023-06-01 00:15:00.25", "2023-06-01T00:15:00Z", of the date last met. False: the general reader looks. */
static bool read_usual(const struct gw_trace_stamps *self, const char *at, const char *end, gw_time_us *us,
                       bool *zoned)
{
    unsigned hour, minute, second, fraction_us = 0;
    if (end - at < 19 || memcmp(at, self->date, sizeof self->date) != 0 || (at[10] != ' ' && at[10] != 'T') ||
        at[13] != ':' || at[16] != ':' || !two_digits(at + 11, 24, &hour) ||
        !two_digits(at + 14, 60, &minute) || !two_digits(at + 17, 60, &second)) {
        return false;
    }
    at += 19;
    if (at < end && *at == '.') {
        unsigned unit_us = GW_US_PER_S / 10;
        for (at++; at < end && (unsigned char)(*at - '0') <= 9; at++, unit_us /= 10) {
            fraction_us += unit_us * (unsigned char)(*at - '0');
        }
    }
    *zoned = end - at == 1 && *at == 'Z';
    if (at != end && !*zoned) {
        return false;
    }
    *us = self->date_us + (gw_time_us)(3600 * hour + 60 * minute + second) * GW_US_PER_S + fraction_us;
    return true;
}

bool gw_trace_clock_read(struct gw_trace_stamps *self, const char *at, size_t n, gw_time_us *us, bool *zoned)
{
    const char *const end = at + n;
    if (read_usual(self, at, end, us, zoned)) {
        return true;
    }
    *zoned = false;
    if (!read_date(self, &at, end, us)) {
        return false;
    }
    if (at < end && (*at == ' ' || *at == 'T')) {
        at++;
        if (!read_time_of_day(&at, end, us)) {
            return false;
        }
    }
    while (at < end && *at == ' ') {
        at++;
    }
    if (at == end) {
        return true;
    }
    int offset_min;
    if (!read_offset(at, end, &offset_min)) {
        return false;
    }
    *us -= offset_min * US_PER_MIN;
    *zoned = true;
    return true;
}
