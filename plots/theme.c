#include "plots/theme.h"

#include "sim/base/check.h"

uint32_t gw_theme_category(size_t index)
{
    /* neighbours in a stack differ in lightness as well as in hue */
    static const uint32_t colour[GW_THEME_CATEGORIES] = {
        0x0072B2, /* blue */
        0xE69F00, /* orange */
        0x009E73, /* bluish green */
        0xCC79A7, /* reddish purple */
        0x56B4E9, /* sky blue */
        0xD55E00, /* vermillion */
        0xF0E442, /* yellow */
    };
    GW_REQUIRE(index < GW_THEME_CATEGORIES);
    return colour[index];
}
