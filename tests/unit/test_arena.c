/* An arena hands out zeroed, aligned memory that stays where it is until all of it is freed at once. */
#include "tests/support/near.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/arena.h"
#include "tests/support/failing_malloc.h"

static bool is_zero(const unsigned char *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i] != 0) {
            return false;
        }
    }
    return true;
}

static void memory_is_zeroed_and_aligned_for_any_type(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *at = gw_arena_alloc(&arena, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
        assert_true(is_zero(at, size));
        memset(at, 0xa5, size); /* a later piece that overlapped this one would not be zero */
    }
    assert_true(arena.used_bytes > (size_t)(3000 / 7) * 1500 - 3000);
    gw_arena_fini(&arena);
    assert_null(arena.chunk);
    assert_int_equal(arena.used_bytes, 0);
}

static void pieces_stay_where_they_are(void **state)
{
    (void)state;
    enum { PIECES = 2000 };
    struct gw_arena arena = {0};
    uint32_t *piece[PIECES];
    for (uint32_t i = 0; i < PIECES; i++) {
        /* every 100th is larger than any chunk of many pieces */
        piece[i] = gw_arena_array(&arena, i % 100 == 0 ? 600000 : 10, sizeof **piece);
        assert_non_null(piece[i]);
        piece[i][0] = i;
    }
    for (uint32_t i = 0; i < PIECES; i++) {
        assert_int_equal(piece[i][0], i);
    }
    gw_arena_fini(&arena);
}

static void size_zero_gives_distinct_valid_pointers(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    void *a = gw_arena_alloc(&arena, 0);
    void *b = gw_arena_array(&arena, 0, 8);
    void *c = gw_arena_array(&arena, 8, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    assert_ptr_not_equal(a, b);
    gw_arena_fini(&arena);
}

static void texts_are_copied_with_their_end(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    char name[] = "oregon";
    char *copy = gw_arena_text(&arena, name);
    char *part = gw_arena_text_n(&arena, name, 3);
    name[0] = 'X';
    assert_string_equal(copy, "oregon");
    assert_string_equal(part, "ore");
    assert_string_equal(gw_arena_text_n(&arena, NULL, 0), "");
    gw_arena_fini(&arena);
}

static void sizes_beyond_the_address_space_are_refused(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    assert_null(gw_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(gw_arena_alloc(&arena, SIZE_MAX));
    assert_null(gw_arena_alloc(&arena, SIZE_MAX - 100));
    assert_null(gw_arena_text_n(&arena, "x", SIZE_MAX));
    assert_int_equal(arena.used_bytes, 0);
    assert_non_null(gw_arena_alloc(&arena, 8)); /* and the arena lives on */
    gw_arena_fini(&arena);
}

static void out_of_memory_gives_null_and_leaves_the_rest_alone(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct gw_arena arena = {0};
        size_t refused = 0;
        gw_failing_malloc_arm(n);
        for (size_t i = 0; i < 100; i++) {
            const size_t used_bytes = arena.used_bytes;
            unsigned char *at = gw_arena_alloc(&arena, 1000);
            if (at == NULL) {
                refused++;
                assert_int_equal(arena.used_bytes, used_bytes);
            } else {
                memset(at, 0xa5, 1000);
            }
        }
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(refused, failed);
        gw_arena_fini(&arena);
        if (!failed) {
            assert_true(n > 3);
            break;
        }
    }
}

static void an_empty_arena_may_be_ended(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    gw_arena_fini(&arena);
    gw_arena_fini(&arena);
    gw_arena_fini(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_for_any_type),
        cmocka_unit_test(pieces_stay_where_they_are),
        cmocka_unit_test(size_zero_gives_distinct_valid_pointers),
        cmocka_unit_test(texts_are_copied_with_their_end),
        cmocka_unit_test(sizes_beyond_the_address_space_are_refused),
        cmocka_unit_test(out_of_memory_gives_null_and_leaves_the_rest_alone),
        cmocka_unit_test(an_empty_arena_may_be_ended),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
