#include "sim/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/number.h"

void gw_text_fini(struct gw_text *self)
{
    if (self == NULL) {
        return;
    }
    free(self->at);
    *self = (struct gw_text){0};
}

/* Room for n more bytes and the NUL; else the text is failed. */
static bool make_room(struct gw_text *self, size_t n)
{
    if (self->failed) {
        return false;
    }
    void *at = self->at;
    if (n > SIZE_MAX - 1 - self->n || !gw_array_reserve(&at, &self->cap, self->n + n + 1, 1)) {
        self->failed = true;
        return false;
    }
    self->at = at;
    return true;
}

void gw_text_add_n(struct gw_text *self, const char *bytes, size_t n)
{
    if (!make_room(self, n)) {
        return;
    }
    if (n > 0) {
        memcpy(self->at + self->n, bytes, n);
    }
    self->n += n;
    self->at[self->n] = '\0';
}

void gw_text_add(struct gw_text *self, const char *text)
{
    gw_text_add_n(self, text, strlen(text));
}

void gw_text_addf(struct gw_text *self, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, fmt, args);
    if (n < 0) {
        self->failed = true;
    } else if (make_room(self, (size_t)n)) {
        vsnprintf(self->at + self->n, (size_t)n + 1, fmt, again);
        self->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void gw_text_add_number(struct gw_text *self, double x)
{
    char digits[GW_NUMBER_MAX];
    gw_number_print(x, digits);
    gw_text_add(self, digits);
}

void gw_text_add_json(struct gw_text *self, const char *text)
{
    gw_text_add(self, "\"");
    for (const char *p = text; *p != '\0';) {
        const size_t plain = strcspn(p, "\"\\\x01\x02\x03\x04\x05\x06\x07\b\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13"
                                        "\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f");
        gw_text_add_n(self, p, plain);
        p += plain;
        switch (*p) {
        case '\0':
            continue;
        case '"':
        case '\\':
            gw_text_addf(self, "\\%c", *p);
            break;
        case '\n':
            gw_text_add(self, "\\n");
            break;
        case '\t':
            gw_text_add(self, "\\t");
            break;
        case '\r':
            gw_text_add(self, "\\r");
            break;
        default:
            gw_text_addf(self, "\\u%04x", (unsigned)(unsigned char)*p);
        }
        p++;
    }
    gw_text_add(self, "\"");
}

size_t gw_text_columns(const char *utf8)
{
    size_t columns = 0;
    for (const char *p = utf8; *p != '\0'; p++) {
        columns += ((unsigned char)*p & 0xC0) != 0x80;
    }
    return columns;
}

/* Length of the well-formed sequence at p (Unicode 15, table 3-7), 0 when it is none. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
    const unsigned char lead = p[0];
    if (lead < 0x80) {
        return lead != 0;
    }
    const size_t len = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (len == 0 || len > n) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (lead == 0xE0 && p[1] < 0xA0) || (lead == 0xF0 && p[1] < 0x90);
    const bool surrogate = lead == 0xED && p[1] > 0x9F;
    const bool beyond = lead == 0xF4 && p[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : len;
}

bool gw_text_is_utf8(const char *bytes, size_t n, size_t *bad_offset)
{
    for (size_t i = 0; i < n;) {
        const size_t len = utf8_sequence((const unsigned char *)bytes + i, n - i);
        if (len == 0) {
            if (bad_offset != NULL) {
                *bad_offset = i;
            }
            return false;
        }
        i += len;
    }
    return true;
}

bool gw_text_has_control(const char *utf8)
{
    for (const unsigned char *p = (const unsigned char *)utf8; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7F || (p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0)) {
            return true;
        }
    }
    return false;
}

enum { DISTANCE_MAX_BYTES = 127 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(char a, char b, bool fold)
{
    return fold ? lower(a) == lower(b) : a == b;
}

/* Optimal string alignment, three rows of the usual table. */
static unsigned distance(const char *a, const char *b, unsigned limit, bool fold)
{
    while (*a != '\0' && same(*a, *b, fold)) {
        a++, b++;
    }
    size_t na = strlen(a), nb = strlen(b);
    while (na > 0 && nb > 0 && same(a[na - 1], b[nb - 1], fold)) {
        na--, nb--;
    }
    const size_t gap = na > nb ? na - nb : nb - na;
    if (gap > limit || nb > DISTANCE_MAX_BYTES) {
        return limit + 1;
    }

    unsigned row[3][DISTANCE_MAX_BYTES + 1];
    unsigned *before = row[0], *above = row[1], *here = row[2];
    for (size_t j = 0; j <= nb; j++) {
        above[j] = before[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= na; i++) {
        here[0] = (unsigned)i;
        for (size_t j = 1; j <= nb; j++) {
            const unsigned differs = !same(a[i - 1], b[j - 1], fold);
            unsigned d = least(above[j - 1] + differs, least(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2], fold) && same(a[i - 2], b[j - 1], fold)) {
                d = least(d, before[j - 2] + 1);
            }
            here[j] = d;
        }
        unsigned *recycled = before;
        before = above;
        above = here;
        here = recycled;
    }
    return least(above[nb], limit + 1);
}

unsigned gw_text_distance(const char *a, const char *b, unsigned limit)
{
    return distance(a, b, limit, false);
}

const char *gw_text_nearest(const char *name, const char *const *candidate, size_t n)
{
    /* how many edits still look like a typo; a single letter is only ever mistaken for its other case */
    const size_t len = strlen(name);
    unsigned best = len < 2 ? 0 : len < 5 ? 1 : len < 9 ? 2 : 3;

    /* wrong case counts least, so that "mw" is MW rather than "mm"; then the earlier candidate wins */
    const char *nearest = NULL;
    unsigned best_case = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned d = distance(name, candidate[i], best, true);
        if (d > best) {
            continue;
        }
        const unsigned d_case = distance(name, candidate[i], (unsigned)len, false);
        if (nearest == NULL || d < best || d_case < best_case) {
            nearest = candidate[i];
            best = d;
            best_case = d_case;
        }
    }
    return nearest;
}

struct gw_text_hint gw_text_hint(const char *nearest)
{
    struct gw_text_hint hint = {.text = ""};
    if (nearest != NULL && nearest[0] != '\0') {
        snprintf(hint.text, sizeof hint.text, " (did you mean \"%.80s\"?)", nearest);
    }
    return hint;
}
