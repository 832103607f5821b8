import { fail, ok, type Result } from '../base/index.ts';
import type { AppError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import { storageFailure, type TextRecords } from '../database/index.ts';
import { settledWithin } from '../execution/index.ts';
import type { Analyse } from './decisions.ts';
import type { CodeReading } from './reading/index.ts';

const NAME = 'analysis-options';

interface Loaded {
  readonly analyse: Analyse;
  /** Whether the person's rules are in it, if there are any. */
  readonly isWhole: boolean;
}

interface RulesBeingRead {
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

/** Reads code by its grammars and a person's rules. */
export function createCodeReader(records: TextRecords, reading: Pick<CodeReading, 'analyse' | 'check'>): CodeReader {
  let current: Promise<Loaded> | null = null;
  let rulesBeingRead: RulesBeingRead | null = null;
  let hasWarned = false;

  const by =
    (rules: string): Analyse =>
    (request) =>
      reading.analyse(request, rules);

  const beginReading = (): RulesBeingRead => {
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
    const begun: RulesBeingRead = { json: null, isOver: false, ended };
    return begun;
  };

  /** Null where the rules cannot be read in time. Only who begins a reading waits; one that comes late is heard by the next. */
  const readRules = async (): Promise<string | null> => {
    const isBegun = rulesBeingRead !== null;
    const mine = (rulesBeingRead ??= beginReading());
    if (!isBegun) await settledWithin(mine.ended, LIMITS.storedWaitMs.standard);
    if (mine.isOver && rulesBeingRead === mine) rulesBeingRead = null;
    return mine.json;
  };

  /** Rules only warn: where they cannot be read in time, code is read without them, and they are asked for again. */
  const load = async (): Promise<Loaded> => {
    const json = await readRules();
    if (json === null) return { analyse: by(''), isWhole: false };
    const checked = await reading.check(json);
    if (checked.ok) return { analyse: by(json), isWhole: true };
    // Kept by another version, whose rules had another form: the popup still shows them.
    console.warn('own rules for code are not understood', checked.error.detail);
    return { analyse: by(''), isWhole: true };
  };

  const loaded = async (): Promise<Analyse> => {
    const loading = (current ??= load());
    try {
      const { analyse, isWhole } = await loading;
      if (!isWhole) forget(loading);
      return analyse;
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
    const checked = await reading.check(json);
    if (!checked.ok) return checked;
    try {
      await records.write(NAME, json);
    } catch (cause) {
      return fail(storageFailure(cause));
    }
    current = Promise.resolve({ analyse: by(json), isWhole: true });
    return ok(null);
  };
  /** One save at a time, so that the rules at work are those that are kept. */
  let saved: Promise<unknown> = Promise.resolve();

  return {
    analyse: async (request) => (await loaded())(request),
    options: async () => (await records.read(NAME)) ?? '',
    setOptions(json) {
      const mine = saved.then(() => save(json));
      saved = mine.catch(() => undefined); // told to whoever saved
      return mine;
    },
  };
}
