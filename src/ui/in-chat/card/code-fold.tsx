import { TEXTS } from '../../texts.ts';

const SHOWN_UTF16 = 20_000;

export function CodeFold({ code }: { readonly code: string }) {
  if (code === '') return null;
  const lines = code.replace(/\n+$/, '').split('\n').length;
  return (
    <details class="code">
      <summary>
        {TEXTS.card.showCode} <span class="quiet">{TEXTS.card.lines(lines)}</span>
      </summary>
      <pre data-part="code" dir="ltr" tabIndex={0}>
        {code.slice(0, SHOWN_UTF16)}
        {code.length > SHOWN_UTF16 ? '\n…' : ''}
      </pre>
    </details>
  );
}
