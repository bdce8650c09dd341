#include "sim/validate/validators.h"

const struct gw_validator gw_validators[] = {
    {"cooling", "Plants against what a study and operators publish of PUE and WUE", gw_validate_cooling},
    {"grid", "Carbon, prices and neighbours of generated grids against published series", gw_validate_grid},
    {"weather", "Generated years against measured ones: wet bulbs, PUE, tower water", gw_validate_weather},
    {"flow", "Flow mode against the exact mode over a grid of loads", gw_validate_flow},
    {"network", "Round trips between places against measured ones", gw_validate_network},
    {"workload", "Lengths, bursts and clients against published traces", gw_validate_workload},
    {"power", "Watts, power caps and energy per token against measurements", gw_validate_power},
    {"serving", "Times of engine steps, prompts, whole runs and the KV cache against measurements",
     gw_validate_serving},
    {"training", "Hours, failures, checkpoints, watts and power caps of published trainings",
     gw_validate_training},
    {"federation", "Traffic, hours, supply and a run of federated learning against published ones",
     gw_validate_federation},
    {"search", "Hypervolume against exact values, searches on problems with known fronts",
     gw_validate_search},
    {"shield", "SHIELD's constants, and its search against a GA and annealing", gw_validate_shield},
    {"slit", "The order of policies that SLIT claims, on a quick form of scenarios/slit-day.yaml",
     gw_validate_slit},
    {"sprout", "Sprout's program against its vertices and its published savings", gw_validate_sprout},
    {0},
};
