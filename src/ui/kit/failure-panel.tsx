import type { ComponentChildren } from 'preact';
import type { AppErrorCode } from '../../contracts/errors.ts';
import { wordsOf } from './failure-words.ts';

interface FailurePanelProps {
  readonly code: AppErrorCode;
  readonly detail?: string | null;
  readonly children?: ComponentChildren;
}

/** Words a failure by the one table: what happened, why, what to do. */
export function FailurePanel({ code, detail, children }: FailurePanelProps) {
  const failure = wordsOf(code);
  return (
    <div class="failure" data-part="failure" data-code={code} role="note">
      <strong>{failure.title}</strong>
      <p>{failure.explanation}</p>
      {detail ? <p class="detail">{detail}</p> : null}
      {failure.suggestions.length > 0 ? (
        <ul>
          {failure.suggestions.map((suggestion) => (
            <li key={suggestion}>{suggestion}</li>
          ))}
        </ul>
      ) : null}
      {children}
    </div>
  );
}
