import type { Result } from '../../base/index.ts';
import type { AppError } from '../../contracts/errors.ts';

export interface OvertakeOptions<T> {
  /** How long the first attempt may be silent before a second one begins beside it, milliseconds. */
  readonly patienceMs: number;
  /** Ends both. */
  readonly signal: AbortSignal;
  /** Takes what the slower attempt made after the other had won. */
  readonly discard: (late: T) => void;
}

/**
 * The first good answer of at most two attempts, so that one that hangs costs `patienceMs` and not its own limit. One that
 * fails before is the answer; once both are under way only the failure of both is, the later one. Rejects as they do.
 */
export function overtaken<T>(
  attempt: (signal: AbortSignal) => Promise<Result<T, AppError>>,
  { patienceMs, signal, discard }: OvertakeOptions<T>,
): Promise<Result<T, AppError>> {
  return new Promise((settle, reject) => {
    let underWay = 0;
    let isOver = false;
    const ends: AbortController[] = [];
    const end = (own: AbortController | null): void => {
      isOver = true;
      clearTimeout(timer);
      for (const other of ends) if (other !== own) other.abort();
    };
    const begin = (): void => {
      const own = new AbortController();
      ends.push(own);
      underWay += 1;
      attempt(AbortSignal.any([signal, own.signal])).then((answer) => {
        underWay -= 1;
        if (isOver) {
          if (answer.ok) discard(answer.value);
          return;
        }
        if (!answer.ok && underWay > 0) return;
        end(own);
        settle(answer);
      }, fell);
    };
    const fell = (cause: unknown): void => {
      if (isOver) return;
      end(null);
      reject(cause instanceof Error ? cause : new Error(String(cause)));
    };
    const timer = setTimeout(() => {
      if (!signal.aborted) begin();
    }, patienceMs);
    begin();
  });
}
