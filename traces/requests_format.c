#include "traces/requests_format.h"

#include <string.h>

enum { MOONCAKE_BLOCK_TOK = 512 };

static const struct gw_requests_rule azure[] = {
    {"timestamp", GW_REQUESTS_TIME, GW_REQUESTS_STAMP},
    {"contexttokens", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"generatedtokens", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {NULL, GW_REQUESTS_IGNORED, GW_REQUESTS_ANY},
};

static const struct gw_requests_rule burstgpt[] = {
    {"timestamp", GW_REQUESTS_TIME, GW_REQUESTS_S},
    {"request tokens", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"response tokens", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {NULL, GW_REQUESTS_IGNORED, GW_REQUESTS_ANY},
};

static const struct gw_requests_rule splitwise[] = {
    {"arrival_timestamp", GW_REQUESTS_TIME, GW_REQUESTS_S},
    {"prompt_size", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"token_size", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {NULL, GW_REQUESTS_IGNORED, GW_REQUESTS_ANY},
};

static const struct gw_requests_rule mooncake[] = {
    {"timestamp", GW_REQUESTS_TIME, GW_REQUESTS_MS},
    {"input_length", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"output_length", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {"hash_ids", GW_REQUESTS_BLOCKS, GW_REQUESTS_ANY},
    {NULL, GW_REQUESTS_IGNORED, GW_REQUESTS_ANY},
};

static const struct gw_requests_rule servegen[] = {
    {"client", GW_REQUESTS_CLIENT, GW_REQUESTS_ANY},
    {"window_start_s", GW_REQUESTS_WINDOW_S, GW_REQUESTS_ANY},
    {"requests_per_s", GW_REQUESTS_RATE, GW_REQUESTS_ANY},
    {"pattern", GW_REQUESTS_PATTERN, GW_REQUESTS_ANY},
    {"shape", GW_REQUESTS_SHAPE, GW_REQUESTS_ANY},
    {NULL, GW_REQUESTS_IGNORED, GW_REQUESTS_ANY},
};

static const struct gw_requests_rule generic[] = {
    {"time_utc", GW_REQUESTS_TIME, GW_REQUESTS_STAMP},
    {"time", GW_REQUESTS_TIME, GW_REQUESTS_ANY},
    {"timestamp", GW_REQUESTS_TIME, GW_REQUESTS_ANY},
    {"arrival_time", GW_REQUESTS_TIME, GW_REQUESTS_ANY},
    {"arrived_at", GW_REQUESTS_TIME, GW_REQUESTS_ANY},
    {"time_s", GW_REQUESTS_TIME, GW_REQUESTS_S},
    {"timestamp_s", GW_REQUESTS_TIME, GW_REQUESTS_S},
    {"time_ms", GW_REQUESTS_TIME, GW_REQUESTS_MS},
    {"timestamp_ms", GW_REQUESTS_TIME, GW_REQUESTS_MS},
    {"time_us", GW_REQUESTS_TIME, GW_REQUESTS_US},
    {"timestamp_us", GW_REQUESTS_TIME, GW_REQUESTS_US},
    {"in_tok", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"input_tokens", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"prompt_tokens", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"input_length", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"num_prefill_tokens", GW_REQUESTS_IN_TOK, GW_REQUESTS_ANY},
    {"out_tok", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {"output_tokens", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {"completion_tokens", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {"output_length", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {"num_decode_tokens", GW_REQUESTS_OUT_TOK, GW_REQUESTS_ANY},
    {"block_ids", GW_REQUESTS_BLOCKS, GW_REQUESTS_ANY},
    {NULL, GW_REQUESTS_IGNORED, GW_REQUESTS_ANY},
};

const struct gw_requests_format gw_requests_format_table[] = {
    {"azure", "Azure LLM inference traces", azure, 0},
    {"burstgpt", "BurstGPT", burstgpt, 0},
    {"splitwise", "Splitwise", splitwise, 0},
    {"mooncake", "Mooncake", mooncake, MOONCAKE_BLOCK_TOK},
    {"servegen", "ServeGen, windows of clients", servegen, 0},
    {"generic", "time and tokens", generic, MOONCAKE_BLOCK_TOK},
    {NULL, NULL, NULL, 0},
};

bool gw_requests_format_is_table(const struct gw_requests_format *self)
{
    return self->rules == servegen;
}

const struct gw_requests_rule *gw_requests_format_rule(const struct gw_requests_format *self,
                                                       const char *name)
{
    for (const struct gw_requests_rule *r = self->rules; r->name != NULL; r++) {
        if (strcmp(r->name, name) == 0) {
            return r;
        }
    }
    return NULL;
}

/* A block list may be absent, everything else a format has a rule for must be there. */
bool gw_requests_format_fits(const struct gw_requests_format *self, const char *const *name, size_t n)
{
    bool wanted[GW_REQUESTS_ROLES] = {false}, found[GW_REQUESTS_ROLES] = {false};
    for (const struct gw_requests_rule *r = self->rules; r->name != NULL; r++) {
        wanted[r->role] = r->role != GW_REQUESTS_BLOCKS || self->rules == mooncake;
        for (size_t i = 0; i < n; i++) {
            found[r->role] = found[r->role] || strcmp(r->name, name[i]) == 0;
        }
    }
    for (int role = 0; role < GW_REQUESTS_ROLES; role++) {
        if (wanted[role] && !found[role]) {
            return false;
        }
    }
    return true;
}

const struct gw_requests_format *gw_requests_format_detect(const char *const *name, size_t n)
{
    for (const struct gw_requests_format *f = gw_requests_format_table; f->name != NULL; f++) {
        if (gw_requests_format_fits(f, name, n)) {
            return f;
        }
    }
    return NULL;
}

const struct gw_requests_format *gw_requests_format_find(const char *format)
{
    for (const struct gw_requests_format *f = gw_requests_format_table; f->name != NULL; f++) {
        if (strcmp(f->name, format) == 0) {
            return f;
        }
    }
    return NULL;
}
