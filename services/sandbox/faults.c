#include "services/sandbox/faults.h"

#include <string.h>

#include "services/sandbox/seed.h"

static const char *const kind_names[FAULT_KINDS] = {
    [FAULT_NONE] = "none",       [FAULT_TOO_MANY] = "429",  [FAULT_INTERNAL] = "500",
    [FAULT_TIMEOUT] = "timeout", [FAULT_HTML] = "html",     [FAULT_DROP] = "drop",
    [FAULT_SLOW] = "slow",       [FAULT_REPEAT] = "repeat", [FAULT_OMIT] = "omit",
    [FAULT_CHANGE] = "change",
};

enum fault_kind faults_kind_of(struct sp_text name)
{
    int kind = sp_text_among(name, kind_names, FAULT_KINDS);
    return kind < 0 ? FAULT_NONE : (enum fault_kind)kind;
}

const char *faults_kind_name(enum fault_kind kind)
{
    return kind_names[kind];
}

/* Places are kept in the order in which they were ordered: an empty one closes up. */
static void close_up(struct faults *faults, size_t at)
{
    memmove(&faults->places[at], &faults->places[at + 1],
            (FAULTS - at - 1) * sizeof faults->places[0]);
    faults->places[FAULTS - 1] = (struct fault){0};
}

bool faults_add(struct faults *faults, const struct fault *fault)
{
    SP_ASSERT(fault->count > 0 && fault->kind != FAULT_NONE);
    for (size_t i = 0; i < FAULTS; i++) {
        if (faults->places[i].count > 0)
            continue;
        faults->places[i] = *fault;
        return true;
    }
    return false;
}

static bool fits(const struct fault *fault, struct sp_text path, bool later)
{
    size_t size = strlen(fault->path);
    bool needs_later = fault->kind == FAULT_REPEAT || fault->kind == FAULT_CHANGE;
    return path.size >= size && memcmp(path.data, fault->path, size) == 0 &&
           (later || !needs_later);
}

static bool comes_to_be(struct faults *faults, const struct fault *fault)
{
    return fault->percent == 0 ||
           (int64_t)seed_below(faults->seed, SEED_FAULT, faults->drawn++, 100) < fault->percent;
}

struct fault faults_take(struct faults *faults, struct sp_text path, bool later)
{
    for (size_t i = 0; i < FAULTS && faults->places[i].count > 0; i++) {
        struct fault hit = faults->places[i];
        if (!fits(&hit, path, later) || !comes_to_be(faults, &hit))
            continue;
        faults->by_kind[hit.kind]++;
        faults->places[i].count -= hit.count == FAULT_ENDLESS ? 0 : 1;
        if (faults->places[i].count == 0)
            close_up(faults, i);
        return hit;
    }
    return (struct fault){.kind = FAULT_NONE};
}

void faults_clear(struct faults *faults)
{
    memset(faults->places, 0, sizeof faults->places);
}
