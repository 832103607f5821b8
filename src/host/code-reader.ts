import type { Analyser } from '../analysis/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { TextRecords } from '../database/index.ts';
import { settledWithin } from '../execution/index.ts';
import type { Analyse } from './decisions.ts';
import type { PythonFiles } from './known-packages.ts';

const NAME = 'analysis-options';

interface Loaded {
  readonly analyser: Analyser;
  /** Whether the person's rules are in it, if there are any. */
  readonly isWhole: boolean;
}

interface Reading {
  /** Null until it is read, and where it cannot be. */
  json: string | null;
  isOver: boolean;
  readonly ended: Promise<void>;
}

export interface CodeReader {
  readonly analyse: Analyse;
  /** The person's own rules and bounds as they wrote them; '' where there are none. Rejects when they cannot be read. */
  options(): Promise<string>;
  /** Reads by these from now on. `settings/bad-value` says what is wrong; nothing is changed then. */
  setOptions(json: string): Promise<Result<null, AppError>>;
}

/** Reads code by its grammars, which are large and loaded when code is read for the first time, and a person's rules. */
export function createCodeReader(records: TextRecords, python: PythonFiles): CodeReader {
  let current: Promise<Loaded> | null = null;
  let reading: Reading | null = null;
  let standard: Promise<Analyser> | null = null;
  let hasWarned = false;

  const make = async (json: string): Promise<Result<Analyser, AppError>> => {
    const [{ createAnalyser, parseAnalysisOptions }, packages] = await Promise.all([
      import('../analysis/index.ts'),
      import('./known-packages.ts').then(({ knownPackages }) => knownPackages(python)),
    ]);
    if (json.trim() === '') return ok(createAnalyser({ packages }));
    const value = parseJson(json);
    const options = value.ok ? parseAnalysisOptions(value.value) : value;
    return options.ok ? ok(createAnalyser({ packages, options: options.value })) : options;
  };

  const withoutRules = (): Promise<Analyser> => {
    const making = (standard ??= make('').then((made) => {
      if (!made.ok) throw new Error('the built-in rules are not understood');
      return made.value;
    }));
    making.catch(() => (standard = null)); // told to whoever waits for it
    return making;
  };

  const beginReading = (): Reading => {
    const over = (json: string | null): void => {
      begun.json = json;
      begun.isOver = true;
    };
    const ended = records.read(NAME).then(
      (json) => over(json ?? ''),
      (cause: unknown) => {
        over(null);
        if (!hasWarned) console.warn('own rules for code cannot be read', cause);
        hasWarned = true;
      },
    );
    const begun: Reading = { json: null, isOver: false, ended };
    return begun;
  };

  /** Null where the rules cannot be read in time. Only who begins a reading waits; one that comes late is heard by the next. */
  const readRules = async (): Promise<string | null> => {
    const isBegun = reading !== null;
    const mine = (reading ??= beginReading());
    if (!isBegun) await settledWithin(mine.ended, LIMITS.storedWaitMs.standard);
    if (mine.isOver && reading === mine) reading = null;
    return mine.json;
  };

  /** Rules only warn: where they cannot be read in time, code is read without them, and they are asked for again. */
  const load = async (): Promise<Loaded> => {
    const json = await readRules();
    if (json === null) return { analyser: await withoutRules(), isWhole: false };
    const made = await make(json);
    if (made.ok) return { analyser: made.value, isWhole: true };
    // Kept by another version, whose rules had another form: the popup still shows them.
    console.warn('own rules for code are not understood', made.error.detail);
    return { analyser: await withoutRules(), isWhole: true };
  };

  const analyser = async (): Promise<Analyser> => {
    const loading = (current ??= load());
    try {
      const { analyser: loaded, isWhole } = await loading;
      if (!isWhole) forget(loading);
      return loaded;
    } catch (cause) {
      forget(loading);
      throw cause;
    }
  };
  /** What was set meanwhile stays. */
  const forget = (loading: typeof current): void => {
    if (current === loading) current = null;
  };

  const save = async (json: string): Promise<Result<null, AppError>> => {
    const made = await make(json);
    if (!made.ok) return made;
    try {
      await records.write(NAME, json);
    } catch (cause) {
      return fail(appError('host/unavailable', 'storage', cause));
    }
    current = Promise.resolve({ analyser: made.value, isWhole: true });
    return ok(null);
  };
  /** One save at a time, so that the rules at work are those that are kept. */
  let saved: Promise<unknown> = Promise.resolve();

  return {
    analyse: async (request) => (await analyser()).analyse(request),
    options: async () => (await records.read(NAME)) ?? '',
    setOptions(json) {
      const mine = saved.then(() => save(json));
      saved = mine.catch(() => undefined); // told to whoever saved
      return mine;
    },
  };
}

function parseJson(json: string): Result<unknown, AppError> {
  try {
    return ok(JSON.parse(json));
  } catch (cause) {
    return fail(appError('settings/bad-value', cause instanceof Error ? cause.message.slice(0, 300) : undefined));
  }
}
