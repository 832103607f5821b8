import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { Language } from '../../contracts/run.ts';
import type { Decision, Selection, SelectionFactor, SelectionWarning } from '../../contracts/selection.ts';
import { learnFailures } from '../kit/index.ts';
import { createHoldBack, type SeenCode } from './hold-back.ts';

const limited = { kind: 'limitedFunctionality', title: 'Not all', reasons: ['No threads.', 'No screen.'] } as const;
const remote = { kind: 'remoteRequired', title: 'Elsewhere', reasons: ['No torch.'] } as const;
const risky = { kind: 'securityRisk', title: 'Risky', reasons: ['It deletes.'] } as const;
const chosenHere: SelectionFactor = { name: 'choice', speaksFor: 'onDevice', text: 'You chose it.' };
const seen = [{ title: 'Weighed', lines: [{ text: 'Python runs here.', line: null }] }];
const chosenElsewhere: SelectionFactor = { ...chosenHere, speaksFor: 'remote' };

function world(
  warnings: readonly SelectionWarning[],
  patch: Partial<Decision> = {},
  asked: Selection['asked'] = [],
  refused: Result<Selection, AppError> | null = null,
) {
  const decision: Decision = {
    place: 'onDevice',
    canRunHere: true,
    reasons: [],
    factors: [],
    estimate: { timeMs: 1, memoryMB: 1, confidence: 0, from: 'code' },
    warnings,
    ways: [],
    ...patch,
  };
  const state = {
    code: signal('print(1)'),
    language: signal<Language | null>('python'),
    held: signal<Selection | null>(null),
    shortfalls: signal<readonly string[]>([]),
    seen: signal<SeenCode | null>(null),
    failure: signal<AppError | null>(null),
    isBusy: signal(false),
  };
  const answer = ok({ language: 'python' as const, isDetected: false, decision, seen, asked });
  const runs = { select: async () => refused ?? answer, warm: async () => ok(null) };
  return { ...state, holdBack: createHoldBack({ runs, sessionId: () => 's' as SessionId }, state) };
}

describe('a press', () => {
  it.each<[string, readonly SelectionWarning[], Partial<Decision>, boolean, readonly string[]]>([
    ['has nothing to know', [], {}, false, []],
    ['misses comforts only', [limited], {}, false, ['Not all: No threads. No screen.']],
    ['is risky', [risky], {}, true, []],
    ['belongs elsewhere', [remote], {}, true, ['Elsewhere: No torch.']],
    ['is both', [limited, risky], {}, true, ['Not all: No threads. No screen.']],
    ['is risky, and was chosen', [risky], { factors: [chosenHere] }, false, []],
    ['was chosen for elsewhere', [], { place: 'remote', factors: [chosenElsewhere] }, true, []],
    ['has no engine', [], { canRunHere: false, factors: [chosenHere] }, true, []],
  ])('on code that %s', async (_, warnings, patch, isHeld, lines) => {
    const { holdBack, held, shortfalls, isBusy } = world(warnings, patch);
    expect(await holdBack.ask()).toBe(isHeld);
    expect(held.value !== null).toBe(isHeld);
    expect(shortfalls.value).toEqual(lines);
    expect(isBusy.value).toBe(false);
  });
});

it('what was seen is kept with the code that it was seen in, and looking holds nothing', async () => {
  const { holdBack, code, held, seen: kept, isBusy } = world([risky]);
  await holdBack.ask();
  expect(kept.value).toEqual({ code: 'print(1)', groups: seen });
  held.value = null;
  code.value = 'print(2)';
  expect(await holdBack.look()).toBeNull();
  expect(kept.value).toEqual({ code: 'print(2)', groups: seen });
  expect([held.value, isBusy.value]).toEqual([null, false]);
});

it('commands to agree to hold a press, whatever was chosen', async () => {
  const asked = [{ name: 'make', text: 'make', why: 'Why.' }];
  const { holdBack, held } = world([], { factors: [chosenHere] }, asked);
  expect(await holdBack.ask()).toBe(true);
  expect(held.value?.asked).toEqual(asked);
});

const unread = [expect.stringMatching(/could not be read beforehand.*nobody looked for risks/)];
it.each([
  ['runs, and it is said that nobody looked for risks', 'reader/failed', 'python', unread],
  ['runs, and it is said that nobody looked for risks', 'door/deadline', 'python', unread],
  ['waits where its language is not known either', 'reader/failed', null, []],
  ['waits where the site asked for too much', 'run/rate-limited', 'python', []],
] as const)('code that cannot be read %s: %s', async (_, code, known, lines) => {
  learnFailures(FAILURES);
  const { holdBack, language, shortfalls, failure } = world([], {}, [], fail(appError(code)));
  language.value = known;
  const mustWait = lines.length === 0;
  expect(await holdBack.ask()).toBe(mustWait);
  await until(() => expect(shortfalls.value).toEqual(lines));
  expect(failure.value?.code ?? null).toBe(mustWait ? code : null);
});

it('what explains a failure holds nothing and says nothing of risks', async () => {
  const { holdBack, held } = world([remote, risky]);
  expect(await holdBack.explain('import torch', 'python')).toEqual(['Elsewhere: No torch.']);
  expect(held.value).toBeNull();
});
