#include "sim/cli/score_json.h"

#include <math.h>

#include "sim/run/transfers.h"

static void add_run(const struct gw_scenario *sc, const struct gw_run_result *run, struct gw_text *out)
{
    gw_text_add(out, "    {\"policy\": ");
    gw_text_add_json(out, sc->variant_name[run->policy]);
    gw_text_addf(out, ", \"replication\": %u, \"status\": ", (unsigned)run->replication);
    gw_text_add_json(out, run->error.status == GW_OK ? "ok" : run->error.why);
    gw_text_add(out, ", \"scores\": {");
    for (size_t i = 0; i < GW_SCORE_COUNT && run->error.status == GW_OK; i++) {
        gw_text_addf(out, "%s\"%s\": ", i > 0 ? ", " : "", gw_score_doc((enum gw_score)i).name);
        if (isfinite(run->score[i])) {
            gw_text_add_number(out, run->score[i]);
        } else {
            gw_text_add(out, "null");
        }
    }
    gw_text_add(out, "}}");
}

static void add_transfers(const struct gw_scenario *sc, struct gw_text *out)
{
    struct gw_transfer list[GW_TRANSFERS_MAX];
    const uint32_t n = gw_transfers_find(sc, list);
    gw_text_add(out, ",\n  \"transferred\": [");
    for (uint32_t i = 0; i < n; i++) {
        gw_text_add(out, i > 0 ? ", {\"engine\": " : "{\"engine\": ");
        gw_text_add_json(out, list[i].engine->name);
        gw_text_add(out, ", \"accelerator\": ");
        gw_text_add_json(out, list[i].accelerator->name);
        gw_text_add(out, "}");
    }
    gw_text_add(out, "]");
}

void gw_score_json_print(const struct gw_scenario *sc, const struct gw_result *result, struct gw_text *out)
{
    gw_text_add(out, "{\n  \"scenario\": ");
    gw_text_add_json(out, sc->cfg.name);
    gw_text_addf(out, ",\n  \"seed\": %lld,\n  \"baseline\": ", (long long)sc->cfg.seed);
    gw_text_add_json(out, sc->variant_name[sc->baseline]);
    add_transfers(sc, out);
    gw_text_add(out, ",\n  \"runs\": [\n");
    const size_t n = (size_t)result->policies * result->replications;
    for (size_t i = 0; i < n; i++) {
        add_run(sc, &result->run[i], out);
        gw_text_add(out, i + 1 < n ? ",\n" : "\n");
    }
    gw_text_add(out, "  ]\n}\n");
}
