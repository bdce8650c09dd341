/* traces/clients.h - requests drawn from a table of clients and windows, as ServeGen describes its traffic.
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
#ifndef GW_TRACES_CLIENTS_H
#define GW_TRACES_CLIENTS_H

#include <stdbool.h>

#include "sim/base/status.h"
#include "sim/core/clock.h"

enum gw_clients_law { GW_CLIENTS_EXPONENTIAL, GW_CLIENTS_GAMMA, GW_CLIENTS_WEIBULL };

struct gw_clients_window {
    uint64_t client;
    double start_s, rate_per_s, shape;
    enum gw_clients_law law;
    uint64_t line;
};

struct gw_clients;

/* NULL when memory is out. */
struct gw_clients *gw_clients_create(uint64_t seed);
void gw_clients_destroy(struct gw_clients *self);

GW_MUST_USE bool gw_clients_add(struct gw_clients *self, const struct gw_clients_window *window);

/* All windows are there. The length of a window is the least distance of two starts of one client.
 * GW_ERR_RANGE with the line of a window that begins before its client's last one ended, GW_ERR_SYNTAX when
 * no client has two windows. */
GW_MUST_USE enum gw_status gw_clients_begin(struct gw_clients *self, const char *name, struct gw_error *err);

/* The next request of any client, in microseconds since the table's 0; false at the end. */
bool gw_clients_next(struct gw_clients *self, gw_time_us *t_us, uint64_t *client);

#endif
