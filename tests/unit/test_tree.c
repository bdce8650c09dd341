/* Loading, including, setting and dumping whole trees, and what is refused with which words. */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tree/tree.h"

/* A disk of a few files. */
struct file {
    const char *path, *text;
};

static enum gw_status read_file(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                struct gw_error *err)
{
    (void)max_bytes;
    for (const struct file *f = from; f->path != NULL; f++) {
        if (strcmp(f->path, path) == 0) {
            *n = strlen(f->text);
            *bytes = malloc(*n + 1);
            assert_non_null(*bytes);
            memcpy(*bytes, f->text, *n + 1);
            return GW_OK;
        }
    }
    return gw_fail(err, GW_ERR_IO, path, "no such file");
}

static const char *dump(const struct gw_tree *tree, bool origins, struct gw_text *out)
{
    out->n = 0;
    gw_tree_dump(tree->root, origins, out);
    assert_false(out->failed);
    return out->at;
}

static struct gw_tree load_files(const struct file *files)
{
    struct gw_tree tree;
    struct gw_errors errs = {0};
    struct file copy[16];
    size_t n = 0;
    while (files[n].path != NULL) {
        copy[n] = files[n];
        n++;
    }
    copy[n] = files[n];
    const struct gw_source source = {.read = read_file, .from = copy};
    if (gw_tree_load(&tree, files[0].path, &source, &errs) != GW_OK) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
    return tree;
}

static struct gw_tree load(const char *yaml)
{
    return load_files((const struct file[]){{"t.yaml", yaml}, {NULL, NULL}});
}

/* The errors of these files, one a line: "where: why". */
static void assert_refused(const struct file *files, const char *expected)
{
    struct gw_tree tree;
    struct gw_errors errs = {0};
    struct file copy[40];
    size_t n = 0;
    do {
        copy[n] = files[n];
    } while (files[n++].path != NULL);
    const struct gw_source source = {.read = read_file, .from = copy};
    assert_int_not_equal(gw_tree_load(&tree, files[0].path, &source, &errs), GW_OK);
    assert_null(tree.root);
    struct gw_text all = {0};
    for (uint32_t i = 0; i < errs.n; i++) {
        gw_text_addf(&all, "%s: %s\n", errs.item[i].where, errs.item[i].why);
    }
    assert_string_equal(all.at, expected);
    gw_text_fini(&all);
}

static void assert_text_refused(const char *yaml, const char *expected)
{
    assert_refused((const struct file[]){{"t.yaml", yaml}, {NULL, NULL}}, expected);
}

/* ---- loading ---- */

static void styles_of_yaml_load_alike(void **state)
{
    (void)state;
    struct gw_tree block = load("a:\n  - 1\n  - b: two\n    c:\n");
    struct gw_tree flow =
        load("\xEF\xBB\xBF# with a byte order mark and CRLF\r\n{a: [1, {b: two, c: ~}]}\r\n");
    assert_true(gw_node_equal(block.root, flow.root));
    gw_tree_fini(&block);
    gw_tree_fini(&flow);
}

static void quotes_mark_texts(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: 12\nb: '12'\nc: |\n  12\nd: NO\ne: spread\n  out\nf: \"\\u00e4\"\n");
    assert_false(gw_tree_at(&tree, "a")->quoted);
    assert_true(gw_tree_at(&tree, "b")->quoted);
    assert_true(gw_tree_at(&tree, "c")->quoted);
    assert_string_equal(gw_tree_at(&tree, "c")->text, "12\n");
    assert_string_equal(gw_tree_at(&tree, "d")->text, "NO");
    assert_string_equal(gw_tree_at(&tree, "e")->text, "spread out");
    assert_string_equal(gw_tree_at(&tree, "f")->text, "\xC3\xA4");
    gw_tree_fini(&tree);
}

static void what_a_scenario_may_not_use_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *expected;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "t.yaml:3:1: the key `a` is here twice; the first one is in line 1\n"},
        {"a: &x 1\n", "t.yaml:1:4: anchors (`&x`) are not allowed; use `include` to share parts\n"},
        {"a: *x\n", "t.yaml:1:4: aliases (`*x`) are not allowed; use `include` to share parts\n"},
        {"a: !!str 1\n",
         "t.yaml:1:4: tags (`tag:yaml.org,2002:str`) are not allowed; types follow from the keys\n"},
        {"a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document starts here; only one is allowed\n"},
        {"a: {<<: 1}\n", "t.yaml:1:5: `<<` merges are not allowed; use `include`\n"},
        {"{[a]: 1}\n", "t.yaml:1:2: a key must be a plain text; a `{` or `[` in a value needs quotes\n"},
        {"'': 1\n", "t.yaml:1:1: a key is empty\n"},
        {"\"a\\n\": 1\n", "t.yaml:1:1: a key may not hold line breaks, tabs or control characters\n"},
        {"a: \"x\\0y\"\n", "t.yaml:1:4: a text may not hold a NUL character\n"},
        {"a: 1\nb: \xC3\xA4\xFF\n", "t.yaml:2:5: this byte is not UTF-8; save the file as UTF-8\n"},
        {"", "t.yaml:1:1: expected a map of keys such as `name: value`, found nothing\n"},
        {"- 1\n", "t.yaml:1:1: expected a map of keys such as `name: value`, found a list\n"},
        {"seed=1\n", "t.yaml:1:1: expected a map of keys such as `name: value`, found a single value\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_text_refused(cases[i].yaml, cases[i].expected);
    }
}

static void slips_of_syntax_get_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *expected;
    } cases[] = {
        {"a:\n\t- 1\n", "t.yaml:2:1: a tab is not allowed as indentation in YAML; use blanks\n"},
        {"a: [1, 2\nb: 3\n", "t.yaml:1:4: this list is not closed; expected `,` or `]` before line 2\n"},
        {"a: {b: 1\nc: 3\n", "t.yaml:1:4: this map is not closed; expected `,` or `}` before line 2\n"},
        {"a: \"x\nb: 1\n", "t.yaml:1:4: this quote is never closed\n"},
        {"a: b: c\n", "t.yaml:1:5: a second `: ` in one line; put a text that holds `: ` in quotes, or check "
                      "the indentation\n"},
        {"a: @x\n", "t.yaml:1:4: a text may not start with this character; put it in quotes\n"},
        {"a: - b\n", "t.yaml:1:4: a list may not start here; put `- ` on a line of its own\n"},
        {"a:\n  b: 1\n c: 2\n",
         "t.yaml:3:2: expected a key here; check the indentation, and whether something "
         "stands behind a finished value\n"},
        {"a: \"\\q\"\n", "t.yaml:1:5: unknown escape after `\\`; in single quotes `\\` stands for itself\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_text_refused(cases[i].yaml, cases[i].expected);
    }
}

static void several_errors_are_told_at_once(void **state)
{
    (void)state;
    assert_text_refused("a: &x 1\nb: !t 2\nc: {d: 1, d: 2}\n",
                        "t.yaml:1:4: anchors (`&x`) are not allowed; use `include` to share parts\n"
                        "t.yaml:2:4: tags (`!t`) are not allowed; types follow from the keys\n"
                        "t.yaml:3:11: the key `d` is here twice; the first one is in line 3\n");
}

/* `head`, n opening and as many closing brackets. */
static void nest(const char *head, int n, char *out, size_t size)
{
    static const char open[] = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                      close[] = "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";
    snprintf(out, size, "%s%.*s%.*s", head, n, open, n, close);
}

static void nesting_stops_at_32_levels(void **state)
{
    (void)state;
    char yaml[100];
    nest("a: ", 31, yaml, sizeof yaml); /* the root map is the first level */
    struct gw_tree tree = load(yaml);
    gw_tree_fini(&tree);
    nest("a: ", 32, yaml, sizeof yaml);
    assert_text_refused(yaml, "t.yaml:1:35: nested deeper than 32 levels\n");
}

/* A hundred thousand brackets cost no more than the first 33. */
static void a_file_of_brackets_is_refused_at_once(void **state)
{
    (void)state;
    const size_t n = 100000;
    char *yaml = malloc(n + 1);
    assert_non_null(yaml);
    memset(yaml, '[', n);
    yaml[n] = '\0';
    assert_text_refused(yaml, "t.yaml:1:33: nested deeper than 32 levels\n");
    free(yaml);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    (void)state;
    const size_t n = (size_t)GW_TREE_BYTES + 1;
    char *yaml = malloc(n);
    assert_non_null(yaml);
    memset(yaml, '#', n);
    struct gw_tree tree;
    struct gw_errors errs = {0};
    assert_int_equal(gw_tree_parse(&tree, yaml, n, "big.yaml", NULL, &errs), GW_ERR_RANGE);
    assert_string_equal(errs.item[0].where, "big.yaml");
    assert_string_equal(errs.item[0].why, "the file has 16 MiB; 16 MiB are the most");
    free(yaml);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct gw_tree tree;
    struct gw_errors errs = {0};
    assert_int_equal(gw_tree_load(&tree, "no/such/scenario.yaml", NULL, &errs), GW_ERR_IO);
    assert_non_null(strstr(errs.item[0].where, "no/such/scenario.yaml"));
    assert_true(errs.item[0].why[0] != '\0');
    gw_tree_fini(&tree);
}

static void duplicate_keys_of_a_wide_map_are_found(void **state)
{
    (void)state;
    struct gw_text yaml = {0};
    for (int i = 0; i < 5000; i++) {
        gw_text_addf(&yaml, "k%d: 1\n", i);
    }
    gw_text_add(&yaml, "k77: 2\n");
    assert_text_refused(yaml.at, "t.yaml:5001:1: the key `k77` is here twice; the first one is in line 78\n");
    gw_text_fini(&yaml);
}

/* ---- include ---- */

static void an_include_lies_under_the_keys_that_follow(void **state)
{
    (void)state;
    struct gw_tree tree = load_files((const struct file[]){
        {"dir/main.yaml", "include: [base.yaml, more/extra.yaml]\ntime: {epoch: 5 min}\nname: mine\n"},
        {"dir/base.yaml", "name: base\ntime: {epoch: 15 min, step: 5 min}\nsites: [a, b]\n"},
        {"dir/more/extra.yaml", "include: leaf.yaml\nsites: [c]\n"},
        {"dir/more/leaf.yaml", "leaf: true\n"},
        {NULL, NULL},
    });
    struct gw_text out = {0};
    assert_string_equal(dump(&tree, false, &out),
                        "name: mine\ntime: { epoch: 5 min, step: 5 min }\nsites: [c]\nleaf: true\n");
    char where[64];
    gw_pos_print(gw_tree_at(&tree, "sites")->pos, where, sizeof where);
    assert_string_equal(where, "dir/more/extra.yaml:2:8");
    gw_text_fini(&out);
    gw_tree_fini(&tree);
}

static void an_include_may_stand_in_any_map(void **state)
{
    (void)state;
    struct gw_tree tree = load_files((const struct file[]){
        {"main.yaml", "sites:\n  - {include: site.yaml, name: a}\n  - {include: site.yaml, pv: 2 MW}\n"},
        {"site.yaml", "name: generic\npv: 1 MW\n"},
        {NULL, NULL},
    });
    struct gw_text out = {0};
    assert_string_equal(dump(&tree, false, &out),
                        "sites: [{ name: a, pv: 1 MW }, { name: generic, pv: 2 MW }]\n");
    gw_text_fini(&out);
    gw_tree_fini(&tree);
}

static void every_file_that_was_read_is_recorded_once(void **state)
{
    (void)state;
    struct gw_tree tree = load_files((const struct file[]){
        {"main.yaml", "include: [a, b]\n"}, {"a", "a:\n"}, {"b", "include: a\n"}, {NULL, NULL}});
    assert_int_equal(tree.n_inputs, 3);
    assert_string_equal(tree.input[1].path, "a");
    assert_int_equal(tree.input[1].bytes, 3);
    /* FNV-1a 64 of "a:\n", from the definition: ((offset ^ 'a') * prime ^ ':') ... */
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *p = "a:\n"; *p != '\0'; p++) {
        h = (h ^ (uint64_t)*p) * UINT64_C(1099511628211);
    }
    assert_true(tree.input[1].checksum == h);
    gw_tree_fini(&tree);
}

static void includes_that_cannot_work_are_refused(void **state)
{
    (void)state;
    assert_refused((const struct file[]){{"d/a.yaml", "include: b.yaml\n"},
                                         {"d/b.yaml", "x: 1\ny:\n  include: ../d/./a.yaml\n"},
                                         {NULL, NULL}},
                   "d/b.yaml:3:12: include cycle: d/a.yaml includes d/b.yaml includes d/a.yaml\n");
    assert_refused((const struct file[]){{"a.yaml", "include: b.yaml\n"}, {NULL, NULL}},
                   "a.yaml:1:10: cannot include b.yaml: no such file\n");
    assert_refused((const struct file[]){{"a.yaml", "x: 1\ninclude: b.yaml\n"}, {NULL, NULL}},
                   "a.yaml:2:1: `include` must be the first key of its map\n");
    assert_refused((const struct file[]){{"a.yaml", "include: [{}]\n"}, {NULL, NULL}},
                   "a.yaml:1:11: `include` takes a file name or a list of file names\n");
    assert_refused((const struct file[]){{"a.yaml", "include: b.yaml\n"}, {"b.yaml", "[1]"}, {NULL, NULL}},
                   "b.yaml:1:1: expected a map of keys such as `name: value`, found a list\n");
}

static void includes_nest_sixteen_deep(void **state)
{
    (void)state;
    char text[20][32], path[20][8];
    struct file files[20];
    for (int depth = 16; depth <= 17; depth++) {
        for (int i = 0; i <= depth; i++) {
            snprintf(path[i], sizeof path[i], "f%d", i);
            snprintf(text[i], sizeof text[i], i < depth ? "include: f%d\n" : "n%d: 1\n", i + 1);
            files[i] = (struct file){path[i], text[i]};
        }
        files[depth + 1] = (struct file){NULL, NULL};
        if (depth == 16) {
            struct gw_tree tree;
            struct gw_errors errs = {0};
            const struct gw_source source = {.read = read_file, .from = files};
            assert_int_equal(gw_tree_load(&tree, "f0", &source, &errs), GW_OK);
            gw_tree_fini(&tree);
        } else {
            assert_refused(files, "f16:1:10: files include each other more than 16 deep\n");
        }
    }
}

/* ---- --set and paths ---- */

static const char two_sites[] = "seed: 1\n"
                                "sites:\n"
                                "  - { name: oregon, pools: [ { count: 24 } ] }\n"
                                "  - { name: virginia, pools: [ { count: 40 } ] }\n"
                                "engines: { vllm-0.15: { budget: 1 } }\n";

static void a_path_leads_by_key_index_and_name(void **state)
{
    (void)state;
    struct gw_tree tree = load(two_sites);
    assert_string_equal(gw_tree_at(&tree, "sites[1].pools[0].count")->text, "40");
    assert_string_equal(gw_tree_at(&tree, "sites[oregon].pools[0].count")->text, "24");
    assert_string_equal(gw_tree_at(&tree, "engines[vllm-0.15].budget")->text, "1");
    assert_ptr_equal(gw_tree_at(&tree, ""), tree.root);
    static const char *const nowhere[] = {"seed.x",   "sites[2]", "sites[nevada]", "site", "sites[0",
                                          "sites..x", ".seed",    "sites[]",       "seed."};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        assert_null(gw_tree_at(&tree, nowhere[i]));
    }
    gw_tree_fini(&tree);
}

static void set_replaces_values_and_creates_last_keys(void **state)
{
    (void)state;
    struct gw_tree tree = load(two_sites);
    struct gw_errors errs = {0};
    static const char *const settings[] = {
        "sites[oregon].pools[0].count=12", "sites[1].pools[0].node=h100x8",
        "policies=[nearest, {name: a=b}]", "seed= 7",
        "engines[vllm-0.15].budget=",      "engines[v.2]={}",
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        assert_int_equal(gw_tree_set(&tree, settings[i], &errs), GW_OK);
    }
    struct gw_text out = {0};
    assert_string_equal(dump(&tree, false, &out), "seed: 7\n"
                                                  "sites:\n"
                                                  "  - name: oregon\n"
                                                  "    pools: [{ count: 12 }]\n"
                                                  "  - name: virginia\n"
                                                  "    pools: [{ count: 40, node: h100x8 }]\n"
                                                  "engines: { vllm-0.15: { budget: ~ }, v.2: {} }\n"
                                                  "policies: [nearest, { name: a=b }]\n");
    char where[64];
    gw_pos_print(gw_tree_at(&tree, "seed")->pos, where, sizeof where);
    assert_string_equal(where, "--set seed= 7");
    gw_text_fini(&out);
    gw_tree_fini(&tree);
}

/* The file above has neither `output` nor `score`: naming a key in them makes the section. */
static void settings_make_sections_that_were_left_out(void **state)
{
    (void)state;
    struct gw_tree tree = load(two_sites);
    assert_int_equal(gw_tree_set(&tree, "output.every=1 h", NULL), GW_OK);
    assert_int_equal(gw_tree_set(&tree, "score.a.b=2", NULL), GW_OK);
    assert_int_equal(gw_tree_set(&tree, "score.a.b=~", NULL), GW_OK);
    assert_int_equal(gw_tree_set(&tree, "score.a.b.c=3", NULL), GW_OK);
    assert_string_equal(gw_tree_at(&tree, "output.every")->text, "1 h");
    assert_string_equal(gw_tree_at(&tree, "score.a.b.c")->text, "3");
    gw_tree_fini(&tree);
}

static void settings_that_lead_nowhere_name_the_nearest_key(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *why;
    } cases[] = {
        {"sites[oregn].x=1", "there is no `oregn` in `sites` (did you mean `oregon`?)"},
        {"sits[0].x=1", "there is no `sits` in the scenario (did you mean `sites`?)"},
        {"sites[5]=1", "there is no `5` in `sites`, a list of 2 elements counted from 0"},
        {"seed.x=1", "there is no `x` in `seed`, a single value"},
        {"nothing[at].all=1", "there is no `nothing` in the scenario"},
        {"seed", "expected `path=value`, for example `seed=7`"},
        {"=1", "expected `path=value`, for example `seed=7`"},
        {"sites..x=1", "this is not a path such as `sites[oregon].pools[0].count`"},
        {"seed=[1", "this list is not closed; expected `,` or `]`"},
        {"seed={a: 1, a: 2}", "the key `a` is here twice"},
        {"a\tb=1", "a key may not hold line breaks, tabs or control characters"},
        {"include=more.yaml", "`include` works in files only"},
        {"seed={include: x}", "`include` works in files only"},
    };
    struct gw_tree tree = load(two_sites), before = load(two_sites);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_errors errs = {0};
        char where[64];
        snprintf(where, sizeof where, "--set %s", cases[i].setting);
        assert_int_not_equal(gw_tree_set(&tree, cases[i].setting, &errs), GW_OK);
        assert_string_equal(errs.item[0].where, where);
        assert_string_equal(errs.item[0].why, cases[i].why);
        assert_int_equal(errs.n, 1);
    }
    assert_true(gw_node_equal(tree.root, before.root));
    gw_tree_fini(&tree);
    gw_tree_fini(&before);
}

static void settings_count_towards_the_depth(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: {}\n");
    struct gw_errors errs = {0};
    char setting[100];
    nest("a.b=", 30, setting, sizeof setting); /* below the root and `a` */
    assert_int_equal(gw_tree_set(&tree, setting, &errs), GW_OK);
    nest("a.b=", 31, setting, sizeof setting);
    assert_int_equal(gw_tree_set(&tree, setting, &errs), GW_ERR_SYNTAX);
    assert_string_equal(errs.item[0].why, "nested deeper than 32 levels");
    assert_int_equal(
        gw_tree_set(&tree, "b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b=1", &errs),
        GW_OK);
    assert_int_equal(
        gw_tree_set(&tree, "c.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b=1", &errs),
        GW_ERR_SYNTAX);
    gw_tree_fini(&tree);
}

/* ---- dump ---- */

static void short_things_stand_on_one_line_and_long_ones_in_blocks(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: {b: 1, c: [2, 3]}\n"
                               "long: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
                               "cccccccccccccccccccccccccccccccccc]\n"
                               "deep: [{a: {b: {c: 1}}}]\n"
                               "e: []\n"
                               "f: {}\n"
                               "g: [[1, 2], [3]]\n");
    struct gw_text out = {0};
    assert_string_equal(dump(&tree, false, &out), "a: { b: 1, c: [2, 3] }\n"
                                                  "long:\n"
                                                  "  - aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
                                                  "  - bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
                                                  "  - cccccccccccccccccccccccccccccccccc\n"
                                                  "deep:\n"
                                                  "  - a: { b: { c: 1 } }\n"
                                                  "e: []\n"
                                                  "f: {}\n"
                                                  "g: [[1, 2], [3]]\n");
    gw_text_fini(&out);
    gw_tree_fini(&tree);
}

static void texts_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    static const char yaml[] = "plain: 12 MW\n"
                               "number: \"12\"\n"
                               "word: \"true\"\n"
                               "colon: \"a: b\"\n"
                               "hash: \"a #b\"\n"
                               "lines: \"a\\nb\\t\\x01\\u2028\"\n"
                               "quote: \"say \\\"x\\\\y\\\"\"\n"
                               "empty: \"\"\n"
                               "none: ~\n"
                               "comma: a, b\n"
                               "list:\n"
                               "  - a, b\n"
                               "\"NO\": NO\n"
                               "\"1\": \"-\"\n"
                               "\"a: b\": [\"y, z\"]\n";
    struct gw_tree tree = load(yaml);
    struct gw_text out = {0};
    assert_string_equal(dump(&tree, false, &out), yaml);
    gw_text_fini(&out);
    gw_tree_fini(&tree);
}

static void defaults_can_be_marked(void **state)
{
    (void)state;
    struct gw_tree tree = load("a: 1\nb: {c: 2, d: 3}\n");
    gw_tree_at(&tree, "a")->from_default = true;
    gw_tree_at(&tree, "b.d")->from_default = true;
    struct gw_text out = {0};
    assert_string_equal(dump(&tree, true, &out), "a: 1  # default\nb:\n  c: 2\n  d: 3  # default\n");
    assert_string_equal(dump(&tree, false, &out), "a: 1\nb: { c: 2, d: 3 }\n");
    gw_text_fini(&out);
    gw_tree_fini(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_of_yaml_load_alike),
        cmocka_unit_test(quotes_mark_texts),
        cmocka_unit_test(what_a_scenario_may_not_use_is_refused_with_its_place),
        cmocka_unit_test(slips_of_syntax_get_a_sentence),
        cmocka_unit_test(several_errors_are_told_at_once),
        cmocka_unit_test(nesting_stops_at_32_levels),
        cmocka_unit_test(a_file_of_brackets_is_refused_at_once),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(duplicate_keys_of_a_wide_map_are_found),
        cmocka_unit_test(an_include_lies_under_the_keys_that_follow),
        cmocka_unit_test(an_include_may_stand_in_any_map),
        cmocka_unit_test(every_file_that_was_read_is_recorded_once),
        cmocka_unit_test(includes_that_cannot_work_are_refused),
        cmocka_unit_test(includes_nest_sixteen_deep),
        cmocka_unit_test(a_path_leads_by_key_index_and_name),
        cmocka_unit_test(set_replaces_values_and_creates_last_keys),
        cmocka_unit_test(settings_make_sections_that_were_left_out),
        cmocka_unit_test(settings_that_lead_nowhere_name_the_nearest_key),
        cmocka_unit_test(settings_count_towards_the_depth),
        cmocka_unit_test(short_things_stand_on_one_line_and_long_ones_in_blocks),
        cmocka_unit_test(texts_are_quoted_where_they_must_be),
        cmocka_unit_test(defaults_can_be_marked),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
