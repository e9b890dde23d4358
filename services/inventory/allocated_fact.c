/* What order.allocated says of a decided order. */
#include "services/inventory/allocation.h"

static bool is_stocked(const struct line_part *part)
{
    return sp_text_is(part->supply, "STOCKED");
}

/* Several parts of a line may name one variant: the first entries go to the first part. */
static void fill_part(struct allocated_part *to, const struct line_part *from,
                      const struct kept_part kept[], size_t count)
{
    *to = (struct allocated_part){
        .variant_id = from->variant_id, .pieces = from->pieces, .supply = from->supply};
    if (!is_stocked(from))
        return;
    for (size_t i = 0; i < count; i++) {
        if (kept[i].variant_id != from->variant_id)
            continue;
        to->warehouse_id = kept[i].reserved + kept[i].issuing > 0 ? kept[i].warehouse_id : 0;
        to->reserved = kept[i].reserved + kept[i].issuing;
        to->missing = kept[i].missing;
        return;
    }
}

static void fill_line(struct allocated_line *to, const struct mapped_line *from,
                      const struct kept_part kept[], size_t count, struct sp_arena *arena)
{
    struct allocated_part *parts = sp_arena_array(arena, from->parts_count, sizeof *parts);
    for (size_t i = 0; i < from->parts_count; i++)
        fill_part(&parts[i], &from->parts[i], kept, count);
    *to = (struct allocated_line){.line = from->line,
                                  .units = from->units,
                                  .cancelled = from->cancelled,
                                  .problem = from->problem,
                                  .parts = parts,
                                  .parts_count = from->parts_count,
                                  .subject = from->subject};
}

void allocation_fact(const struct order_case *order, struct sp_arena *arena,
                     struct order_allocated *allocated)
{
    const struct order_mapped *fact = order->fact;
    struct allocated_line *lines = sp_arena_array(arena, fact->lines_count, sizeof *lines);
    for (size_t i = 0; i < fact->lines_count; i++) {
        size_t from = i == 0 ? 0 : order->line_ends[i - 1];
        fill_line(&lines[i], &fact->lines[i], order->after + from, order->line_ends[i] - from,
                  arena);
    }
    *allocated = (struct order_allocated){.head = fact->head,
                                          .shop_id = fact->shop_id,
                                          .channel_status = fact->channel_status,
                                          .created_at = fact->created_at,
                                          .paid_at = fact->paid_at,
                                          .collected_at = fact->collected_at,
                                          .delivered_at = fact->delivered_at,
                                          .cancelled_at = fact->cancelled_at,
                                          .cancel_initiator = fact->cancel_initiator,
                                          .ship_by = fact->ship_by,
                                          .is_cod = fact->is_cod,
                                          .is_sample = fact->is_sample,
                                          .fulfilled_by_channel = fact->fulfilled_by_channel,
                                          .buyer_wants_cancel = fact->buyer_wants_cancel,
                                          .is_manual = fact->is_manual,
                                          .deleted = fact->deleted,
                                          .lines = lines,
                                          .lines_count = fact->lines_count};
    allocated->head.rev = order->rev;
}
