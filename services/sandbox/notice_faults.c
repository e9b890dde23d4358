#include "services/sandbox/notice_faults.h"

#include "services/sandbox/faults.h"
#include "services/sandbox/seed.h"

static const char *const names[NOTICE_FAULT_KINDS] = {
    [NOTICE_LOST] = "lose",         [NOTICE_DOUBLED] = "double", [NOTICE_DELAYED] = "delay",
    [NOTICE_REORDERED] = "reorder", [NOTICE_FORGED] = "forge",
};

const char *notice_fault_name(enum notice_fault_kind kind)
{
    return names[kind];
}

int notice_fault_of(struct sp_text name)
{
    return sp_text_among(name, names, NOTICE_FAULT_KINDS);
}

static int64_t draw(struct notice_faults *faults, int64_t limit)
{
    return (int64_t)seed_below(faults->seed, SEED_NOTICE_FAULT, faults->drawn++, (uint64_t)limit);
}

bool notice_faults_take(struct notice_faults *faults, enum notice_fault_kind kind)
{
    struct notice_fault *fault = &faults->kinds[kind];
    if (fault->count == 0 || (fault->percent != 0 && draw(faults, 100) >= fault->percent))
        return false;
    fault->count -= fault->count == FAULT_ENDLESS ? 0 : 1;
    return true;
}

int64_t notice_faults_delay(struct notice_faults *faults)
{
    if (notice_faults_take(faults, NOTICE_DELAYED))
        return faults->kinds[NOTICE_DELAYED].delay_ms;
    if (notice_faults_take(faults, NOTICE_REORDERED))
        return draw(faults, faults->kinds[NOTICE_REORDERED].delay_ms);
    return 0;
}
