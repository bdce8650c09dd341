/* Rule 11: sequences whose steps emit several tokens, as many as are drawn. No closed form holds over such
 * steps: each is a regime of its own and costs a loop over the batch. When a sequence finishes is still known
 * when it starts, as its draws do not depend on anything else. */
#include "models/serving/replica_private.h"

static uint32_t emit(const struct gw_replica *self, uint32_t i, uint32_t emitted)
{
    const struct gw_replica_slot *s = &self->slot[i];
    return gw_drafts_emit(&self->cfg->drafts, s->lane_number, emitted, s->out_tok - emitted);
}

uint32_t gw_replica_draft_start(struct gw_replica *self, uint32_t i, uint32_t emitted)
{
    self->more[i].out = emitted;
    uint32_t steps = 0;
    for (uint32_t tok = emitted; tok < self->slot[i].out_tok; steps++) {
        tok += emit(self, i, tok);
    }
    return steps;
}

int64_t gw_replica_draft_need(const struct gw_replica *self)
{
    int64_t need = 0;
    for (uint32_t n = 0; n < self->finish.n; n++) {
        const uint32_t i = gw_finish_heap_slot(self->finish.key[n]);
        const uint32_t context = self->slot[i].in_tok + self->more[i].out;
        need += gw_replica_step_blocks(self, i, context) - gw_replica_blocks(self, context - 1);
    }
    return need;
}

void gw_replica_draft_advance(struct gw_replica *self)
{
    const int64_t window = self->cfg->time.window;
    struct gw_step_load *load = &self->load;
    for (uint32_t n = 0; n < self->finish.n; n++) {
        const uint32_t i = gw_finish_heap_slot(self->finish.key[n]);
        const uint32_t before = self->slot[i].in_tok + self->more[i].out;
        const uint32_t out = emit(self, i, self->more[i].out);
        const uint32_t context = before + out;

        self->more[i].out += out;
        self->since.out_tok += out;
        self->free_blocks += gw_replica_step_blocks(self, i, before) - gw_replica_blocks(self, context - 1);
        load->context += out;
        if (before < window) {
            load->window += (context < window ? context : window) - before;
            load->growing -= context >= window;
        }
    }
    self->step++;
}
