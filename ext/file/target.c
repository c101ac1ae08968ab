#include "file/posix.h"

#include "file/target.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/* The length of the path up to its last slash, included */
static int directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (int)(slash + 1 - path);
}

static enum sqa_status find_directory(struct sqa_target *target, struct sqa_call *call) {
    const int length = directory_length(target->path);
    struct stat status;
    target->directory = length == 0 ? sqa_message(".") : sqa_message("%.*s", length, target->path);
    if (target->directory == NULL)
        return SQA_NOMEM;
    if (stat(target->directory, &status) != 0)
        return sqa_fail_path(call, "write", target->path);
    target->device = (uint64_t)status.st_dev;
    target->inode = (uint64_t)status.st_ino;
    return SQA_OK;
}

static enum sqa_status find_file(struct sqa_target *target, struct sqa_call *call) {
    const char *path = target->path;
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT ? SQA_OK : sqa_fail_path(call, "write", path);
    if (!S_ISREG(status.st_mode))
        return sqa_fail(call, "%.*s is not a regular file", sqa_excerpt(path, 150), path);
    if (access(path, W_OK) != 0) /* renaming does not ask */
        return sqa_fail_path(call, "write", path);
    target->exists = true;
    target->mode = status.st_mode & 0777;
    target->owner = status.st_uid;
    target->group = status.st_gid;
    return SQA_OK;
}

enum sqa_status sqa_target_find(struct sqa_target *target, struct sqa_call *call,
                                const char *path) {
    char resolved[PATH_MAX];
    struct stat status;
    *target = (struct sqa_target){.path = NULL};
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        if (realpath(path, resolved) == NULL)
            return sqa_fail_path(call, "write", path);
        path = resolved;
    }
    target->path = sqa_message("%s", path);
    enum sqa_status found = target->path == NULL ? SQA_NOMEM : find_directory(target, call);
    if (found == SQA_OK)
        found = find_file(target, call);
    if (found != SQA_OK)
        sqa_target_clear(target);
    return found;
}

void sqa_target_clear(struct sqa_target *target) {
    sqa_object_free(target->path);
    sqa_object_free(target->directory);
    *target = (struct sqa_target){.path = NULL};
}

bool sqa_target_same(const struct sqa_target *a, const struct sqa_target *b) {
    return a->device == b->device && a->inode == b->inode &&
           strcmp(a->path + directory_length(a->path), b->path + directory_length(b->path)) == 0;
}

char *sqa_target_temporary(const struct sqa_target *target) {
    uint64_t name;
    sqlite3_randomness(sizeof name, &name);
    return sqa_message("%.*s.array-%016llx.tmp", directory_length(target->path), target->path,
                       (unsigned long long)name);
}

enum sqa_status sqa_target_sync(const struct sqa_target *target, struct sqa_call *call) {
    const int fd = open(target->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd < 0 || fsync(fd) == 0 || errno == EINVAL;
    const enum sqa_status status =
        ok ? SQA_OK : sqa_fail_path(call, "sync the directory of", target->path);
    if (fd >= 0)
        (void)close(fd);
    return status;
}
