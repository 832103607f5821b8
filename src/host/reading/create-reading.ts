import {
  type Analyser,
  createAnalyser,
  type KnownPackages,
  parseAnalysisOptions,
  readAsked,
  suggestFixes,
} from '../../analysis/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { knownPackages, type PythonFiles } from '../known-packages.ts';
import type { CodeReading } from './code-reading.ts';
import { SAMPLES } from './samples.ts';

/** How often a sample is read: after so many the engine has compiled what it is going to. */
const ROUNDS = 40;
/** How long nobody may have asked before the next sample: who asks once asks again, and would be behind a sample each time. */
const UNASKED_MS = 500;

/** Reads code where it stands: in the worker, and in tests. */
export function createReading(python: PythonFiles): CodeReading {
  let known: Promise<KnownPackages> | null = null;
  let standard: Analyser | null = null;
  /** By the last rules only: a person has one set of them. */
  let own: { readonly rules: string; readonly analyser: Analyser } | null = null;

  let askedAtMs = Number.NEGATIVE_INFINITY;
  const forSomebody = async <T>(answer: () => T | Promise<T>): Promise<T> => {
    try {
      return await answer();
    } finally {
      askedAtMs = performance.now();
    }
  };
  const isAsked = (): boolean => performance.now() - askedAtMs < UNASKED_MS;

  const packagesOnce = (): Promise<KnownPackages> => {
    const loading = (known ??= knownPackages(python));
    loading.catch(() => (known = null)); // told to whoever waits for it
    return loading;
  };

  const analyserBy = async (rules: string): Promise<Result<Analyser, AppError>> => {
    const packages = await packagesOnce();
    if (rules.trim() === '') return ok((standard ??= createAnalyser({ packages })));
    if (own?.rules === rules) return ok(own.analyser);
    const value = parseJson(rules);
    const options = value.ok ? parseAnalysisOptions(value.value) : value;
    if (!options.ok) return options;
    own = { rules, analyser: createAnalyser({ packages, options: options.value }) };
    return ok(own.analyser);
  };

  return {
    analyse: (request, rules) =>
      forSomebody(async () => {
        const analyser = await analyserBy(rules);
        if (!analyser.ok) throw new Error('rules are checked before code is read by them');
        return analyser.value.analyse(request);
      }),
    check: (rules) =>
      forSomebody(async () => {
        const analyser = await analyserBy(rules);
        return analyser.ok ? ok(null) : analyser;
      }),
    fixes: (code, language) => forSomebody(() => suggestFixes(code, language)),
    asked: (code) => forSomebody(() => readAsked(code)),
    async warm(language) {
      const apart = createAnalyser({ packages: await packagesOnce() }); // what is kept for people stays
      for (let round = 0; round < ROUNDS; round += 1) {
        // Another text each time: the same one is answered from what is kept.
        apart.analyse({ code: `${SAMPLES[language]}\n${'x'.repeat(round + 1)}`, label: language });
        // Whoever asks meanwhile is behind one sample, not all.
        do await new Promise((next) => void setTimeout(next, isAsked() ? UNASKED_MS : 0));
        while (isAsked());
      }
    },
  };
}

function parseJson(json: string): Result<unknown, AppError> {
  try {
    return ok(JSON.parse(json));
  } catch (cause) {
    return fail(appError('settings/bad-value', cause instanceof Error ? cause.message.slice(0, 300) : undefined));
  }
}
