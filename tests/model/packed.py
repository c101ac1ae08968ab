"""Packed arrays, codec 1: what include/sqlite_array.h says of them, written and read by exact integers."""

EXCEPTIONS = {0: 0, 2: 6, 4: 22, 8: 54}  # bytes of an exception: bits that it holds beside its place
FORMS = [0, 2, 4, 8]  # bits 1 and 2 of a form: bytes of an exception


def unsigned(x, width):
    return x % 2 ** (8 * width)


def signed(x, width):
    x = unsigned(x, width)
    return x - 2 ** (8 * width) if x >> (8 * width - 1) else x


def lane_of(bits, size, is_steps):
    need = bits + EXCEPTIONS[size] + 10 * is_steps
    return next(lane for lane in (1, 2, 4, 8) if need < 8 * lane or lane == 8)


def place(i, n, bits, lane):
    """The bits of an offset, as pairs: how many of its bits, and the bit among those of the block where they begin."""
    if n < 1024:
        yield bits, i * bits
        return
    lanes, width = 128 // lane, 8 * lane
    at = i // lanes * bits
    while bits > 0:
        some = min(bits, width - at % width)
        yield some, at // width * 1024 + i % lanes * width + at % width
        bits, at = bits - some, at + some


def write_offsets(offsets, bits, lane):
    n = len(offsets)
    data = bytearray((n * bits + 7) // 8)
    for i, x in enumerate(offsets):
        for some, at in place(i, n, bits, lane):
            part = (x % 2**some) << at % 8
            for byte in range((at % 8 + some + 7) // 8):
                data[at // 8 + byte] |= part >> 8 * byte & 255
            x >>= some
    return bytes(data)


def read_offset(data, i, n, bits, lane):
    x = done = 0
    for some, at in place(i, n, bits, lane):
        end = (at + some + 7) // 8
        x |= (int.from_bytes(data[at // 8 : end], "little") >> at % 8) % 2**some << done
        done += some
    return x


def choices(offsets):
    """The ways to write offsets, as (bytes, -bits, size of an exception, exceptions)."""
    n, most = len(offsets), max(offsets).bit_length()
    yield (n * most + 7) // 8, -most, 0, []
    for bits in range(most):
        size = next((s for s, b in EXCEPTIONS.items() if s and most - bits <= b), None)
        exceptions = [i for i, x in enumerate(offsets) if x >> bits]
        if size and len(exceptions) * size <= 510:
            yield (n * bits + 7) // 8 + len(exceptions) * size, -bits, size, exceptions


def write_block(block, width):
    """Form, bits, exceptions, base, and the contents."""

    def write(is_steps, base, step, offsets):
        _, bits, size, exceptions = min(choices(offsets), key=lambda choice: choice[:2])
        bits = -bits
        contents = unsigned(step, width).to_bytes(width, "little") if is_steps else b""
        contents += write_offsets(offsets, bits, lane_of(bits, size, is_steps))
        for i in exceptions:
            contents += (offsets[i] >> bits << 10 | i).to_bytes(size, "little")
        return is_steps | FORMS.index(size) << 1, bits, len(exceptions) * size // 2, unsigned(base, width).to_bytes(width, "little"), contents

    frame = write(0, min(block), 0, [x - min(block) for x in block])
    if len(block) < 2:
        return frame
    differences = [signed(y - x, width) for x, y in zip(block, block[1:])]
    steps = write(1, block[0], min(differences), [0] + [d - min(differences) for d in differences])
    return steps if len(steps[4]) + (len(block) + 3) // 4 <= len(frame[4]) else frame


def write(elements, width):
    """The packed blob of one element or more that `width` is the plain width of, whether or not it is smaller."""
    blocks = [write_block(elements[i : i + 1024], width) for i in range(0, len(elements), 1024)]
    forms, bits, exceptions, bases, contents = zip(*blocks)
    header = b"\xa1\x41\x01" + bytes([width]) + len(elements).to_bytes(4, "little")
    return header + bytes(forms) + bytes(bits) + bytes(exceptions) + b"".join(bases) + b"".join(contents)


def read(blob):
    """The elements of a blob whose header says that it is packed; ValueError where it is not."""
    width, count = blob[3], int.from_bytes(blob[4:8], "little")
    blocks, elements = (count + 1023) // 1024, []
    if width not in (1, 2, 4, 8) or blocks == 0 or len(blob) < 8 + blocks * (3 + width):
        raise ValueError
    forms, bits, halves = (blob[8 + i * blocks : 8 + (i + 1) * blocks] for i in range(3))
    at = 8 + blocks * (3 + width)
    for k in range(blocks):
        n = min(1024, count - 1024 * k)
        base = int.from_bytes(blob[8 + 3 * blocks + k * width :][:width], "little")
        if forms[k] > 7 or bits[k] > 64:
            raise ValueError
        is_steps, size = forms[k] & 1, FORMS[forms[k] >> 1]
        if (halves[k] > 0) != (size > 0) or (size and (2 * halves[k] % size or bits[k] == 64)):
            raise ValueError
        end = at + is_steps * width + (n * bits[k] + 7) // 8 + 2 * halves[k]
        if end > len(blob):
            raise ValueError
        step = int.from_bytes(blob[at : at + is_steps * width], "little")
        at += is_steps * width
        data = blob[at : end - 2 * halves[k]]
        lane = lane_of(bits[k], size, is_steps)
        offsets = [read_offset(data, i, n, bits[k], lane) for i in range(n)]
        for e in range(end - 2 * halves[k], end, size or 1):
            x = int.from_bytes(blob[e : e + size], "little")
            if x % 1024 < n:
                offsets[x % 1024] = offsets[x % 1024] % 2 ** bits[k] | x >> 10 << bits[k]
        before = base - step
        for x in offsets:
            before = (before + step if is_steps else base) + x
            elements.append(signed(before, width))
        at = end
    if at != len(blob):
        raise ValueError
    return elements
