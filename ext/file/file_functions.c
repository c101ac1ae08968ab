/* Files as a whole: length, shape, write, append. */
#include "file/posix.h"

#include <string.h>

#include "file/file_bodies.h"
#include "file/output.h"
#include "sql/arguments.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

enum sqa_status fn_file_length(struct sqa_call *call) {
    struct sqa_input input;
    const char *path;
    int dtype;
    enum sqa_status status = sqa_arg_path(call, &path);
    if (status == SQA_OK)
        status = sqa_arg_dtype(call, 1, &dtype);
    if (status == SQA_OK)
        status = sqa_input_open(&input, call, path, dtype, SQA_NO_DTYPE);
    if (status != SQA_OK)
        return status;
    sqlite3_result_int64(call->context, (sqlite3_int64)input.count);
    sqa_input_close(&input);
    return SQA_OK;
}

enum sqa_status fn_file_shape(struct sqa_call *call) {
    struct sqa_input input;
    const char *path;
    enum sqa_status status = sqa_arg_path(call, &path);
    if (status == SQA_OK)
        status = sqa_input_open(&input, call, path, SQA_NO_DTYPE, SQA_INT8);
    if (status != SQA_OK)
        return status;
    if (input.is_npy) {
        const struct sqa_view lengths = {(const unsigned char *)input.shape.lengths,
                                         input.shape.dimensions, sizeof input.shape.lengths[0]};
        status = sqa_result_array(call, &lengths);
    } else {
        status = sqa_fail(call, "%.*s is not a .npy file, which alone has a shape",
                          sqa_excerpt(path, 120), path);
    }
    sqa_input_close(&input);
    return status;
}

/* The arguments of both functions that write; path is borrowed. */
struct request {
    const char *path;
    struct sqa_view view;
    int dtype;
};

static enum sqa_status get_request(struct sqa_call *call, struct request *request) {
    enum sqa_status status = sqa_arg_path(call, &request->path);
    if (status == SQA_OK)
        status = sqa_arg_array(call, 1, &request->view);
    return status == SQA_OK ? sqa_arg_dtype(call, 2, &request->dtype) : status;
}

/* Behind a copy of `before`, or without one. The result: bytes that there are now and were not before. */
static enum sqa_status write_file(struct sqa_call *call, const struct request *request,
                                  const struct sqa_input *before) {
    struct sqa_target target;
    struct sqa_output output;
    enum sqa_status status = sqa_target_find(&target, call, request->path);
    if (status == SQA_OK)
        status = sqa_output_open(&output, call, &target, request->dtype, before);
    if (status != SQA_OK)
        return status;
    if (before != NULL)
        status = sqa_output_copy(&output, call, before);
    if (status == SQA_OK)
        status = sqa_output_add(&output, call, &request->view);
    if (status == SQA_OK)
        status = sqa_output_sync(&output, call);
    if (status == SQA_OK)
        status = sqa_output_publish(&output, call);
    if (status == SQA_OK) {
        const uint64_t added = (uint64_t)request->view.count * sqa_dtype_width(output.dtype);
        sqlite3_result_int64(call->context, (sqlite3_int64)(before != NULL ? added : output.size));
    }
    sqa_output_drop(&output);
    return status;
}

enum sqa_status fn_file_write(struct sqa_call *call) {
    struct request request;
    const enum sqa_status status = get_request(call, &request);
    return status == SQA_OK ? write_file(call, &request, NULL) : status;
}

/*
** A file is extended by writing a new one: a copy, the elements, and for .npy a header with the new count. In
** place it would take two writes, and a crash between them leave a file of neither length.
*/
enum sqa_status fn_file_append(struct sqa_call *call) {
    struct request request;
    struct sqa_input before;
    enum sqa_status status = get_request(call, &request);
    if (status != SQA_OK)
        return status;
    const bool is_npy = sqa_path_is_npy(request.path);
    struct stat file;
    const bool exists = stat(request.path, &file) == 0;
    if (exists ? is_npy && S_ISREG(file.st_mode) && file.st_size == 0 : errno == ENOENT)
        return write_file(call, &request, NULL); /* a file of no bytes lacks the header */
    const int otherwise = is_npy ? SQA_NO_DTYPE : SQA_INT64;
    status = sqa_input_open(&before, call, request.path, request.dtype, otherwise);
    if (status != SQA_OK)
        return status;
    if (before.is_npy && before.shape.dimensions != 1)
        status = sqa_fail(call, "%.*s has %u dimensions, only a file of 1 can be extended",
                          sqa_excerpt(request.path, 120), request.path, before.shape.dimensions);
    else
        status = write_file(call, &request, &before);
    sqa_input_close(&before);
    return status;
}
