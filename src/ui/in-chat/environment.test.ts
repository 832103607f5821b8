import { describe, expect, it } from 'vitest';
import type { CapturedCall } from '../../contracts/capture.ts';
import { environmentCode } from './environment.ts';

const call = (environment: Readonly<Record<string, unknown>> | undefined) =>
  ({
    seedFrame: { id: 's', socket: 1, ...(environment === undefined ? {} : { environment }) },
  }) as unknown as CapturedCall;

describe('environmentCode', () => {
  it('sets text variables and leaves everything else out', () => {
    const code = environmentCode(call({ LANG: 'de"; import x', 'bad name': 'x', NUMBER: 3 }), 'python');
    expect(code).toContain(String.raw`"{\"LANG\":\"de\\\"; import x\"}"`);
    expect(code).not.toContain('bad name');
  });

  it.each([undefined, {}, { A: 1 }, { A: 'x'.repeat(40_000) }, { A: 'a\0b', B: '\ud800' }])(
    'does nothing for %o',
    (environment) => {
      expect(environmentCode(call(environment), 'python')).toBeNull();
    },
  );
});
