#include "traces/trace_format.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"

/* 1 lb = 453.59237 g exactly, so that 1 lb/MWh is: */
#define LB_PER_MWH 0.45359237

#define DIRECT    "ci_direct_gco2_per_kwh"
#define LIFECYCLE "ci_lifecycle_gco2_per_kwh"
#define MARGINAL  "ci_marginal_direct_gco2_per_kwh"

#define SKIP(pattern)                                                                                        \
    {                                                                                                        \
        pattern, GW_TRACE_SKIP, false, NULL, 0                                                               \
    }
#define TIME(pattern, clock)                                                                                 \
    {                                                                                                        \
        pattern, GW_TRACE_TIME, true, clock, 0                                                               \
    }
#define AREA(pattern)                                                                                        \
    {                                                                                                        \
        pattern, GW_TRACE_AREA, false, NULL, 0                                                               \
    }
#define ONLY(pattern, values)                                                                                \
    {                                                                                                        \
        pattern, GW_TRACE_ONLY, false, values, 0                                                             \
    }
#define MAY(pattern, name, scale)                                                                            \
    {                                                                                                        \
        pattern, GW_TRACE_VALUE, false, name, scale                                                          \
    }
#define MUST(pattern, name, scale)                                                                           \
    {                                                                                                        \
        pattern, GW_TRACE_VALUE, true, name, scale                                                           \
    }
#define HAS(pattern, role)                                                                                   \
    {                                                                                                        \
        pattern, role, true, NULL, 0                                                                         \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, GW_TRACE_SKIP, false, NULL, 0                                                                  \
    }

/* --- carbon intensity --------------------------------------------------------------------------- */

static const struct gw_trace_rule electricity_maps[] = {
    TIME("datetime (utc)", "UTC"),
    HAS("zone id", GW_TRACE_AREA),
    MUST("carbon intensity *(direct)", DIRECT, 1),
    MAY("carbon intensity *(lca)", LIFECYCLE, 1),
    MAY("carbon intensity *(life cycle)", LIFECYCLE, 1),
    MAY("low carbon percentage", "carbon_free_frac", 0.01),
    MAY("carbon-free energy percentage (cfe%)", "carbon_free_frac", 0.01),
    MAY("renewable percentage", "renewable_frac", 0.01),
    MAY("renewable energy percentage (re%)", "renewable_frac", 0.01),
    {"data estimated", GW_TRACE_ESTIMATE, false, NULL, 0},
    END,
};

static const struct gw_trace_rule electricity_maps_full[] = {
    TIME("datetime", "UTC"),
    AREA("zone_name"),
    MUST("carbon_intensity_avg", LIFECYCLE, 1),
    SKIP("power_production_percent_*"),
    MAY("power_production_*_avg", "generation_%_mw", 1),
    MAY("total_consumption_avg", "load_mw", 1),
    END,
};

static const struct gw_trace_rule watttime[] = {
    TIME("point_time", "UTC"),
    MUST("value", MARGINAL, LB_PER_MWH),
    AREA("region"),
    AREA("ba"),
    ONLY("signal_type", "co2_moer"),
    ONLY("datatype", "moer"),
    END,
};

static const struct gw_trace_rule sgip[] = {
    TIME("timestamp", NULL),
    MAY("moer version 2.0", MARGINAL, 1000),
    HAS("moer version *", GW_TRACE_SKIP),
    END,
};

static const struct gw_trace_rule vessim_moer[] = {
    TIME("oootime", "UTC"),
    MUST("caiso_north", MARGINAL, 1),
    END,
};

static const struct gw_trace_rule sustaindc[] = {
    TIME("timestamp", "UTC"),
    MUST("wnd", "generation_wind_mw", 1),
    MAY("sun", "generation_solar_mw", 1),
    MAY("wat", "generation_hydro_mw", 1),
    MAY("oil", "generation_oil_mw", 1),
    MAY("ng", "generation_gas_mw", 1),
    MAY("col", "generation_coal_mw", 1),
    MAY("nuc", "generation_nuclear_mw", 1),
    MAY("oth", "generation_other_mw", 1),
    MUST("avg_ci", LIFECYCLE, 1),
    END,
};

#define CARBONCAST_SOURCES                                                                                   \
    MAY("coal", "generation_coal_mw", 1), MAY("nat_gas", "generation_gas_mw", 1),                            \
        MAY("nuclear", "generation_nuclear_mw", 1), MAY("oil", "generation_oil_mw", 1),                      \
        MAY("hydro", "generation_hydro_mw", 1), MAY("solar", "generation_solar_mw", 1),                      \
        MAY("wind", "generation_wind_mw", 1), MAY("biomass", "generation_biomass_mw", 1),                    \
        MAY("geothermal", "generation_geothermal_mw", 1), MAY("other", "generation_other_mw", 1),            \
        MAY("unknown", "generation_unknown_mw", 1), MAY("avg_*_production_forecast", "forecast_%_mw", 1)

/* Whether it is direct or lifecycle stands in the file's name only: CI@. */
static const struct gw_trace_rule carboncast_ci[] = {
    TIME("utc time", "UTC"), MUST("carbon_intensity", "ci_@_gco2_per_kwh", 1), CARBONCAST_SOURCES, END};
static const struct gw_trace_rule carboncast[] = {TIME("utc time", "UTC"), CARBONCAST_SOURCES, END};
static const struct gw_trace_rule carboncast_forecast[] = {
    TIME("datetime", "UTC"), MUST("avg_*_production_forecast", "forecast_%_mw", 1), END};

/* --- generation and load ------------------------------------------------------------------------ */

static const struct gw_trace_rule eia930[] = {
    HAS("balancing authority", GW_TRACE_AREA),
    TIME("utc time at end of hour", "UTC"),
    SKIP("*(imputed)"),
    SKIP("*(adjusted)"),
    MAY("demand (mw)", "load_mw", 1),
    MAY("net generation (mw)", "net_generation_mw", 1),
    MAY("total interchange (mw)", "interchange_mw", 1),
    MAY("demand forecast (mw)", "load_forecast_mw", 1),
    MAY("net generation (mw) from *", "generation_%_mw", 1),
    END,
};

static const struct gw_trace_rule eia_v2[] = {
    TIME("period", "UTC"),
    HAS("respondent", GW_TRACE_AREA),
    {"fueltype", GW_TRACE_NAME, true, "generation_%_mw", 1},
    MUST("value", NULL, 1),
    END,
};

#define ENTSOE_TIMES                                                                                         \
    {"mtu (utc)", GW_TRACE_TIME, false, "UTC", 0}, {"mtu (cet/cest)", GW_TRACE_TIME, false, "CET/CEST", 0},  \
        {"time (utc)", GW_TRACE_TIME, false, "UTC", 0},                                                      \
        {"time (cet/cest)", GW_TRACE_TIME, false, "CET/CEST", 0},                                            \
    {                                                                                                        \
        "mtu", GW_TRACE_TIME, false, NULL, 0                                                                 \
    }

static const struct gw_trace_rule entsoe_generation[] = {
    ENTSOE_TIMES,
    AREA("area"),
    MUST("* - actual aggregated [mw]", "generation_%_mw", 1),
    MAY("* - actual consumption [mw]", "consumption_%_mw", 1),
    END,
};
static const struct gw_trace_rule entsoe_price[] = {
    ENTSOE_TIMES,
    AREA("area"),
    ONLY("sequence", "*sequence 1|1|without sequence|"),
    MUST("day-ahead price ?*/mwh?", "price_%_per_mwh", 1),
    END,
};
static const struct gw_trace_rule entsoe_load[] = {
    ENTSOE_TIMES,
    AREA("area"),
    MUST("actual total load [mw]*", "load_mw", 1),
    MAY("day-ahead total load forecast [mw]*", "load_forecast_mw", 1),
    END,
};
static const struct gw_trace_rule entsoe_dump[] = {
    TIME("", NULL),
    MUST("*_actual aggregated", "generation_%_mw", 1),
    MAY("*_actual consumption", "consumption_%_mw", 1),
    END,
};

/* --- prices ------------------------------------------------------------------------------------- */

static const struct gw_trace_rule caiso[] = {
    TIME("intervalstarttime_gmt", "UTC"), {"lmp_type", GW_TRACE_ONLY, true, "lmp", 0}, AREA("node"),
    MAY("mw", "price_usd_per_mwh", 1),    MAY("value", "price_usd_per_mwh", 1),        END,
};
static const struct gw_trace_rule ercot_dam[] = {
    TIME("deliverydate", "America/Chicago"),
    HAS("hourending", GW_TRACE_HOUR_ENDING),
    AREA("settlementpoint"),
    MUST("settlementpointprice", "price_usd_per_mwh", 1),
    {"dstflag", GW_TRACE_SECOND, false, NULL, 0},
    END,
};
static const struct gw_trace_rule ercot_rtm[] = {
    TIME("deliverydate", "America/Chicago"),
    HAS("deliveryhour", GW_TRACE_HOUR_ENDING),
    HAS("deliveryinterval", GW_TRACE_INTERVAL),
    AREA("settlementpointname"),
    MUST("settlementpointprice", "price_usd_per_mwh", 1),
    {"dstflag", GW_TRACE_SECOND, false, NULL, 0},
    END,
};
static const struct gw_trace_rule pjm[] = {
    TIME("datetime_beginning_utc", "UTC"),
    AREA("pnode_name"),
    MUST("total_lmp_*", "price_usd_per_mwh", 1),
    ONLY("row_is_current", "true|t|1|y|yes|"),
    END,
};
static const struct gw_trace_rule nyiso[] = {
    TIME("time stamp", "America/New_York"),
    HAS("name", GW_TRACE_AREA),
    MUST("lbmp ($/mwhr)", "price_usd_per_mwh", 1),
    END,
};
static const struct gw_trace_rule sustaincluster_standard[] = {
    TIME("datetime (utc)", "UTC"),
    HAS("datetime (local)", GW_TRACE_SKIP),
    MUST("price (*/mwh)", "price_%_per_mwh", 1),
    END,
};
static const struct gw_trace_rule sustaincluster[] = {
    TIME("datetime", NULL),
    MUST("price (*/mwh)", "price_%_per_mwh", 1),
    END,
};

static const struct gw_trace_rule generic[] = {END};

const struct gw_trace_format gw_trace_format_table[] = {
    {"electricity-maps", "Electricity Maps, portal", electricity_maps, 0, false, NULL},
    {"electricity-maps-full", "Electricity Maps, old full export", electricity_maps_full, 0, false, NULL},
    {"watttime", "WattTime", watttime, 0, false,
     "values taken as lb/MWh, in which WattTime delivers; displays often say g/kWh wrongly"},
    {"sgip", "California SGIP, marginal", sgip, 0, false, NULL},
    {"vessim-moer", "Vessim's sample of WattTime", vessim_moer, 0, false, NULL},
    {"sustaindc", "SustainDC", sustaindc, 0, false,
     "avg_CI is of production alone, with fixed lifecycle factors"},
    {"carboncast-ci", "CarbonCast, intensity", carboncast_ci, 0, false, NULL},
    {"carboncast", "CarbonCast, production", carboncast, 0, false, NULL},
    {"carboncast-forecast", "CarbonCast, forecast", carboncast_forecast, 0, false, NULL},
    {"eia-930", "EIA-930 balance", eia930, GW_US_PER_H, false, NULL},
    {"eia-v2", "EIA API v2, by fuel", eia_v2, 0, false, NULL},
    {"entsoe-generation", "ENTSO-E, generation per type", entsoe_generation, 0, true, NULL},
    {"entsoe-price", "ENTSO-E, day-ahead price", entsoe_price, 0, true, NULL},
    {"entsoe-load", "ENTSO-E, load", entsoe_load, 0, true, NULL},
    {"entsoe-py", "entsoe-py, generation", entsoe_dump, 0, false, NULL},
    {"caiso-lmp", "CAISO OASIS, locational price", caiso, 0, false, NULL},
    {"ercot-dam", "ERCOT, day-ahead price", ercot_dam, 0, false, NULL},
    {"ercot-rtm", "ERCOT, real-time price", ercot_rtm, 0, false, NULL},
    {"pjm-lmp", "PJM, locational price", pjm, 0, false, NULL},
    {"nyiso-lbmp", "NYISO, locational price", nyiso, 0, false, NULL},
    {"sustaincluster-standard", "SustainCluster, price", sustaincluster_standard, 0, false, NULL},
    {"sustaincluster", "SustainCluster, processed price", sustaincluster, 0, false, NULL},
    {"generic", "time and values", generic, 0, false, NULL},
    {NULL, NULL, NULL, 0, false, NULL},
};

/* --- recognition -------------------------------------------------------------------------------- */

void gw_trace_format_fold(const char *at, size_t n, char *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n && k + 1 < cap; i++) {
        char c = at[i];
        if (n - i >= 3 && memcmp(at + i, "\xe2\x82\x82", 3) == 0) {
            c = '2';
            i += 2;
        } else if (c == '\t') {
            c = ' ';
        } else if (c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        if (c != ' ' || (k > 0 && out[k - 1] != ' ')) {
            out[k++] = c;
        }
    }
    out[k > 0 && out[k - 1] == ' ' ? k - 1 : k] = '\0';
}

/* `?` stands for one byte: ( or [ around a unit. */
bool gw_trace_format_match(const char *pattern, const char *text, const char **star, size_t *star_n)
{
    const char *p = pattern, *t = text, *back_p = NULL, *back_t = NULL, *first = NULL;
    const char *first_p = NULL;
    size_t first_n = 0;
    while (*t != '\0' || *p != '\0') {
        if (*p == '*') {
            if (first == NULL) {
                first = t;
                first_p = p + 1;
            }
            back_p = ++p;
            back_t = t;
        } else if (*t != '\0' && (*p == *t || *p == '?')) {
            p++;
            t++;
        } else if (back_p != NULL && *back_t != '\0') {
            p = back_p;
            t = ++back_t;
        } else {
            return false;
        }
        if (back_p == first_p && first != NULL) {
            first_n = (size_t)(back_t - first);
        }
    }
    if (star != NULL && first != NULL) {
        *star = first;
        *star_n = first_n;
    }
    return true;
}

const struct gw_trace_rule *gw_trace_format_rule(const struct gw_trace_format *self, const char *header)
{
    for (const struct gw_trace_rule *r = self->rules; r->pattern != NULL; r++) {
        if (gw_trace_format_match(r->pattern, header, NULL, NULL)) {
            return r;
        }
    }
    return NULL;
}

static bool fits(const struct gw_trace_format *format, const char *const *header, size_t n)
{
    bool time = false, value = false;
    for (const struct gw_trace_rule *r = format->rules; r->pattern != NULL; r++) {
        bool found = false;
        for (size_t i = 0; i < n && !found; i++) {
            found = gw_trace_format_match(r->pattern, header[i], NULL, NULL);
        }
        if (r->must && !found) {
            return false;
        }
        time = time || (found && r->role == GW_TRACE_TIME);
        value = value || (found && r->role == GW_TRACE_VALUE);
    }
    return (time && value) || format->rules == generic;
}

const struct gw_trace_format *gw_trace_format_detect(const char *const *header, size_t n)
{
    for (const struct gw_trace_format *f = gw_trace_format_table; n > 1 && f->name != NULL; f++) {
        if (fits(f, header, n)) {
            return f;
        }
    }
    return NULL;
}

/* --- names of columns --------------------------------------------------------------------------- */

/* Letters and digits; everything else becomes one underscore. Signs of currencies become their codes. */
static size_t add_word(const char *at, size_t n, char *out, size_t k, size_t cap)
{
    static const struct {
        const char *sign, *code;
    } currency[] = {{"r$", "brl"}, {"$", "usd"}, {"\xe2\x82\xac", "eur"}, {"\xc2\xa3", "gbp"}};
    for (size_t i = 0; i < sizeof currency / sizeof currency[0]; i++) {
        if (strlen(currency[i].sign) == n && memcmp(currency[i].sign, at, n) == 0) {
            at = currency[i].code;
            n = 3;
        }
    }
    for (size_t i = 0; i < n && k + 1 < cap; i++) {
        const char c = at[i];
        const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (word) {
            out[k++] = c;
        } else if (k > 0 && out[k - 1] != '_') {
            out[k++] = '_';
        }
    }
    return k > 0 && out[k - 1] == '_' ? k - 1 : k;
}

void gw_trace_format_name(const char *name, const char *star, size_t star_n, char *out, size_t cap)
{
    size_t k = 0;
    for (const char *p = name; *p != '\0' && k + 1 < cap; p++) {
        if (*p == '%') {
            k = add_word(star, star_n, out, k, cap);
        } else {
            out[k++] = *p;
        }
    }
    out[k] = '\0';
}

/* Units as they stand in headers, and how they begin and end a name. `*_`: geowatt's own names. */
static const struct {
    const char *pattern, *prefix, *suffix;
    double scale;
} units[] = {
    {"*_gco2_per_kwh", "", "gco2_per_kwh", 1},
    {"*_per_mwh", "", "", 1},
    {"*_l_per_kwh", "", "l_per_kwh", 1},
    {"*_mw", "", "mw", 1},
    {"*_frac", "", "frac", 1},
    {"*kgco2?q/kwh*", "ci_", "gco2_per_kwh", 1000},
    {"*kgco2/kwh*", "ci_", "gco2_per_kwh", 1000},
    {"*kg/kwh*", "ci_", "gco2_per_kwh", 1000},
    {"*kgco2/mwh*", "ci_", "gco2_per_kwh", 1},
    {"*kg/mwh*", "ci_", "gco2_per_kwh", 1},
    {"*lbs/mwh*", "ci_", "gco2_per_kwh", LB_PER_MWH},
    {"*lb/mwh*", "ci_", "gco2_per_kwh", LB_PER_MWH},
    {"*gco2eq/kwh*", "ci_", "gco2_per_kwh", 1},
    {"*gco2/kwh*", "ci_", "gco2_per_kwh", 1},
    {"*g/kwh*", "ci_", "gco2_per_kwh", 1},
    {"*usd/mwh*", "price_", "usd_per_mwh", 1},
    {"*eur/mwh*", "price_", "eur_per_mwh", 1},
    {"*gbp/mwh*", "price_", "gbp_per_mwh", 1},
    {"*l/kwh*", "water_", "l_per_kwh", 1},
    {"*[mw]*", "", "mw", 1},
    {"*(mw)*", "", "mw", 1},
    {"mw", "", "mw", 1},
    {"kw", "", "mw", 0.001},
    {"*(kw)*", "", "mw", 0.001},
};

/* Index into units, their number when there is none in the text. */
static size_t find_unit(const char *text)
{
    size_t i = 0;
    while (i < sizeof units / sizeof units[0] && !gw_trace_format_match(units[i].pattern, text, NULL, NULL)) {
        i++;
    }
    return i;
}

bool gw_trace_format_generic(const char *header, const char *unit, char *out, size_t cap, double *scale)
{
    const size_t n = sizeof units / sizeof units[0];
    size_t u = find_unit(header);
    if (u < n && units[u].pattern[1] == '_') { /* a name in geowatt's own form */
        out[add_word(header, strlen(header), out, 0, cap)] = '\0';
        *scale = 1;
        return true;
    }
    if (u == n && unit != NULL) {
        char folded[64];
        gw_trace_format_fold(unit, strlen(unit), folded, sizeof folded);
        u = find_unit(folded);
    }
    if (u == n) {
        return false;
    }

    /* prefix, header up to the bracket with the unit, suffix */
    char word[256];
    const size_t word_n = add_word(header, strcspn(header, "(["), word, 0, sizeof word);
    const size_t prefix_n = strlen(units[u].prefix);
    const bool prefixed = strncmp(header, units[u].prefix, prefix_n) == 0;
    snprintf(out, cap, "%s%.*s%s%s", prefixed ? "" : units[u].prefix, (int)word_n, word,
             word_n == 0 ? "" : "_", units[u].suffix);
    *scale = units[u].scale;
    return true;
}
