/** The bytes end, or a number is longer than its type. */
export class CutShort extends Error {}

/** Reads a module's binary format forwards. Throws `CutShort` behind the end. */
export class ByteCursor {
  readonly bytes: Uint8Array<ArrayBuffer>;
  at: number;

  constructor(bytes: Uint8Array<ArrayBuffer>, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new CutShort();
    this.at += 1;
    return value;
  }

  /** Unsigned LEB128 of up to `bits`; exact up to 53 of them. */
  unsigned(bits = 32): number {
    let value = 0;
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw new CutShort();
  }

  name(): string {
    const length = this.unsigned();
    if (this.at + length > this.bytes.length) throw new CutShort();
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }
}

/** Unsigned LEB128. */
export function lebOf(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}
