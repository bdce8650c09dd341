/* sim/base/log.h - notes for the person at the terminal. They never reach a result.
 *
 * The library calls the sink it was given; without one it is silent. The command's sink writes to
 * standard error. */
#ifndef GW_SIM_BASE_LOG_H
#define GW_SIM_BASE_LOG_H

#include "sim/base/status.h"

enum gw_log_level { GW_LOG_NOTE, GW_LOG_WARNING };

struct gw_log {
    void (*line)(void *to, enum gw_log_level level, const char *text);
    void *to;
};

/* log may be NULL or have a NULL function: silence. */
void gw_log_line(const struct gw_log *log, enum gw_log_level level, const char *fmt, ...) GW_PRINTF(3, 4);

#endif
