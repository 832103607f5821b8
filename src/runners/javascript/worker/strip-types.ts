import { decode } from '@jridgewell/sourcemap-codec';
import flru from 'flru';

/** What is used of @swc/wasm-typescript. */
interface Swc {
  transformSync(code: string, options: object): { readonly code: string; readonly map?: string };
}

/** How swc says that it cannot: a plain object. */
interface SwcRefusal {
  readonly code?: string;
  readonly message?: string;
  readonly startLine?: number;
  /** From 0. */
  readonly startColumn?: number;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Stripped =
  | { readonly ok: true; readonly code: string; readonly placeOf: (place: Position) => Position }
  | { readonly ok: false; readonly message: string; readonly place: Position | null };

export type StripTypes = (code: string, file: string) => Stripped;

const same = (place: Position): Position => place;

/** Programs and files whose JavaScript is kept while the worker lives; larger ones are made anew each time (decision 0051). */
const KEPT = 32;
const KEPT_UTF16 = 64 * 1024;

/**
 * TypeScript to JavaScript. Types are blanked, so that lines and columns stay; enums, namespaces and parameter properties,
 * which are code, are written out, and their places are found again by the source map.
 */
export function createStripTypes(glue: string, module: WebAssembly.Module): StripTypes {
  // eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
  (0, eval)(glue);
  const scope = globalThis as unknown as { companionSwc?: (module: WebAssembly.Module) => Swc };
  const swc = scope.companionSwc?.(module);
  delete scope.companionSwc;
  if (!swc) throw new Error('the type stripper did not start');
  const run = (code: string, options: object): { code: string; map?: string } | SwcRefusal => {
    try {
      return swc.transformSync(code, options);
    } catch (error) {
      return { ...(error as SwcRefusal), code: (error as SwcRefusal).code ?? 'InvalidSyntax' };
    }
  };
  const strip: StripTypes = (code, filename) => {
    const stripped = run(code, { mode: 'strip-only', filename });
    if (!isRefusal(stripped)) return { ok: true, code: stripped.code, placeOf: same };
    if (stripped.code !== 'UnsupportedSyntax') return refused(stripped);
    const written = run(code, { mode: 'transform', filename, sourceMap: true });
    if (isRefusal(written)) return refused(written);
    return { ok: true, code: written.code, placeOf: mapped(written.map) };
  };
  return remembered(strip);
}

/** By the whole text, not a hash of it: two programs never share what was made. */
function remembered(strip: StripTypes): StripTypes {
  const kept = flru<Stripped>(KEPT);
  return (code, filename) => {
    if (code.length > KEPT_UTF16) return strip(code, filename);
    const key = `${filename}\0${code}`;
    const known = kept.get(key);
    if (known) return known;
    const stripped = strip(code, filename);
    kept.set(key, stripped);
    return stripped;
  };
}

function isRefusal(result: object): result is SwcRefusal {
  return 'startLine' in result || 'message' in result;
}

function refused({ message = 'This is not valid TypeScript', startLine, startColumn = 0 }: SwcRefusal): Stripped {
  const place = startLine === undefined ? null : { line: startLine, column: startColumn + 1 };
  return { ok: false, message, place };
}

function mapped(map: string | undefined): (place: Position) => Position {
  if (map === undefined) return same;
  const { mappings } = JSON.parse(map) as { readonly mappings: string };
  const lines = decode(mappings);
  return ({ line, column }) => {
    const known = (lines[line - 1] ?? []).filter((segment) => segment.length > 1 && segment[0] < column);
    const [, , sourceLine, sourceColumn] =
      known.at(-1) ?? (lines[line - 1] ?? []).find((segment) => segment.length > 1) ?? [];
    return sourceLine === undefined ? { line, column } : { line: sourceLine + 1, column: (sourceColumn ?? 0) + 1 };
  };
}
