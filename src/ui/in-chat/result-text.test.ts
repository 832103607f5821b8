import { describe, expect, it } from 'vitest';
import { FAILURES } from '../../contracts/failures.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { learnFailures } from '../kit/index.ts';
import { cutMiddle, resultText } from './result-text.ts';

const done: Outcome = { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 5, memoryBytes: 1 };
const none = { language: 'Python', stdout: '', stderr: '', artifacts: [], displays: [] };

describe('resultText', () => {
  it('lists what was printed, the value and the files', () => {
    const text = resultText({
      ...none,
      stdout: 'hi\n',
      outcome: { ...done, result: '42' },
      artifacts: [{ name: 'x.csv', path: '/mnt/data/x.csv', bytes: 2048 }],
    });
    expect(text).toContain('stdout:\n```\nhi\n```');
    expect(text).toContain('result:\n```\n42\n```');
    expect(text).toContain('- /mnt/data/x.csv (2 kB)');
  });

  it('fences text that holds fences itself', () => {
    expect(resultText({ ...none, stdout: '```\nx\n```', outcome: done })).toContain('````\n```\nx\n```\n````');
  });

  it('says that nothing was printed', () => {
    expect(resultText({ ...none, outcome: done })).toContain('printed nothing');
  });

  it('gives a traceback once, though it was printed too', () => {
    const traceback = 'Traceback (most recent call last):\nValueError: no';
    const error = {
      code: 'python/exception',
      title: 'ValueError',
      message: 'no',
      traceback,
      line: 1,
      column: null,
      suggestions: [],
    } as const;
    const text = resultText({ ...none, stderr: `${traceback}\n`, outcome: { ...done, exitCode: 1, error } });
    expect(text.split('Traceback')).toHaveLength(2);
  });

  it('says an error that its language has no name and no traceback for in the words of the table', () => {
    const facts = { title: '', message: 'big.csv', traceback: null, line: null, column: null, suggestions: [] };
    learnFailures(FAILURES);
    const error = { ...facts, code: 'files/no-space' } as const;
    const text = resultText({ ...none, outcome: { ...done, exitCode: 1, error } });
    expect(text).toContain(`error:\n\`\`\`\n${FAILURES['files/no-space'].title}: big.csv\n`);
  });

  it('names an outcome that is not completed', () => {
    expect(
      resultText({ ...none, outcome: { kind: 'timedOut', limitMs: 1, sessionLost: false, timeMs: 1, memoryBytes: 0 } }),
    ).toContain('Time limit reached');
  });
});

describe('cutMiddle', () => {
  it('keeps both ends, says what is missing and splits no pair', () => {
    const cut = cutMiddle(`${'😀'.repeat(3000)}`, 101);
    expect(cut).toMatch(/left out/);
    expect(cut.isWellFormed()).toBe(true);
    expect(cut.length).toBeLessThan(160);
  });
});
