#include "services/gateway/design_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "common/crypto.h"

enum { PREVIEW_PIXELS = 512 };

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
enum sp_result design_read(struct design_file *file, struct sp_error *err)
{
    struct stat stat;
    if (fstat(file->fd, &stat) != 0 || stat.st_size == 0)
        return sp_fail(err, SP_REJECT, "the file is empty");
    file->bytes = stat.st_size;
    size_t size = (size_t)stat.st_size;
    char *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, file->fd, 0);
    if (bytes == MAP_FAILED)
        return sp_fail(err, SP_RETRY, "mmap: %s", strerror(errno));
    struct sp_text text = {bytes, size};
    file->content = design_read_content(text);
    uint8_t digest[SP_SHA256_BYTES];
    if (file->content.kind != NULL) {
        sp_sha256(text, digest);
        for (size_t i = 0; i < sizeof digest; i++)
            (void)snprintf(file->digest + 2 * i, 3, "%02x", digest[i]);
    }
    munmap(bytes, size);
    if (file->content.kind == NULL)
        return sp_fail(err, SP_REJECT, "it is no whole PNG, JPEG or PDF");
    return SP_OK;
}

enum sp_result design_read_preview(struct design_file *file, struct sp_error *err)
{
    enum sp_result result = design_read(file, err);
    const struct design_content *content = &file->content;
    if (result == SP_OK && (content->width == 0 || content->width > PREVIEW_PIXELS ||
                            content->height > PREVIEW_PIXELS))
        return sp_fail(err, SP_REJECT, "it is no picture of at most %d pixels each way",
                       PREVIEW_PIXELS);
    return result;
}
