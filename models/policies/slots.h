/* models/policies/slots.h - what there is to decide, one slot each; a variant fills some of them. */
#ifndef GW_MODELS_POLICIES_SLOTS_H
#define GW_MODELS_POLICIES_SLOTS_H

#include "models/policies/policy.h"

/* X(id, key, doc), in the order in which they plan: who comes later may count on what came before. */
#define GW_SLOTS(X)                                                                                          \
    X(REPLICAS, replicas, "How many replicas of each model stand at a site")                                 \
    X(TRAINING, training, "When and where training jobs run")                                                \
    X(FEDERATION, federation, "Which clients train in a round of a federated job")                           \
    X(POWER, power, "How much power accelerators may draw")                                                  \
    X(BATTERY, battery, "When batteries charge and discharge")                                               \
    X(DIRECTIVES, directives, "How long answers may be")                                                     \
    X(ROUTING, routing, "Which site serves a request")

#define GW_SLOTS_ENUM(id, key, doc) GW_SLOTS_##id,
enum gw_slots_index { GW_SLOTS(GW_SLOTS_ENUM) GW_SLOTS_COUNT };
#undef GW_SLOTS_ENUM

struct gw_slots_doc {
    uint32_t slot; /* enum gw_slot */
    const char *key, *doc;
};
extern const struct gw_slots_doc gw_slots_docs[GW_SLOTS_COUNT];

#endif
