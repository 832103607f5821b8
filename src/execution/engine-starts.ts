import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
} from 'cockatiel';
import { fail, type Result } from '../base/index.ts';
import { type AppError, type AppErrorCode, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';

/** Failures of an engine's start that may be gone the next time; of others a repetition changes nothing. */
const PASSING: readonly AppErrorCode[] = ['runner/start-failed', 'box/lost'];

const hasFailed = (result: unknown): boolean => {
  const answer = result as Result<unknown, AppError>;
  return !answer.ok && PASSING.includes(answer.error.code);
};

/**
 * Starts of engines: one that fails is tried once more; an engine that fails again and again rests for a while, so that
 * nothing starts it in a loop, and is then tried with one run.
 */
export class EngineStarts {
  readonly #circuits = new Map<string, CircuitBreakerPolicy>();

  /**
   * The first good answer of `start`, at most two tries; `runner/resting` while it rests, `engineRestMs` at most.
   * `onRetry` is told before the second.
   */
  async start<T>(
    runner: string,
    start: () => Promise<Result<T, AppError>>,
    options: { readonly signal: AbortSignal; readonly onRetry: () => void },
  ): Promise<Result<T, AppError>> {
    const circuit = this.#circuitOf(runner);
    const once = async (): Promise<Result<T, AppError>> => {
      try {
        return await circuit.execute(start);
      } catch (error) {
        if (error instanceof BrokenCircuitError) return fail(appError('runner/resting'));
        throw error;
      }
    };
    const first = await once();
    if (!hasFailed(first) || options.signal.aborted) return first;
    options.onRetry();
    return once();
  }

  #circuitOf(runner: string): CircuitBreakerPolicy {
    const known = this.#circuits.get(runner);
    if (known !== undefined) return known;
    const made = circuitBreaker(handleWhenResult(hasFailed), {
      halfOpenAfter: LIMITS.engineRestMs.standard,
      breaker: new ConsecutiveBreaker(LIMITS.engineStartFailures.standard),
    });
    this.#circuits.set(runner, made);
    return made;
  }
}
