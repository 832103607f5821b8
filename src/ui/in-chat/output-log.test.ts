// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { createOutputLog } from './output-log.ts';

const shown = (log: ReturnType<typeof createOutputLog>, part: string) =>
  [...log.element.querySelectorAll(`[data-part="${part}"]`)].map((each) => each.textContent).join('');

describe('createOutputLog', () => {
  it('keeps the order of the two streams', () => {
    const log = createOutputLog();
    log.append('stdout', 'one\n');
    log.append('stderr', 'two\n');
    log.append('stdout', 'three\n');
    expect([...log.element.children].map((each) => each.getAttribute('data-part'))).toEqual([
      'stdout',
      'stderr',
      'stdout',
    ]);
    expect(log.element.textContent).toBe('one\ntwo\nthree\n');
  });

  it('rewrites a line at a lone carriage return', () => {
    const log = createOutputLog();
    for (const step of ['10%', '\r50%', '\r100%', '\n', 'end\n']) log.append('stderr', step);
    expect(shown(log, 'stderr')).toBe('100%\nend\n');
    expect(log.text('stderr')).toBe('100%\nend\n');
  });

  it('takes CR LF as one line end', () => {
    const log = createOutputLog();
    log.append('stdout', 'a\r\nb\r\n');
    expect(shown(log, 'stdout')).toBe('a\nb\n');
    expect(log.text('stdout')).toBe('a\nb\n');
  });

  it('stops at its bound and says so', () => {
    const log = createOutputLog({ mostUtf16: 10 });
    log.append('stdout', '0123456');
    log.append('stdout', '789abcdef');
    expect(log.isCut).toBe(true);
    expect(log.text('stdout')).toBe('0123456789');
  });

  it('cuts a flood into chunks that can be laid out one by one', () => {
    const log = createOutputLog();
    log.append('stdout', 'x'.repeat(100_000));
    expect(log.element.querySelectorAll('.chunk').length).toBe(7);
    expect(log.text('stdout')).toHaveLength(100_000);
  });

  it('stays at its end, measured twice however much comes at once, and stays where the person scrolled to', () => {
    const log = createOutputLog();
    let measured = 0;
    Object.defineProperty(log.element, 'scrollHeight', {
      get: () => {
        measured += 1;
        return 20 * log.element.children.length;
      },
    });
    const write = () => {
      for (let line = 0; line < 50; line += 1) log.append(line % 2 === 0 ? 'stdout' : 'stderr', `${line}\n`);
    };
    log.follow(write);
    expect([log.element.scrollTop, measured]).toEqual([1_000, 2]);
    log.element.scrollTop = 300;
    log.follow(write);
    expect([log.element.scrollTop, measured]).toEqual([300, 3]);
  });

  it('shows colours and copies plain text', () => {
    const log = createOutputLog();
    log.append('stdout', 'a \u001b[31mred\u001b[0m');
    expect(log.element.querySelector('.ansi-red-fg')?.textContent).toBe('red');
    expect(log.text('stdout')).toBe('a red');
  });
});
