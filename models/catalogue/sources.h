/* models/catalogue/sources.h - where a catalogue entry's numbers come from.
 *
 *   sources: { tdp_w: S nvidia-h100 datasheet, "*": R nvidia-h100 as the editors remember it }
 *
 * A key of the entry, or "*" for every key that is not named, maps to "MARK citation remark". The citation is
 * a key of `citations:` (citations.yaml). Marks: S read in the source, R recalled and not checked against it,
 * C computed from it, A assumed: then the remark says why. */
#ifndef GW_MODELS_CATALOGUE_SOURCES_H
#define GW_MODELS_CATALOGUE_SOURCES_H

#include <stdbool.h>

#include "sim/tree/bind.h"

/* MAP of TEXT: the `sources:` row of every catalogue type binds to struct gw_names. */
extern const struct gw_type gw_sources_type;

/* A work to cite; catalogue kind "citation". */
struct gw_citation {
    const char *name, *text, *url; /* url may be NULL */
};
extern const struct gw_type gw_sources_citation_type;

struct gw_sources_item {
    char mark;          /* 'S', 'R', 'C' or 'A' */
    char citation[48];  /* key of `citations:` */
    const char *remark; /* the rest of the text, "" when there is none */
};

/* Takes "MARK citation remark" apart; false when it is not of that form. remark points into source. */
GW_MUST_USE bool gw_sources_split(const char *source, struct gw_sources_item *out);

/* The source of one key of an entry: its own row, else "*", else NULL. */
const char *gw_sources_of(const struct gw_names *sources, const char *key);

#endif
