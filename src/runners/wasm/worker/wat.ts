import type wabtFactory from 'wabt';
import type { EngineHost } from '../../kit/worker/index.ts';

/** A late part of the engine: two thirds of a megabyte that most runs do not need. */
export const WABT_SCRIPT = 'wabt.js';
const FILE_NAME = 'main.wat';
const FEATURES = {
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  multi_value: true,
  bulk_memory: true,
  reference_types: true,
  tail_call: true,
  extended_const: true,
  exceptions: true,
} as const;

type Wabt = Awaited<ReturnType<typeof wabtFactory>>;
type WabtFactory = typeof wabtFactory;

/** The text cannot be made into a module; words, line and column as wabt has them. */
export class WatProblem extends Error {
  /** 1-based. */
  readonly line: number | null;
  readonly column: number | null;
  /** What stands there, with a mark below it. */
  readonly excerpt: string | null;

  constructor(message: string, place: { line: number | null; column: number | null; excerpt: string | null }) {
    super(message);
    this.line = place.line;
    this.column = place.column;
    this.excerpt = place.excerpt;
  }
}

export interface Assembler {
  /** Rejects with `WatProblem`. */
  assemble(text: string): Promise<Uint8Array<ArrayBuffer>>;
}

// eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: a script that came as bytes
const evaluate = globalThis.eval;

/** WebAssembly text to bytes, by wabt; loaded when the first text comes. */
export function createAssembler(host: EngineHost): Assembler {
  let loading: Promise<Wabt> | null = null;
  const load = async (): Promise<Wabt> => {
    const bytes = await host.loadPart(WABT_SCRIPT);
    if (!bytes) throw new Error(`the engine lacks ${WABT_SCRIPT}`);
    const text = new TextDecoder().decode(bytes);
    // It looks around for Node and for pages; here it finds a worker without an address.
    const make = evaluate(
      `(function(self,globalThis,process,require,module,exports,define){${text}\nreturn WabtModule})`,
    ) as (...stand: unknown[]) => WabtFactory;
    return make({ location: { href: '' } }, { WorkerGlobalScope: Object })();
  };
  return {
    async assemble(text) {
      loading ??= load();
      const wabt = await loading;
      try {
        return assembled(wabt, text);
      } catch (error) {
        if (error instanceof WatProblem) throw error;
        // A stack that ran over, or an abort: this copy is not to be trusted any more.
        loading = null;
        throw new WatProblem('The text is nested too deeply.', { line: null, column: null, excerpt: null });
      }
    },
  };
}

function assembled(wabt: Wabt, text: string): Uint8Array<ArrayBuffer> {
  let module: ReturnType<Wabt['parseWat']> | null = null;
  try {
    module = wabt.parseWat(FILE_NAME, text, FEATURES);
    module.validate();
    return module.toBinary({ write_debug_names: true }).buffer.slice();
  } catch (error) {
    throw problemOf(error);
  } finally {
    module?.destroy();
  }
}

/** wabt says `parseWat failed:\nmain.wat:2:5: error: unexpected token "x"…\n  (x)\n   ^`. */
function problemOf(error: unknown): unknown {
  const text = error instanceof Error ? error.message : '';
  const found = new RegExp(`${FILE_NAME}:(\\d+):(\\d+): error: ([^\\n]*)\\n?([^]*)$`, 'u').exec(text);
  if (!found) return error;
  const [, line, column, message = '', rest = ''] = found;
  const excerpt = rest.split('\n').slice(0, 2).join('\n').trimEnd();
  return new WatProblem(message, {
    line: Number(line),
    column: Number(column),
    excerpt: excerpt === '' ? null : excerpt,
  });
}
