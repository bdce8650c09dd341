/* sim/validate/validation.h - published numbers beside ours, row by row.
 *
 * A subject (grid, cooling, serving, ...) is one file validate_<subject>.c with the published numbers in it,
 * each with its citation; it adds rows, and a row in validators.c makes it known. Kinds say what a row can
 * prove:
 *
 *   identity    arithmetic that holds whatever the world does: checks the program, not the model
 *   replay      a published result recomputed from the publication's own inputs
 *   fitted      numbers that were used to choose our coefficients
 *   predicted   numbers that were not: only these count in the headline
 *
 * A miss is a miss, whatever its reason; `note` may say why. Rows that need public files which are not there
 * are reported as skipped. */
#ifndef GW_SIM_VALIDATE_VALIDATION_H
#define GW_SIM_VALIDATE_VALIDATION_H

#include "sim/base/arena.h"
#include "sim/base/text.h"
#include "sim/tree/tree.h"

enum gw_validation_kind {
    GW_VALIDATION_IDENTITY,
    GW_VALIDATION_REPLAY,
    GW_VALIDATION_FITTED,
    GW_VALIDATION_PREDICTED,
    GW_VALIDATION_KINDS
};
extern const char *const gw_validation_kind_names[];

/* How `ours` is held against `published`. */
enum gw_validation_rule {
    GW_VALIDATION_REL,      /* |ours / published - 1| <= tolerance */
    GW_VALIDATION_ABS,      /* |ours - published| <= tolerance, in the row's unit */
    GW_VALIDATION_BAND,     /* low <= ours <= high; published: their middle, for the eye */
    GW_VALIDATION_AT_MOST,  /* ours <= published */
    GW_VALIDATION_AT_LEAST, /* ours >= published */
};

enum gw_verdict { GW_VERDICT_PASS, GW_VERDICT_MISS, GW_VERDICT_SKIPPED, GW_VERDICTS };
extern const char *const gw_validation_verdict_names[];

struct gw_validation_row {
    const char *group; /* a table of a publication, or what these rows have in common */
    const char *name;
    enum gw_validation_kind kind;
    enum gw_validation_rule rule;
    double published, ours, tolerance; /* NaN is never within anything */
    double low, high;                  /* BAND */
    const char *unit;
    const char *source; /* who published it, and where in it */
    const char *note;   /* NULL: none; of a skipped row: what is missing */
    bool detail;        /* part of a criterion that has a row of its own: its miss decides nothing */
    enum gw_verdict verdict;
};

struct gw_validation {
    const char *data; /* folder with public files; NULL: none */
    bool quick;       /* rows that take long may be left out, as skipped; to be set after init */
    struct gw_tree catalogue;
    struct gw_arena arena;
    struct gw_validation_row *row; /* in the order in which they were added */
    size_t n, cap;
    bool failed; /* memory is out */
};

/* Loads the catalogue. */
GW_MUST_USE enum gw_status gw_validation_init(struct gw_validation *self, const char *data,
                                              struct gw_errors *errs);
void gw_validation_fini(struct gw_validation *self);

/* Copies the row, its texts too, and judges it by its rule. */
void gw_validation_add(struct gw_validation *self, const struct gw_validation_row *row);

/* The same for a row that could not be computed; row->note says what was missing. */
void gw_validation_skip(struct gw_validation *self, const struct gw_validation_row *row);

/* A text that lives as long as the validation, for names and notes; "" when memory is out. */
const char *gw_validation_text(struct gw_validation *self, const char *fmt, ...) GW_PRINTF(2, 3);

/* data/relative, when there is such a file that can be read; else NULL. */
const char *gw_validation_file(struct gw_validation *self, const char *relative);

/* An entry of the built-in catalogue; there being none is our bug. */
const void *gw_validation_entry(struct gw_validation *self, const char *kind, const char *name);

/* How far a row lies from what was published, in units of what is allowed: at most 1 passes, in size. NaN
 * when nothing is allowed or there is no value. */
double gw_validation_off(const struct gw_validation_row *row);

/* Rows of a kind (GW_VALIDATION_KINDS: any) with a verdict; details are not counted. */
size_t gw_validation_count(const struct gw_validation *self, enum gw_validation_kind kind,
                           enum gw_verdict verdict);

/* For programs, and for people; `all` also lists the rows that passed. */
void gw_validation_print_csv(const struct gw_validation *self, struct gw_text *out);
void gw_validation_print(const struct gw_validation *self, bool all, struct gw_text *out);

#endif
