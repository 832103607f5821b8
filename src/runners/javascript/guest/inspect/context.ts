/** Options of Node's `util.inspect`; what colours text is left out. */
export interface InspectOptions {
  showHidden: boolean;
  depth: number | null;
  customInspect: boolean;
  showProxy: boolean;
  maxArrayLength: number;
  maxStringLength: number;
  breakLength: number;
  compact: number | boolean;
  sorted: boolean | ((a: string, b: string) => number);
  getters: boolean | 'get' | 'set';
  numericSeparator: boolean;
}

export interface Context extends InspectOptions {
  indentationLvl: number;
  currentDepth: number;
  seen: unknown[];
  circular: Map<unknown, number> | undefined;
  /** Values that may still be looked at; a value without end must not cost without end. */
  left: number;
}

export const DEFAULTS: InspectOptions = {
  showHidden: false,
  depth: 2,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10_000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

const VALUES_MOST = 20_000;

export function createContext(options: Partial<Record<keyof InspectOptions, unknown>> | undefined): Context {
  const chosen = { ...DEFAULTS } as Record<string, unknown>;
  for (const [key, value] of Object.entries(options ?? {})) {
    if (key in DEFAULTS && value !== undefined) chosen[key] = value;
  }
  for (const key of ['maxArrayLength', 'maxStringLength']) if (chosen[key] === null) chosen[key] = Infinity;
  return {
    ...(chosen as unknown as InspectOptions),
    indentationLvl: 0,
    currentDepth: 0,
    seen: [],
    circular: undefined,
    left: VALUES_MOST,
  };
}

export const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

/** Kinds of entries in an output; arrays of many short ones are set in columns. */
export const OBJECT = 0;
export const ARRAY = 1;
export const ARRAY_EXTRAS = 2;

export type FormatValue = (context: Context, value: unknown, depth: number) => string;
