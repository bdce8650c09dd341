/* models/policies/view.h - the tables a policy sees, by name; the one list of them.
 *
 * The run allocates them once and rewrites their values in place: state, forecasts and factors at each epoch,
 * counters at each window. [h] runs over the horizon, h = 0 is the coming epoch. */
#ifndef GW_MODELS_POLICIES_VIEW_H
#define GW_MODELS_POLICIES_VIEW_H

#include <stdbool.h>

#include "models/policies/policy.h"
#include "sim/base/arena.h"

/* X(id, name, unit, axes, doc). Axes: o origin, d demand, m model, s site, h horizon, u utilisation,
 * l level of a directive, c power cap, g objective, p row of a tariff with a charge on peaks. */
#define GW_VIEW_TABLES(X)                                                                                    \
    X(DEMAND_RATE, "demand.rate", "1/s", "dh", "Forecast mean arrival rate")                                 \
    X(DEMAND_HELD, "demand.held", "1", "d",                                                                  \
      "Requests of a batch row that wait to be let go, as many as are expected of that time")                \
    X(DEMAND_IN_TOK, "demand.in_tok", "tok", "d", "Mean prompt length")                                      \
    X(DEMAND_OUT_TOK, "demand.out_tok", "tok", "d", "Mean output length under the directives in force")      \
    X(DEMAND_MODEL, "demand.model", "1", "d", "Index of the model it asks for")                              \
    X(DEMAND_ORIGIN, "demand.origin", "1", "d", "Index of the place it comes from")                          \
    X(DEMAND_SLO_TTFT, "demand.slo_ttft", "ms", "d", "Limit on the time to first token; infinite when none") \
    X(DEMAND_PATIENCE, "demand.patience", "s", "d",                                                          \
      "How long a request of a batch row may be held back; 0 where somebody waits for the answer")           \
    X(DEMAND_ALLOWED, "demand.allowed", "1", "ds",                                                           \
      "1 where the row may be served: replicas of its model stood there at the beginning, no outage is "     \
      "known")                                                                                               \
    X(DIRECTIVES_OUTPUT, "directives.output", "1", "dl",                                                     \
      "Output tokens at a level over those of the first; 0 where the row has no such level")                 \
    X(DIRECTIVES_QUALITY, "directives.quality", "1", "dl",                                                   \
      "How often answers of a level are preferred, over those of the first; 0 where there is none")          \
    X(DIRECTIVES_KWH, "directives.request_kwh", "kWh", "dls",                                                \
      "IT energy one more mean request adds that is answered at this level, at this load")                   \
    X(NETWORK_RTT, "network.rtt", "ms", "os", "Round trip between origin and site")                          \
    X(NETWORK_TRANSFER, "network.transfer", "USD", "ds", "Price of carrying a mean answer from the site")    \
    X(SITE_CARBON, "site.carbon", "gCO2/kWh", "sh", "Carbon intensity by the policy's signal, forecast")     \
    X(SITE_PRICE, "site.price", "USD/kWh", "sh", "Electricity price, forecast")                              \
    X(SITE_WATER, "site.water", "L/kWh", "sh", "Water consumed off site per grid kWh, forecast")             \
    X(SITE_MARGINAL, "site.marginal", "kW/kW", "sh", "Facility power per further IT power")                  \
    X(SITE_WATER_ONSITE, "site.water_onsite", "L/kWh", "sh", "Water consumed on site per further IT kWh")    \
    X(SITE_STRESS, "site.stress", "1", "s",                                                                  \
      "Weight of a litre by how short of water the site's basin is, 1 + stress; 1 where that is unknown")    \
    X(SITE_FIXED_IT, "site.fixed_it", "kW", "s",                                                             \
      "IT power whatever is routed: idle replicas, hosts, spare nodes")                                      \
    X(SITE_FIXED_FACILITY, "site.fixed_facility", "kW", "sh",                                                \
      "Facility power at no routed load, fixed IT included")                                                 \
    X(SITE_ONSITE, "site.onsite", "kW", "sh",                                                                \
      "Power of the site's own PV and wind, forecast: it is used before anything is bought")                 \
    X(SITE_IMPORT_LIMIT, "site.import_limit", "kW", "s",                                                     \
      "Most power the site may draw from the grid; infinite when it has no limit")                           \
    X(SITE_PEAK, "site.peak", "kW", "sp",                                                                    \
      "Power the month is billed for already, by rows of the tariff that count in the coming epoch")         \
    X(SITE_PEAK_PRICE, "site.peak_price", "USD/kW", "sp",                                                    \
      "What each kW beyond that adds to the bill, for the part of the month that is scored; 0: no such row") \
    X(SITE_UP, "site.up", "1", "s", "0 while the site or its network is out")                                \
    X(SERVING_REQUEST_KWH, "serving.request_kwh", "kWh", "ds",                                               \
      "IT energy one more mean request adds, at this load")                                                  \
    X(SERVING_CAPACITY, "serving.capacity", "1/s", "ds",                                                     \
      "Requests per second at which what stands or starts there, at least a replica, saturates, alone")      \
    X(SERVING_TTFT, "serving.ttft", "ms", "ds",                                                              \
      "Engine's time to first token at a light load, API included")                                          \
    X(SERVING_POWER, "serving.power", "kW", "msu",                                                           \
      "IT power of the model above its idle, by utilisation in equal parts from 0 to 1")                     \
    X(SERVING_REPLICAS, "serving.replicas", "1", "ms", "Replicas standing or starting")                      \
    X(SERVING_REPLICAS_MAX, "serving.replicas_max", "1", "ms", "Replicas for which the site has nodes")      \
    X(SERVING_REPLICA_CAPACITY, "serving.replica_capacity", "1/s", "ds",                                     \
      "Requests per second at which one replica saturates")                                                  \
    X(SERVING_START, "serving.start", "s", "ms",                                                             \
      "From an order to a standing replica on a spare node: wake, load, engine start")                       \
    X(POWER_CAP_CAPACITY, "power.cap_capacity", "1/s", "msc",                                                \
      "Requests per second at which a replica saturates under a cap of 40 %, 45 %, ... 100 % of the limit; " \
      "0 where none may stand, and where no policy sets caps")                                               \
    X(POWER_CAP_KW, "power.cap_kw", "kW", "msc", "IT power of a saturated replica under that cap")           \
    X(BATTERY_ENERGY, "battery.energy", "kWh", "s", "What the site's battery may hold above its reserve")    \
    X(BATTERY_POWER, "battery.power", "kW", "s", "Most it takes or gives at its terminals")                  \
    X(BATTERY_IN, "battery.charge_efficiency", "1", "s", "Energy stored over energy taken")                  \
    X(BATTERY_OUT, "battery.discharge_efficiency", "1", "s",                                                 \
      "Energy given over energy taken from the cells")                                                       \
    X(BATTERY_STORED, "battery.stored", "kWh", "s", "Energy in its cells above the reserve")                 \
    X(BATTERY_TAKE, "battery.take", "kW", "s",                                                               \
      "Most it can take over the whole coming epoch, by its room, its power and the order in force")         \
    X(BATTERY_GIVE, "battery.give", "kW", "s", "Most it can give over the whole coming epoch")               \
    X(BATTERY_LOW, "battery.low", "kW", "s", "It charges while load less own plants is below; -1e9: never")  \
    X(BATTERY_HIGH, "battery.high", "kW", "s",                                                               \
      "It serves while load less own plants is above; 1e9: only at the import limit")                        \
    X(STATE_LOAD, "state.load", "kW", "s",                                                                   \
      "Facility power in the last step where there is a battery; infinite before the first")                 \
    X(STATE_RATE, "state.rate", "1/s", "ds",                                                                 \
      "Requests per second sent there since the epoch began, or in the last one")                            \
    X(STATE_IN_FLIGHT, "state.in_flight", "1", "ms",                                                         \
      "Requests at the site, plus those sent since the window began")                                        \
    X(STATE_UTILISATION, "state.utilisation", "1", "ms", "Arrival rate of the last epoch over capacity")     \
    X(STATE_OBJECTIVE, "state.objective", "1", "g",                                                          \
      "What the last epoch came to: kgCO2, L, USD, ms of mean time to first token, kWh; NaN before the "     \
      "first scored one has ended")

enum { GW_VIEW_LOADS = 21 }; /* length of axis u: 0, 5 %, ... 100 % */
enum { GW_VIEW_PEAKS = 4 };  /* length of axis p: the first rows that count */
enum { GW_VIEW_CAPS = 13 };  /* length of axis c: 40 %, 45 %, ... 100 % */

#define GW_VIEW_ENUM(id, name, unit, axes, doc) GW_VIEW_##id,
enum gw_view_id { GW_VIEW_TABLES(GW_VIEW_ENUM) GW_VIEW_COUNT };
#undef GW_VIEW_ENUM

struct gw_view_names {
    const char *const *origin, *const *demand, *const *model, *const *site;
};

/* The engine's side of a view; `public` is what policies get. */
struct gw_view_store {
    struct gw_view public;
    struct gw_dims dims;
    struct gw_table table[GW_VIEW_COUNT];
    double *value[GW_VIEW_COUNT]; /* the same memory, writable */
    struct gw_view_names names;
};

/* Allocates every table, zeroed, in the arena; false when memory is out. `dims` and `names` are kept by copy.
 */
bool gw_view_init(struct gw_view_store *self, const struct gw_dims *dims, const struct gw_view_names *names,
                  struct gw_arena *arena);

/* How long an axis is, by its letter. */
uint32_t gw_view_axis_length(const struct gw_dims *dims, char axis);

/* For the generated page: name, unit, axes and sentence of table i. */
struct gw_view_doc {
    const char *name, *unit, *axes, *doc;
};
struct gw_view_doc gw_view_doc(enum gw_view_id id);

#endif
