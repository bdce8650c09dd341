/* traces/client_table.h - requests drawn from a table of clients and windows, as ServeGen describes its
 * traffic.
 *
 *   client,window_start_s,requests_per_s,iat_cv,pattern,shape,scale_s
 *   0,600,1.33167,8.5984,Weibull,0.37535,0.396768
 *
 * Each client is a renewal process of its own: distances between its requests follow the window's law (Gamma,
 * Weibull or Exponential, with its shape) with the mean 1 / requests_per_s. Time runs as fast as the rate: a
 * distance begun in one window is used up in the next at that one's rate, and windows that are not in the
 * table have none, so that the expected number of requests is exactly rate times length. Before the first
 * request lies a whole process already: its distance is drawn from the law of what remains.
 *
 * The table is in memory, in any order; the requests are not. Every client has its own random stream, keyed
 * by the seed and the client's number. */
#ifndef GW_TRACES_CLIENT_TABLE_H
#define GW_TRACES_CLIENT_TABLE_H

#include <stdbool.h>

#include "sim/base/status.h"
#include "sim/core/clock.h"

enum gw_client_table_law { GW_CLIENT_TABLE_EXPONENTIAL, GW_CLIENT_TABLE_GAMMA, GW_CLIENT_TABLE_WEIBULL };

struct gw_client_table_window {
    uint64_t client;
    double start_s, rate_per_s, shape;
    enum gw_client_table_law law;
    uint64_t line;
};

struct gw_client_table;

/* NULL when memory is out. */
struct gw_client_table *gw_client_table_create(uint64_t seed);
void gw_client_table_destroy(struct gw_client_table *self);

GW_MUST_USE bool gw_client_table_add(struct gw_client_table *self,
                                     const struct gw_client_table_window *window);

/* All windows are there. The length of a window is the least distance of two starts of one client.
 * GW_ERR_RANGE with the line of a window that begins before its client's last one ended, GW_ERR_SYNTAX when
 * no client has two windows. */
GW_MUST_USE enum gw_status gw_client_table_begin(struct gw_client_table *self, const char *name,
                                                 struct gw_error *err);

/* The next request of any client, in microseconds since the table's 0; false at the end. */
bool gw_client_table_next(struct gw_client_table *self, gw_time_us *t_us, uint64_t *client);

#endif
