import type { BytesOf } from './delivery.ts';
import type { CarriedBytes } from './messages.ts';

/** Bytes that were carried to this box, until a message that names them takes them; either may come first. */
export class BoxBytes {
  readonly #here = new Map<number, ArrayBuffer>();
  readonly #wanted = new Map<number, (bytes: ArrayBuffer) => void>();

  add({ number, bytes }: Pick<CarriedBytes, 'number' | 'bytes'>): void {
    const take = this.#wanted.get(number);
    this.#wanted.delete(number);
    if (take) take(bytes);
    else this.#here.set(number, bytes);
  }

  /** Those of a number once, or a copy of what a blob holds. */
  readonly of: BytesOf = (content) => {
    if (content instanceof Blob) return content.arrayBuffer();
    const here = this.#here.get(content);
    this.#here.delete(content);
    return here ? Promise.resolve(here) : new Promise((take) => this.#wanted.set(content, take));
  };
}
