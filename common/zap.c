#include "common/zap.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "common/log.h"

enum { ZAP_FRAME = 256, SELF_TEST_MS = 3000 };

struct known_key {
    uint8_t key[32];
    char name[64];
};

struct sp_zap {
    void *socket;
    pthread_t thread;
    struct known_key keys[SP_ZAP_PEERS];
    size_t count;
    struct sp_keys stranger; /* knocks in the self-test; known to nobody */
    uint8_t stranger_key[32];
};

/* ---- keys
 * ------------------------------------------------------------------------------------------ */

static enum sp_result read_key(const char *dir, const char *file, char key[SP_KEY_TEXT],
                               struct sp_error *err)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return sp_fail(err, SP_REJECT, "cannot read the key %s: %s", path, strerror(errno));
    char line[128] = {0};
    bool read = fgets(line, sizeof line, in) != NULL;
    (void)fclose(in);
    line[strcspn(line, "\r\n")] = '\0';
    uint8_t raw[32];
    if (!read || strlen(line) != SP_KEY_TEXT - 1 || zmq_z85_decode(raw, line) == NULL)
        return sp_fail(err, SP_REJECT, "%s does not hold a key of 40 Z85 characters", path);
    memcpy(key, line, SP_KEY_TEXT);
    return SP_OK;
}

enum sp_result sp_public_key_read(const char *dir, const char *service, char key[SP_KEY_TEXT],
                                  struct sp_error *err)
{
    char file[128];
    (void)snprintf(file, sizeof file, "%s.public", service);
    return read_key(dir, file, key, err);
}

enum sp_result sp_keys_read(const char *dir, const char *service, struct sp_keys *keys,
                            struct sp_error *err)
{
    char file[128];
    (void)snprintf(file, sizeof file, "%s.secret", service);
    enum sp_result result = read_key(dir, file, keys->secret_key, err);
    return result == SP_OK ? sp_public_key_read(dir, service, keys->public_key, err) : result;
}

static enum sp_result read_allowed(struct sp_zap *zap, const char *dir, struct sp_error *err)
{
    DIR *folder = opendir(dir);
    if (folder == NULL)
        return sp_fail(err, SP_REJECT, "cannot read the keys in %s: %s", dir, strerror(errno));
    enum sp_result result = SP_OK;
    for (struct dirent *entry = readdir(folder); entry != NULL && result == SP_OK;
         entry = readdir(folder)) {
        static const char end[] = ".public";
        size_t size = strlen(entry->d_name);
        if (size <= sizeof end - 1 || strcmp(entry->d_name + size - (sizeof end - 1), end) != 0)
            continue;
        size_t name_size = size - (sizeof end - 1);
        char text[SP_KEY_TEXT];
        if (zap->count == SP_ZAP_PEERS || name_size >= sizeof zap->keys[0].name)
            result = sp_fail(err, SP_REJECT, "too many keys in %s", dir);
        else
            result = read_key(dir, entry->d_name, text, err);
        if (result != SP_OK)
            continue;
        struct known_key *known = &zap->keys[zap->count++];
        SP_ASSERT(zmq_z85_decode(known->key, text) != NULL);
        memcpy(known->name, entry->d_name, name_size);
        known->name[name_size] = '\0';
    }
    (void)closedir(folder);
    return result;
}

/* ---- the handler
 * ------------------------------------------------------------------------------------- */

struct request {
    char frames[8][ZAP_FRAME]; /* version, id, domain, address, identity, mechanism, key */
    size_t sizes[8], count;
};

/* False when the context is going down. */
static bool receive(void *socket, struct request *request)
{
    request->count = 0;
    int more = 1;
    while (more != 0) {
        char frame[ZAP_FRAME];
        int size = zmq_recv(socket, frame, sizeof frame, 0);
        if (size < 0)
            return false;
        if (request->count < SP_COUNT(request->frames)) {
            size_t kept = (size_t)size < sizeof frame ? (size_t)size : sizeof frame;
            memcpy(request->frames[request->count], frame, kept);
            request->sizes[request->count++] = kept;
        }
        size_t size_of_more = sizeof more;
        if (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size_of_more) != 0)
            return false;
    }
    return true;
}

static bool has_key(const struct request *request)
{
    return request->count == 7 && request->sizes[5] == 5 &&
           memcmp(request->frames[5], "CURVE", 5) == 0 && request->sizes[6] == 32;
}

static const char *name_of(const struct sp_zap *zap, const struct request *request)
{
    for (size_t i = 0; has_key(request) && i < zap->count; i++) {
        if (memcmp(zap->keys[i].key, request->frames[6], 32) == 0)
            return zap->keys[i].name;
    }
    return NULL;
}

static bool is_self_test(const struct sp_zap *zap, const struct request *request)
{
    return has_key(request) && memcmp(zap->stranger_key, request->frames[6], 32) == 0;
}

static void reply(void *socket, const struct request *request, const char *name)
{
    const char *status = name != NULL ? "200" : "400";
    const char *text = name != NULL ? "OK" : "unknown key";
    const char *user = name != NULL ? name : "";
    (void)zmq_send(socket, "1.0", 3, ZMQ_SNDMORE);
    (void)zmq_send(socket, request->frames[1], request->count > 1 ? request->sizes[1] : 0,
                   ZMQ_SNDMORE);
    (void)zmq_send(socket, status, 3, ZMQ_SNDMORE);
    (void)zmq_send(socket, text, strlen(text), ZMQ_SNDMORE);
    (void)zmq_send(socket, user, strlen(user), ZMQ_SNDMORE);
    (void)zmq_send(socket, "", 0, 0);
}

static void *serve(void *argument)
{
    struct sp_zap *zap = argument;
    struct request request;
    while (receive(zap->socket, &request)) {
        const char *name = name_of(zap, &request);
        if (name == NULL && !is_self_test(zap, &request))
            sp_log(SP_WARN, "bus-stranger-refused", NULL);
        reply(zap->socket, &request, name);
    }
    int linger = 0;
    (void)zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_close(zap->socket);
    return NULL;
}

enum sp_result sp_zap_open(struct sp_zap **pointer, void *zmq_context, const char *dir,
                           struct sp_error *err)
{
    struct sp_zap *zap = sp_alloc(sizeof *zap);
    *pointer = NULL;
    if (read_allowed(zap, dir, err) != SP_OK) {
        free(zap);
        return SP_REJECT;
    }
    zap->socket = zmq_socket(zmq_context, ZMQ_REP);
    SP_ASSERT(zap->socket != NULL);
    if (zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0) {
        enum sp_result result =
            sp_fail(err, SP_REJECT, "cannot answer for keys: %s", zmq_strerror(zmq_errno()));
        (void)zmq_close(zap->socket);
        free(zap);
        return result;
    }
    SP_ASSERT(zmq_curve_keypair(zap->stranger.public_key, zap->stranger.secret_key) == 0 &&
              zmq_z85_decode(zap->stranger_key, zap->stranger.public_key) != NULL);
    SP_ASSERT(pthread_create(&zap->thread, NULL, serve, zap) == 0);
    *pointer = zap;
    return SP_OK;
}

void sp_zap_close(struct sp_zap **pointer)
{
    struct sp_zap *zap = *pointer;
    if (zap == NULL)
        return;
    /* The thread ends when the context is shut down (zmq_ctx_shutdown), which its owner has done.
     */
    (void)pthread_join(zap->thread, NULL);
    free(zap);
    *pointer = NULL;
}

/* ---- self-test
 * --------------------------------------------------------------------------------------------- */

/* Reads one event of a monitor: its number, or 0 at the time-out. */
static int next_event(void *monitor)
{
    uint8_t frame[16], address[256];
    int size = zmq_recv(monitor, frame, sizeof frame, 0);
    if (size < 2)
        return 0;
    (void)zmq_recv(monitor, address, sizeof address, 0);
    return frame[0] | frame[1] << 8;
}

static enum sp_result expect_refusal(void *monitor, struct sp_error *err)
{
    for (;;) {
        int event = next_event(monitor);
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH ||
            event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)
            return SP_OK;
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            return sp_fail(err, SP_REJECT,
                           "the bus lets strangers in: an unknown key was accepted");
        if (event == 0)
            return sp_fail(err, SP_REJECT, "the bus did not answer its own self-test within %d ms",
                           SELF_TEST_MS);
    }
}

enum sp_result sp_zap_self_test(const struct sp_zap *zap, void *zmq_context, const char *endpoint,
                                const char *server_key, struct sp_error *err)
{
    int linger = 0, patience = SELF_TEST_MS;
    void *stranger = zmq_socket(zmq_context, ZMQ_DEALER);
    void *monitor = zmq_socket(zmq_context, ZMQ_PAIR);
    SP_ASSERT(stranger != NULL && monitor != NULL);
    (void)zmq_setsockopt(stranger, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(stranger, ZMQ_CURVE_SERVERKEY, server_key, SP_KEY_TEXT - 1);
    (void)zmq_setsockopt(stranger, ZMQ_CURVE_PUBLICKEY, zap->stranger.public_key, SP_KEY_TEXT - 1);
    (void)zmq_setsockopt(stranger, ZMQ_CURVE_SECRETKEY, zap->stranger.secret_key, SP_KEY_TEXT - 1);
    (void)zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &patience, sizeof patience);
    enum sp_result result = SP_OK;
    if (zmq_socket_monitor(stranger, "inproc://self-test", ZMQ_EVENT_ALL) != 0 ||
        zmq_connect(monitor, "inproc://self-test") != 0 || zmq_connect(stranger, endpoint) != 0)
        result = sp_fail(err, SP_REJECT, "cannot run the bus's self-test at %s: %s", endpoint,
                         zmq_strerror(zmq_errno()));
    else
        result = expect_refusal(monitor, err);
    (void)zmq_socket_monitor(stranger, NULL, 0);
    (void)zmq_close(stranger);
    (void)zmq_close(monitor);
    return result;
}
