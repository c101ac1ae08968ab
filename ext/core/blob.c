#include "core/blob.h"

static const unsigned char blob_magic[2] = {0xA1, 0x41};
enum { AT_CODEC = 2, AT_WIDTH = 3, AT_COUNT = 4 };

enum sqa_status sqa_blob_read_header(const void *bytes, size_t size, struct sqa_blob_header *header,
                                     struct sqa_error *error) {
    const unsigned char *at = bytes;
    *error = (struct sqa_error){(int64_t)size, 0};
    if (size < SQA_HEADER)
        return SQA_SHORT_HEADER;
    if (memcmp(at, blob_magic, sizeof blob_magic) != 0)
        return SQA_BAD_MAGIC;
    if (at[AT_CODEC] > SQA_CODEC_PACKED) {
        error->a = at[AT_CODEC];
        return SQA_BAD_CODEC;
    }
    const unsigned width = at[AT_WIDTH];
    if (width != 1 && width != 2 && width != 4 && width != 8) {
        error->a = width;
        return SQA_BAD_WIDTH;
    }
    header->codec = at[AT_CODEC] == SQA_CODEC_PACKED ? SQA_CODEC_PACKED : SQA_CODEC_PLAIN;
    header->width = width;
    memcpy(&header->count, at + AT_COUNT, sizeof header->count);
    error->b = (int64_t)sqa_blob_size(header->count, width);
    return header->codec == SQA_CODEC_PLAIN && error->b != error->a ? SQA_BAD_SIZE : SQA_OK;
}

enum sqa_status sqa_blob_array(const void *blob, size_t size, struct sqa_array *array,
                               struct sqa_error *error) {
    struct sqa_blob_header header;
    enum sqa_status status = sqa_blob_read_header(blob, size, &header, error);
    if (status == SQA_OK && header.codec == SQA_CODEC_PACKED)
        status = sqa_packed_check((const unsigned char *)blob + SQA_HEADER, size - SQA_HEADER,
                                  header.count, header.width, error);
    if (status == SQA_OK)
        *array = sqa_blob_trusted(blob);
    return status;
}

struct sqa_array sqa_blob_trusted(const void *blob) {
    const unsigned char *bytes = blob;
    uint32_t count;
    memcpy(&count, bytes + AT_COUNT, sizeof count);
    return (struct sqa_array){bytes + SQA_HEADER, count, bytes[AT_WIDTH],
                              bytes[AT_CODEC] == SQA_CODEC_PACKED ? count : 0, 0};
}

static void write_codec_header(void *blob, enum sqa_codec codec, uint64_t count, unsigned width) {
    unsigned char *bytes = blob;
    const uint32_t count32 = (uint32_t)count;
    memcpy(bytes, blob_magic, sizeof blob_magic);
    bytes[AT_CODEC] = (unsigned char)codec;
    bytes[AT_WIDTH] = (unsigned char)width;
    memcpy(bytes + AT_COUNT, &count32, sizeof count32);
}

void sqa_blob_header(void *blob, uint64_t count, unsigned width) {
    write_codec_header(blob, SQA_CODEC_PLAIN, count, width);
}

void sqa_blob_packed_header(void *blob, uint64_t count, unsigned width) {
    write_codec_header(blob, SQA_CODEC_PACKED, count, width);
}

size_t sqa_blob_finish(const struct sqa_kernels *kernels, void *blob, size_t count, unsigned width,
                       uint64_t sig, struct sqa_poll *poll) {
    const unsigned canonical = sqa_sig_width(sig);
    if (canonical < width)
        sqa_convert_in_place(kernels, (unsigned char *)blob + SQA_HEADER, count, width, canonical,
                             poll);
    sqa_blob_header(blob, count, canonical);
    return (size_t)sqa_blob_size(count, canonical);
}

void sqa_array_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                    size_t count, void *dst, unsigned width) {
    struct sqa_view view;
    if (sqa_array_is_plain(array, &view))
        sqa_view_copy(kernels, &view, at, count, dst, width);
    else
        sqa_packed_copy(kernels, array, at, count, dst, width);
}
