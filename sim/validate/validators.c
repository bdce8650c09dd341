#include "sim/validate/validators.h"

const struct gw_validator gw_validators[] = {
    {"network", "Round trips between places against measured ones", gw_validate_network},
    {0},
};
