const FIRST_BYTES = 16 * 1024;

/** Bytes that come in pieces: of a million small ones no more is kept than their bytes. */
export class GrowingBytes {
  readonly #most: number;
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Copies them. False, and nothing is added, where that would be too many. */
  add(piece: Uint8Array): boolean {
    const length = this.#length + piece.length;
    if (length > this.#most) return false;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#most, Math.max(length, this.#bytes.length * 2)));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
    return true;
  }

  /** All of them, in a buffer of their own. */
  whole(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}
