import type { ReadBytes } from '../heap/index.ts';
import { type AskMailbox, type EngineParts, readPart } from '../../kit/worker/index.ts';

/** The image that is read piece by piece, when a program first looks into a file; it comes after its index. */
export const CORE_IMAGE = 'core.image';
export const CORE_INDEX = 'core.index.json';

/** Of workers only; named here because the same source is checked for pages too. */
interface BlobReader {
  readonly FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}

/** Where the bytes of the big image come from. */
export interface CoreImage {
  /** To be called while the worker still has what reads blobs; programs find nothing of it. */
  reader(mailbox: AskMailbox | null): ReadBytes;
  /** Once it is settled no read asks the browser for anything. Asked for twice, it takes it once. */
  takeWhole(): Promise<void>;
}

/** True when the big image comes as a blob, after its index. */
export const readsCoreImage = (parts: EngineParts): boolean =>
  parts.files.has(CORE_INDEX) && !parts.files.has(CORE_IMAGE);

/** Reads pieces of the image at once, as a file system must: from its blob, or from the host as long as that has not come. */
export function createCoreImage(parts: EngineParts): CoreImage {
  let whole: Uint8Array<ArrayBuffer> | null = null;
  let taking: Promise<void> | null = null;
  const take = async (): Promise<void> => {
    await parts.withBlobs;
    const blob = parts.blobs.get(CORE_IMAGE);
    if (blob) whole = new Uint8Array(await blob.arrayBuffer());
  };
  return {
    reader(mailbox) {
      const reader = new (globalThis as unknown as BlobReader).FileReaderSync();
      const readBlob = reader.readAsArrayBuffer.bind(reader);
      const sliceOf = Function.prototype.call.bind(Blob.prototype.slice) as (
        of: Blob,
        from: number,
        to: number,
      ) => Blob;
      return (offset, length) => {
        if (length === 0) return new Uint8Array();
        if (whole !== null) return whole.slice(offset, offset + length);
        const blob = parts.blobs.get(CORE_IMAGE);
        if (blob) return new Uint8Array(readBlob(sliceOf(blob, offset, offset + length)));
        const bytes = mailbox && readPart(mailbox, CORE_IMAGE, { offset, length });
        if (bytes?.length !== length) throw new Error(`the engine lacks ${CORE_IMAGE}`);
        return bytes;
      };
    },
    takeWhole: () => (taking ??= take()),
  };
}
