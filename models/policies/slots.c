#include "models/policies/slots.h"

const struct gw_slots_doc gw_slots_docs[GW_SLOTS_COUNT] = {
#define ROW(id, key, doc) {GW_SLOT_##id, #key, doc},
    GW_SLOTS(ROW)
#undef ROW
};
