/* models/workload/sessions.h - users who come back: conversations and agents of several turns.
 *
 *   sessions: single                                    every request is alone
 *   sessions: { kind: chat, turns: 2.35, think: 60 s }  a user reads the answer and asks again
 *   sessions: { kind: agent, turns: 12, think: 1.5 s }  a program calls a tool and goes on: bursts
 *
 * The row's arrivals begin sessions, at rate / turns. A session has a geometric number of turns; the next one
 * is sent `think` (lognormal) after the answer to the former, at the earliest at the next window edge. Its
 * prompt is the whole conversation so far plus a new text with the row's prompt law, and it says so: `prefix`
 * names the session, so that a replica that holds its keys and values need not compute them again. A session
 * ends when the next prompt and answer would not fit into `context`, when a request is refused, and with the
 * run.
 *
 * Nothing is remembered of a session between turns: number of turns, think times and lengths are functions of
 * (row, client, session, turn), and the answered request itself tells how long the conversation is. */
#ifndef GW_MODELS_WORKLOAD_SESSIONS_H
#define GW_MODELS_WORKLOAD_SESSIONS_H

#include "models/workload/arrivals.h"

/* turns 0: single requests. */
struct gw_sessions {
    double turns; /* mean */
    double think_s, think_sigma;
    uint32_t context_tok;
};

extern const struct gw_type gw_sessions_type; /* NAMED; key `kind` */

struct gw_sessions gw_sessions_of(const struct gw_named *cfg);

/* Mean and mean square of the prompts of all turns, from those of a turn's own text and of its answer; the
 * limit of the context is not seen. */
void gw_sessions_prompt(const struct gw_sessions *self, const struct gw_length *prompt,
                        const struct gw_length *output, double *mean, double *mean_sq);

/* What a law of sessions is made of; it must outlive the law. */
struct gw_sessions_cfg {
    struct gw_sessions sessions;
    struct gw_arrivals_cfg starts; /* its rate is that of all requests */
    struct gw_request_law law;     /* filled by gw_sessions_law */
};
struct gw_request_law gw_sessions_law(struct gw_sessions_cfg *cfg);

/* Number of turns of a session, from the key of its first request. */
uint32_t gw_sessions_turns(const struct gw_sessions *self, uint64_t first_request_key);

/* A number is that of the session's first request and its turn. */
enum { GW_SESSIONS_TURN_SHIFT = 36, GW_SESSIONS_TURNS_MAX = 4095 };

#endif
