import * as v from 'valibot';
import { numberWithin } from './bounded.ts';
import { LIMITS } from './limits.ts';
import { LANGUAGES, STRATEGIES, type Language } from './run.ts';
import { PLACES, type Place } from './selection.ts';

const within = ({ smallest, largest, standard }: { smallest: number; largest: number; standard: number }) =>
  v.optional(numberWithin(smallest, largest), standard);

type Places = Readonly<Partial<Record<Language, Place>>>;

const isIn = (list: readonly string[], value: unknown): boolean => list.includes(value as string);
const isPlaces = (value: unknown): value is Places =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([language, place]) => isIn(LANGUAGES, language) && isIn(PLACES, place));

/** What a person can set. Stored in the browser's extension storage; unknown or bad values fall back one by one. */
export const settingsSchema = v.strictObject({
  /** The toggle: here (true), or left to ChatGPT alone. */
  isOn: v.optional(v.boolean(), true),
  /** Whether a live call starts by itself. */
  startCalls: v.optional(v.picklist(['auto', 'ask']), 'auto'),
  /** Calls that the model makes while thinking; `unset` asks once. */
  thinkingCalls: v.optional(v.picklist(['unset', 'always', 'press']), 'unset'),
  runTimeMs: within(LIMITS.runTimeMs),
  pythonMemoryMB: within(LIMITS.pythonMemoryMB),
  /** The bigger start state, with numpy, pandas and pyplot imported; `auto` goes by the device's memory. */
  pythonStart: v.optional(v.picklist(['auto', 'science', 'base']), 'auto'),
  /** Memory of a run in any other language. */
  otherMemoryMB: within(LIMITS.otherMemoryMB),
  runsAtOnce: within(LIMITS.runsAtOnce),
  /** What the runs at work may be expected to need together. */
  poolMB: within(LIMITS.poolMB),
  /** How long an engine that nobody uses keeps its variables; the browser, or memory that is short, may end it before. */
  sessionIdleMs: within(LIMITS.sessionIdleMs),
  queueStrategy: v.optional(v.picklist(STRATEGIES), 'sequential'),
  /** What the programs of one conversation may send and get of the network in all, where it is allowed. */
  networkMB: within(LIMITS.networkMB),
  /** Whether programs that depend on nothing may be answered with what they answered before. */
  usesCache: v.optional(v.boolean(), true),
  /** Programs that are expected to take more are advised to run elsewhere. */
  hereTimeMs: within(LIMITS.hereTimeMs),
  hereMemoryMB: within(LIMITS.hereMemoryMB),
  /** Where programs of a language run, whatever would be decided. */
  places: v.optional(v.custom<Places>(isPlaces), {}),
});

export type Settings = v.InferOutput<typeof settingsSchema>;
