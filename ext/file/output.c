#include "file/posix.h"

#include "file/output.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/npy.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

enum {
    BUFFER = 256 * 1024,      /* bytes gathered for one write() */
    PIECE = 1024 * 1024,      /* the most one write() is asked for: so often interrupts are seen */
    BEHIND = 8 * 1024 * 1024, /* after so many bytes the system is told to begin writing to disk */
};

/* Where path leads to, as a message that SQLite has allocated: links are followed to the file itself. */
static enum sqa_status resolve(struct sqa_output *output, struct sqa_call *call, const char *path) {
    char resolved[PATH_MAX];
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        if (realpath(path, resolved) == NULL)
            return sqa_fail_path(call, "write", path);
        path = resolved;
    }
    output->path = sqa_message("%s", path);
    if (output->path == NULL)
        return SQA_NOMEM;
    if (stat(path, &status) != 0)
        return errno == ENOENT ? SQA_OK : sqa_fail_path(call, "write", path);
    if (!S_ISREG(status.st_mode))
        return sqa_fail(call, "argument 1: %.*s is not a regular file", sqa_excerpt(path, 150),
                        path);
    if (access(path, W_OK) != 0) /* renaming does not ask */
        return sqa_fail_path(call, "write", path);
    output->replaces = true;
    output->mode = status.st_mode & 0777;
    output->owner = status.st_uid;
    output->group = status.st_gid;
    return SQA_OK;
}

/* The length of the path up to its last slash, included */
static int directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (int)(slash + 1 - path);
}

static enum sqa_status make_temporary(struct sqa_output *output, struct sqa_call *call) {
    const mode_t mode = output->replaces ? output->mode : 0666;
    uint64_t name;
    sqlite3_randomness(sizeof name, &name);
    output->temporary = sqa_message("%.*s.array-%016llx.tmp", directory_length(output->path),
                                    output->path, (unsigned long long)name);
    if (output->temporary == NULL)
        return SQA_NOMEM;
    output->fd = open(output->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (output->fd < 0)
        return sqa_fail_path(call, "write", output->path);
    return SQA_OK;
}

/* Lets go of everything; the temporary file goes, too, unless it has become the file. */
static void release(struct sqa_output *output, bool committed) {
    if (output->fd >= 0)
        (void)close(output->fd);
    if (output->fd >= 0 && !committed)
        (void)unlink(output->temporary);
    sqa_object_free(output->path);
    sqa_object_free(output->temporary);
    sqa_scratch_give(output->buffer);
    *output = (struct sqa_output){.is_open = false};
}

enum sqa_status sqa_output_open(struct sqa_output *output, struct sqa_call *call, const char *path,
                                int dtype, const struct sqa_input *like) {
    *output = (struct sqa_output){
        .is_open = true,
        .fd = -1,
        .is_npy = like != NULL ? like->is_npy : sqa_path_is_npy(path),
        .big = like != NULL && like->big,
        .dtype = like != NULL            ? like->dtype
                 : dtype == SQA_NO_DTYPE ? SQA_INT64
                                         : (enum sqa_dtype)dtype,
    };
    enum sqa_status status = resolve(output, call, path);
    if (status == SQA_OK)
        status = make_temporary(output, call);
    if (status == SQA_OK) {
        output->buffer = sqa_scratch_take(call, BUFFER, 1);
        status = output->buffer == NULL ? SQA_NOMEM : SQA_OK;
    }
    if (status != SQA_OK) {
        release(output, false);
        return status;
    }
    if (output->is_npy) { /* the count will be written last */
        sqa_npy_write_flat(output->buffer, output->dtype, output->big, 0);
        output->used = SQA_NPY_HEADER;
    }
    return SQA_OK;
}

/*
** Has the system write to the disk what is complete, so that fsync() at the end finds little to do: 256 MB
** take 0.8 to 1.1 times as long as with cat and sync, 1.2 to 1.25 times without this.
*/
static void write_behind(struct sqa_output *output, uint64_t before) {
#ifdef SYNC_FILE_RANGE_WRITE
    const uint64_t from = before / BEHIND * BEHIND, to = output->size / BEHIND * BEHIND;
    if (to > from)
        (void)sync_file_range(output->fd, (off_t)from, (off_t)(to - from), SYNC_FILE_RANGE_WRITE);
#else
    (void)output, (void)before;
#endif
}

static enum sqa_status write_bytes(struct sqa_output *output, struct sqa_call *call,
                                   const unsigned char *bytes, size_t size) {
    while (size > 0) {
        const ssize_t n = write(output->fd, bytes, size < PIECE ? size : PIECE);
        if (n < 0 && errno != EINTR)
            return sqa_fail_path(call, "write", output->path);
        if (n > 0) {
            const uint64_t before = output->size;
            output->size += (uint64_t)n;
            write_behind(output, before);
            bytes += n;
            size -= (size_t)n;
        }
        if (sqa_interrupted(call->connection))
            return SQA_INTERRUPT;
    }
    return SQA_OK;
}

static enum sqa_status flush(struct sqa_output *output, struct sqa_call *call) {
    const size_t used = output->used;
    output->used = 0;
    return write_bytes(output, call, output->buffer, used);
}

/* Elements that stand in memory as they will in the file: large ones go there from where they are. */
static enum sqa_status add_bytes(struct sqa_output *output, struct sqa_call *call,
                                 const unsigned char *bytes, size_t size) {
    if (size <= BUFFER - output->used) {
        memcpy(output->buffer + output->used, bytes, size);
        output->used += size;
        return SQA_OK;
    }
    const enum sqa_status status = flush(output, call);
    return status == SQA_OK ? write_bytes(output, call, bytes, size) : status;
}

static enum sqa_status add_converted(struct sqa_output *output, struct sqa_call *call,
                                     const struct sqa_view *view) {
    const unsigned width = sqa_dtype_width(output->dtype);
    enum sqa_status status = SQA_OK;
    for (size_t at = 0; at < view->count && status == SQA_OK;) {
        const size_t room = (BUFFER - output->used) / width;
        const size_t n = view->count - at < room ? view->count - at : room;
        const struct sqa_view piece = sqa_view_slice(view, at, n);
        sqa_machine_ints_write(call->connection->kernels, &piece, output->dtype, output->big,
                               output->buffer + output->used);
        output->used += n * width;
        at += n;
        if (output->used == BUFFER)
            status = flush(output, call);
    }
    return status;
}

enum sqa_status sqa_output_add(struct sqa_output *output, struct sqa_call *call,
                               const struct sqa_view *view) {
    const enum sqa_status status = sqa_check_machine_ints(call, view, output->dtype);
    if (status == SQA_RANGE)
        call->error.a += (int64_t)output->count;
    if (status != SQA_OK)
        return status;
    output->count += view->count;
    if (view->width == sqa_dtype_width(output->dtype) && (!output->big || view->width == 1))
        return add_bytes(output, call, view->data, view->count * view->width);
    return add_converted(output, call, view);
}

enum sqa_status sqa_output_copy(struct sqa_output *output, struct sqa_call *call,
                                const struct sqa_input *input) {
    const unsigned width = sqa_dtype_width(input->dtype);
    enum sqa_status status = SQA_OK;
    for (uint64_t at = 0; at < input->count && status == SQA_OK;) {
        const uint64_t left = input->count - at, room = (BUFFER - output->used) / width;
        const size_t n = (size_t)(left < room ? left : room);
        status = sqa_input_read(input, call, at, n, output->buffer + output->used);
        output->used += n * width;
        at += n;
        if (status == SQA_OK && output->used + width > BUFFER)
            status = flush(output, call);
    }
    output->count += input->count;
    return status;
}

/* True if all of a header's bytes replaced those at the beginning of the file. */
static bool write_header(const struct sqa_output *output) {
    unsigned char header[SQA_NPY_HEADER];
    sqa_npy_write_flat(header, output->dtype, output->big, output->count);
    return pwrite(output->fd, header, sizeof header, 0) == (ssize_t)sizeof header;
}

/* A rename is on disk when its directory is. File systems that cannot do that say EINVAL. */
static bool sync_directory(const char *path) {
    const int length = directory_length(path);
    char *directory = length == 0 ? sqa_message(".") : sqa_message("%.*s", length, path);
    const int fd = directory == NULL ? -1 : open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd < 0 || fsync(fd) == 0 || errno == EINVAL;
    if (fd >= 0)
        (void)close(fd);
    sqa_object_free(directory);
    return ok;
}

enum sqa_status sqa_output_commit(struct sqa_output *output, struct sqa_call *call) {
    enum sqa_status status = flush(output, call);
    if (status == SQA_OK) {
        bool ok = !output->is_npy || write_header(output);
        if (ok && output->replaces) {
            (void)!fchown(output->fd, output->owner, output->group); /* root's to do */
            ok = fchmod(output->fd, output->mode) == 0;
        }
        if (!ok || fsync(output->fd) != 0 || rename(output->temporary, output->path) != 0)
            status = sqa_fail_path(call, "write", output->path);
    }
    const bool committed = status == SQA_OK;
    if (committed && !sync_directory(output->path))
        status = sqa_fail_path(call, "sync the directory of", output->path);
    release(output, committed);
    return status;
}

void sqa_output_drop(struct sqa_output *output) {
    if (output->is_open)
        release(output, false);
}
