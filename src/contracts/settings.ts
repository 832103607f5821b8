import * as v from 'valibot';
import { numberWithin } from './bounded.ts';
import { LIMITS } from './limits.ts';

const within = ({ smallest, largest, standard }: { smallest: number; largest: number; standard: number }) =>
  v.optional(numberWithin(smallest, largest), standard);

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
});

export type Settings = v.InferOutput<typeof settingsSchema>;
