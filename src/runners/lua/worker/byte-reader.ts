const NEWLINE = 10;
const FIRST_ROOM = 4096;
const NUMBER_MOST = 200;

const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);

/**
 * Lua's ways to read from a stream. Nothing is taken until a whole answer is there, so that a read that had to wait
 * (`pull` threw) can simply be repeated.
 */
export class ByteReader {
  readonly #pull: () => Uint8Array | null;
  #bytes = new Uint8Array(FIRST_ROOM);
  #start = 0;
  #end = 0;

  /** `pull` gives the next bytes of the stream, null at its end. */
  constructor(pull: () => Uint8Array | null) {
    this.#pull = pull;
  }

  /** Bytes that were pulled and not read. */
  get held(): number {
    return this.#end - this.#start;
  }

  clear(): void {
    this.#start = this.#end = 0;
  }

  /** Null at the end of the stream. */
  line(keepsEnd: boolean): Uint8Array | null {
    let searched = 0;
    for (;;) {
      const at = this.#bytes.subarray(this.#start + searched, this.#end).indexOf(NEWLINE);
      if (at >= 0) {
        const length = searched + at;
        const line = this.#taken(length + (keepsEnd ? 1 : 0));
        if (!keepsEnd) this.#start += 1;
        return line;
      }
      searched = this.held;
      if (!this.#more()) return this.held > 0 ? this.#taken(this.held) : null;
    }
  }

  /** Up to `count` bytes; null at the end of the stream, also when none are wanted. */
  some(count: number): Uint8Array | null {
    if (count === 0) return this.#byte(0) < 0 ? null : new Uint8Array();
    while (this.held < count) if (!this.#more()) break;
    return this.held > 0 ? this.#taken(Math.min(count, this.held)) : null;
  }

  /** Empty at the end of the stream. */
  all(): Uint8Array {
    while (this.#more());
    return this.#taken(this.held);
  }

  /** The text of what looks like a number, as far as it does (liolib.c, `l_read_number`); taken even when it is none. */
  number(): string {
    let at = 0;
    while (isSpace(this.#byte(at))) at += 1;
    let text = '';
    const takes = (letters: string): boolean => {
      const byte = this.#byte(at);
      if (byte < 0 || text.length >= NUMBER_MOST || !letters.includes(String.fromCharCode(byte))) return false;
      text += String.fromCharCode(byte);
      at += 1;
      return true;
    };
    const takesDigits = (is: (byte: number) => boolean): number => {
      let count = 0;
      while (text.length < NUMBER_MOST && is(this.#byte(at))) {
        text += String.fromCharCode(this.#byte(at));
        at += 1;
        count += 1;
      }
      return count;
    };
    takes('+-');
    let digits = 0;
    let isHex = false;
    if (takes('0')) {
      isHex = takes('xX');
      digits = isHex ? 0 : 1;
    }
    const accepts = isHex ? isHexDigit : isDigit;
    digits += takesDigits(accepts);
    if (takes('.')) digits += takesDigits(accepts);
    if (digits > 0 && takes(isHex ? 'pP' : 'eE')) {
      takes('+-');
      takesDigits(isDigit);
    }
    this.#start += at;
    // Longer than any number of Lua's: none at all.
    return text.length >= NUMBER_MOST ? '' : text;
  }

  /** The byte so far ahead, -1 behind the end. */
  #byte(ahead: number): number {
    while (this.held <= ahead) if (!this.#more()) return -1;
    return this.#bytes[this.#start + ahead] ?? -1;
  }

  #taken(length: number): Uint8Array {
    const bytes = this.#bytes.slice(this.#start, this.#start + length);
    this.#start += length;
    if (this.#start === this.#end) this.clear();
    return bytes;
  }

  #more(): boolean {
    const next = this.#pull();
    if (!next || next.length === 0) return false;
    if (this.#end + next.length > this.#bytes.length) {
      const held = this.#bytes.subarray(this.#start, this.#end);
      const room = new Uint8Array(Math.max(FIRST_ROOM, (held.length + next.length) * 2));
      room.set(held);
      this.#bytes = room;
      this.#end = held.length;
      this.#start = 0;
    }
    this.#bytes.set(next, this.#end);
    this.#end += next.length;
    return true;
  }
}
