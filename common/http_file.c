/* Files of the web pages: found below a root, with ETag, caching and the compressed form beside
 * them. */
#include "common/http_exchange.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_BYTES = 1024,
    HASH_LETTERS = 8, /* of a bundler's hashed name: index-BxYz12_3.js */
};

struct found {
    int fd;
    struct stat stat;
};

/* ---- opening below the root
 * ------------------------------------------------------------------------- */

static int open_step(int folder, const char *name, size_t size, int flags)
{
    char step[NAME_MAX + 1];
    bool plain = size > 0 && size <= NAME_MAX && name[0] != '.';
    if (!plain)
        return -1; /* "..", ".", hidden files, empty parts */
    memcpy(step, name, size);
    step[size] = '\0';
    return openat(folder, step, flags | O_NOFOLLOW | O_CLOEXEC);
}

/* Part by part and without following a link, so that nothing leads out of the root. */
static int open_below(const char *root, const char *path)
{
    int at = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (at >= 0) {
        size_t size = strcspn(path, "/");
        bool last = path[size] == '\0';
        int next = open_step(at, path, size, last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY);
        close(at);
        if (last)
            return next;
        at = next;
        path += size + 1;
    }
    return -1;
}

static bool find(const char *root, const char *path, const char *suffix, struct found *found)
{
    char whole[PATH_BYTES + 8];
    (void)snprintf(whole, sizeof whole, "%s%s", path, suffix);
    found->fd = open_below(root, whole);
    if (found->fd < 0)
        return false;
    if (fstat(found->fd, &found->stat) == 0 && S_ISREG(found->stat.st_mode))
        return true;
    close(found->fd);
    return false;
}

/* ---- what the file is
 * --------------------------------------------------------------------------------- */

static const char *type_of(const char *path)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".yaml", "application/yaml"},
        {".csv", "text/csv; charset=utf-8"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < SP_COUNT(types); i++)
        if (strcasecmp(dot, types[i][0]) == 0)
            return types[i][1];
    return "application/octet-stream";
}

/* name-HASHHASH.ext: the content can never change under this name. */
static bool has_hashed_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash == NULL ? path : slash, '.');
    if (dot == NULL || dot - path <= HASH_LETTERS || dot[-HASH_LETTERS - 1] != '-')
        return false;
    bool mixed = false; /* a word of eight small letters is no hash */
    for (const char *at = dot - HASH_LETTERS; at < dot; at++) {
        if (strchr("/.", *at) != NULL)
            return false;
        mixed = mixed || *at < 'a' || *at > 'z';
    }
    return mixed;
}

/* Whether the client takes the coding: named in the list and not with weight 0. */
static bool accepts(struct sp_text header, const char *coding)
{
    size_t size = strlen(coding);
    for (size_t at = 0; at < header.size;) {
        const char *item = header.data + at;
        const char *comma = memchr(item, ',', header.size - at);
        size_t item_size = comma == NULL ? header.size - at : (size_t)(comma - item);
        at += item_size + 1;
        size_t blanks = strspn(item, " \t");
        bool named = item_size >= blanks + size && strncasecmp(item + blanks, coding, size) == 0;
        size_t end = blanks + size;
        if (!named || (end < item_size && strchr(" ;\t", item[end]) == NULL))
            continue;
        const char *weight = memmem(item, item_size, "q=0", 3);
        return weight == NULL || strspn(weight + 3, ".0") < strspn(weight + 3, ".0123456789");
    }
    return false;
}

/* ---- answering
 * ------------------------------------------------------------------------------------------ */

/* The .br or .gz beside the file where the client takes it, else the file. */
static bool choose(struct sp_http_request *request, const char *root, const char *path,
                   struct found *found, const char **coding)
{
    static const char *const forms[][2] = {{"br", ".br"}, {"gzip", ".gz"}};
    struct sp_text header = sp_http_header(request, "Accept-Encoding");
    for (size_t i = 0; i < SP_COUNT(forms); i++) {
        *coding = forms[i][0];
        if (accepts(header, forms[i][0]) && find(root, path, forms[i][1], found))
            return true;
    }
    *coding = NULL;
    return find(root, path, "", found);
}

static void answer_found(struct sp_http_request *request, const char *path, struct found *found,
                         const char *coding)
{
    char etag[96], encoding[48];
    const struct stat *stat = &found->stat;
    (void)snprintf(etag, sizeof etag, "ETag: \"%llx-%llx-%llx\"", (unsigned long long)stat->st_size,
                   (unsigned long long)stat->st_mtim.tv_sec,
                   (unsigned long long)stat->st_mtim.tv_nsec);
    (void)snprintf(encoding, sizeof encoding, "Content-Encoding: %s", coding == NULL ? "" : coding);
    const char *headers[] = {etag, "Vary: Accept-Encoding",
                             has_hashed_name(path)
                                 ? "Cache-Control: public, max-age=31536000, immutable"
                                 : "Cache-Control: no-cache",
                             coding == NULL ? NULL : encoding, NULL};
    if (sp_text_is(sp_http_header(request, "If-None-Match"), etag + strlen("ETag: "))) {
        close(found->fd);
        sp_http_answer(request, 304, NULL, (struct sp_text){0}, headers);
        return;
    }
    struct MHD_Response *answer = MHD_create_response_from_fd64((uint64_t)stat->st_size, found->fd);
    SP_ASSERT(answer != NULL);
    sp_answer_headers(sp_exchange_of(request), answer, type_of(path), headers);
    sp_answer_give(sp_exchange_of(request), 200, answer);
}

bool sp_http_answer_file(struct sp_http_request *request, const char *root, struct sp_text path)
{
    char name[PATH_BYTES];
    if (path.size == 0 || path.size >= sizeof name || memchr(path.data, '\0', path.size) != NULL)
        return false;
    memcpy(name, path.data, path.size);
    name[path.size] = '\0';
    const char *coding;
    struct found found;
    if (!choose(request, root, name, &found, &coding))
        return false;
    answer_found(request, name, &found, coding);
    return true;
}
