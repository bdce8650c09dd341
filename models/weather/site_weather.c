#include "models/weather/site_weather.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/file.h"

enum { FILE_BYTES_MAX = 1 << 28 };

/* --- parameter tables --------------------------------------------------------------------------- */

struct generator_cfg {
    const struct gw_climate *climate; /* NULL: the place's own */
    int32_t years;
};

struct file_cfg {
    const char *path;
    bool repeat;
};

static const struct gw_type flag = {.kind = GW_BOOL, .size = sizeof(bool)};
static const struct gw_type path = {.kind = GW_PATH, .size = sizeof(const char *)};
static const struct gw_type climate_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_climate), .of = "climate"};
static const struct gw_type years = {
    .kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_generator_years_names};

static const struct gw_field generator_fields[] = {
    GW_FIELD(struct generator_cfg, climate, &climate_ref, "~",
             "Climate, that of the site's place when absent", NULL),
    GW_FIELD(struct generator_cfg, years, &years, "typical",
             "Whether each month has the climate's means or is warm or cold, wet or dry as a whole", NULL),
    GW_FIELD_END,
};

static const struct gw_field file_fields[] = {
    GW_FIELD(struct file_cfg, path, &path, NULL,
             "An EPW, TMY3, Open-Meteo or own CSV file (traces/README.md)", NULL),
    GW_FIELD(struct file_cfg, repeat, &flag, "false", "One year of a file with stamps stands for every year",
             NULL),
    GW_FIELD_END,
};

static const struct gw_type generator_type = {.kind = GW_OBJ,
                                              .size = sizeof(struct generator_cfg),
                                              .of = generator_fields,
                                              .doc = "Weather made from the normals of a climate"};
static const struct gw_type file_type = {
    .kind = GW_OBJ, .size = sizeof(struct file_cfg), .of = file_fields, .doc = "Measured weather of a file"};

static const struct gw_alt alternatives[] = {
    [GW_SITE_WEATHER_GENERATED] = {"generated", NULL, false},
    [GW_SITE_WEATHER_GENERATOR] = {"generator", &generator_type, false},
    [GW_SITE_WEATHER_MEASURED] = {"file", &file_type, false},
    [GW_SITE_WEATHER_CLIMATE] = {"climate", &climate_ref, true},
    {NULL, NULL, false},
};

const struct gw_type gw_site_weather_type = {
    .kind = GW_PICK, .size = sizeof(struct gw_pick), .of = alternatives};

/* --- loading ------------------------------------------------------------------------------------ */

static enum gw_status load_climate(const struct gw_climate *climate, int32_t kind_of_years, const char *where,
                                   struct gw_site_weather *out, struct gw_error *err)
{
    if (climate == NULL) {
        return gw_fail(
            err, GW_ERR_UNKNOWN, where,
            "there is no climate of the name of the site's place; name one, as in `weather: dublin`");
    }
    *out = (struct gw_site_weather){.label = climate->name, .climate = climate, .years = kind_of_years};
    return GW_OK;
}

static enum gw_status load_file(const struct file_cfg *file, double elevation_m,
                                const struct gw_source *source, struct gw_site_weather *out,
                                struct gw_arena *arena, struct gw_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = source == NULL
                           ? gw_file_read(file->path, FILE_BYTES_MAX, &bytes, &n, err)
                           : source->read(source->from, file->path, FILE_BYTES_MAX, &bytes, &n, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_meteo meteo;
    s = gw_meteo_parse(bytes, n, file->path, &meteo, arena, err);
    free(bytes);
    *out = (struct gw_site_weather){.label = file->path};
    return s == GW_OK
               ? gw_import_prepare(&meteo, file->path, file->repeat, elevation_m, &out->import, arena, err)
               : s;
}

enum gw_status gw_site_weather_load(const struct gw_pick *pick, const struct gw_climate *home,
                                    double elevation_m, const char *where, const struct gw_source *source,
                                    struct gw_site_weather *out, struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_site_weather){0};
    if (pick->alt == GW_SITE_WEATHER_GENERATED) {
        return load_climate(home, GW_GENERATOR_TYPICAL, where, out, err);
    }
    if (pick->alt == GW_SITE_WEATHER_GENERATOR) {
        const struct generator_cfg *cfg = pick->at;
        return load_climate(cfg->climate != NULL ? cfg->climate : home, cfg->years, where, out, err);
    }
    if (pick->alt == GW_SITE_WEATHER_CLIMATE) {
        return load_climate(*(const void *const *)pick->at, GW_GENERATOR_TYPICAL, where, out, err);
    }
    GW_REQUIRE(pick->alt == GW_SITE_WEATHER_MEASURED);
    return load_file(pick->at, elevation_m, source, out, arena, err);
}

enum gw_status gw_site_weather_make(const struct gw_site_weather *self, uint64_t seed, uint32_t replication,
                                    gw_time_us from_unix_us, gw_time_us to_unix_us,
                                    struct gw_weather_series *out, struct gw_arena *arena,
                                    struct gw_error *err)
{
    if (self->climate == NULL) {
        return gw_import_make(&self->import, from_unix_us, to_unix_us, out, arena, err);
    }
    return gw_generator_make(self->climate, (enum gw_generator_years)self->years, seed, replication,
                             from_unix_us, to_unix_us, out, arena, err);
}
