/* models/federation/federation_private.h - what the files of the engine share. */
#ifndef GW_MODELS_FEDERATION_FEDERATION_PRIVATE_H
#define GW_MODELS_FEDERATION_FEDERATION_PRIVATE_H

#include "models/federation/federation.h"
#include "sim/base/arena.h"

enum gw_fed_phase { FED_OFF, FED_STARTING, FED_READY, FED_DOWN, FED_TRAIN, FED_UP, FED_DONE };

struct gw_fed_member {
    enum gw_fed_phase phase;
    bool in_round, sends;         /* sends: to the aggregator, and is sent the state from there */
    gw_time_us since_us, due_us;  /* settled until; end of the phase */
    double steps, goal, fails_at; /* of this round; INFINITY: does not fail */
    double speed;                 /* steps/s now */
    double power_kw;              /* IT, now */
    double grid_frac;             /* of its power, now */
    double down_s, up_s;          /* what is seen of them in this round */
    double trained_s;             /* in this round, for the utilisation */
    gw_time_us began_us;
    uint64_t version;
};

enum gw_fed_stage { FED_WAITING, FED_RUNNING, FED_CLOSING };

struct gw_federation {
    struct gw_federation_cfg cfg;
    uint32_t clients;
    const struct gw_fed_client *client;
    const struct gw_fed_links *links;
    struct gw_fed_selector selector;
    struct gw_arena arena;
    gw_time_us now_us;

    struct gw_fed_member *member;
    struct gw_fed_now *now;
    struct gw_fed_books *books;

    /* power domains: members of domain d are order[first[d]] to order[first[d + 1]] */
    uint32_t *order, *first;
    uint8_t *stale; /* [domain] its power is to be set anew */
    bool any_stale;
    double *most_kw, *weight, *give_kw; /* [clients] scratch */

    /* the round */
    enum gw_fed_stage stage;
    gw_time_us stage_due_us; /* deadline while running, end while closing */
    gw_time_us began_us;
    uint32_t asked, out, done, failed; /* began with; still at work; copies in; dropped */
    double egress_gbps;                /* of the aggregator's site in all */
    uint8_t *chosen, *blocked, *may, *in;
    bool ask; /* the policy, before anything else */

    /* what the policy is shown */
    struct gw_fed_outlook outlook;
    double *facility_kw, *renewable, *buffer, *steps_per_s, *tok_per_step, *sync_s, *rtt_ms, *utility;
    double *carbon;
    uint32_t *domain, *joined;
    uint64_t *key;

    struct gw_fed_state state;
    double ratio_tokens, round_total_s, busy_s, span_s;
    uint64_t version, draws;
};

/* ---- federation_power.c ---- */

/* Books what client c drew since it was last settled. */
void gw_federation_power_settle(struct gw_federation *self, uint32_t c);
/* Its phase or what holds there has changed: its domain's power is set before time goes on. */
void gw_federation_power_touch(struct gw_federation *self, uint32_t c);
/* Sets power, speed and ends of training of all domains that were touched. */
void gw_federation_power_set(struct gw_federation *self);
void gw_federation_power_send(struct gw_federation *self, uint32_t from, uint32_t to, double bytes);

/* ---- federation_round.c ---- */

void gw_federation_round_enter(struct gw_federation *self, uint32_t c, enum gw_fed_phase phase,
                               gw_time_us due_us);
/* When it can; false: it could not. */
bool gw_federation_round_begin(struct gw_federation *self);
void gw_federation_round_client_due(struct gw_federation *self, uint32_t c);
void gw_federation_round_stage_due(struct gw_federation *self);
void gw_federation_round_leave(struct gw_federation *self, uint32_t c);
void gw_federation_round_aggregator(struct gw_federation *self, uint32_t site);
/* A round's transfers of one client, one after the other, and the adding up. */
double gw_federation_round_sync_s(const struct gw_federation *self, uint32_t c);

static inline bool gw_federation_is_async(const struct gw_federation *self)
{
    return self->cfg.straggler == GW_FED_ASYNC;
}

#endif
