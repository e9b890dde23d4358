/* Sends webhooks over connections that stay open:
 *
 *   sampan-storm PORT COUNT APP_KEY SECRET_FILE SHOP [RATE TIMES] < LIST
 *
 * Each of the COUNT is another notice, of the order that the next line of LIST names: "id
 * update_time".  They are signed before the clock starts; with "-" for the secret they are not, and
 * whoever reads them can refuse them at once.  One thread, one request at a time on each
 * connection.
 *
 * Without RATE they go out as fast as they are answered.  With it, so many go out a second, whether
 * answered or not, each notice TIMES times, all in a jumble; an answer's time counts from when its
 * request was due.  Prints one line of JSON: how many were answered 200 and 401, and how fast. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/crypto.h"

enum {
    CONNECTIONS = 64,
    ANSWER_BYTES = 4096,
    MOST_REQUESTS = 1000000,
    SECRET_BYTES = 256,
    ANSWER_MS = 10000, /* who waits longer gives up */
};

#define FIRST_NOTICE UINT64_C(7400000000000000000)

struct connection {
    int socket;
    int64_t began_us;
    char answer[ANSWER_BYTES];
    size_t size;
};

struct storm {
    struct connection connections[CONNECTIONS];
    struct connection *idle[CONNECTIONS];
    size_t idle_count;
    struct sp_text *requests; /* in the order in which they go out */
    int32_t *took_us;         /* of each answer, in the order of their coming */
    size_t notices, times, count, sent, answered, taken, refused;
    int64_t rate, began_us; /* rate: requests a second; 0: as fast as they are answered */
    int epoll;
};

static void die(const char *what)
{
    (void)fprintf(stderr, "sampan-storm: %s\n", what);
    exit(1);
}

/* ---- requests
 * ------------------------------------------------------------------------------------------ */

static struct sp_text read_secret(struct sp_arena *arena, const char *path)
{
    char text[SECRET_BYTES];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die("the secret cannot be read");
    size_t size = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    while (size > 0 && text[size - 1] == '\n')
        size--;
    return sp_arena_copy(arena, (struct sp_text){text, size});
}

static struct sp_text make_webhook(struct sp_arena *arena, char **words, struct sp_text secret,
                                   size_t number)
{
    struct sp_text key = sp_text_of(words[0]);
    char order[33];
    long long time;
    if (scanf("%32s %lld", order, &time) != 2)
        die("the list of orders is too short");
    struct sp_text body = sp_arena_printf(
        arena,
        "{\"type\":1,\"tts_notification_id\":\"%llu\",\"shop_id\":\"%s\",\"timestamp\":%lld,"
        "\"data\":{\"is_on_hold_order\":false,\"order_id\":\"%s\",\"order_status\":"
        "\"AWAITING_SHIPMENT\",\"update_time\":%lld}}",
        (unsigned long long)(FIRST_NOTICE + number), words[2], time, order, time);
    uint8_t digest[SP_SHA256_BYTES];
    sp_hmac(secret, (struct sp_text[]){key, body}, 2, digest);
    struct sp_text header = {0};
    if (secret.size > 0)
        header = sp_arena_printf(arena, "Authorization: %.*s\r\n",
                                 SP_FMT(sp_hex(arena, digest, sizeof digest)));
    return sp_arena_printf(arena,
                           "POST /hooks/tiktok HTTP/1.1\r\nHost: hub\r\nContent-Type: "
                           "application/json\r\n%.*sContent-Length: %zu\r\n\r\n%.*s",
                           SP_FMT(header), body.size, SP_FMT(body));
}

/* The same jumble each time. */
static void jumble(struct sp_text requests[], size_t count)
{
    uint64_t random = 88172645463325252;
    for (size_t i = count; i > 1; i--) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t other = random % i;
        struct sp_text kept = requests[i - 1];
        requests[i - 1] = requests[other];
        requests[other] = kept;
    }
}

static void make_requests(struct storm *storm, struct sp_arena *arena, char **words)
{
    struct sp_text secret = {0};
    if (strcmp(words[1], "-") != 0)
        secret = read_secret(arena, words[1]);
    storm->requests = sp_arena_array(arena, storm->count, sizeof *storm->requests);
    storm->took_us = sp_arena_array(arena, storm->count, sizeof *storm->took_us);
    for (size_t i = 0; i < storm->notices; i++)
        storm->requests[i] = make_webhook(arena, words, secret, i);
    for (size_t i = storm->notices; i < storm->count; i++)
        storm->requests[i] = storm->requests[i - storm->notices];
    if (storm->times > 1)
        jumble(storm->requests, storm->count);
}

/* ---- the wire
 * ------------------------------------------------------------------------------------------ */

static void open_connections(struct storm *storm, const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    storm->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = &storm->connections[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0)
            die("nobody listens");
        int on = 1;
        (void)setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (epoll_ctl(storm->epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0)
            die("epoll");
        storm->idle[storm->idle_count++] = connection;
    }
}

static int64_t due_us(const struct storm *storm)
{
    return storm->rate == 0 ? 0 : storm->began_us + (int64_t)storm->sent * 1000000 / storm->rate;
}

/* A request is far smaller than the socket's buffer, which is empty: it goes in whole. */
static void send_next(struct storm *storm, int64_t now_us)
{
    struct connection *connection = storm->idle[--storm->idle_count];
    connection->began_us = storm->rate == 0 ? now_us : due_us(storm);
    connection->size = 0;
    struct sp_text request = storm->requests[storm->sent++];
    if (write(connection->socket, request.data, request.size) != (ssize_t)request.size)
        die("a request could not be sent");
}

/* Sends what is due.  Milliseconds until more is, or until an answer is overdue. */
static int send_due(struct storm *storm)
{
    int64_t now_us = sp_monotonic_us();
    while (storm->idle_count > 0 && storm->sent < storm->count && due_us(storm) <= now_us)
        send_next(storm, now_us);
    if (storm->idle_count == 0 || storm->sent == storm->count)
        return ANSWER_MS;
    return (int)((due_us(storm) - now_us + 999) / 1000);
}

/* The status once the whole answer is there, else 0. */
static int status_of(const char *answer, size_t size)
{
    const char *end = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "content-length:");
    if (end == NULL)
        return 0;
    if (length == NULL || length > end)
        die("an answer without a length");
    size_t body = strtoul(length + strlen("content-length:"), NULL, 10);
    size_t head = (size_t)(end - answer) + strlen("\r\n\r\n");
    return size < head + body ? 0 : (int)strtol(answer + strlen("HTTP/1.1 "), NULL, 10);
}

static void read_more(struct storm *storm, struct connection *connection)
{
    size_t room = ANSWER_BYTES - 1 - connection->size;
    ssize_t got = read(connection->socket, connection->answer + connection->size, room);
    if (got <= 0)
        die("the server hung up, or its answer is too long");
    connection->size += (size_t)got;
    connection->answer[connection->size] = '\0';
    int status = status_of(connection->answer, connection->size);
    if (status == 0)
        return;
    storm->took_us[storm->answered++] = (int32_t)(sp_monotonic_us() - connection->began_us);
    storm->taken += status == 200;
    storm->refused += status == 401;
    storm->idle[storm->idle_count++] = connection;
}

static void run(struct storm *storm)
{
    struct epoll_event events[CONNECTIONS];
    while (storm->answered < storm->count) {
        int wait_ms = send_due(storm);
        int ready = epoll_wait(storm->epoll, events, CONNECTIONS, wait_ms);
        if (ready < 0 || (ready == 0 && wait_ms == ANSWER_MS))
            die("no answer for 10 s");
        for (int i = 0; i < ready; i++)
            read_more(storm, events[i].data.ptr);
    }
}

static int by_size(const void *left, const void *right)
{
    const int32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

int main(int argc, char **argv)
{
    static struct storm storm;
    if (argc != 6 && argc != 8)
        die("usage: sampan-storm PORT COUNT APP_KEY SECRET_FILE SHOP [RATE TIMES] < LIST");
    storm.notices = strtoul(argv[2], NULL, 10);
    storm.rate = argc == 8 ? strtol(argv[6], NULL, 10) : 0;
    storm.times = argc == 8 ? strtoul(argv[7], NULL, 10) : 1;
    storm.count = storm.notices * storm.times;
    if (storm.count < CONNECTIONS || storm.count > MOST_REQUESTS || storm.rate < 0)
        die("COUNT, RATE or TIMES is out of range");
    struct sp_arena *arena = sp_arena_open();
    sp_crypto_setup();
    make_requests(&storm, arena, argv + 3);
    open_connections(&storm, argv[1]);
    storm.began_us = sp_monotonic_us();
    run(&storm);
    int64_t took_us = sp_monotonic_us() - storm.began_us;
    qsort(storm.took_us, storm.count, sizeof *storm.took_us, by_size);
    (void)printf(
        "{\"requests\": %zu, \"taken\": %zu, \"refused\": %zu, \"rate\": %.1f, \"p50_us\": %d, "
        "\"p99_us\": %d}\n",
        storm.count, storm.taken, storm.refused, (double)storm.count * 1e6 / (double)took_us,
        storm.took_us[storm.count / 2], storm.took_us[storm.count * 99 / 100]);
    sp_arena_close(&arena);
    return 0;
}
