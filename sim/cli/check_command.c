#include "sim/cli/check_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/units.h"
#include "sim/cli/command.h"
#include "sim/cli/figures.h"
#include "sim/cli/locate.h"
#include "sim/cli/terminal.h"
#include "sim/run/accounts.h"
#include "sim/run/compile_training.h"
#include "sim/run/outlook.h"

static const double movable_warning = 0.10, load_warning = 0.85;

static void print_site(const char *name, const struct gw_outlook_site *s, bool peaks)
{
    printf("%-18.18s", name);
    if (peaks) {
        printf(" %7.0f %% %7.0f %%", 100.0 * s->peak_load, 100.0 * s->peak_load_all);
    } else {
        printf(" %9s %9s", "", "");
    }
    printf(" %7.0f %% %8.0f %% %7.0f %% %7.0f %%\n", 100.0 * s->idle_it_frac, 100.0 * s->movable_carbon_frac,
           100.0 * s->movable_water_frac, 100.0 * s->movable_cost_frac);
}

static void print_fleet(const struct gw_scenario *sc)
{
    char duration[GW_CLOCK_TEXT_MAX], start[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(sc->cfg.time.duration_us, duration);
    gw_clock_print(sc->cfg.time.start_unix_us, start);
    printf("%s: %s from %s\n%u sites, %u models, %u demand rows, %u policies, %lld replications\n\n",
           sc->cfg.name, duration, start, (unsigned)sc->n_sites, (unsigned)sc->n_models,
           (unsigned)sc->n_demands, (unsigned)sc->n_variants, (long long)sc->cfg.replications);
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_site *site = &sc->site[s];
        for (uint32_t g = 0; g < site->n_groups; g++) {
            const struct gw_group *group = &site->group[g];
            static const char *const phase[GW_PHASES] = {
                "", [GW_PHASE_PREFILL] = ", prefill", [GW_PHASE_DECODE] = ", decode"};
            printf("%-18.18s %4u replicas of %s%s on %u nodes %s\n", site->name, (unsigned)group->replicas,
                   sc->model_name[group->model], phase[group->phase], (unsigned)group->nodes,
                   group->node->name);
        }
    }
    for (uint32_t m = 0; m < sc->n_models; m++) {
        const struct gw_model *model = &sc->model[m];
        if (model->decode_site != GW_AT_ANY_SITE) {
            printf("%-18.18s keys and values of %s to %s: %.3g Gbit/s, %.0f kB per prompt token, %.1f ms\n",
                   sc->site_name[model->prefill_site], model->name, sc->site_name[model->decode_site],
                   model->kv_gbps, model->kv_bytes_per_tok * 1e-3, gw_ms_from_us((double)model->kv_delay_us));
        }
    }
}

static void print_forecasts(const struct gw_scenario *sc)
{
    const struct gw_forecasts_cfg *cfg = &sc->cfg.forecast;
    const struct {
        const char *of;
        const struct gw_named *method;
    } rows[] = {
        {"carbon", &cfg->signal[GW_FORECAST_CARBON]},
        {"price", &cfg->signal[GW_FORECAST_PRICE]},
        {"water", &cfg->signal[GW_FORECAST_WATER]},
        {"demand", &cfg->demand},
        {"weather", &cfg->weather},
    };
    printf("\nForecasts that policies decide on, where a site or a row has no other:\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[GW_FORECAST_TEXT_MAX];
        gw_forecast_print(rows[i].method, text);
        printf("%-18s %s\n", rows[i].of, text);
    }
}

static void print_warnings(const struct gw_scenario *sc, const struct gw_outlook *outlook)
{
    const struct gw_outlook_site *all = &outlook->all;
    if (sc->n_demands > 0 &&
        (all->movable_carbon_frac < movable_warning || all->movable_water_frac < movable_warning ||
         all->movable_cost_frac < movable_warning)) {
        printf("\nwarning: routing can move less than 10 %% of carbon, water or cost; the rest is drawn by "
               "idle machines\n"
               "whatever is decided. Fewer replicas, sleeping spare nodes or more demand leave more to "
               "decide.\n");
    }
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (outlook->site[s].peak_load > load_warning) {
            printf("\nwarning: %s reaches %.0f %% of its capacity under nearest; queues grow without bound "
                   "near 100 %%.\n",
                   sc->site[s].name, 100.0 * outlook->site[s].peak_load);
        }
        const double limit_kw = sc->site[s].cfg->supply.import_limit_kw;
        if (outlook->site[s].full_kw > limit_kw && sc->site[s].cfg->supply.beyond_limit == GW_SUPPLY_COUNT) {
            printf("\nwarning: %s draws %.0f kW with every node at its limit, more than its import limit of "
                   "%.0f "
                   "kW. What PV, wind\nand battery do not give then is counted as unserved_kwh, and such "
                   "rows are not comparable;\nbeyond_limit: cap has the site slow down instead.\n",
                   sc->site[s].name, outlook->site[s].full_kw, limit_kw);
        }
    }
}

static void print_money_cautions(const struct gw_scenario *sc)
{
    struct gw_text text = {0};
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        gw_accounts_cautions(sc, s, &text);
    }
    if (text.n > 0 && !text.failed) {
        printf("\n%s", text.at);
    }
    gw_text_fini(&text);
}

/* What is wrong with a site's plant, where something is. */
static void print_cautions(const struct gw_scenario *sc)
{
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_plant *plant = sc->site[s].plant;
        if (plant->caution != NULL) {
            printf("\nwarning: %s has the plant \"%s\": %s.\n", sc->site[s].name, plant->name,
                   plant->caution);
        }
    }
}

/* Why a score of water will be missing, where it will. */
static void print_stress_note(const struct gw_scenario *sc)
{
    const char *before =
        "\nnote: water_stressed_l will be missing: the catalogue has no class of water stress for";
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (sc->site[s].stress == GW_STRESS_UNKNOWN) {
            printf("%s %s (%s)", before, sc->site[s].name, sc->site[s].place->name);
            before = ",";
        }
    }
    if (before[0] == ',') {
        printf(".\nWhere you know the basin's, set sites[].water_stress.\n");
    }
}

static void print_routing(const struct gw_scenario *sc, const struct gw_outlook *outlook)
{
    char until[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(outlook->until_us, until);
    const bool whole = outlook->until_us == sc->cfg.time.duration_us;
    printf("\nExpected under the policy nearest%s%s, %.0f requests:\n\n", whole ? "" : " in the first ",
           whole ? "" : until, outlook->requests);
    printf("%-18s %9s %9s %9s %28s\n", "", "peak", "peak if", "idle", "movable by routing");
    printf("%-18s %9s %9s %9s %10s %9s %9s\n", "site", "load", "all here", "of IT", "carbon", "water",
           "cost");
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        print_site(sc->site[s].name, &outlook->site[s], true);
    }
    print_site("all sites", &outlook->all, false);
}

static void print_accelerators(uint32_t n, const char *tier)
{
    if (n == GW_YARD_UNLIMITED) {
        printf(", unlimited %s", tier);
    } else if (n > 0) {
        printf(", %u %s", (unsigned)n, tier);
    }
}

static void print_training(const struct gw_scenario *sc)
{
    printf("\nAbout %.0f training jobs; accelerators for them:\n", gw_compile_training_expected(sc));
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_yard_site *site = &sc->training.site[s];
        if (sc->training.place[s].row != NULL) {
            printf("%-18.18s %u reserved", sc->site_name[s], (unsigned)site->total[GW_TIER_RESERVED]);
            print_accelerators(site->total[GW_TIER_ON_DEMAND], "on demand");
            print_accelerators(site->total[GW_TIER_SPOT], "spot");
            printf("%s\n", sc->training.place[s].spare ? ", and those of nodes without replicas" : "");
        }
    }
}

static void print_outlook(const struct gw_scenario *sc, const struct gw_outlook *outlook)
{
    print_fleet(sc);
    print_forecasts(sc);
    if (sc->training.sources > 0) {
        print_training(sc);
    }
    if (sc->n_demands > 0) {
        print_routing(sc, outlook);
    }
    print_warnings(sc, outlook);
    print_cautions(sc);
    print_money_cautions(sc);
    print_stress_note(sc);
}

static void json_site(const char *name, const struct gw_outlook_site *s, struct gw_text *out)
{
    const struct {
        const char *key;
        double value;
    } rows[] = {
        {"peak_load", s->peak_load},
        {"peak_load_all", s->peak_load_all},
        {"idle_it_frac", s->idle_it_frac},
        {"movable_carbon_frac", s->movable_carbon_frac},
        {"movable_water_frac", s->movable_water_frac},
        {"movable_cost_frac", s->movable_cost_frac},
        {"it_kwh", s->it_kwh},
        {"carbon_kgco2", s->carbon_kg},
        {"water_l", s->water_l},
        {"cost_usd", s->cost_usd},
    };
    gw_text_add(out, "    {\"site\": ");
    gw_text_add_json(out, name);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        gw_text_addf(out, ", \"%s\": ", rows[i].key);
        gw_text_add_number(out, rows[i].value);
    }
    gw_text_add(out, "}");
}

static void json_outlook(const struct gw_scenario *sc, const struct gw_outlook *outlook)
{
    struct gw_text out = {0};
    gw_text_add(&out, "{\n  \"scenario\": ");
    gw_text_add_json(&out, sc->cfg.name);
    gw_text_add(&out, ",\n  \"requests\": ");
    gw_text_add_number(&out, outlook->requests);
    gw_text_add(&out, ",\n  \"sites\": [\n");
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        json_site(sc->site[s].name, &outlook->site[s], &out);
        gw_text_add(&out, s + 1 < sc->n_sites ? ",\n" : "\n");
    }
    gw_text_add(&out, "  ]\n}\n");
    if (!out.failed) {
        fputs(out.at, stdout);
    }
    gw_text_fini(&out);
}

int gw_check_command(const struct gw_arguments *arguments)
{
    const char **set = gw_command_values(arguments, "--set", false);
    char *path = gw_locate_scenario(arguments->operand[0]);
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (set != NULL && path != NULL) {
        const struct gw_scenario_options options = {.set = set};
        if (gw_scenario_load(path, &options, &sc, &errs) != GW_OK) {
            status = gw_terminal_errors(&errs);
        } else {
            struct gw_arena arena = {0};
            struct gw_outlook outlook;
            status = gw_figures_check(&sc);
            if (status == 0 && !gw_outlook_make(&sc, &outlook, &arena)) {
                fprintf(stderr, "geowatt: out of memory\n");
                status = gw_status_exit(GW_ERR_NOMEM);
            } else if (status == 0) {
                if (gw_command_value(arguments, "--json") != NULL) {
                    json_outlook(&sc, &outlook);
                } else if (gw_command_value(arguments, "--quiet") == NULL) {
                    print_outlook(&sc, &outlook);
                }
            }
            gw_arena_fini(&arena);
            gw_scenario_fini(&sc);
        }
    }
    free(set);
    free(path);
    return status;
}
