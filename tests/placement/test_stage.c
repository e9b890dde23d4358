/* The machine of stages: every state × event, printed and compared with the documents. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "services/placement/stage.h"

/* The matrix as the documents show it: a row for each event, a column for each stage. */
static size_t print_matrix(char text[], size_t size)
{
    const struct sp_machine *machine = &stage_machine;
    size_t at = 0;
    at += (size_t)snprintf(text + at, size - at, "| event \\ stage |");
    for (size_t s = 0; s < machine->state_count; s++)
        at += (size_t)snprintf(text + at, size - at, " %s |", machine->states[s]);
    at += (size_t)snprintf(text + at, size - at, "\n|---|");
    for (size_t s = 0; s < machine->state_count; s++)
        at += (size_t)snprintf(text + at, size - at, "---|");
    at += (size_t)snprintf(text + at, size - at, "\n");
    for (size_t e = 0; e < machine->event_count; e++) {
        at += (size_t)snprintf(text + at, size - at, "| %s |", machine->events[e]);
        for (size_t s = 0; s < machine->state_count; s++) {
            int to;
            bool is = sp_state_next(machine, (int)s, (int)e, &to);
            at += (size_t)snprintf(text + at, size - at, " %s |", is ? machine->states[to] : "-");
        }
        at += (size_t)snprintf(text + at, size - at, "\n");
    }
    return at;
}

static char *read_file(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

Test(stage, the_matrix_is_the_one_in_the_documents)
{
    char matrix[16384];
    SP_ASSERT(print_matrix(matrix, sizeof matrix) < sizeof matrix);
    const char *documented = read_file(SOURCE_DIR "/docs/placement-stages.md");
    cr_assert_not_null(documented, "docs/placement-stages.md is missing");
    cr_assert(strstr(documented, matrix) != NULL, "docs/placement-stages.md should hold:\n%s",
              matrix);
}

Test(stage, no_stage_and_event_has_two_steps)
{
    for (size_t a = 0; a < stage_machine.step_count; a++) {
        for (size_t b = a + 1; b < stage_machine.step_count; b++)
            cr_assert(stage_machine.steps[a].from != stage_machine.steps[b].from ||
                      stage_machine.steps[a].event != stage_machine.steps[b].event);
    }
}

Test(stage, money_is_taken_by_placing_alone)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        int to;
        if (sp_state_next(&stage_machine, stage, PLACE, &to) ||
            sp_state_next(&stage_machine, stage, PLACE_TO_PURCHASE, &to))
            cr_assert_eq(stage, NOT_READY);
    }
}

Test(stage, groups_are_those_of_the_list)
{
    int drafts = 0, to_process = 0;
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        drafts += stage_is_draft(stage) ? 1 : 0;
        to_process += stage_is_to_process(stage) ? 1 : 0;
        cr_assert(!(stage_is_draft(stage) && stage_is_to_process(stage)));
    }
    cr_assert_eq(drafts, 2);
    cr_assert_eq(to_process, 7);
}
