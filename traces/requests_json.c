#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/array.h"
#include "traces/requests_row.h"
#include "traces/trace_format.h"

/* One object per line, by a scanner of its own: nothing is allocated per row, values that are not wanted are
 * only passed. Keys are compared as they are spelt, escapes in them are not undone. */

enum { NAME_BYTES_MAX = 64, DEPTH_MAX = 64 };

static void pass_blanks(struct gw_scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\r')) {
        scan->at++;
    }
}

static bool at_byte(struct gw_scan *scan, char c)
{
    pass_blanks(scan);
    return scan->at < scan->end && *scan->at == c;
}

static enum gw_status pass_byte(struct gw_scan *scan, char c)
{
    if (!at_byte(scan, c)) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "'%c' is due here", c);
    }
    scan->at++;
    return GW_OK;
}

/* A text without its quotes. */
static enum gw_status read_text(struct gw_scan *scan, struct gw_scan_field *out)
{
    const char *const open = scan->at;
    const enum gw_status s = pass_byte(scan, '"');
    if (s != GW_OK) {
        return s;
    }
    const char *p = scan->at;
    while (p < scan->end && *p != '"' && *p != '\n') {
        p += *p == '\\' && p + 1 < scan->end && p[1] != '\n' ? 2 : 1;
    }
    if (p >= scan->end || *p == '\n') {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, open, "a text that is not closed on its line");
    }
    *out = (struct gw_scan_field){scan->at, (size_t)(p - scan->at)};
    scan->at = p + 1;
    return GW_OK;
}

/* A number, or true, false, null: up to what may follow a value. */
static enum gw_status read_word(struct gw_scan *scan, struct gw_scan_field *out)
{
    const char *p = scan->at;
    while (p < scan->end && *p != ',' && *p != '}' && *p != ']' && *p != ' ' && *p != '\r' && *p != '\n') {
        p++;
    }
    *out = (struct gw_scan_field){scan->at, (size_t)(p - scan->at)};
    if (out->n == 0) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "a value is missing");
    }
    scan->at = p;
    return GW_OK;
}

/* Over a value of any kind. */
static enum gw_status pass_value(struct gw_scan *scan)
{
    struct gw_scan_field f;
    unsigned depth = 0;
    do {
        pass_blanks(scan);
        const char c = scan->at < scan->end ? *scan->at : '\n';
        enum gw_status s = GW_OK;
        if (c == '\n') {
            s = gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "a value that is not closed on its line");
        } else if (c == '{' || c == '[') {
            scan->at++;
            s = ++depth <= DEPTH_MAX ? GW_OK
                                     : gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "too many brackets");
        } else if (depth > 0 && (c == '}' || c == ']' || c == ',' || c == ':')) {
            scan->at++;
            depth -= c == '}' || c == ']';
        } else {
            s = c == '"' ? read_text(scan, &f) : read_word(scan, &f);
        }
        if (s != GW_OK) {
            return s;
        }
    } while (depth > 0);
    return GW_OK;
}

static bool read_digits(struct gw_scan *scan, uint64_t *out)
{
    const char *p = scan->at;
    uint64_t x = 0;
    while (p < scan->end && (unsigned char)(*p - '0') <= 9) {
        x = 10 * x + (unsigned char)(*p++ - '0');
    }
    const ptrdiff_t n = p - scan->at;
    if (n == 0 || n > 18 || p == scan->end || (*p != ',' && *p != '}' && *p != ']' && *p != ' ')) {
        return false;
    }
    *out = x;
    scan->at = p;
    return true;
}

/* "[0, 14, 15]" into plan->block. */
static enum gw_status read_blocks(struct gw_requests_plan *plan, struct gw_scan *scan,
                                  struct gw_requests_raw *out)
{
    enum gw_status s = pass_byte(scan, '[');
    for (bool more = s == GW_OK && !at_byte(scan, ']'); more;) {
        if (!gw_array_reserve((void **)&plan->block, &plan->block_cap, out->blocks + 1,
                              sizeof *plan->block)) {
            return gw_scan_fail(scan, GW_ERR_NOMEM, scan->at, "out of memory");
        }
        pass_blanks(scan);
        if (!read_digits(scan, &plan->block[out->blocks++])) {
            return gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "a block's id is a whole number");
        }
        more = at_byte(scan, ',');
        scan->at += more;
    }
    return s == GW_OK ? pass_byte(scan, ']') : s;
}

static const struct gw_requests_rule *rule_of(const struct gw_requests_plan *plan, struct gw_scan_field key)
{
    for (const struct gw_requests_rule *r = plan->format->rules; r->name != NULL; r++) {
        if (strlen(r->name) == key.n && memcmp(r->name, key.at, key.n) == 0) {
            return r;
        }
    }
    return NULL;
}

static enum gw_status read_value(struct gw_requests_plan *plan, struct gw_scan *scan,
                                 const struct gw_requests_rule *rule, struct gw_requests_raw *out)
{
    pass_blanks(scan);
    if (rule == NULL) {
        return pass_value(scan);
    }
    if (rule->role == GW_REQUESTS_BLOCKS) {
        return read_blocks(plan, scan, out);
    }
    const char *const at = scan->at;
    uint64_t tok;
    if (rule->role != GW_REQUESTS_TIME && read_digits(scan, &tok)) {
        return gw_requests_row_take_tokens(scan, at, rule->role, tok, out);
    }
    struct gw_scan_field field;
    const enum gw_status s = at_byte(scan, '"') ? read_text(scan, &field) : read_word(scan, &field);
    return s == GW_OK ? gw_requests_row_take(plan, scan, rule, field, out) : s;
}

/* Key by key; *seen has a bit for each role met. */
static enum gw_status read_object(struct gw_requests_plan *plan, struct gw_scan *scan,
                                  struct gw_requests_raw *out, unsigned *seen)
{
    enum gw_status s = pass_byte(scan, '{');
    for (bool more = s == GW_OK && !at_byte(scan, '}'); more;) {
        struct gw_scan_field key;
        pass_blanks(scan);
        const char *const at = scan->at;
        s = read_text(scan, &key);
        s = s == GW_OK ? pass_byte(scan, ':') : s;
        if (s != GW_OK) {
            return s;
        }
        const struct gw_requests_rule *rule = rule_of(plan, key);
        const unsigned bit = rule == NULL ? 0 : 1U << rule->role;
        if ((*seen & bit) != 0) {
            return gw_scan_fail(scan, GW_ERR_SYNTAX, at, "\"%s\" says again what stood before it",
                                rule->name);
        }
        *seen |= bit;
        s = read_value(plan, scan, rule, out);
        if (s != GW_OK) {
            return s;
        }
        more = at_byte(scan, ',');
        scan->at += more;
    }
    return s == GW_OK ? pass_byte(scan, '}') : s;
}

enum gw_status gw_requests_json_row(struct gw_requests_plan *plan, struct gw_scan *scan,
                                    struct gw_requests_raw *out)
{
    static const struct {
        enum gw_requests_role role;
        const char *name;
    } needed[] = {{GW_REQUESTS_TIME, "a time"},
                  {GW_REQUESTS_IN_TOK, "prompt tokens"},
                  {GW_REQUESTS_OUT_TOK, "output tokens"}};
    *out = (struct gw_requests_raw){0};
    unsigned seen = 0;
    const enum gw_status s = read_object(plan, scan, out, &seen);
    if (s != GW_OK) {
        return s;
    }
    pass_blanks(scan);
    if (!gw_scan_at_line_end(scan)) {
        return gw_scan_fail(scan, GW_ERR_SYNTAX, scan->at, "text behind the object");
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if ((seen & 1U << needed[i].role) == 0) {
            return gw_scan_fail(scan, GW_ERR_SYNTAX, scan->line_at, "no %s in this object", needed[i].name);
        }
    }
    return GW_OK;
}

enum gw_status gw_requests_json_header(const struct gw_scan *scan, const char **name, size_t cap, size_t *n,
                                       struct gw_arena *arena)
{
    struct gw_scan ahead = *scan;
    *n = 0;
    enum gw_status s = pass_byte(&ahead, '{');
    for (bool more = s == GW_OK && !at_byte(&ahead, '}'); more && *n < cap; ++*n) {
        struct gw_scan_field key;
        s = read_text(&ahead, &key);
        s = s == GW_OK ? pass_byte(&ahead, ':') : s;
        s = s == GW_OK ? pass_value(&ahead) : s;
        if (s != GW_OK) {
            return s;
        }
        char folded[NAME_BYTES_MAX];
        gw_trace_format_fold(key.at, key.n, folded, sizeof folded);
        name[*n] = gw_arena_text(arena, folded);
        if (name[*n] == NULL) {
            return gw_scan_fail(scan, GW_ERR_NOMEM, scan->at, "out of memory");
        }
        more = at_byte(&ahead, ',');
        ahead.at += more;
    }
    return s;
}
