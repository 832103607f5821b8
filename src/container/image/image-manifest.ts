import * as v from 'valibot';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^[\w.-]+$/));

/** `rawBytes`: once unpacked; equal to `bytes` for what is not compressed. */
const fileSchema = v.object({ name, bytes: size, rawBytes: size, sha256: v.pipe(v.string(), v.length(64)) });

/** Pieces of one length, each a frame of Zstandard, one after the other in `pack`; of length 0 are those that are all zeroes. */
const diskSchema = v.object({ pack: name, bytes: size, pieceBytes: size, sizes: v.array(size) });

const imageSchema = v.object({
  /** Saved state of v86, one frame of Zstandard, with nothing mounted on /mnt/data. */
  state: name,
  memoryMB: size,
  vgaMemoryMB: size,
  disk: v.nullable(diskSchema),
  /** Version of python3, if it has one. */
  python: v.nullable(v.string()),
});

const manifestSchema = v.object({
  version: v.literal(1),
  /** Key over everything that the folder was made from. */
  madeFrom: v.string(),
  /** The states fit this version of v86 and no other. */
  v86Version: v.string(),
  files: v.array(fileSchema),
  images: v.object({ full: imageSchema, small: imageSchema }),
});

/** What public/vendor/linux holds; written by tools/linux. */
export type ImageManifest = v.InferOutput<typeof manifestSchema>;
/** One machine's start: `full` is Debian, `small` is busybox and bash. */
export type LinuxImage = v.InferOutput<typeof imageSchema>;

/** Name of the manifest's file beside the others. */
export const IMAGE_MANIFEST = 'manifest.json';

/** Reads the text of a manifest; null when it is none, or one of another version. */
export function readImageManifest(text: string): ImageManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
    return null;
  }
  const read = v.safeParse(manifestSchema, value);
  return read.success ? read.output : null;
}
