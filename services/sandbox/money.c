#include "services/sandbox/money.h"

/* Cannot overflow: BOOK_ORDER_UNITS times a price of at most nine digits in major units. */
struct order_money money_of_order(const struct order_book *book, const struct order *order)
{
    struct order_money money = {.shipping = order->shipping_minor};
    const struct order_line *lines = book_lines(book, order);
    for (uint32_t i = 0; i < order->line_count; i++) {
        money.original += lines[i].price_minor * lines[i].units;
        money.discount += (int64_t)lines[i].discount_minor * lines[i].units;
    }
    money.sub_total = money.original - money.discount;
    money.total = money.sub_total + money.shipping;
    return money;
}

int64_t money_share(int64_t sum, int64_t part, int64_t parts)
{
    return sum / parts + (part < sum % parts ? 1 : 0);
}
