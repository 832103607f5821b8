// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attachFiles } from './attach.ts';

const files = [new File(['a'], 'sales.csv'), new File(['b'], 'report.md')];

/** A page whose composer already names the files, as a result that was just put there does. */
function open(onChange: (chips: Element) => void) {
  document.body.innerHTML = `<main data-app-shell-active-page="true"><form data-chatgpt-composer>
    <input type="file" multiple>
    <div data-composer-attachments></div>
    <div data-composer-markdown contenteditable="true" role="textbox"><p>files: sales.csv report.md</p></div>
  </form></main>`;
  const chips = document.querySelector('[data-composer-attachments]');
  if (chips === null) throw new Error('the page has no place for chips');
  document.querySelector('input')?.addEventListener('change', () => onChange(chips));
  return attachFiles(document, files, new AbortController().signal);
}
const chip = (name: string) => {
  const made = document.createElement('div');
  made.textContent = name;
  return made;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'DataTransfer',
    class {
      readonly items = { add: () => undefined };
      readonly files = [];
    },
  );
  // Nothing but a browser makes a list of files; that the page is told of it is what counts here.
  Object.defineProperty(HTMLInputElement.prototype, 'files', { configurable: true, set: () => undefined });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(HTMLInputElement.prototype, 'files');
});

describe('attachFiles', () => {
  it('believes no names that stand in the text itself', async () => {
    const answer = open(() => undefined);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBe(false);
  });

  it('is not content with some of the files', async () => {
    const answer = open((chips) => chips.append(chip('sales.csv')));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBe(false);
  });

  it('says so when all of them were taken', async () => {
    const answer = open((chips) => chips.append(chip('sales.csv'), chip('report.md')));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBe(true);
  });

  it('also knows them by their names beside the text, in a design without a place for them', async () => {
    const answer = open((chips) => {
      const row = document.createElement('p');
      row.append(chip('sales.csv'), chip('report.md'));
      chips.replaceWith(row);
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBe(true);
  });
});
