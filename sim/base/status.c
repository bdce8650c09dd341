#include "sim/base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *gw_status_text(enum gw_status s)
{
#define GW_STATUS_CASE(name, text)                                                                           \
    case name:                                                                                               \
        return text;
    switch (s) {
        GW_STATUS_LIST(GW_STATUS_CASE)
    }
#undef GW_STATUS_CASE
    return "unknown status";
}

const char *gw_status_name(enum gw_status s)
{
#define GW_STATUS_CASE(name, text)                                                                           \
    case name:                                                                                               \
        return #name;
    switch (s) {
        GW_STATUS_LIST(GW_STATUS_CASE)
    }
#undef GW_STATUS_CASE
    return "GW_ERR_?";
}

int gw_status_exit(enum gw_status s)
{
    switch (s) {
    case GW_OK:
        return 0;
    case GW_ERR_MISSED:
        return 1;
    case GW_ERR_IO:
    case GW_ERR_SYNTAX:
    case GW_ERR_TYPE:
    case GW_ERR_RANGE:
    case GW_ERR_UNKNOWN:
    case GW_ERR_USAGE:
    case GW_ERR_POLICY:
        return 2;
    case GW_ERR_NOMEM:
        return 70;
    case GW_ERR_OUTPUT:
        return 74;
    case GW_ERR_INTERRUPTED:
        return 75;
    }
    return 70;
}

/* Copies what fits, never half a UTF-8 sequence: messages quote the user's text. */
static void copy_text(char *to, size_t size, const char *from)
{
    size_t n = strlen(from);
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)from[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    memcpy(to, from, n);
    to[n] = '\0';
}

/* Through local buffers, because where and the arguments may point into err itself: callers wrap errors. */
static GW_PRINTF(4, 0) void fill(struct gw_error *err, enum gw_status s, const char *where, const char *fmt,
                                 va_list args)
{
    char place[sizeof err->where];
    char why[sizeof err->why + 4]; /* room to see where a cut UTF-8 sequence began */
    copy_text(place, sizeof place, where != NULL ? where : "");
    if (vsnprintf(why, sizeof why, fmt, args) < 0) {
        why[0] = '\0';
    }
    err->status = s;
    copy_text(err->where, sizeof err->where, place);
    copy_text(err->why, sizeof err->why, why);
}

enum gw_status gw_fail(struct gw_error *err, enum gw_status s, const char *where, const char *fmt, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, fmt);
        fill(err, s, where, fmt, args);
        va_end(args);
    }
    return s;
}

void gw_errors_add(struct gw_errors *errs, enum gw_status s, const char *where, const char *fmt, ...)
{
    if (errs == NULL) {
        return;
    }
    if (errs->n == GW_ERRORS_MAX) {
        errs->dropped++;
        return;
    }
    va_list args;
    va_start(args, fmt);
    fill(&errs->item[errs->n++], s, where, fmt, args);
    va_end(args);
}

enum gw_status gw_errors_status(const struct gw_errors *errs)
{
    return errs == NULL || errs->n == 0 ? GW_OK : errs->item[0].status;
}
