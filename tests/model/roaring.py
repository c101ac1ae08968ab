"""Roaring bitmaps in the portable format, written and read as RoaringFormatSpec says."""

import struct


def container(values):
    """Whether it is of runs, and its bytes: whichever form is the shortest, of equal ones runs."""
    starts = [i for i, x in enumerate(values) if i == 0 or x != values[i - 1] + 1]
    ends = starts[1:] + [len(values)]
    runs = struct.pack("<H", len(starts)) + b"".join(struct.pack("<HH", values[s], e - s - 1) for s, e in zip(starts, ends))
    if len(values) <= 4096:
        plain = struct.pack(f"<{len(values)}H", *values)
    else:
        plain = sum(1 << x for x in values).to_bytes(8192, "little")
    return (True, runs) if len(runs) <= len(plain) else (False, plain)


def groups(values, shift):
    found = {}
    for x in values:
        found.setdefault(x >> shift, []).append(x % 2**shift)
    return sorted(found.items())


def write_32(values):
    parts = [(key, len(low), *container(low)) for key, low in groups(values, 16)]
    n, has_runs = len(parts), any(part[2] for part in parts)
    if has_runs:
        flags = sum(part[2] << i for i, part in enumerate(parts))
        header = struct.pack("<HH", 12347, n - 1) + flags.to_bytes((n + 7) // 8, "little")
    else:
        header = struct.pack("<II", 12346, n)
    header += b"".join(struct.pack("<HH", key, count - 1) for key, count, *_ in parts)
    if not has_runs or n >= 4:
        at = len(header) + 4 * n
        for part in parts:
            header += struct.pack("<I", at)
            at += len(part[3])
    return header + b"".join(part[3] for part in parts)


def write(values, bits):
    values = sorted(set(values))
    if bits == 32:
        return write_32(values)
    maps = groups(values, 32)
    return struct.pack("<Q", len(maps)) + b"".join(struct.pack("<I", high) + write_32(low) for high, low in maps)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        fields = struct.unpack_from(form, self.data, self.at)  # struct.error where there are fewer bytes
        self.at += struct.calcsize(form)
        return fields

    def map(self):
        """A bitmap of 32 bits; None where it is not one."""
        start, values = self.at, []
        (cookie,) = self.take("<I")
        if cookie % 65536 == 12347:
            n = (cookie >> 16) + 1
            flags = int.from_bytes(bytes(self.take(f"<{(n + 7) // 8}B")), "little")
        elif cookie == 12346:
            (n,) = self.take("<I")
            flags = 0
            if n > 65536:
                return None
        else:
            return None
        heads = [self.take("<HH") for _ in range(n)]
        has_offsets = cookie == 12346 or n >= 4
        offsets = self.take(f"<{n}I") if has_offsets else None
        if any(heads[i][0] <= heads[i - 1][0] for i in range(1, n)):
            return None
        for i, (key, less) in enumerate(heads):
            if offsets and offsets[i] != self.at - start:
                return None
            if flags >> i & 1:
                low = []
                for _ in range(self.take("<H")[0]):
                    first, length = self.take("<HH")
                    if (low and first <= low[-1]) or first + length > 65535:
                        return None
                    low += range(first, first + length + 1)
            elif less < 4096:
                low = list(self.take(f"<{less + 1}H"))
            else:
                bits = int.from_bytes(bytes(self.take("<8192B")), "little")
                low = [x for x in range(65536) if bits >> x & 1]
            if len(low) != less + 1 or any(y <= x for x, y in zip(low, low[1:])):
                return None
            values += [key << 16 | x for x in low]
        return values


def read(data):
    """The set in a bitmap of either format, or None."""
    for reading in (read_32, read_64):
        try:
            values = reading(Reader(data))
        except struct.error:
            continue
        if values is not None:
            return values
    return None


def read_32(reader):
    values = reader.map()
    return values if reader.at == len(reader.data) else None


def read_64(reader):
    values, last = [], -1
    for _ in range(reader.take("<Q")[0]):
        (high,) = reader.take("<I")
        low = reader.map()
        if low is None or high <= last:
            return None
        last = high
        values += [high << 32 | x for x in low]
    return values if reader.at == len(reader.data) else None
