import { zipSync, type Zippable } from 'fflate';

/** A zip that a well-behaved maker would not write: made well, then changed byte by byte. */
export class ZipBytes {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(files: Zippable) {
    this.bytes = zipSync(files);
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** Offsets of all records with this signature, e.g. 0x02014b50 for those of the central directory. */
  records(signature: number): number[] {
    const found: number[] = [];
    for (let at = 0; at + 4 <= this.bytes.length; at += 1) {
      if (this.#view.getUint32(at, true) === signature) found.push(at);
    }
    return found;
  }

  get central(): number[] {
    return this.records(0x02014b50);
  }

  get local(): number[] {
    return this.records(0x04034b50);
  }

  set16(at: number, value: number): this {
    this.#view.setUint16(at, value, true);
    return this;
  }

  set32(at: number, value: number): this {
    this.#view.setUint32(at, value, true);
    return this;
  }

  get16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  get32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** Everywhere that these bytes stand. `to` is as long as `from`. */
  replace(from: string | Uint8Array, to: string | Uint8Array): this {
    const encoder = new TextEncoder();
    const [old, other] = [from, to].map((one) => (typeof one === 'string' ? encoder.encode(one) : one));
    if (old === undefined || other?.length !== old.length) throw new Error('lengths differ');
    for (let at = 0; at + old.length <= this.bytes.length; at += 1) {
      if (old.every((byte, index) => this.bytes[at + index] === byte)) this.bytes.set(other, at);
    }
    return this;
  }
}
