/** A body that is being read. */
export interface OpenBody {
  read(bytes: Uint8Array): void;
  end(): void;
  /** A piece of it is missing. */
  lose(): void;
  /** Something was missed on the page, perhaps of this body (C5). */
  doubt(): void;
}
