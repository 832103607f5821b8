import { expect } from 'vitest';
import type { KillerSet } from './describe-killers.ts';

const MEMORY_MB = 128;

/** What a program may do to the machine that it runs in: it ends, and the machine goes on. */
export const linuxKillers: KillerSet = {
  language: 'shell',
  killers: [
    [
      'a fork bomb fills its own run, and ends with it',
      {
        code: 'bomb() { bomb | bomb & }\nbomb\nwhile :; do sleep 1; done',
        limits: { timeMs: 6_000, memoryMB: MEMORY_MB },
        check: ({ outcome }) => expect(outcome).toMatchObject({ kind: 'timedOut', sessionLost: false }),
      },
    ],
    [
      'a disk that is filled is full, and is not once that is removed',
      {
        code: 'dd if=/dev/zero of=/var/big bs=1M 2>/tmp/said\ngrep -q "No space left on device" /tmp/said && [ "$(stat -c %s /var/big)" -lt 536870912 ] && rm /var/big && echo again >/var/small',
        limits: { timeMs: 100_000, memoryMB: MEMORY_MB },
        check: ({ outcome }) => expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0 }),
      },
    ],
    [
      'output without end is cut and the rest kept, up to its bound, which ends the program',
      {
        code: 'yes "$(head -c 8000 /dev/zero | tr "\\0" x)"',
        limits: { timeMs: 100_000, memoryMB: MEMORY_MB },
        check: ({ outcome }) =>
          expect(outcome).toMatchObject({ kind: 'crashed', code: 'run/output-too-large', sessionLost: false }),
      },
    ],
  ],
  next: {
    code: '[ $((6 * 7)) = 42 ] && [ "$(ls -d /proc/[0-9]* | wc -l)" -lt 120 ]',
    result: null,
    limits: { timeMs: 30_000, memoryMB: MEMORY_MB },
  },
};
