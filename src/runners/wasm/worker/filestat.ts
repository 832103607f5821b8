import { wasi } from '@bjorn3/browser_wasi_shim';

const NANOSECONDS_PER_MS = 1_000_000n;

/** As the standard lays it out; the shim 0.4.2 writes the three times at wrong places. */
export class PlainFilestat extends wasi.Filestat {
  constructor(ino: bigint, filetype: number, stat: { readonly sizeBytes: number; readonly modifiedAtMs: number }) {
    super(ino, filetype, BigInt(stat.sizeBytes));
    this.nlink = 1n;
    this.atim = this.mtim = this.ctim = BigInt(Math.round(stat.modifiedAtMs)) * NANOSECONDS_PER_MS;
  }

  override write_bytes(view: DataView, pointer: number): void {
    view.setBigUint64(pointer, this.dev, true);
    view.setBigUint64(pointer + 8, this.ino, true);
    view.setBigUint64(pointer + 16, BigInt(this.filetype), true);
    view.setBigUint64(pointer + 24, this.nlink, true);
    view.setBigUint64(pointer + 32, this.size, true);
    view.setBigUint64(pointer + 40, this.atim, true);
    view.setBigUint64(pointer + 48, this.mtim, true);
    view.setBigUint64(pointer + 56, this.ctim, true);
  }
}
