import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { execLineSchema, limitsOf, stdinLines } from './exec-line.ts';

const limits = (line: object) => limitsOf(execLineSchema.parse({ code: '', ...line }));

describe('limits of a line', () => {
  it('are the settings of its language where it asks for none', () => {
    const timeMs = LIMITS.runTimeMs.standard;
    expect(limits({ language: 'python' })).toEqual({ timeMs, memoryMB: 256 });
    for (const language of ['javascript', 'typescript', 'lua', 'wasm'])
      expect(limits({ language })).toEqual({ timeMs, memoryMB: 128 });
  });

  it('are what it asks for, within the bounds of its language', () => {
    expect(limits({ language: 'javascript', memoryMB: 64 }).memoryMB).toBe(64);
    expect(limits({ language: 'python', memoryMB: 64 }).memoryMB).toBe(128);
    expect(limits({ language: 'lua', memoryMB: 1 }).memoryMB).toBe(16);
    expect(limits({ language: 'python', memoryMB: 9_999 }).memoryMB).toBe(1_024);
    expect(limits({ language: 'wasm', timeoutMs: 2_000 }).timeMs).toBe(2_000);
    expect(limits({ language: 'wasm', timeoutMs: 1 }).timeMs).toBe(1_000);
  });
});

describe('input of a line', () => {
  it('is a line each', () => {
    expect(stdinLines('a\nb\n')).toEqual(['a', 'b']);
    expect(stdinLines(['a', 'b\n'])).toEqual(['a', 'b\n']);
    expect(stdinLines('')).toEqual([]);
    expect(stdinLines(null)).toEqual([]);
  });
});
