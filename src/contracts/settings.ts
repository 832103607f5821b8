import { z } from '../base/index.ts';
import { LIMITS } from './limits.ts';

const within = ({ smallest, largest, standard }: { smallest: number; largest: number; standard: number }) =>
  z._default(z.number().check(z.gte(smallest), z.lte(largest)), standard);

/** What a person can set. Stored in the browser's extension storage; unknown or bad values fall back one by one. */
export const settingsSchema = z.strictObject({
  /** The toggle: here (true), or left to ChatGPT alone. */
  isOn: z._default(z.boolean(), true),
  /** Whether a live call starts by itself. */
  startCalls: z._default(z.enum(['auto', 'ask']), 'auto'),
  /** Calls that the model makes while thinking; `unset` asks once. */
  thinkingCalls: z._default(z.enum(['unset', 'always', 'press']), 'unset'),
  runTimeMs: within(LIMITS.runTimeMs),
  pythonMemoryMB: within(LIMITS.pythonMemoryMB),
  /** The bigger start state, with numpy, pandas and pyplot imported; `auto` goes by the device's memory. */
  pythonStart: z._default(z.enum(['auto', 'science', 'base']), 'auto'),
});

export type Settings = z.output<typeof settingsSchema>;
