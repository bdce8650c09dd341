/* sim/run/exec_policy.h - policies that are programs of their own: `exec: [python3, my_policy.py]`.
 *
 * A program is started at the first episode of a run and ended with it; in between it is asked for each plan
 * with one line of JSON and answers with one. A run may have training episodes before the scored one: whole
 * runs of the scenario, of other draws, whose results are thrown away while the program lives on. What does
 * not answer in time, or not in JSON, or with a plan that is none, fails the run: nothing is put in its
 * place. docs/policies/exec.md. */
#ifndef GW_SIM_RUN_EXEC_POLICY_H
#define GW_SIM_RUN_EXEC_POLICY_H

#include "sim/run/child.h"
#include "sim/run/exec_message.h"
#include "sim/run/scenario.h"

/* The configuration behind gw_policy_exec. Two that are equal byte for byte are one program. */
enum { GW_EXEC_WORDS = 64, GW_EXEC_COMMAND_BYTES = 4000 };
struct gw_exec_command {
    char text[GW_EXEC_COMMAND_BYTES]; /* the words, each ended by NUL */
    uint32_t words;
    int64_t timeout_us, episodes;
};

/* A policy to be filled in by whoever has a program for it: its functions take a struct gw_exec_program. */
extern const struct gw_policy_ops gw_policy_exec;

/* The choice that `cfg` asks for. Words that name a file beside `scenario_path` get its folder. */
GW_MUST_USE enum gw_status gw_exec_policy_open(const struct gw_exec_cfg *cfg, const char *scenario_path,
                                               struct gw_policy_choice *out, struct gw_arena *arena,
                                               struct gw_error *err);

/* Training episodes before a run of this variant. */
int64_t gw_exec_policy_episodes(const struct gw_variant *variant);

/* The replication whose draws a training episode (from 1) has: none that is ever scored. */
uint32_t gw_exec_policy_replication(uint32_t replication, int64_t episode, int64_t episodes);

struct gw_exec_program {
    const struct gw_exec_command *command; /* NULL: none here */
    struct gw_child child;
    struct gw_exec_subject subject;
    struct gw_exec_told told;
    bool listens; /* it was told that the episode is over */
};

/* The programs of one run and of the episodes before it. */
struct gw_exec_programs {
    struct gw_exec_program program[GW_SLOTS_COUNT];
    int64_t episode, episodes; /* 0: the scored one */
    const _Atomic int *stop;
};

/* The program of decider `index`: started, or told of a further episode. */
GW_MUST_USE enum gw_status gw_exec_policy_begin(struct gw_exec_programs *self, uint32_t index,
                                                const struct gw_exec_command *command,
                                                const struct gw_exec_subject *subject,
                                                struct gw_exec_program **out, struct gw_error *err);

/* The episode is over: each hears what its last epoch came to. */
void gw_exec_policy_done(struct gw_exec_programs *self, const struct gw_view *view);

/* Ends them. Who heard that the run is over has its timeout to come to an end by itself. */
void gw_exec_policy_close(struct gw_exec_programs *self);

#endif
