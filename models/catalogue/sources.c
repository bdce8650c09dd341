#include "models/catalogue/sources.h"

#include <stddef.h>
#include <string.h>

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};

const struct gw_type gw_sources_type = {.kind = GW_MAP, .size = sizeof(struct gw_names), .of = &text};

static const struct gw_field citation_fields[] = {
    GW_FIELD(struct gw_citation, name, &text, "~", "Key of the work, by which sources name it", NULL),
    GW_FIELD(struct gw_citation, text, &text, NULL, "Who wrote it, its title, where and when", NULL),
    GW_FIELD(struct gw_citation, url, &text, "~", "Where it can be read", NULL),
    GW_FIELD_END,
};

const struct gw_type gw_sources_citation_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_citation),
    .of = citation_fields,
    .doc = "A work that numbers of the catalogue come from",
};

bool gw_sources_split(const char *source, struct gw_sources_item *out)
{
    if (source[0] == '\0' || strchr("SRCA", source[0]) == NULL || source[1] != ' ') {
        return false;
    }
    const char *citation = source + 2;
    const size_t n = strcspn(citation, " ");
    if (n == 0 || n >= sizeof out->citation) {
        return false;
    }
    out->mark = source[0];
    memcpy(out->citation, citation, n);
    out->citation[n] = '\0';
    out->remark = citation + n + strspn(citation + n, " ");
    return true;
}

const char *gw_sources_of(const struct gw_names *sources, const char *key)
{
    const char *const *at = sources->at;
    const char *every = NULL;
    for (uint32_t i = 0; i < sources->n; i++) {
        if (strcmp(sources->key[i], key) == 0) {
            return at[i];
        }
        if (strcmp(sources->key[i], "*") == 0) {
            every = at[i];
        }
    }
    return every;
}
