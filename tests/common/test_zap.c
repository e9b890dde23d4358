/* Keys of the bus: what may stand in their folder, who is let in, and the knock at one's own door.
 */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "common/log.h"
#include "common/zap.h"

static char dir[64];
static char files[64][128];
static size_t file_count;

static void make_dir(void)
{
    sp_log_setup("test", SP_ERROR);
    (void)snprintf(dir, sizeof dir, "/tmp/sampan-zap-XXXXXX");
    cr_assert_not_null(mkdtemp(dir));
}

static void remove_dir(void)
{
    for (size_t i = 0; i < file_count; i++)
        (void)unlink(files[i]);
    (void)rmdir(dir);
}

TestSuite(zap, .init = make_dir, .fini = remove_dir);

static void put(const char *name, const char *text)
{
    cr_assert_lt(file_count, SP_COUNT(files));
    char *path = files[file_count++];
    (void)snprintf(path, sizeof files[0], "%s/%s", dir, name);
    FILE *out = fopen(path, "w");
    cr_assert_not_null(out);
    (void)fputs(text, out);
    (void)fclose(out);
}

static struct sp_keys make_keys(const char *name)
{
    struct sp_keys keys;
    char file[96];
    cr_assert_eq(zmq_curve_keypair(keys.public_key, keys.secret_key), 0);
    (void)snprintf(file, sizeof file, "%s.public", name);
    put(file, keys.public_key);
    (void)snprintf(file, sizeof file, "%s.secret", name);
    put(file, keys.secret_key);
    return keys;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

Test(zap, keys_are_read_with_and_without_a_line_end)
{
    struct sp_keys made = make_keys("inventory"), read;
    struct sp_error err;
    cr_assert_eq(sp_keys_read(dir, "inventory", &read, &err), SP_OK, "%s", err.text);
    cr_expect_str_eq(read.public_key, made.public_key);
    cr_expect_str_eq(read.secret_key, made.secret_key);
    char line[SP_KEY_TEXT + 2], key[SP_KEY_TEXT];
    (void)snprintf(line, sizeof line, "%s\r\n", made.public_key);
    put("placement.public", line);
    cr_assert_eq(sp_public_key_read(dir, "placement", key, &err), SP_OK, "%s", err.text);
    cr_expect_str_eq(key, made.public_key);
}

Test(zap, a_missing_file_is_named)
{
    struct sp_keys keys = make_keys("inventory");
    struct sp_error err;
    cr_expect_eq(sp_keys_read(dir, "placement", &keys, &err), SP_REJECT);
    cr_expect(strstr(err.text, "placement.secret") != NULL, "%s", err.text);
    cr_expect(strstr(err.text, "No such file") != NULL, "%s", err.text);
    put("connector.secret", keys.secret_key);
    cr_expect_eq(sp_keys_read(dir, "connector", &keys, &err), SP_REJECT);
    cr_expect(strstr(err.text, "connector.public") != NULL, "%s", err.text);
}

Test(zap, what_is_no_key_is_refused_and_not_repeated)
{
    static const char *const bad[] = {
        "",
        "\n",
        "too short",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7X", /* 41 characters */
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf\"", /* a quote is not of Z85 */
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7 and more",
        "0000000000000000000000000000000000000000 ",
    };
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        char key[SP_KEY_TEXT], file[32];
        struct sp_error err;
        (void)snprintf(file, sizeof file, "bad%zu", i);
        char name[48];
        (void)snprintf(name, sizeof name, "%s.public", file);
        put(name, bad[i]);
        cr_expect_eq(sp_public_key_read(dir, file, key, &err), SP_REJECT, "content %zu", i);
        cr_expect(strstr(err.text, name) != NULL, "%s", err.text);
        cr_expect(i < 2 || strstr(err.text, bad[i]) == NULL, "a key may be a secret: %s", err.text);
    }
}

/* ---- the folder
 * ---------------------------------------------------------------------------------- */

static enum sp_result open_once(struct sp_error *err)
{
    struct sp_zap *zap = NULL;
    void *context = zmq_ctx_new();
    enum sp_result result = sp_zap_open(&zap, context, dir, err);
    cr_expect_eq(zap == NULL, result != SP_OK);
    (void)zmq_ctx_shutdown(context);
    sp_zap_close(&zap);
    cr_expect_null(zap);
    (void)zmq_ctx_term(context);
    return result;
}

Test(zap, opens_with_the_most_keys_and_refuses_one_more)
{
    struct sp_keys keys = make_keys("inventory");
    struct sp_error err;
    put("notes.txt", "not a key, and none is wanted here");
    for (int i = 1; i < SP_ZAP_PEERS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "peer%d.public", i);
        put(name, keys.public_key);
    }
    cr_expect_eq(open_once(&err), SP_OK, "%s", err.text);
    put("one-more.public", keys.public_key);
    cr_expect_eq(open_once(&err), SP_REJECT);
    cr_expect(strstr(err.text, "too many keys") != NULL, "%s", err.text);
}

Test(zap, one_bad_key_in_the_folder_keeps_the_door_shut)
{
    (void)make_keys("inventory");
    put("placement.public", "garbage");
    struct sp_error err;
    cr_expect_eq(open_once(&err), SP_REJECT);
    cr_expect(strstr(err.text, "placement.public") != NULL, "%s", err.text);
}

Test(zap, a_name_that_is_too_long_is_refused)
{
    struct sp_keys keys = make_keys("inventory");
    char name[80];
    (void)snprintf(name, sizeof name, "%070d.public", 0);
    put(name, keys.public_key);
    struct sp_error err;
    cr_expect_eq(open_once(&err), SP_REJECT);
}

Test(zap, a_folder_that_is_not_there_is_named)
{
    struct sp_zap *zap = NULL;
    struct sp_error err;
    void *context = zmq_ctx_new();
    cr_expect_eq(sp_zap_open(&zap, context, "/nonexistent/keys", &err), SP_REJECT);
    cr_expect(strstr(err.text, "/nonexistent/keys") != NULL, "%s", err.text);
    (void)zmq_ctx_term(context);
}

Test(zap, only_one_handler_answers_in_a_context)
{
    (void)make_keys("inventory");
    struct sp_zap *first = NULL, *second = NULL;
    struct sp_error err;
    void *context = zmq_ctx_new();
    cr_assert_eq(sp_zap_open(&first, context, dir, &err), SP_OK, "%s", err.text);
    cr_expect_eq(sp_zap_open(&second, context, dir, &err), SP_REJECT);
    cr_expect_null(second);
    (void)zmq_ctx_shutdown(context);
    sp_zap_close(&first);
    (void)zmq_ctx_term(context);
}

/* ---- the door
 * ------------------------------------------------------------------------------------ */

/* A server with the keys; 0 as port lets the system choose. */
static void *open_door(void *context, const struct sp_keys *keys, char endpoint[64])
{
    void *door = zmq_socket(context, ZMQ_ROUTER);
    int on = 1, linger = 0;
    size_t size = 64;
    (void)zmq_setsockopt(door, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(door, ZMQ_CURVE_SERVER, &on, sizeof on);
    (void)zmq_setsockopt(door, ZMQ_CURVE_SECRETKEY, keys->secret_key, 40);
    (void)zmq_setsockopt(door, ZMQ_ZAP_DOMAIN, "sampan", 6);
    cr_assert_eq(zmq_bind(door, "tcp://127.0.0.1:*"), 0);
    cr_assert_eq(zmq_getsockopt(door, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    return door;
}

/* What is logged while `run` runs. */
static const char *logged_during(void (*run)(void))
{
    static char text[4096];
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    cr_assert(file != NULL && kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    run();
    cr_assert_geq(dup2(kept, STDERR_FILENO), 0);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    (void)close(kept);
    return text;
}

static void test_a_guarded_door(void)
{
    struct sp_keys keys = make_keys("inventory");
    struct sp_zap *zap = NULL;
    struct sp_error err;
    char endpoint[64];
    void *context = zmq_ctx_new();
    cr_assert_eq(sp_zap_open(&zap, context, dir, &err), SP_OK, "%s", err.text);
    void *door = open_door(context, &keys, endpoint);
    cr_expect_eq(sp_zap_self_test(zap, context, endpoint, keys.public_key, &err), SP_OK, "%s",
                 err.text);
    (void)zmq_close(door);
    (void)zmq_ctx_shutdown(context);
    sp_zap_close(&zap);
    (void)zmq_ctx_term(context);
}

Test(zap, the_self_test_finds_that_strangers_are_refused_and_warns_of_nothing)
{
    sp_log_setup("test", SP_DEBUG);
    cr_expect_str_empty(logged_during(test_a_guarded_door));
}

Test(zap, the_self_test_refuses_a_door_that_nobody_guards)
{
    struct sp_keys keys = make_keys("inventory");
    struct sp_zap *elsewhere = NULL;
    struct sp_error err;
    char endpoint[64];
    void *context = zmq_ctx_new(), *other = zmq_ctx_new();
    cr_assert_eq(sp_zap_open(&elsewhere, other, dir, &err), SP_OK, "%s", err.text);
    void *door = open_door(context, &keys, endpoint); /* no handler: libzmq takes every key */
    cr_expect_eq(sp_zap_self_test(elsewhere, context, endpoint, keys.public_key, &err), SP_REJECT);
    cr_expect(strstr(err.text, "strangers") != NULL, "%s", err.text);
    (void)zmq_close(door);
    (void)zmq_ctx_term(context);
    (void)zmq_ctx_shutdown(other);
    sp_zap_close(&elsewhere);
    (void)zmq_ctx_term(other);
}

/* Says hello with the keys and gives the name the door knows the sender by; NULL: not let in. */
static const char *knock(void *context, void *door, const char *endpoint, const char *server_key,
                         const struct sp_keys *keys)
{
    static char name[64];
    int linger = 0, patience = 1000;
    const char *user = NULL;
    void *guest = zmq_socket(context, ZMQ_DEALER);
    (void)zmq_setsockopt(guest, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(guest, ZMQ_CURVE_SERVERKEY, server_key, 40);
    (void)zmq_setsockopt(guest, ZMQ_CURVE_PUBLICKEY, keys->public_key, 40);
    (void)zmq_setsockopt(guest, ZMQ_CURVE_SECRETKEY, keys->secret_key, 40);
    (void)zmq_setsockopt(door, ZMQ_RCVTIMEO, &patience, sizeof patience);
    cr_assert_eq(zmq_connect(guest, endpoint), 0);
    (void)zmq_send(guest, "hello", 5, ZMQ_DONTWAIT);
    for (int more = 1; more != 0;) {
        zmq_msg_t frame;
        (void)zmq_msg_init(&frame);
        more = zmq_msg_recv(&frame, door, 0) >= 0 && zmq_msg_more(&frame);
        const char *known = zmq_msg_size(&frame) > 0 ? zmq_msg_gets(&frame, "User-Id") : NULL;
        if (known != NULL) {
            (void)snprintf(name, sizeof name, "%s", known);
            user = name;
        }
        (void)zmq_msg_close(&frame);
    }
    (void)zmq_close(guest);
    return user;
}

static void knock_twice(void)
{
    struct sp_keys keys = make_keys("inventory"), peer = make_keys("product-mapper"), stranger;
    cr_assert_eq(zmq_curve_keypair(stranger.public_key, stranger.secret_key), 0);
    struct sp_zap *zap = NULL;
    struct sp_error err;
    char endpoint[64];
    void *context = zmq_ctx_new();
    cr_assert_eq(sp_zap_open(&zap, context, dir, &err), SP_OK, "%s", err.text);
    void *door = open_door(context, &keys, endpoint);
    const char *name = knock(context, door, endpoint, keys.public_key, &peer);
    cr_assert_not_null(name);
    cr_expect_str_eq(name, "product-mapper");
    cr_expect_null(knock(context, door, endpoint, keys.public_key, &stranger));
    (void)zmq_close(door);
    (void)zmq_ctx_shutdown(context);
    sp_zap_close(&zap);
    (void)zmq_ctx_term(context);
}

Test(zap, a_known_key_is_let_in_under_its_name_and_a_stranger_is_refused_and_warned_of)
{
    sp_log_setup("test", SP_WARN);
    const char *logged = logged_during(knock_twice);
    cr_expect(strstr(logged, "\"warn\"") != NULL, "%s", logged);
    cr_expect(strstr(logged, "bus-stranger-refused") != NULL, "%s", logged);
}
