import { z } from 'zod';
import { LIMITS } from '../../src/contracts/limits.ts';
import { memoryLimitOf } from '../../src/contracts/memory-limit.ts';

const base64 = z.base64();

/** One line of standard input; unknown keys are a mistake worth telling. */
export const execLineSchema = z.strictObject({
  id: z.union([z.string(), z.number()]).optional(),
  language: z.string(),
  code: z.string(),
  files: z.record(z.string(), base64).optional(),
  stdin: z.union([z.string(), z.array(z.string())]).nullish(),
  session: z.string().nullish(),
  timeoutMs: z.number().positive().nullish(),
  memoryMB: z.number().positive().nullish(),
  network: z.array(z.string()).nullish(),
});

export type ExecLine = z.infer<typeof execLineSchema>;

/** What `input()` reads, a line each; a final line break ends the last line. */
export function stdinLines(stdin: ExecLine['stdin']): readonly string[] {
  if (stdin === null || stdin === undefined || stdin === '') return [];
  if (typeof stdin !== 'string') return stdin;
  return stdin.replace(/\n$/, '').split('\n');
}

/** What a line asks for, held to the bounds that a person's setting has. */
export function limitsOf({ timeoutMs, memoryMB, language }: ExecLine): {
  readonly timeMs: number;
  readonly memoryMB: number;
} {
  const memory = LIMITS[memoryLimitOf(language)];
  const within = (value: number | null | undefined, limit: { smallest: number; largest: number; standard: number }) =>
    Math.min(limit.largest, Math.max(limit.smallest, value ?? limit.standard));
  return { timeMs: within(timeoutMs, LIMITS.runTimeMs), memoryMB: within(memoryMB, memory) };
}
