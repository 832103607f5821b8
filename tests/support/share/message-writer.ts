const ENCODER = new TextEncoder();

/** A message of the guest, field by field as the protocol has them, so that a wrong one can be made as well. */
export class MessageWriter {
  readonly #pieces: Uint8Array[] = [];
  #length = 7;

  u8 = (value: number): this => this.#whole(value, 1);
  u16 = (value: number): this => this.#whole(value, 2);
  u32 = (value: number): this => this.#whole(value, 4);
  u64 = (value: number | bigint): this => this.#whole(value, 8);
  text = (value: string): this => this.raw(ENCODER.encode(value));

  /** Length in two bytes, then the bytes. */
  raw(bytes: Uint8Array): this {
    this.u16(bytes.length);
    return this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  message(type: number, tag = 1): Uint8Array<ArrayBuffer> {
    const message = new Uint8Array(this.#length);
    const view = new DataView(message.buffer);
    view.setUint32(0, message.length, true);
    view.setUint8(4, type);
    view.setUint16(5, tag, true);
    let at = 7;
    for (const piece of this.#pieces) {
      message.set(piece, at);
      at += piece.length;
    }
    return message;
  }

  #whole(value: number | bigint, length: number): this {
    const bytes = new Uint8Array(length);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let at = 0; at < length; at += 1) {
      bytes[at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return this.bytes(bytes);
  }
}
