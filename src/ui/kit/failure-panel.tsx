import type { ComponentChildren } from 'preact';
import type { AppErrorCode } from '../../contracts/errors.ts';
import { wordsOf } from './failure-words.ts';

interface FailurePanelProps {
  readonly code: AppErrorCode;
  /** What is known of this one: numbers, names, an error in the words of its language. */
  readonly detail?: string | null;
  /** Stands behind the detail: where it happened, for instance. */
  readonly more?: ComponentChildren;
  /** Advice for this one alone; it goes before that of the table. */
  readonly advice?: readonly string[];
  /** `error` where a program ended by itself. */
  readonly part?: 'failure' | 'error';
  readonly children?: ComponentChildren;
}

/** Words a failure by the one table: what happened, why, what to do. */
export function FailurePanel({ code, detail, more, advice = [], part = 'failure', children }: FailurePanelProps) {
  const failure = wordsOf(code);
  const suggestions = [...new Set([...advice, ...failure.suggestions])];
  return (
    <div class="failure" data-part={part} data-code={code} role="note">
      <strong>{failure.title}</strong>
      <p>{failure.explanation}</p>
      {detail ? <p class="detail">{detail}</p> : null}
      {more}
      {suggestions.length > 0 ? (
        <ul>
          {suggestions.map((suggestion) => (
            <li key={suggestion}>{suggestion}</li>
          ))}
        </ul>
      ) : null}
      {children}
    </div>
  );
}
