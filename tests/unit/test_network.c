/* Distances and round trips between places, against known ones and against measurements when they are at
 * hand. */
#include "tests/support/bound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/network/measured.h"
#include "models/network/network.h"
#include "sim/base/file.h"
#include "sim/base/number.h"

struct root {
    struct gw_pick from, to;
    struct gw_network_cfg network;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, from, &gw_location_type, NULL, "A place", NULL),
    GW_FIELD(struct root, to, &gw_location_type, NULL, "Another", NULL),
    GW_FIELD(struct root, network, &gw_network_type, "{}", "The network", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "Two places"};

static const struct gw_network_cfg defaults = {.base_ms = 5, .ms_per_km = 0.0155};

static void distances_are_those_of_the_atlas(void **state)
{
    (void)state;
    static const struct {
        struct gw_place a, b;
        double km;
    } cases[] = {
        {{.lat_deg = 51.5074, .lon_deg = -0.1278},
         {.lat_deg = 40.7128, .lon_deg = -74.0060},
         5570}, /* London, New York */
        {{.lat_deg = 35.6762, .lon_deg = 139.6503},
         {.lat_deg = -33.8688, .lon_deg = 151.2093},
         7822},                                                                      /* Tokyo, Sydney */
        {{.lat_deg = 0, .lon_deg = 0}, {.lat_deg = 0, .lon_deg = 180}, 20015.1},     /* half the equator */
        {{.lat_deg = 90, .lon_deg = 12}, {.lat_deg = -90, .lon_deg = -77}, 20015.1}, /* pole to pole */
        {{.lat_deg = 0, .lon_deg = 179.5},
         {.lat_deg = 0, .lon_deg = -179.5},
         111.195}, /* over the date line */
        {{.lat_deg = 45, .lon_deg = 7}, {.lat_deg = 45, .lon_deg = 7}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(gw_network_km(&cases[i].a, &cases[i].b), cases[i].km, 1e-3, 0);
        assert_true(gw_network_km(&cases[i].a, &cases[i].b) == gw_network_km(&cases[i].b, &cases[i].a));
    }
}

/* A quarter of the equator: 10007.557 km, 5 ms + 155.117 ms. */
static void a_round_trip_grows_with_distance(void **state)
{
    (void)state;
    const struct gw_place a = {.lat_deg = 0, .lon_deg = 0}, b = {.lat_deg = 0, .lon_deg = 90};
    assert_int_equal(gw_network_rtt_us(&defaults, &a, &b), 160117);
    assert_int_equal(gw_network_rtt_us(&defaults, &a, &a), 5000);
}

/* The Dalles is a measured region, Ashburn lies 20 km from one: 55 ms between them were measured, the law
 * says 60.9 ms. */
static void measured_round_trips_hold_near_measured_regions(void **state)
{
    (void)state;
    const struct gw_network_cfg measured = {.base_ms = 5, .ms_per_km = 0.0155, .reach_km = 500};
    const struct gw_place dalles = {.lat_deg = 45.60, .lon_deg = -121.18},
                          ashburn = {.lat_deg = 39.03, .lon_deg = -77.47},
                          denver = {.lat_deg = 39.7, .lon_deg = -105};
    double km;
    assert_string_equal(gw_measured_table[gw_network_region(&measured, &dalles, &km)].name, "us-west1");
    assert_string_equal(gw_measured_table[gw_network_region(&measured, &ashburn, &km)].name, "us-east4");
    const double away_km = km;
    assert_int_equal(gw_network_rtt_us(&measured, &dalles, &ashburn), llround(1e3 * (55 + 0.0155 * away_km)));
    assert_int_equal(gw_network_region(&measured, &denver, &km), -1);
    assert_int_equal(gw_network_rtt_us(&measured, &dalles, &denver),
                     gw_network_rtt_us(&defaults, &dalles, &denver));
    assert_int_equal(gw_network_rtt_us(&measured, &ashburn, &ashburn), 5000);
}

static void the_table_is_symmetric_and_no_route_is_faster_than_light(void **state)
{
    (void)state;
    for (int i = 0; i < GW_MEASURED_REGIONS; i++) {
        for (int j = 0; j < GW_MEASURED_REGIONS; j++) {
            const struct gw_measured_region *a = &gw_measured_table[i], *b = &gw_measured_table[j];
            assert_near(a->rtt_ms[j], b->rtt_ms[i], 0.0, 1.0); /* rounded apart */
            const struct gw_place from = {.lat_deg = a->lat_deg, .lon_deg = a->lon_deg},
                                  to = {.lat_deg = b->lat_deg, .lon_deg = b->lon_deg};
            assert_true(a->rtt_ms[j] > 2.0 * gw_network_km(&from, &to) / 299.792); /* in a vacuum */
        }
    }
}

static void places_have_names_or_positions(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type,
               "from: the-dalles\nto: { at: { lat: 39.08, lon: -77.56, utc_offset: -5 h } }\n", &root);
    const struct gw_place *from = gw_network_location(&root.from), *to = gw_network_location(&root.to);
    assert_string_equal(from->name, "the-dalles");
    assert_string_equal(from->title, "The Dalles, Oregon");
    assert_true(from->lat_deg == 45.62 && from->lon_deg == -121.15 && from->utc_offset_h == -8);
    assert_true(to->lat_deg == 39.08 && to->lon_deg == -77.56 && to->utc_offset_h == -5);
    assert_true(root.network.base_ms == defaults.base_ms && root.network.ms_per_km == defaults.ms_per_km);
    bound_fini(&b);

    bound_fails(&b, &root_type, "from: the-dales\nto: ashburn\n", &root, "did you mean \"the-dalles\"");
    bound_fails(&b, &root_type, "from: ashburn\nto: { at: { lat: 91, lon: 0, utc_offset: 0 } }\n", &root,
                "above the largest allowed 90");
    bound_fails(&b, &root_type, "from: ashburn\nto: { at: { lat: 9, lon: 0 } }\n", &root, "utc_offset");
}

static void the_catalogue_has_what_scenarios_use(void **state)
{
    (void)state;
    static const char *const names[] = {"the-dalles", "ashburn", "us-east",    "us-central",
                                        "us-west",    "eu-west", "eu-central", "asia-east",
                                        "asia-south", "sa-east", "oceania"};
    struct gw_tree catalogue = {0};
    bound_catalogue(&catalogue);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct gw_arena arena = {0};
        const void *object;
        assert_int_equal(gw_bind_entry(NULL, &env, "place", names[i], &object, &arena, NULL), GW_OK);
        gw_arena_fini(&arena);
    }
    gw_tree_fini(&catalogue);
}

/* Standard time follows the sun to within an hour and a half at all our places. */
static void utc_offsets_follow_longitude(void **state)
{
    (void)state;
    struct gw_tree catalogue = {0};
    bound_catalogue(&catalogue);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    const struct gw_node *places = gw_node_get(catalogue.root, "places");
    assert_true(places->n >= 62);
    for (uint32_t i = 0; i < places->n; i++) {
        struct gw_arena arena = {0};
        const void *object;
        assert_int_equal(gw_bind_entry(NULL, &env, "place", places->entry[i].key, &object, &arena, NULL),
                         GW_OK);
        const struct gw_place *place = object;
        if (fabs(place->utc_offset_h - place->lon_deg / 15) > 1.5) {
            fail_msg("%s: longitude %g, offset %g h", place->name, place->lon_deg, place->utc_offset_h);
        }
        gw_arena_fini(&arena);
    }
    gw_tree_fini(&catalogue);
}

/* --- measured round trips ----------------------------------------------------------------------- */

enum { REGIONS = GW_MEASURED_PLACES };

static struct gw_place place_of(const struct gw_measured_place *region)
{
    return (struct gw_place){.lat_deg = region->lat_deg, .lon_deg = region->lon_deg};
}

/* Field `column` (0: the row's name) of the line that begins with `row`, or of the header for NULL. */
static bool field(const char *csv, const char *row, int column, char *out, size_t size)
{
    const char *line = csv;
    if (row != NULL) {
        char start[64];
        snprintf(start, sizeof start, "\n%s,", row);
        line = strstr(csv, start);
        if (line == NULL) {
            return false;
        }
        line++;
    }
    for (; column > 0; column--) {
        line += strcspn(line, ",\n");
        if (*line != ',') {
            return false;
        }
        line++;
    }
    const size_t n = strcspn(line, ",\r\n");
    assert_true(n < size);
    memcpy(out, line, n);
    out[n] = '\0';
    return true;
}

static double measured_ms(const char *csv, const char *from, const char *to)
{
    char text[64];
    for (int column = 1; field(csv, NULL, column, text, sizeof text); column++) {
        if (strcmp(text, to) == 0) {
            assert_true(field(csv, from, column, text, sizeof text));
            double ms;
            assert_true(gw_number_parse(text, &ms));
            return ms;
        }
    }
    fail_msg("no column %s", to);
    return 0;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 561 pairs in both directions: half of them within 15 %. */
static void the_law_meets_measured_round_trips(void **state)
{
    (void)state;
    const char *folder = getenv("GEOWATT_REFERENCE_DATA");
    if (folder == NULL) {
        skip();
    }
    char path[1024], *csv;
    size_t n;
    snprintf(path, sizeof path, "%s/training/network/gcp_region_rtt_ms.csv", folder);
    if (gw_file_read(path, 1 << 20, &csv, &n, NULL) != GW_OK) {
        skip();
    }
    double error[REGIONS * REGIONS];
    size_t pairs = 0;
    for (size_t i = 0; i < REGIONS; i++) {
        for (size_t k = 0; k < REGIONS; k++) {
            if (i == k) {
                continue;
            }
            const struct gw_place from = place_of(&gw_measured_places[i]),
                                  to = place_of(&gw_measured_places[k]);
            const double law_ms = (double)gw_network_rtt_us(&defaults, &from, &to) / 1e3;
            error[pairs++] =
                fabs(law_ms / measured_ms(csv, gw_measured_places[i].name, gw_measured_places[k].name) - 1);
        }
    }
    free(csv);
    qsort(error, pairs, sizeof error[0], by_value);
    print_message("round trips: half of the errors below %.3f, nine tenths below %.3f\n", error[pairs / 2],
                  error[pairs * 9 / 10]);
    assert_true(error[pairs / 2] <= 0.15);
    assert_true(error[pairs * 9 / 10] <= 0.4);
    assert_int_equal(pairs, 1122);
}

static void its_tables_are_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_place_type, &errs);
    gw_bind_verify(&gw_location_type, &errs);
    gw_bind_verify(&gw_network_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_atlas),
        cmocka_unit_test(a_round_trip_grows_with_distance),
        cmocka_unit_test(measured_round_trips_hold_near_measured_regions),
        cmocka_unit_test(the_table_is_symmetric_and_no_route_is_faster_than_light),
        cmocka_unit_test(places_have_names_or_positions),
        cmocka_unit_test(the_catalogue_has_what_scenarios_use),
        cmocka_unit_test(utc_offsets_follow_longitude),
        cmocka_unit_test(the_law_meets_measured_round_trips),
        cmocka_unit_test(its_tables_are_right),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
