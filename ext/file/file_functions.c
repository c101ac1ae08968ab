/* Functions on whole files: array_file_length, _shape, _write and _append. */
#include <errno.h>

#include "file/file_bodies.h"
#include "file/output.h"
#include "file/system.h"
#include "sql/arguments.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_file_length(struct sqa_call *call) {
    const char *path = sqa_arg_path(call);
    const int dtype = sqa_arg_dtype(call, 1);
    struct sqa_input input;
    sqa_input_open(&input, call, path, dtype, SQA_NO_DTYPE);
    sqlite3_result_int64(call->context, (sqlite3_int64)input.count);
    sqa_input_close(&input);
}

void sqa_fn_file_shape(struct sqa_call *call) {
    const char *path = sqa_arg_path(call);
    struct sqa_input input;
    sqa_input_open(&input, call, path, SQA_NO_DTYPE, SQA_INT8);
    if (!input.is_npy)
        sqa_fail(call, "%.*s is not a .npy file, which alone has a shape", sqa_excerpt(path, 120),
                 path);
    const struct sqa_view view = {(const unsigned char *)input.shape.lengths,
                                  input.shape.dimensions, sizeof input.shape.lengths[0]};
    const struct sqa_array lengths = sqa_array_of(&view);
    sqa_result_array(call, &lengths);
    sqa_input_close(&input);
}

/* The arguments of the two functions that write a file. path is borrowed. */
struct request {
    const char *path;
    struct sqa_array array;
    int dtype;
};

static struct request get_request(struct sqa_call *call) {
    struct request request;
    request.path = sqa_arg_path(call);
    request.array = sqa_arg_array(call, 1);
    request.dtype = sqa_arg_dtype(call, 2);
    return request;
}

/*
** Writes a file: the contents of `before` if it is not NULL, then the array. The SQL result is
** how many bytes were added to `before`, or the size of the file.
*/
static void write_file(struct sqa_call *call, const struct request *request,
                       struct sqa_input *before) {
    struct sqa_target target;
    struct sqa_output output;
    sqa_target_find(&target, call, request->path);
    sqa_output_open(&output, call, &target, request->dtype, before);
    if (before != NULL) {
        sqa_output_copy(&output, call, before);
        sqa_input_close(before); /* on Windows a file that is open cannot be replaced */
    }
    sqa_output_add(&output, call, &request->array);
    sqa_output_sync(&output, call);
    sqa_output_publish(&output, call);
    const uint64_t added = (uint64_t)request->array.count * sqa_dtype_width(output.dtype);
    sqlite3_result_int64(call->context, (sqlite3_int64)(before != NULL ? added : output.size));
    sqa_output_drop(&output);
}

void sqa_fn_file_write(struct sqa_call *call) {
    const struct request request = get_request(call);
    write_file(call, &request, NULL);
}

/*
** Appends by writing a new file: a copy of the old one, the new elements, and for .npy a header
** with the new count. Changing the file in place would take two writes, and a crash between them
** would leave an invalid file.
*/
void sqa_fn_file_append(struct sqa_call *call) {
    const struct request request = get_request(call);
    const bool is_npy = sqa_path_is_npy(request.path);
    struct sqa_input before;
    struct sqa_file_status file;
    const bool exists = sqa_system_find(request.path, &file);
    if (exists ? is_npy && file.is_regular && file.size == 0 : errno == ENOENT) {
        write_file(call, &request, NULL); /* an empty file has no header */
        return;
    }
    sqa_input_open(&before, call, request.path, request.dtype, is_npy ? SQA_NO_DTYPE : SQA_INT64);
    if (before.is_npy && before.shape.dimensions != 1)
        sqa_fail(call, "%.*s has %u dimensions, only a file of 1 can be extended",
                 sqa_excerpt(request.path, 120), request.path, before.shape.dimensions);
    write_file(call, &request, &before);
    sqa_input_close(&before);
}
