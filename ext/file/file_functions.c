/* Files as a whole: length, write, append; and the aggregate that writes its rows. */
#include "file/posix.h"

#include <string.h>

#include "file/file_bodies.h"
#include "file/output.h"
#include "aggregates/aggregate.h"

SQLITE_EXTENSION_INIT3

enum sqa_status fn_file_length(struct sqa_call *call) {
    struct sqa_input input;
    const char *path;
    int dtype;
    enum sqa_status status = sqa_arg_path(call, 0, &path);
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

/* The arguments of both functions that write; path is borrowed. */
struct request {
    const char *path;
    struct sqa_view view;
    int dtype;
};

static enum sqa_status get_request(struct sqa_call *call, struct request *request) {
    enum sqa_status status = sqa_arg_path(call, 0, &request->path);
    if (status == SQA_OK)
        status = sqa_arg_array(call, 1, &request->view);
    return status == SQA_OK ? sqa_arg_dtype(call, 2, &request->dtype) : status;
}

/* Behind a copy of `before`, or without one. The result: bytes that there are now and were not before. */
static enum sqa_status write_file(struct sqa_call *call, const struct request *request,
                                  const struct sqa_input *before) {
    struct sqa_output output;
    enum sqa_status status = sqa_output_open(&output, call, request->path, request->dtype, before);
    if (status != SQA_OK)
        return status;
    if (before != NULL)
        status = sqa_output_copy(&output, call, before);
    if (status == SQA_OK)
        status = sqa_output_add(&output, call, &request->view);
    if (status != SQA_OK) {
        sqa_output_drop(&output);
        return status;
    }
    const uint64_t size = before != NULL
                              ? (uint64_t)request->view.count * sqa_dtype_width(output.dtype)
                              : output.size + output.used;
    status = sqa_output_commit(&output, call);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (sqlite3_int64)size);
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
    status = write_file(call, &request, &before);
    sqa_input_close(&before);
    return status;
}

/* array_file_agg(path, A [, dtype]): path and dtype are those of the first row, and must not change. */
struct file_state {
    struct sqa_output output;
    char *path; /* as given */
    int dtype;
};

static enum sqa_status open_state(struct sqa_call *call, struct file_state *state, const char *path,
                                  int dtype) {
    state->path = sqa_message("%s", path);
    state->dtype = dtype;
    return state->path == NULL ? SQA_NOMEM
                               : sqa_output_open(&state->output, call, path, dtype, NULL);
}

static enum sqa_status agg_file_step(struct sqa_call *call, void *memory) {
    struct file_state *state = memory;
    struct sqa_row row;
    const char *path;
    int dtype;
    enum sqa_status status = sqa_arg_path(call, 0, &path);
    if (status == SQA_OK)
        status = sqa_arg_dtype(call, 2, &dtype);
    if (status == SQA_OK && state->path == NULL)
        status = open_state(call, state, path, dtype);
    else if (status == SQA_OK && strcmp(path, state->path) != 0)
        status = sqa_fail(call, "argument 1, the path, is not the same in all rows");
    else if (status == SQA_OK && dtype != state->dtype)
        status = sqa_fail(call, "argument 3, the dtype, is not the same in all rows");
    if (status == SQA_OK)
        status = sqa_row_open(call, 1, &row);
    if (status != SQA_OK)
        return status;
    status = sqa_output_add(&state->output, call, &row.view);
    sqa_row_close(&row);
    return status;
}

static enum sqa_status agg_file_value(struct sqa_call *call, void *memory, bool last) {
    struct file_state *state = memory;
    const uint64_t size = state->output.size + state->output.used;
    const enum sqa_status status = sqa_output_commit(&state->output, call);
    (void)last;
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (sqlite3_int64)size);
    return status;
}

static void agg_file_clear(void *memory) {
    struct file_state *state = memory;
    sqa_output_drop(&state->output);
    sqa_object_free(state->path);
}

const struct sqa_aggregate agg_file = {
    .state_size = sizeof(struct file_state),
    .step = agg_file_step,
    .value = agg_file_value,
    .clear = agg_file_clear,
};
