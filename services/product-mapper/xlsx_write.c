/* An XLSX workbook of one sheet, written line by line. */
#include "services/product-mapper/xlsx_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "common/buffer.h"

struct xlsx_writer {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_row_t row;
    FILE *file;             /* without a name: whoever dies leaves nothing of it */
    struct sp_buffer field; /* terminated */
    lxw_error error;        /* the first one */
};

struct xlsx_writer *mapper_xlsx_open(void)
{
    struct xlsx_writer *writer = sp_alloc(sizeof *writer);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    char path[32] = "";
    writer->file = tmpfile();
    if (writer->file == NULL)
        writer->error = LXW_ERROR_CREATING_TMPFILE;
    else
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(writer->file));
    writer->book = workbook_new_opt(path, &options);
    SP_ASSERT(writer->book != NULL);
    writer->sheet = workbook_add_worksheet(writer->book, NULL);
    if (writer->sheet == NULL)
        writer->error = LXW_ERROR_CREATING_TMPFILE;
    return writer;
}

void mapper_xlsx_put(struct xlsx_writer *writer, const struct sp_text fields[], size_t count)
{
    for (size_t i = 0; i < count && writer->error == LXW_NO_ERROR; i++) {
        if (fields[i].size == 0)
            continue;
        sp_buffer_reset(&writer->field);
        sp_buffer_put_text(&writer->field, fields[i]);
        sp_buffer_put(&writer->field, "", 1);
        writer->error = worksheet_write_string(writer->sheet, writer->row, (lxw_col_t)i,
                                               writer->field.data, NULL);
    }
    writer->row++;
}

static bool read_whole(FILE *file, struct sp_buffer *out)
{
    enum { BLOCK = 64 * 1024 };
    rewind(file);
    size_t size = 1;
    while (size > 0) {
        size = fread(sp_buffer_reserve(out, BLOCK), 1, BLOCK, file);
        out->size += size;
    }
    return ferror(file) == 0;
}

enum sp_result mapper_xlsx_close(struct xlsx_writer **writer, struct sp_buffer *file,
                                 struct sp_error *err)
{
    struct xlsx_writer *closing = *writer;
    lxw_error error = workbook_close(closing->book);
    if (closing->error == LXW_NO_ERROR)
        closing->error = error;
    if (closing->error == LXW_NO_ERROR && !read_whole(closing->file, file))
        closing->error = LXW_ERROR_CREATING_XLSX_FILE;
    enum sp_result result = SP_OK;
    if (closing->error != LXW_NO_ERROR)
        result =
            sp_fail(err, SP_RETRY, "cannot write the workbook: %s", lxw_strerror(closing->error));
    if (closing->file != NULL)
        (void)fclose(closing->file);
    sp_buffer_free(&closing->field);
    free(closing);
    *writer = NULL;
    return result;
}
