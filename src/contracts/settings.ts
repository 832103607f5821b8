import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** What a person can set. Stored in the browser's extension storage; unknown or bad values fall back one by one. */
export const settingsSchema = z.object({
  /** The toggle: here (true), or left to ChatGPT alone. */
  isOn: z.boolean().default(true),
  /** Whether a live call starts by itself. */
  startCalls: z.enum(['auto', 'ask']).default('auto'),
  /** Calls that the model makes while thinking; `unset` asks once. */
  thinkingCalls: z.enum(['unset', 'always', 'press']).default('unset'),
  runTimeMs: z.number().min(LIMITS.runTimeMs.smallest).max(LIMITS.runTimeMs.largest).default(LIMITS.runTimeMs.standard),
  pythonMemoryMB: z
    .number()
    .min(LIMITS.pythonMemoryMB.smallest)
    .max(LIMITS.pythonMemoryMB.largest)
    .default(LIMITS.pythonMemoryMB.standard),
  /** The bigger start state, with numpy, pandas and pyplot imported; `auto` goes by the device's memory. */
  pythonStart: z.enum(['auto', 'science', 'base']).default('auto'),
});

export type Settings = z.infer<typeof settingsSchema>;
