import * as v from 'valibot';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const rowSchema = v.strictObject({
  /** Of its file. */
  name: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)),
  /** What it has, for a person. */
  about: v.pipe(v.string(), v.maxLength(200)),
  bytes: size,
  /** Of the whole file, for a person to compare. */
  sha256: hash,
  /** What is hashed at a time, as it comes; the last piece is shorter. */
  pieceBytes: size,
  /** SHA-256 of each piece: together they say as much as that of the whole. */
  pieces: v.pipe(v.array(hash), v.minLength(1)),
});

/** A tool pack that this package knows. */
export type ToolPackRow = v.InferOutput<typeof rowSchema>;

const listSchema = v.array(rowSchema);

/** Reads the package's list. Throws where it is none: a package without its list knows no pack. */
export function readToolPacks(text: string): readonly ToolPackRow[] {
  return v.parse(listSchema, JSON.parse(text));
}
