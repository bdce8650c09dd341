/* A canvas as SVG, PDF and PNG: the right kind of file, the same bytes every time, failures said. */
#include "tests/support/near.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "plots/render.h"
#include "tests/support/failing_malloc.h"

static const enum gw_render_format formats[] = {GW_RENDER_SVG, GW_RENDER_PDF, GW_RENDER_PNG};
enum { FORMATS = sizeof formats / sizeof formats[0] };

struct fixture {
    struct gw_font *font;
    struct gw_canvas canvas;
};

static struct fixture fixture;

/* One of each shape, two faces, text that is no UTF-8. */
static int draw_all_shapes(void **state)
{
    *state = &fixture;
    if (gw_font_create(&fixture.font, NULL) != GW_OK) {
        return 1;
    }
    struct gw_canvas *canvas = &fixture.canvas;
    gw_canvas_init(canvas, fixture.font, 120.0, 60.5);
    gw_canvas_rect(canvas, (struct gw_box){10, 10, 30, 8}, 0x0072B2);
    gw_canvas_segment(canvas, (struct gw_point){10, 30}, (struct gw_point){110, 30},
                      (struct gw_stroke){1, 0, 2});
    gw_canvas_polygon(canvas, (const struct gw_point[]){{50, 10}, {60, 10}, {55, 20}}, 3, 0xE69F00);
    gw_canvas_clip(canvas, (struct gw_box){70, 10, 10, 10});
    gw_canvas_disc(canvas, (struct gw_point){75, 15}, 8, 0x009E73);
    gw_canvas_unclip(canvas);
    gw_canvas_text(canvas, (struct gw_point){10, 45}, GW_ANCHOR_START, (struct gw_lettering){7, 0, false},
                   "12 t CO₂e");
    gw_canvas_text(canvas, (struct gw_point){60, 45}, GW_ANCHOR_START, (struct gw_lettering){7, 0, true},
                   "12 t");
    gw_canvas_text(canvas, (struct gw_point){90, 45}, GW_ANCHOR_START, (struct gw_lettering){7, 0, false},
                   "\xff");
    return canvas->failed;
}

static int clean_up(void **state)
{
    (void)state;
    gw_canvas_fini(&fixture.canvas);
    gw_font_destroy(fixture.font);
    return 0;
}

static bool contains(const struct gw_text *bytes, const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i + n <= bytes->n; i++) {
        if (memcmp(bytes->at + i, text, n) == 0) {
            return true;
        }
    }
    return false;
}

static void each_format_begins_as_it_must(void **state)
{
    const struct fixture *f = *state;
    static const char *const begins[FORMATS] = {"<?xml", "%PDF-1.", "\x89PNG\r\n"};
    for (int i = 0; i < FORMATS; i++) {
        struct gw_text bytes = {0};
        assert_int_equal(gw_render(&f->canvas, "title", formats[i], &bytes, NULL), GW_OK);
        assert_memory_equal(bytes.at, begins[i], strlen(begins[i]));
        gw_text_fini(&bytes);
    }
}

/* In one process one after the other, where Cairo alone would number its surfaces on. */
static void equal_canvases_give_equal_bytes(void **state)
{
    const struct fixture *f = *state;
    for (int i = 0; i < FORMATS; i++) {
        struct gw_text first = {0}, second = {0};
        assert_int_equal(gw_render(&f->canvas, "title", formats[i], &first, NULL), GW_OK);
        assert_int_equal(gw_render(&f->canvas, "title", formats[i], &second, NULL), GW_OK);
        assert_int_equal(first.n, second.n);
        assert_memory_equal(first.at, second.at, first.n);
        gw_text_fini(&first);
        gw_text_fini(&second);
    }
}

static void pages_have_the_canvas_size(void **state)
{
    const struct fixture *f = *state;
    struct gw_text svg = {0}, pdf = {0}, png = {0};
    assert_int_equal(gw_render(&f->canvas, "title", GW_RENDER_SVG, &svg, NULL), GW_OK);
    assert_int_equal(gw_render(&f->canvas, "title", GW_RENDER_PDF, &pdf, NULL), GW_OK);
    assert_int_equal(gw_render(&f->canvas, "title", GW_RENDER_PNG, &png, NULL), GW_OK);
    assert_true(contains(&svg, "width=\"120pt\" height=\"60.5pt\""));
    assert_true(contains(&pdf, "0 0 120 60.5"));
    assert_memory_equal(png.at + 16, "\0\0\x01\xe0\0\0\0\xf2", 8); /* 480 x 242: four pixels per point */
    gw_text_fini(&svg);
    gw_text_fini(&pdf);
    gw_text_fini(&png);
}

static void the_pdf_says_its_title_and_no_time(void **state)
{
    const struct fixture *f = *state;
    struct gw_text pdf = {0};
    assert_int_equal(gw_render(&f->canvas, "Scores per policy", GW_RENDER_PDF, &pdf, NULL), GW_OK);
    assert_true(contains(&pdf, "(Scores per policy)"));
    assert_false(contains(&pdf, "CreationDate"));
    gw_text_fini(&pdf);
}

static void without_memory_the_status_says_so(void **state)
{
    const struct fixture *f = *state;
    for (size_t n = 1;; n++) {
        struct gw_text bytes = {0};
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_render(&f->canvas, "title", GW_RENDER_PNG, &bytes, NULL);
        const bool failed = gw_failing_malloc_disarm();
        gw_text_fini(&bytes);
        if (!failed && s == GW_OK) {
            break;
        }
        /* in the parent, or in the child, whose end is then told as Cairo's */
        assert_int_equal(s, failed ? GW_ERR_NOMEM : GW_ERR_OUTPUT);
    }
}

/* No descriptor for the pipe: the figure fails, the program goes on. */
static void without_a_pipe_the_status_says_so(void **state)
{
    const struct fixture *f = *state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = {0, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    struct gw_text bytes = {0};
    struct gw_error err;
    const enum gw_status s = gw_render(&f->canvas, "title", GW_RENDER_SVG, &bytes, &err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(s, GW_ERR_OUTPUT);
    assert_non_null(strstr(err.why, "pipe"));
    gw_text_fini(&bytes);
}

/* A child that is not ours to wait for, as in a program that ignores SIGCHLD, is no success. */
static void a_lost_child_is_a_failure(void **state)
{
    const struct fixture *f = *state;
    struct gw_text bytes = {0};
    struct gw_error err;
    void (*const before)(int) = signal(SIGCHLD, SIG_IGN);
    const enum gw_status s = gw_render(&f->canvas, "title", GW_RENDER_SVG, &bytes, &err);
    assert_true(signal(SIGCHLD, before) != SIG_ERR);
    assert_int_equal(s, GW_ERR_OUTPUT);
    gw_text_fini(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_begins_as_it_must),
        cmocka_unit_test(equal_canvases_give_equal_bytes),
        cmocka_unit_test(pages_have_the_canvas_size),
        cmocka_unit_test(the_pdf_says_its_title_and_no_time),
        cmocka_unit_test(without_memory_the_status_says_so),
        cmocka_unit_test(without_a_pipe_the_status_says_so),
        cmocka_unit_test(a_lost_child_is_a_failure),
    };
    return cmocka_run_group_tests_name("render", tests, draw_all_shapes, clean_up);
}
