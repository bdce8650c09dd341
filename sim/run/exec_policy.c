#include "sim/run/exec_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/run/exec_answer.h"

/* ---- the command ---- */

static enum gw_status add_word(struct gw_exec_command *command, size_t *used, const char *word,
                               struct gw_error *err)
{
    const size_t bytes = strlen(word) + 1;
    if (command->words == GW_EXEC_WORDS || bytes > sizeof command->text - *used) {
        return gw_fail(err, GW_ERR_RANGE, "exec", "a command of more than %d words or %d bytes",
                       GW_EXEC_WORDS, GW_EXEC_COMMAND_BYTES);
    }
    memcpy(command->text + *used, word, bytes);
    *used += bytes;
    command->words++;
    return GW_OK;
}

enum gw_status gw_exec_policy_open(const struct gw_exec_cfg *cfg, const char *scenario_path,
                                   struct gw_policy_choice *out, struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_policy_choice){0};
    struct gw_exec_command *command = gw_arena_alloc(arena, sizeof *command);
    if (command == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "exec", "out of memory");
    }
    memset(command, 0, sizeof *command); /* compared by bytes */
    command->timeout_us = cfg->timeout_us;
    command->episodes = cfg->episodes;
    const char *const *word = cfg->command.at;
    enum gw_status s = GW_OK;
    size_t used = 0;
    for (uint32_t i = 0; i < cfg->command.n && s == GW_OK; i++) {
        char *beside = gw_file_resolve(scenario_path, word[i]);
        if (beside == NULL) {
            return gw_fail(err, GW_ERR_NOMEM, "exec", "out of memory");
        }
        const bool is_file = word[i][0] != '\0' && word[i][0] != '.' && access(beside, F_OK) == 0;
        const bool is_path = strncmp(word[i], "./", 2) == 0 || strncmp(word[i], "../", 3) == 0;
        s = add_word(command, &used, is_file || is_path ? beside : word[i], err);
        free(beside);
    }
    if (s == GW_OK && (used == 0 || command->text[0] == '\0')) {
        s = gw_fail(err, GW_ERR_RANGE, "exec", "a command without a program");
    }
    *out = (struct gw_policy_choice){.ops = &gw_policy_exec, .cfg = command};
    return s;
}

static const struct gw_exec_command *command_of(const struct gw_policy_choice *choice)
{
    return choice->ops == &gw_policy_exec ? choice->cfg : NULL;
}

int64_t gw_exec_policy_episodes(const struct gw_variant *variant)
{
    int64_t most = 0;
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        const struct gw_exec_command *command = command_of(&variant->slot[k]);
        most = command != NULL && command->episodes > most ? command->episodes : most;
    }
    return most;
}

uint32_t gw_exec_policy_replication(uint32_t replication, int64_t episode, int64_t episodes)
{
    /* the upper half of all numbers: scored ones stay far below */
    const uint64_t number = (uint64_t)replication * (uint64_t)episodes + (uint64_t)(episode - 1);
    return UINT32_C(0x80000000) | (uint32_t)(number & UINT32_C(0x7fffffff));
}

/* ---- one program ---- */

static enum gw_status start(struct gw_exec_program *program, const struct gw_exec_command *command,
                            const _Atomic int *stop, struct gw_error *err)
{
    struct gw_exec_command own = *command; /* the system wants words that it may write to */
    char *words[GW_EXEC_WORDS + 1] = {0};
    char *at = own.text;
    for (uint32_t i = 0; i < own.words; i++) {
        words[i] = at;
        at += strlen(at) + 1;
    }
    const enum gw_status s = gw_child_start(&program->child, words, stop, err);
    program->command = s == GW_OK ? command : NULL;
    return s;
}

enum gw_status gw_exec_policy_begin(struct gw_exec_programs *self, uint32_t index,
                                    const struct gw_exec_command *command,
                                    const struct gw_exec_subject *subject, struct gw_exec_program **out,
                                    struct gw_error *err)
{
    GW_REQUIRE(index < GW_SLOTS_COUNT);
    struct gw_exec_program *program = &self->program[index];
    *out = NULL;
    if (program->command == NULL) {
        const enum gw_status s = start(program, command, self->stop, err);
        if (s != GW_OK) {
            return s;
        }
    }
    gw_exec_message_forget(&program->told);
    program->listens = false;
    program->subject = *subject;
    program->subject.episode = self->episode;
    program->subject.episodes = self->episodes;
    *out = program;
    return GW_OK;
}

static int plan_failed(struct gw_policy_error *error, const struct gw_exec_program *program, const char *why)
{
    const double timeout_s = (double)program->command->timeout_us / 1e6;
    if (strcmp(why, "too late") == 0) {
        snprintf(error->why, sizeof error->why, "no line %llu of its answers within %g s",
                 (unsigned long long)program->child.lines + 1, timeout_s);
    } else {
        snprintf(error->why, sizeof error->why, "no line %llu of its answers: %.180s",
                 (unsigned long long)program->child.lines + 1, why);
    }
    return 1;
}

static int plan(void *self, const struct gw_view *view, struct gw_plan *out, struct gw_policy_error *error)
{
    struct gw_exec_program *program = self;
    struct gw_child *child = &program->child;
    const gw_time_us timeout_us = program->command->timeout_us;
    if (gw_child_has_more(child)) {
        snprintf(error->why, sizeof error->why, "it says more than it was asked, after line %llu",
                 (unsigned long long)child->lines);
        return 1;
    }
    struct gw_text message = {0};
    struct gw_error err = {0};
    if (!gw_exec_message(&program->subject, view, false, &program->told, &message)) {
        gw_text_fini(&message);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    char *line = NULL;
    size_t n = 0;
    enum gw_status s = gw_child_tell(child, message.at, message.n, timeout_us, &err);
    gw_text_fini(&message);
    s = s == GW_OK ? gw_child_hear(child, timeout_us, &line, &n, &err) : s;
    return s == GW_OK ? gw_exec_answer(line, n, child->lines, view, out, error)
                      : plan_failed(error, program, err.why);
}

const struct gw_policy_ops gw_policy_exec = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof gw_policy_exec,
    .slots = GW_SLOT_ROUTING | GW_SLOT_DIRECTIVES | GW_SLOT_REPLICAS | GW_SLOT_POWER | GW_SLOT_BATTERY,
    .name = "exec",
    .summary = "A program of its own, asked in lines of JSON",
    .cfg_size = sizeof(struct gw_exec_command),
    .plan = plan,
};

/* ---- all of a run ---- */

void gw_exec_policy_done(struct gw_exec_programs *self, const struct gw_view *view)
{
    for (size_t i = 0; i < GW_SLOTS_COUNT; i++) {
        struct gw_exec_program *program = &self->program[i];
        struct gw_text message = {0};
        struct gw_error err;
        program->listens = program->command != NULL &&
                           gw_exec_message(&program->subject, view, true, &program->told, &message) &&
                           gw_child_tell(&program->child, message.at, message.n, program->command->timeout_us,
                                         &err) == GW_OK;
        gw_text_fini(&message);
    }
}

void gw_exec_policy_close(struct gw_exec_programs *self)
{
    for (size_t i = 0; i < GW_SLOTS_COUNT; i++) {
        struct gw_exec_program *program = &self->program[i];
        if (program->command != NULL) {
            gw_child_end(&program->child, program->listens ? program->command->timeout_us : 0);
        }
        gw_exec_message_forget(&program->told);
        *program = (struct gw_exec_program){0};
    }
}
