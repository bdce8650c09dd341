#include "traces/scan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/number.h"

void gw_scan_init(struct gw_scan *self, const char *bytes, size_t n, const char *name, struct gw_error *err)
{
    const bool marked = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    *self = (struct gw_scan){.separator = ',', .line = 1, .name = name, .err = err};
    gw_scan_more(self, bytes + (marked ? 3 : 0), n - (marked ? 3 : 0));
}

void gw_scan_more(struct gw_scan *self, const char *bytes, size_t n)
{
    self->at = self->line_at = bytes;
    self->end = bytes + n;
}

char gw_scan_guess_separator(const struct gw_scan *self)
{
    bool semicolon = false, tab = false;
    for (const char *p = self->at; p < self->end && *p != '\n'; p++) {
        if (*p == ',') {
            return ',';
        }
        semicolon = semicolon || *p == ';';
        tab = tab || *p == '\t';
    }
    return semicolon ? ';' : tab ? '\t' : ',';
}

/* --- lines -------------------------------------------------------------------------------------- */

static bool is_line_end(const char *at, const char *end)
{
    return at == end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

static bool is_delimiter(const char *at, const char *end, char separator)
{
    return (at < end && *at == separator) || is_line_end(at, end);
}

/* A tab may be the separator. */
static bool is_blank(const struct gw_scan *self, char c)
{
    return c == ' ' || (c == '\t' && self->separator != '\t');
}

bool gw_scan_at_line_end(const struct gw_scan *self)
{
    return is_line_end(self->at, self->end);
}

void gw_scan_pass_line(struct gw_scan *self)
{
    const char *at = self->at;
    if (at < self->end && *at != '\n') {
        at = memchr(at, '\n', (size_t)(self->end - at));
    }
    if (at == NULL || at == self->end) {
        self->at = self->end;
        return;
    }
    self->at = self->line_at = at + 1;
    self->line++;
}

bool gw_scan_skip_blank(struct gw_scan *self)
{
    bool blank = false;
    while (self->at < self->end) {
        if ((unsigned char)(*self->at - '0') <= 9) {
            break;
        }
        const char *p = self->at;
        while (p < self->end && (*p == ' ' || *p == '\t')) {
            p++;
        }
        if (p < self->end && *p != '#' && !is_line_end(p, self->end)) {
            break;
        }
        blank = blank || p == self->end || *p != '#';
        self->at = p;
        gw_scan_pass_line(self);
    }
    return blank;
}

/* --- fields ------------------------------------------------------------------------------------- */

/* Where some byte of the word is zero, its high bit is set; bits above the first such byte may lie. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
}

/* The first separator or newline from `at`; eight bytes at a time. */
static const char *find_delimiter(const char *at, const char *end, char separator)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t separators = ones * (unsigned char)separator, newlines = ones * '\n';
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        if ((zero_bytes(word ^ separators) | zero_bytes(word ^ newlines)) != 0) {
            break;
        }
        at += 8;
    }
    while (at < end && *at != separator && *at != '\n') {
        at++;
    }
    return at;
}

/* Behind the delimiter's first byte: the CR of a CRLF belongs to the line's end. */
static const char *before_line_end(const char *from, const char *at, const char *end)
{
    return at > from && at[-1] == '\r' && is_line_end(at, end) ? at - 1 : at;
}

static enum gw_status quoted_field(struct gw_scan *self, const char *open, struct gw_scan_field *out)
{
    const char *const end = self->end;
    const char *close = open + 1;
    while (close < end && *close != '\n' && (*close != '"' || (close + 1 < end && close[1] == '"'))) {
        close += *close == '"' ? 2 : 1;
    }
    if (close >= end || *close == '\n') {
        return gw_scan_fail(self, GW_ERR_SYNTAX, open, "a quote that is not closed on its line");
    }
    const char *p = close + 1;
    while (p < end && is_blank(self, *p)) {
        p++;
    }
    if (!is_delimiter(p, end, self->separator)) {
        return gw_scan_fail(self, GW_ERR_SYNTAX, p, "text behind a closing quote");
    }
    const char *from = open + 1, *to = close;
    while (from < to && (*from == ' ' || *from == '\t')) {
        from++;
    }
    while (to > from && (to[-1] == ' ' || to[-1] == '\t')) {
        to--;
    }
    *out = (struct gw_scan_field){from, (size_t)(to - from)};
    self->at = p;
    return GW_OK;
}

enum gw_status gw_scan_field(struct gw_scan *self, struct gw_scan_field *out)
{
    const char *from = self->at;
    while (from < self->end && is_blank(self, *from)) {
        from++;
    }
    if (from < self->end && *from == '"') {
        return quoted_field(self, from, out);
    }
    const char *to = find_delimiter(from, self->end, self->separator);
    to = before_line_end(from, to, self->end);
    self->at = to;
    while (to > from && is_blank(self, to[-1])) {
        to--;
    }
    *out = (struct gw_scan_field){from, (size_t)(to - from)};
    return GW_OK;
}

enum gw_status gw_scan_skip(struct gw_scan *self)
{
    const char *const from = self->at;
    if (from < self->end && (*from == '"' || is_blank(self, *from))) {
        struct gw_scan_field field;
        return gw_scan_field(self, &field);
    }
    self->at = before_line_end(from, find_delimiter(from, self->end, self->separator), self->end);
    return GW_OK;
}

/* --- numbers ------------------------------------------------------------------------------------ */

__extension__ typedef unsigned __int128 uint128;

enum {
    EXACT_DIGITS = 15, /* an integer of so many digits is a double */
    DIGITS_MAX = 19,   /* and of so many fits into 64 bits */
};

static const double power_of_ten[EXACT_DIGITS + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static const uint64_t power_of_five[DIGITS_MAX + 1] = {
    1,          5,           25,           125,          625,           3125,           15625,
    78125,      390625,      1953125,      9765625,      48828125,      244140625,      1220703125,
    6103515625, 30517578125, 152587890625, 762939453125, 3814697265625, 19073486328125,
};

/* The double nearest to digits / 10^decimals. The quotient by 5^decimals is made with 63 bits or more, its
 * lowest says whether anything was cut off, so that the conversion to double rounds once and correctly. */
static double divide(uint64_t digits, size_t decimals)
{
    if (digits == 0) {
        return 0;
    }
    uint64_t n = digits, d = power_of_five[decimals];
    int exponent = -63 - (int)decimals;
    for (; n >> 63 == 0; n <<= 1) {
        exponent--;
    }
    for (; d >> 63 == 0; d <<= 1) {
        exponent++;
    }
    const uint128 scaled = (uint128)n << 63;
    const uint64_t quotient = (uint64_t)(scaled / d);
    return ldexp((double)(quotient | (scaled % d != 0)), exponent);
}

/* Up to 15 digits both they and the power of ten are exact doubles, so that one division rounds correctly. */
bool gw_scan_number(struct gw_scan *self, double *out)
{
    const char *p = self->at, *const end = self->end;
    const bool negative = p < end && *p == '-';
    p += negative;

    uint64_t digits = 0;
    const char *const from = p;
    while (p < end && (unsigned char)(*p - '0') <= 9) {
        digits = 10 * digits + (unsigned char)(*p++ - '0');
    }
    size_t n = (size_t)(p - from), decimals = 0;
    if (n == 0) {
        return false;
    }
    if (p < end && *p == '.') {
        const char *const point = p++;
        while (p < end && (unsigned char)(*p - '0') <= 9) {
            digits = 10 * digits + (unsigned char)(*p++ - '0');
        }
        decimals = (size_t)(p - point) - 1;
        n += decimals;
        if (decimals == 0) {
            return false;
        }
    }
    if (n > DIGITS_MAX || !is_delimiter(p, end, self->separator)) {
        return false;
    }
    const double x = n <= EXACT_DIGITS ? (double)digits / power_of_ten[decimals] : divide(digits, decimals);
    *out = negative ? -x : x;
    self->at = p;
    return true;
}

bool gw_scan_whole(struct gw_scan *self, uint64_t *out)
{
    const char *p = self->at, *const end = self->end;
    uint64_t digits = 0;
    while (p < end && (unsigned char)(*p - '0') <= 9) {
        digits = 10 * digits + (unsigned char)(*p++ - '0');
    }
    const ptrdiff_t n = p - self->at;
    if (n == 0 || n >= DIGITS_MAX || !is_delimiter(p, end, self->separator)) {
        return false;
    }
    *out = digits;
    self->at = p;
    return true;
}

bool gw_scan_field_number(struct gw_scan_field field, double *out)
{
    return field.n > 0 && gw_number_read(field.at, field.n, out) == field.n;
}

/* --- messages ----------------------------------------------------------------------------------- */

enum gw_status gw_scan_fail(const struct gw_scan *self, enum gw_status s, const char *at, const char *fmt,
                            ...)
{
    struct gw_error e;
    snprintf(e.where, sizeof e.where, "%s:%llu:%llu", self->name, (unsigned long long)self->line,
             (unsigned long long)(at - self->line_at) + 1);
    va_list args;
    va_start(args, fmt);
    vsnprintf(e.why, sizeof e.why, fmt, args);
    va_end(args);
    return gw_fail(self->err, s, e.where, "%s", e.why);
}

const char *gw_scan_shown(struct gw_scan_field field, char out[GW_SCAN_SHOWN_MAX + 4])
{
    const size_t n = field.n < GW_SCAN_SHOWN_MAX ? field.n : GW_SCAN_SHOWN_MAX;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)field.at[i];
        out[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    memcpy(out + n, "...", 4);
    out[field.n > n ? n + 3 : n] = '\0';
    return out;
}
