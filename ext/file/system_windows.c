#ifdef _WIN32
#include "file/system.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <string.h>
#include <wchar.h>
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

/* Others may read, write, rename and remove a file that is open here. */
enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

/* Sets errno according to GetLastError() and returns false. */
static bool windows_failed(void) {
    static const struct {
        DWORD code;
        int error;
    } meanings[] = {
        {ERROR_FILE_NOT_FOUND, ENOENT},
        {ERROR_PATH_NOT_FOUND, ENOENT},
        {ERROR_INVALID_NAME, ENOENT},
        {ERROR_BAD_NETPATH, ENOENT},
        {ERROR_ACCESS_DENIED, EACCES},
        {ERROR_SHARING_VIOLATION, EACCES},
        {ERROR_LOCK_VIOLATION, EACCES},
        {ERROR_WRITE_PROTECT, EROFS},
        {ERROR_FILE_EXISTS, EEXIST},
        {ERROR_ALREADY_EXISTS, EEXIST},
        {ERROR_DISK_FULL, ENOSPC},
        {ERROR_HANDLE_DISK_FULL, ENOSPC},
        {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
        {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
        {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
        {ERROR_NO_UNICODE_TRANSLATION, EILSEQ},
        {ERROR_INSUFFICIENT_BUFFER, ENAMETOOLONG},
    };
    const DWORD code = GetLastError();
    errno = EIO;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].code == code)
            errno = meanings[i].error;
    return false;
}

static bool widen(const char *path, wchar_t wide[SQA_LONGEST_PATH]) {
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, SQA_LONGEST_PATH) > 0;
}

/*
** Calls CreateFileW() for a path in UTF-8, shared with everybody. Returns INVALID_HANDLE_VALUE if
** it fails.
*/
static HANDLE open_handle(const char *path, DWORD access, DWORD disposition, DWORD flags) {
    wchar_t wide[SQA_LONGEST_PATH];
    if (!widen(path, wide))
        return INVALID_HANDLE_VALUE;
    return CreateFileW(wide, access, SHARE_ALL, NULL, disposition, flags, NULL);
}

static HANDLE handle_of(int fd) {
    return (HANDLE)_get_osfhandle(fd);
}

static bool describe_handle(HANDLE handle, struct sqa_file_status *status) {
    BY_HANDLE_FILE_INFORMATION found;
    *status = (struct sqa_file_status){.is_regular = false};
    if (GetFileType(handle) != FILE_TYPE_DISK)
        return true;
    if (!GetFileInformationByHandle(handle, &found))
        return windows_failed();
    status->is_regular = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
    status->size = (uint64_t)found.nFileSizeHigh << 32 | found.nFileSizeLow;
    status->device = found.dwVolumeSerialNumber;
    status->inode = (uint64_t)found.nFileIndexHigh << 32 | found.nFileIndexLow;
    return true;
}

bool sqa_system_find(const char *path, struct sqa_file_status *status) {
    /* CreateFileW() opens a directory only with FILE_FLAG_BACKUP_SEMANTICS. */
    const HANDLE handle = open_handle(path, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    if (handle == INVALID_HANDLE_VALUE)
        return windows_failed();
    const bool found = describe_handle(handle, status);
    (void)CloseHandle(handle);
    return found;
}

bool sqa_system_look(int fd, struct sqa_file_status *status) {
    return describe_handle(handle_of(fd), status);
}

bool sqa_system_follow(const char **path, char resolved[SQA_LONGEST_PATH]) {
    wchar_t wide[SQA_LONGEST_PATH];
    if (!widen(*path, wide))
        return windows_failed();
    const DWORD attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES || (attributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0)
        return true;
    const HANDLE handle = open_handle(*path, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    if (handle == INVALID_HANDLE_VALUE)
        return windows_failed();
    const DWORD length = GetFinalPathNameByHandleW(handle, wide, SQA_LONGEST_PATH, 0);
    (void)CloseHandle(handle);
    if (length >= SQA_LONGEST_PATH)
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
    if (length == 0 || length >= SQA_LONGEST_PATH ||
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, resolved, SQA_LONGEST_PATH, NULL, NULL) == 0)
        return windows_failed();
    *path = resolved;
    return true;
}

bool sqa_system_may_write(const char *path) {
    const HANDLE handle = open_handle(path, GENERIC_WRITE, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL);
    if (handle == INVALID_HANDLE_VALUE)
        return windows_failed();
    (void)CloseHandle(handle);
    return true;
}

static int descriptor_of(HANDLE handle) {
    if (handle == INVALID_HANDLE_VALUE) {
        (void)windows_failed();
        return -1;
    }
    const int fd = _open_osfhandle((intptr_t)handle, _O_BINARY | _O_NOINHERIT);
    if (fd < 0)
        (void)CloseHandle(handle);
    return fd;
}

int sqa_system_open(const char *path) {
    return descriptor_of(
        open_handle(path, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS));
}

int sqa_system_create(const char *path, unsigned mode) {
    (void)mode;
    return descriptor_of(open_handle(path, GENERIC_READ | GENERIC_WRITE | DELETE, CREATE_NEW,
                                     FILE_ATTRIBUTE_NORMAL));
}

void sqa_system_close(int fd) {
    (void)_close(fd);
}

static OVERLAPPED place_at(uint64_t offset) {
    OVERLAPPED place;
    memset(&place, 0, sizeof place);
    place.Offset = (DWORD)offset;
    place.OffsetHigh = (DWORD)(offset >> 32);
    return place;
}

static DWORD at_most_one_call(size_t size) {
    enum { MOST = 1 << 30 };
    return size < MOST ? (DWORD)size : MOST;
}

static ptrdiff_t transfer_failed(void) {
    (void)windows_failed();
    return -1;
}

ptrdiff_t sqa_system_read(int fd, void *bytes, size_t size, uint64_t offset) {
    OVERLAPPED place = place_at(offset);
    DWORD got = 0;
    if (ReadFile(handle_of(fd), bytes, at_most_one_call(size), &got, &place))
        return (ptrdiff_t)got;
    return GetLastError() == ERROR_HANDLE_EOF ? 0 : transfer_failed();
}

ptrdiff_t sqa_system_write(int fd, const void *bytes, size_t size, uint64_t offset) {
    OVERLAPPED place = place_at(offset);
    DWORD written = 0;
    if (WriteFile(handle_of(fd), bytes, at_most_one_call(size), &written, &place))
        return (ptrdiff_t)written;
    return transfer_failed();
}

void sqa_system_expect(int fd, uint64_t offset, uint64_t size) {
    (void)fd, (void)offset, (void)size;
}

void sqa_system_write_behind(int fd, uint64_t offset, uint64_t size) {
    (void)fd, (void)offset, (void)size;
}

bool sqa_system_truncate(int fd, uint64_t size) {
    FILE_END_OF_FILE_INFO end;
    end.EndOfFile.QuadPart = (LONGLONG)size;
    return SetFileInformationByHandle(handle_of(fd), FileEndOfFileInfo, &end, sizeof end) != 0 ||
           windows_failed();
}

bool sqa_system_sync(int fd) {
    return FlushFileBuffers(handle_of(fd)) != 0 || windows_failed();
}

/* A new file has the permissions that the directory gives it. */
bool sqa_system_adopt(int fd, const struct sqa_file_status *old) {
    (void)fd, (void)old;
    return true;
}

/*
** An open file can be renamed and removed, but not replaced. So it is first renamed to the new
** file's old name with `.old` appended.
*/
bool sqa_system_rename(const char *from, const char *to) {
    wchar_t old[SQA_LONGEST_PATH], new[SQA_LONGEST_PATH], away[SQA_LONGEST_PATH + 4];
    if (!widen(from, old) || !widen(to, new))
        return windows_failed();
    if (MoveFileExW(old, new, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return true;
    (void)wcscat(wcscpy(away, old), L".old");
    if (!MoveFileExW(new, away, MOVEFILE_WRITE_THROUGH))
        return windows_failed();
    if (MoveFileExW(old, new, MOVEFILE_WRITE_THROUGH)) {
        (void)DeleteFileW(away);
        return true;
    }
    (void)windows_failed();
    (void)MoveFileExW(away, new, MOVEFILE_WRITE_THROUGH);
    return false;
}

void sqa_system_remove(const char *path) {
    wchar_t wide[SQA_LONGEST_PATH];
    if (widen(path, wide))
        (void)DeleteFileW(wide);
}

/* Does nothing, because MOVEFILE_WRITE_THROUGH has already waited for the disk. */
bool sqa_system_sync_directory(const char *path) {
    (void)path;
    return true;
}

/* The separators are / and \, and the colon after a drive letter. */
int sqa_system_directory(const char *path) {
    int length = path[0] != '\0' && path[1] == ':' ? 2 : 0;
    for (int i = length; path[i] != '\0'; i++)
        if (path[i] == '/' || path[i] == '\\')
            length = i + 1;
    return length;
}

bool sqa_system_same_name(const char *a, const char *b) {
    wchar_t one[SQA_LONGEST_PATH], other[SQA_LONGEST_PATH];
    if (!widen(a, one) || !widen(b, other))
        return strcmp(a, b) == 0;
    return CompareStringOrdinal(one, -1, other, -1, TRUE) == CSTR_EQUAL;
}

#endif
