#include "plots/font.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/check.h"

enum { REGULAR, BOLD, FACES };

static const char *const file_name[FACES] = {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"};

static const char *const system_folder[] = {
    "/usr/share/fonts/truetype/dejavu",   /* Debian, Ubuntu */
    "/usr/share/fonts/dejavu-sans-fonts", /* Fedora */
    "/usr/share/fonts/dejavu",            /* Alpine, openSUSE */
    "/usr/share/fonts/TTF",               /* Arch */
    "/usr/local/share/fonts",
    "/Library/Fonts",
};

struct gw_font {
    FT_Library library;
    FT_Face face[FACES];
    double cap_height_em;
};

enum { PATH_BYTES = 4096 };

/* Opens both faces of a folder, or neither. */
static bool open_folder(struct gw_font *self, const char *folder)
{
    for (int i = 0; i < FACES; i++) {
        char path[PATH_BYTES];
        const int n = snprintf(path, sizeof path, "%s/%s", folder, file_name[i]);
        if (n < 0 || n >= PATH_BYTES || FT_New_Face(self->library, path, 0, &self->face[i]) != 0) {
            for (int open = 0; open < i; open++) {
                FT_Done_Face(self->face[open]);
            }
            return false;
        }
    }
    return true;
}

/* The folder above the one the program lies in; false where the system does not tell. */
static bool program_prefix(char out[PATH_BYTES])
{
    const ssize_t n = readlink("/proc/self/exe", out, PATH_BYTES - 1);
    if (n <= 0 || n == PATH_BYTES - 1) {
        return false;
    }
    out[n] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(out, '/');
        if (slash == NULL) {
            return false;
        }
        *slash = '\0';
    }
    return true;
}

static bool open_beside_program(struct gw_font *self)
{
    static const char *const below[] = {"fonts", "share/geowatt/fonts"};
    char prefix[PATH_BYTES], folder[PATH_BYTES + 32];
    if (!program_prefix(prefix)) {
        return false;
    }
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        snprintf(folder, sizeof folder, "%s/%s", prefix, below[i]);
        if (open_folder(self, folder)) {
            return true;
        }
    }
    return false;
}

static bool open_of_system(struct gw_font *self)
{
    for (size_t i = 0; i < sizeof system_folder / sizeof system_folder[0]; i++) {
        if (open_folder(self, system_folder[i])) {
            return true;
        }
    }
    return false;
}

static enum gw_status open_faces(struct gw_font *self, struct gw_error *err)
{
    const char *asked = getenv("GEOWATT_FONTS");
    if (asked != NULL && asked[0] != '\0') {
        if (open_folder(self, asked)) {
            return GW_OK;
        }
        return gw_fail(err, GW_ERR_IO, asked,
                       "GEOWATT_FONTS names this folder, and it does not hold readable %s and %s",
                       file_name[REGULAR], file_name[BOLD]);
    }
    if (open_beside_program(self) || open_of_system(self)) {
        return GW_OK;
    }
    return gw_fail(err, GW_ERR_IO, "figures",
                   "the font DejaVu Sans was not found; install it (Debian: fonts-dejavu-core) or set "
                   "GEOWATT_FONTS to a folder with %s and %s",
                   file_name[REGULAR], file_name[BOLD]);
}

/* The top of the H: the table that could tell is optional, and DejaVu leaves it out. */
static double cap_height_em(FT_Face face)
{
    const FT_UInt h = FT_Get_Char_Index(face, 'H');
    if (FT_Load_Glyph(face, h, FT_LOAD_NO_SCALE) != 0) {
        return 0.73;
    }
    return (double)face->glyph->metrics.horiBearingY / (double)face->units_per_EM;
}

enum gw_status gw_font_create(struct gw_font **out, struct gw_error *err)
{
    *out = NULL;
    struct gw_font *self = calloc(1, sizeof *self);
    if (self == NULL || FT_Init_FreeType(&self->library) != 0) {
        free(self);
        return gw_fail(err, GW_ERR_NOMEM, "figures", "out of memory");
    }
    const enum gw_status s = open_faces(self, err);
    if (s != GW_OK) {
        FT_Done_FreeType(self->library);
        free(self);
        return s;
    }
    self->cap_height_em = cap_height_em(self->face[REGULAR]);
    *out = self;
    return GW_OK;
}

void gw_font_destroy(struct gw_font *self)
{
    if (self == NULL) {
        return;
    }
    FT_Done_FreeType(self->library); /* closes its faces too */
    free(self);
}

FT_Face gw_font_face(const struct gw_font *self, bool bold)
{
    return self->face[bold ? BOLD : REGULAR];
}

double gw_font_cap_height_pt(const struct gw_font *self, double size_pt)
{
    return self->cap_height_em * size_pt;
}

/* Length of the code point at p, 1 for a stray byte, which reads as U+FFFD. */
static size_t decode(const char *p, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char lead = (unsigned char)*p;
    const size_t n = lead < 0x80   ? 1
                     : lead < 0xC0 ? 0
                     : lead < 0xE0 ? 2
                     : lead < 0xF0 ? 3
                     : lead < 0xF8 ? 4
                                   : 0;
    *code = n == 1 ? lead : n == 0 ? 0xFFFD : lead & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)p[i] & 0xC0) != 0x80) {
            *code = 0xFFFD;
            return 1;
        }
        *code = *code << 6 | ((unsigned char)p[i] & 0x3Fu);
    }
    if (n == 0 || *code < least[n] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) {
        *code = 0xFFFD;
        return 1;
    }
    return n;
}

/* Moves left to right over a line of text. */
struct pen {
    FT_Face face;
    double x_em;
    FT_UInt before; /* the glyph to the left, 0 at the start */
};

static struct gw_font_glyph step(struct pen *pen, const char *p)
{
    uint32_t code;
    const size_t bytes = decode(p, &code);
    const FT_UInt id = FT_Get_Char_Index(pen->face, code);
    const double em = (double)pen->face->units_per_EM;

    FT_Vector kerning = {0, 0};
    if (pen->before != 0) {
        (void)FT_Get_Kerning(pen->face, pen->before, id, FT_KERNING_UNSCALED, &kerning);
    }
    const struct gw_font_glyph glyph = {.id = id, .x_em = pen->x_em + (double)kerning.x / em, .bytes = bytes};
    const bool loaded = FT_Load_Glyph(pen->face, id, FT_LOAD_NO_SCALE) == 0;
    pen->x_em = glyph.x_em + (loaded ? (double)pen->face->glyph->metrics.horiAdvance / em : 0.0);
    pen->before = id;
    return glyph;
}

size_t gw_font_shape(const struct gw_font *self, bool bold, const char *utf8, struct gw_font_glyph *glyph,
                     size_t room, double *width_em)
{
    struct pen pen = {.face = gw_font_face(self, bold)};
    size_t n = 0;
    for (const char *p = utf8; *p != '\0'; n++) {
        const struct gw_font_glyph g = step(&pen, p);
        p += g.bytes;
        if (n < room) {
            glyph[n] = g;
        }
    }
    if (width_em != NULL) {
        *width_em = pen.x_em;
    }
    return n;
}

double gw_font_width_pt(const struct gw_font *self, bool bold, double size_pt, const char *utf8)
{
    double width_em;
    gw_font_shape(self, bold, utf8, NULL, 0, &width_em);
    return width_em * size_pt;
}

/* Start of the code point before p. */
static const char *previous(const char *start, const char *p)
{
    for (p--; p > start && ((unsigned char)*p & 0xC0) == 0x80; p--) {
    }
    return p;
}

void gw_font_fit(const struct gw_font *self, bool bold, double size_pt, const char *utf8, double width_pt,
                 char *out, size_t size)
{
    static const char ellipsis[] = "\u2026";
    GW_REQUIRE(size > sizeof ellipsis);
    const size_t length = strlen(utf8);
    if (length < size && gw_font_width_pt(self, bold, size_pt, utf8) <= width_pt) {
        memcpy(out, utf8, length + 1);
        return;
    }

    /* grow head and tail in turn, the head first, while the whole still fits */
    const char *head = utf8, *tail = utf8 + length;
    memcpy(out, ellipsis, sizeof ellipsis);
    for (bool grow_head = true; head < tail; grow_head = !grow_head) {
        uint32_t code;
        const char *next_head = grow_head ? head + decode(head, &code) : head;
        const char *next_tail = grow_head ? tail : previous(head, tail);
        const size_t n_head = (size_t)(next_head - utf8), n_tail = (size_t)(utf8 + length - next_tail);
        char trial[512];
        if (n_head + n_tail + sizeof ellipsis > size || n_head + n_tail + sizeof ellipsis > sizeof trial) {
            return;
        }
        memcpy(trial, utf8, n_head);
        memcpy(trial + n_head, ellipsis, sizeof ellipsis - 1);
        memcpy(trial + n_head + sizeof ellipsis - 1, next_tail, n_tail + 1);
        if (gw_font_width_pt(self, bold, size_pt, trial) > width_pt) {
            return;
        }
        memcpy(out, trial, strlen(trial) + 1);
        head = next_head;
        tail = next_tail;
    }
}
