#include "sim/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void gw_log_line(const struct gw_log *log, enum gw_log_level level, const char *fmt, ...)
{
    if (log == NULL || log->line == NULL) {
        return;
    }
    char text[1024];
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n >= 0) {
        log->line(log->to, level, text);
    }
}
