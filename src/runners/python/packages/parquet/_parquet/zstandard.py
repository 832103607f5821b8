"""Zstandard's frames (RFC 8878), without dictionaries; checksums are passed over, as Parquet tells how long a page is."""

from .copies import repeat

_DAMAGED = "a page of the Parquet file is damaged"
_MAGIC, _SKIPPED = 0xFD2FB528, 0x184D2A50
_RAW, _RLE, _COMPRESSED = range(3)


def inflate(data, size):
    """The `size` bytes that these frames hold. Raises ValueError for what is damaged."""
    out, at = bytearray(), 0
    try:
        while at < len(data):
            magic = int.from_bytes(data[at : at + 4], "little")
            if magic & 0xFFFFFFF0 == _SKIPPED:
                at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
                continue
            if magic != _MAGIC:
                raise ValueError(_DAMAGED)
            at = _Frame(data, out, size).read(at + 4)
    except IndexError:
        raise ValueError(_DAMAGED) from None
    return bytes(out)


class _Back:
    """Bits from the end of some bytes to their begin; zeros beyond it, by which `left` is negative."""

    def __init__(self, data):
        if not data or not data[-1]:
            raise ValueError(_DAMAGED)
        self.data, self.at, self.bits, self.have = data, len(data) - 1, 0, 0
        first = data[-1].bit_length() - 1
        self.bits, self.have = data[-1] & ((1 << first) - 1), first
        self.left = first + 8 * self.at

    def fill(self, count):
        while self.have < count:
            take = min(self.at, 16)
            if take:
                self.bits = self.bits << 8 * take | int.from_bytes(self.data[self.at - take : self.at], "little")
                self.at -= take
                self.have += 8 * take
            else:
                self.bits <<= 64
                self.have += 64

    def read(self, count):
        self.fill(count)
        self.have -= count
        self.left -= count
        value = self.bits >> self.have
        self.bits &= (1 << self.have) - 1
        return value


class _Table:
    """States of a finite-state decoder: (symbol, bits to read, what is added to them) each."""

    def __init__(self, log, chances):
        size = 1 << log
        symbols, following, high = [0] * size, {}, size
        for symbol, chance in enumerate(chances):
            if chance == -1:
                high -= 1
                symbols[high] = symbol
                following[symbol] = 1
        step, place = (size >> 1) + (size >> 3) + 3, 0
        for symbol, chance in enumerate(chances):
            if chance <= 0:
                continue
            following[symbol] = chance
            for _ in range(chance):
                symbols[place] = symbol
                place = (place + step) & (size - 1)
                while place >= high:
                    place = (place + step) & (size - 1)
        self.log, self.states = log, []
        for symbol in symbols:
            number = following[symbol]
            following[symbol] += 1
            bits = log - number.bit_length() + 1
            self.states.append((symbol, bits, (number << bits) - size))

    @classmethod
    def read(cls, data, at, most):
        """A table that is told by chances, and where its bytes end."""
        bits, place = int.from_bytes(data[at : at + 256], "little"), 4
        log = (bits & 15) + 5
        left, chances = 1 << log, []
        if log > most:
            raise ValueError(_DAMAGED)
        while left > 0:
            width = (left + 1).bit_length()
            value = bits >> place & ((1 << width) - 1)
            low, threshold = (1 << width - 1) - 1, (1 << width) - 2 - left
            place += width
            if value & low < threshold:
                value &= low
                place -= 1
            elif value > low:
                value -= threshold
            chances.append(value - 1)
            left -= abs(value - 1)
            again = 3 if value == 1 else 0
            while again == 3:
                again = bits >> place & 3
                place += 2
                chances += [0] * again
        if left < 0 or len(chances) > 256 or place > 2048:
            raise ValueError(_DAMAGED)
        return cls(log, chances), at + (place + 7) // 8


class _Words:
    """Huffman's codes: for each number of `log` bits, the symbol that it begins with and the bits of that."""

    def __init__(self, weights):
        total = sum(1 << weight - 1 for weight in weights if weight)
        self.log = total.bit_length()
        rest = (1 << self.log) - total
        if not total or rest & rest - 1 or self.log > 12:
            raise ValueError(_DAMAGED)
        weights = [*weights, rest.bit_length()]
        self.codes = []
        for weight in range(1, self.log + 1):
            for symbol, own in enumerate(weights):
                if own == weight:
                    self.codes += [(symbol, self.log + 1 - weight)] * (1 << weight - 1)

    @classmethod
    def read(cls, data, at):
        head = data[at]
        if head >= 128:
            count = head - 127
            packed = data[at + 1 : at + 1 + (count + 1) // 2]
            return cls([half for byte in packed for half in (byte >> 4, byte & 15)][:count]), at + 1 + (count + 1) // 2
        end = at + 1 + head
        table, begin = _Table.read(data[:end], at + 1, 6)
        back, weights = _Back(data[begin:end]), []
        now, other = back.read(table.log), back.read(table.log)
        while len(weights) < 256:
            symbol, bits, base = table.states[now]
            weights.append(symbol)
            now, other = other, base + back.read(bits)
            if back.left < 0:
                weights.append(table.states[now][0])
                break
        return cls(weights), end

    def decode(self, data, count):
        back, codes, log, out = _Back(data), self.codes, self.log, bytearray()
        mask = (1 << log) - 1
        for _ in range(count):
            if back.have < log:
                back.fill(log)
            symbol, bits = codes[back.bits >> back.have - log & mask]
            back.have -= bits
            back.left -= bits
            if back.have < 64:
                back.bits &= (1 << back.have) - 1
            out.append(symbol)
        if back.left != 0:
            raise ValueError(_DAMAGED)
        return out


class _Frame:
    def __init__(self, data, out, size):
        self.data, self.out, self.size = data, out, size
        self.words, self.tables, self.offsets = None, [None] * 3, [1, 4, 8]

    def read(self, at):
        head = self.data[at]
        is_single = head >> 5 & 1
        at += 1 + (not is_single) + (0, 1, 2, 4)[head & 3] + (is_single, 2, 4, 8)[head >> 6]
        if head & 3:
            raise ValueError("the Parquet file is compressed with a dictionary that is not in it")
        is_last = False
        while not is_last:
            block = int.from_bytes(self.data[at : at + 3], "little")
            at += 3
            is_last, kind, length = block & 1, block >> 1 & 3, block >> 3
            if kind == _RLE:
                self._put(self.data[at : at + 1] * length)
                at += 1
                continue
            body = self.data[at : at + length]
            at += length
            if len(body) != length or kind > _COMPRESSED:
                raise ValueError(_DAMAGED)
            if kind == _RAW:
                self._put(body)
            else:
                self._block(body)
        return at + 4 * (head >> 2 & 1)

    def _put(self, data):
        if len(self.out) + len(data) > self.size:
            raise ValueError(_DAMAGED)
        self.out += data

    def _block(self, body):
        literals, at = self._literals(body)
        count = body[at]
        at += 1
        if count == 255:
            count = int.from_bytes(body[at : at + 2], "little") + 0x7F00
            at += 2
        elif count >= 128:
            count = (count - 128 << 8) + body[at]
            at += 1
        taken = 0
        if count:
            modes = body[at]
            at += 1
            for which in range(3):
                at = self._table(which, modes >> 6 - 2 * which & 3, body, at)
            taken = self._sequences(body[at:], count, literals)
        self._put(literals[taken:])

    def _literals(self, body):
        kind, form = body[0] & 3, body[0] >> 2 & 3
        if kind < 2:
            wide = (1, 2, 1, 3)[form]
            count, at = int.from_bytes(body[:wide], "little") >> (3 if wide == 1 else 4), wide
            if count > self.size:
                raise ValueError(_DAMAGED)
            return (body[at : at + count], at + count) if kind == _RAW else (body[at : at + 1] * count, at + 1)
        wide, bits = ((3, 10), (3, 10), (4, 14), (5, 18))[form]
        head, mask = int.from_bytes(body[:wide], "little") >> 4, (1 << bits) - 1
        count, end = head & mask, wide + (head >> bits & mask)
        at = wide
        if kind == _COMPRESSED:
            self.words, at = _Words.read(body, at)
        if self.words is None:
            raise ValueError(_DAMAGED)
        if form == 0:
            return self.words.decode(body[at:end], count), end
        sizes = [int.from_bytes(body[at + 2 * one : at + 2 * one + 2], "little") for one in range(3)]
        at, out, each = at + 6, bytearray(), (count + 3) // 4
        for size in sizes:
            out += self.words.decode(body[at : at + size], each)
            at += size
        return out + self.words.decode(body[at:end], count - 3 * each), end

    def _table(self, which, mode, body, at):
        if mode == 0:
            self.tables[which] = _USUAL[which]
        elif mode == 1:
            self.tables[which] = _Table(0, [0] * body[at] + [1])
            at += 1
        elif mode == 2:
            self.tables[which], at = _Table.read(body, at, (9, 8, 9)[which])
        return at

    def _sequences(self, data, count, literals):
        """Texts and what is said again, in turns: how many of the literals are used."""
        if None in self.tables:
            raise ValueError(_DAMAGED)
        back, taken = _Back(data), 0
        lengths, offsets, matches = self.tables
        now = [back.read(table.log) for table in self.tables]
        for left in range(count - 1, -1, -1):
            states = [table.states[state] for table, state in zip((lengths, offsets, matches), now)]
            far = (1 << states[1][0]) + back.read(states[1][0])
            base, bits = _MATCHES[states[2][0]]
            match = base + back.read(bits)
            base, bits = _LENGTHS[states[0][0]]
            length = base + back.read(bits)
            if left:
                for which in (0, 2, 1):
                    now[which] = states[which][2] + back.read(states[which][1])
            self._put(literals[taken : taken + length])
            taken += length
            repeat(self.out, self._offset(far, length), match, self.size)
        if back.left or taken > len(literals):
            raise ValueError(_DAMAGED)
        return taken

    def _offset(self, far, length):
        first, second, third = self.offsets
        if far > 3:
            self.offsets = [far - 3, first, second]
        else:
            which = far - 1 + (length == 0)
            chosen = (first, second, third, first - 1)[which]
            self.offsets = [chosen, *([second, third], [first, third], [first, second], [first, second])[which]]
        return self.offsets[0]


def _codes(plain, first, bits):
    """(smallest value, further bits) of each code: `plain` ones without, then these."""
    found, value = [(first + code, 0) for code in range(plain)], first + plain
    for count in bits:
        found.append((value, count))
        value += 1 << count
    return found


_LENGTHS = _codes(16, 0, (1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
_MATCHES = _codes(32, 3, (1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
_USUAL = (
    _Table(6, [4, 3, *[2] * 11, 1, 1, 1, *[2] * 9, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]),
    _Table(5, [1, 1, 1, 1, 1, 1, 2, 2, 2, *[1] * 15, -1, -1, -1, -1, -1]),
    _Table(6, [1, 4, 3, *[2] * 6, *[1] * 37, *[-1] * 7]),
)
