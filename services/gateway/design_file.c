#include "services/gateway/design_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "common/crypto.h"

const char *const design_suffixes[] = {".png",         ".jpg",         ".pdf",
                                       ".preview.png", ".preview.jpg", NULL};

bool design_is_id(struct sp_text id)
{
    for (size_t i = 0; i < id.size; i++) {
        if (strchr("0123456789abcdef", id.data[i]) == NULL || id.data[i] == '\0')
            return false;
    }
    return id.size == DESIGN_ID_LETTERS;
}

void design_path(int64_t account_id, struct sp_text id, const char *suffix, char path[])
{
    int size = snprintf(path, DESIGN_PATH_BYTES, "%lld/%.2s/%.*s%s", (long long)account_id, id.data,
                        SP_FMT(id), suffix);
    SP_ASSERT(size > 0 && size < DESIGN_PATH_BYTES);
}

const char *design_type(const char *suffix)
{
    const char *extension = strrchr(suffix, '.');
    return strcmp(extension, ".png") == 0   ? "image/png"
           : strcmp(extension, ".jpg") == 0 ? "image/jpeg"
                                            : "application/pdf";
}

/* Pages of a file, not memory of ours. */
static enum sp_result map(struct design_file *file, struct sp_text *text, struct sp_error *err)
{
    struct stat stat;
    if (fstat(file->fd, &stat) != 0 || stat.st_size == 0)
        return sp_fail(err, SP_REJECT, "the file is empty");
    file->bytes = stat.st_size;
    void *bytes = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_SHARED, file->fd, 0);
    if (bytes == MAP_FAILED)
        return sp_fail(err, SP_RETRY, "mmap: %s", strerror(errno));
    *text = (struct sp_text){bytes, (size_t)stat.st_size};
    return SP_OK;
}

static void unmap(struct sp_text text)
{
    /* munmap's parameter is not const */
    union {
        const char *data;
        void *pages;
    } same = {text.data};
    (void)munmap(same.pages, text.size);
}

static void digest(struct design_file *file, struct sp_text text)
{
    uint8_t bytes[SP_SHA256_BYTES];
    sp_sha256(text, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        (void)snprintf(file->digest + 2 * i, 3, "%02x", bytes[i]);
}

enum sp_result design_measure(struct design_file *file, struct sp_error *err)
{
    struct sp_text text;
    enum sp_result result = map(file, &text, err);
    if (result != SP_OK)
        return result;
    digest(file, text);
    unmap(text);
    return SP_OK;
}

enum sp_result design_read(struct design_file *file, struct sp_error *err)
{
    struct sp_text text;
    enum sp_result result = map(file, &text, err);
    if (result != SP_OK)
        return result;
    file->content = design_read_content(text);
    if (file->content.kind != NULL)
        digest(file, text);
    unmap(text);
    return file->content.kind != NULL ? SP_OK
                                      : sp_fail(err, SP_REJECT, "it is no whole PNG, JPEG or PDF");
}
