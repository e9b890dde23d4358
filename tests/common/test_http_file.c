/* Files of the web pages, and what must not be reachable. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/common/http_rig.h"

static char root[] = "/tmp/sampan-files-XXXXXX";
static char web[64];

static void put(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

static void make(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    cr_assert_eq(mkdir(path, 0700), 0);
}

static void link_to(const char *target, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    cr_assert_eq(symlink(target, path), 0);
}

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(root));
    (void)snprintf(web, sizeof web, "%s/web", root);
    put("secret.txt", "outside");
    make("web");
    make("web/assets");
    put("web/index.html", "<p>plain</p>");
    put("web/.hidden", "hidden");
    put("web/assets/index-BxYz12_3.js", "script");
    put("web/assets/index-BxYz12_3.js.gz", "zipped");
    put("web/assets/index-BxYz12_3.js.br", "pressed");
    put("web/assets/list-settings.js", "settings");
    link_to("../secret.txt", "web/link.txt");
    link_to("..", "web/up");
}

static void tear_down(void)
{
    static const char *const names[] = {"web/link.txt",
                                        "web/up",
                                        "web/assets/list-settings.js",
                                        "web/assets/index-BxYz12_3.js.br",
                                        "web/assets/index-BxYz12_3.js.gz",
                                        "web/assets/index-BxYz12_3.js",
                                        "web/.hidden",
                                        "web/index.html",
                                        "secret.txt",
                                        "web/assets",
                                        "web",
                                        "."};
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", root, names[i]);
        if (unlink(path) != 0)
            (void)rmdir(strcmp(names[i], ".") == 0 ? root : path);
    }
}

static void on_file(struct sp_http_request *request, void *context)
{
    (void)context;
    if (!sp_http_answer_file(request, web, request->params[0]))
        sp_http_problem(request, 404, "NO_FILE", "no such file");
}

static const struct sp_http_route routes[] = {{"GET", "/{path...}", 0, on_file, NULL}, {0}};

static char *get(struct rig *rig, const char *path, const char *headers)
{
    char text[512];
    (void)snprintf(text, sizeof text, "GET /%s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s\r\n",
                   path, headers);
    return rig_talk(rig, text);
}

static void expect(struct rig *rig, const char *path, const char *headers, const char *wanted)
{
    char *heard = get(rig, path, headers);
    cr_assert_not_null(strstr(heard, wanted), "%s: no %s in %s", path, wanted, heard);
    free(heard);
}

Test(http_file, sends_a_file_with_its_type, .init = set_up, .fini = tear_down)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig, "index.html", "", "Content-Type: text/html; charset=utf-8\r\n");
    expect(&rig, "index.html", "", "Cache-Control: no-cache\r\n");
    expect(&rig, "index.html", "", "\r\n\r\n<p>plain</p>");
    expect(&rig, "index.html", "", "Content-Security-Policy: ");
    rig_stop(&rig);
}

Test(http_file, hashed_names_are_cached_for_ever, .init = set_up, .fini = tear_down)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    expect(&rig, "assets/index-BxYz12_3.js", "", "max-age=31536000, immutable\r\n");
    expect(&rig, "assets/list-settings.js", "", "Cache-Control: no-cache\r\n");
    rig_stop(&rig);
}

Test(http_file, chooses_the_form_the_client_takes, .init = set_up, .fini = tear_down)
{
    struct rig rig = {0};
    const char *path = "assets/index-BxYz12_3.js";
    rig_start(&rig, routes, NULL);
    expect(&rig, path, "Accept-Encoding: gzip, deflate, br\r\n", "\r\n\r\npressed");
    expect(&rig, path, "Accept-Encoding: gzip, deflate, br\r\n", "Content-Encoding: br\r\n");
    expect(&rig, path, "Accept-Encoding: gzip;q=0.5\r\n", "\r\n\r\nzipped");
    expect(&rig, path, "Accept-Encoding: br;q=0, gzip;q=0.0\r\n", "\r\n\r\nscript");
    expect(&rig, path, "Accept-Encoding: brotli\r\n", "\r\n\r\nscript");
    expect(&rig, path, "", "\r\n\r\nscript");
    expect(&rig, path, "", "Vary: Accept-Encoding\r\n");
    expect(&rig, path, "Accept-Encoding: br\r\n", "Content-Type: text/javascript");
    expect(&rig, "index.html", "Accept-Encoding: br\r\n", "<p>plain</p>");
    rig_stop(&rig);
}

Test(http_file, answers_304_to_who_has_it, .init = set_up, .fini = tear_down)
{
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    char *heard = get(&rig, "index.html", "");
    const char *etag = strstr(heard, "ETag: ");
    cr_assert_not_null(etag);
    char header[128];
    (void)snprintf(header, sizeof header, "If-None-Match: %.*s\r\n", (int)strcspn(etag + 6, "\r"),
                   etag + 6);
    char *again = get(&rig, "index.html", header);
    cr_assert_eq(strncmp(again, "HTTP/1.1 304", 12), 0, "%s", again);
    cr_assert_null(strstr(again, "plain"));
    free(again);
    free(heard);
    expect(&rig, "index.html", "If-None-Match: \"other\"\r\n", "HTTP/1.1 200");
    rig_stop(&rig);
}

Test(http_file, nothing_outside_the_root_is_sent, .init = set_up, .fini = tear_down)
{
    static const char *const paths[] = {"../secret.txt",     "assets/../../secret.txt",
                                        "%2e%2e/secret.txt", "..%2Fsecret.txt",
                                        "link.txt",          "up/secret.txt",
                                        ".hidden",           "assets",
                                        "assets/",           "",
                                        "/index.html",       "./index.html",
                                        "assets//x",         "no.html",
                                        "index.html/x",      "index.html/"};
    struct rig rig = {0};
    rig_start(&rig, routes, NULL);
    for (size_t i = 0; i < SP_COUNT(paths); i++)
        expect(&rig, paths[i], "", "HTTP/1.1 404");
    rig_stop(&rig);
}
