#include "sim/run/spill.h"

#include <stdlib.h>

#include "sim/base/array.h"

bool gw_spill_wanted(const struct gw_scenario *sc)
{
    for (uint32_t m = 0; m < sc->n_models; m++) {
        if (sc->model[m].cfg->on_overload == GW_OVERLOAD_SPILL) {
            return true;
        }
    }
    return false;
}

bool gw_spill_init(struct gw_spill *self, const struct gw_scenario *sc, struct gw_arena *arena)
{
    *self = (struct gw_spill){.sc = sc};
    self->noted = gw_arena_array(arena, sc->n_sites, sizeof *self->noted);
    return self->noted != NULL;
}

void gw_spill_fini(struct gw_spill *self)
{
    for (uint32_t s = 0; self->noted != NULL && s < self->sc->n_sites; s++) {
        free(self->noted[s].at);
    }
    free(self->under_way.at);
}

static void append(struct gw_spill_list *list, const struct gw_spilled *spilled)
{
    void *at = list->at;
    if (!gw_array_reserve(&at, &list->cap, list->n + 1, sizeof *list->at)) {
        list->failed = true;
        return;
    }
    list->at = at;
    list->at[list->n++] = *spilled;
}

void gw_spill_add(struct gw_spill *self, uint32_t from, const struct gw_serve_request *request,
                  gw_time_us at_us)
{
    const struct gw_spilled spilled = {
        .request = *request,
        .from = from,
        .to = from,
        .sent_us = request->arrival_us - self->sc->demand[request->class].rtt_us[from] / 2,
        .due_us = at_us,
    };
    append(&self->noted[from], &spilled);
}

/* Where to, of all but where it is. */
static void choose(const struct gw_spill *self, const struct gw_station *station, struct gw_spilled *spilled)
{
    const struct gw_scenario *sc = self->sc;
    const struct gw_demand *demand = &sc->demand[spilled->request.class];
    gw_time_us best_us = GW_NEVER_US;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (s != spilled->from && demand->allowed[s] && demand->rtt_us[s] < best_us &&
            !gw_fleet_wait_overloaded(station[s].fleet, demand->model)) {
            best_us = demand->rtt_us[s];
            spilled->to = s;
        }
    }
    if (spilled->to != spilled->from) {
        const gw_time_us there_us =
            spilled->due_us +
            gw_network_rtt_us(&sc->cfg.network, sc->site[spilled->from].place, sc->site[spilled->to].place);
        const gw_time_us direct_us = spilled->sent_us + demand->rtt_us[spilled->to] / 2;
        spilled->due_us = there_us > direct_us ? there_us : direct_us;
    }
}

/* As if its user had sent it there at once: so its times are those its user sees. */
static bool hand_over(const struct gw_spill *self, const struct gw_spilled *spilled,
                      const struct gw_station *station, struct gw_tally *tally)
{
    struct gw_serve_request request = spilled->request;
    const uint32_t d = request.class;
    request.arrival_us = spilled->sent_us + self->sc->demand[d].rtt_us[spilled->to] / 2;
    if (spilled->to != spilled->from) {
        gw_tally_passed_on(&tally[spilled->from], &tally[spilled->to], d, spilled->sent_us);
    }
    return gw_fleet_hand(station[spilled->to].fleet, self->sc->n_demands + d, &request);
}

bool gw_spill_settle(struct gw_spill *self, gw_time_us now_us, const struct gw_station *station,
                     struct gw_tally *tally)
{
    struct gw_spill_list *under_way = &self->under_way;
    bool good = true;
    for (uint32_t s = 0; s < self->sc->n_sites; s++) {
        for (size_t i = 0; i < self->noted[s].n; i++) {
            choose(self, station, &self->noted[s].at[i]);
            append(under_way, &self->noted[s].at[i]);
        }
        self->noted[s].n = 0;
        good = good && !self->noted[s].failed;
    }
    size_t kept = 0;
    for (size_t i = 0; i < under_way->n && good; i++) {
        if (under_way->at[i].due_us > now_us) {
            under_way->at[kept++] = under_way->at[i];
        } else {
            good = hand_over(self, &under_way->at[i], station, tally);
        }
    }
    under_way->n = kept;
    return good && !under_way->failed;
}
