import { expect, test } from 'vitest';
import { MachineError } from '../../../container/machine/index.ts';
import { Keeper } from './keeper.ts';

const SILENT = new MachineError('silent for 60000 ms', { kind: 'silent', afterMs: 60_000 });
const BUSY = new MachineError('errno 16', { kind: 'errno', errno: 16 });
const LOST = new MachineError('the machine was lost', { kind: 'lost' });

type Step = 'unmount' | 'zeroFree' | 'save' | 'mount' | 'toolsAway';

/** A used machine that fails where it is told to. What a real one does: `tests/node/linux-saved.test.ts`. */
function used(failures: Partial<Record<Step, Error>>) {
  const said: string[] = [];
  const does = async (what: Step): Promise<void> => {
    said.push(what);
    const failure = failures[what];
    if (failure) throw failure;
  };
  const keeper = new Keeper({
    machine: {
      unmount: () => does('unmount'),
      zeroFree: () => does('zeroFree').then(() => 0),
      save: () => does('save').then(() => new Uint8Array(0)),
    },
    bash: {
      leave: async () => undefined,
      prepare: () => said.push('prepare'),
      complaint: async () => null,
    },
    image: { id: 'image', memoryMB: 1, state: async () => new Uint8Array(0) },
    tools: { unmount: () => does('toolsAway'), mount: async () => void said.push('toolsBack') },
    mountPath: '/mnt/data',
    mount: () => does('mount'),
    lose: async (why) => void said.push(`lose: ${why}`),
    keep: () => said.push('keep'),
  });
  keeper.changed();
  return { keeper, said };
}

test.each([
  ['zeroFree', SILENT, ['toolsAway', 'unmount', 'zeroFree', 'mount', 'toolsBack', 'prepare']],
  [
    'save',
    new MachineError('the agent takes no frames', SILENT.failure),
    ['toolsAway', 'unmount', 'zeroFree', 'save', 'mount', 'toolsBack', 'prepare'],
  ],
  ['unmount', BUSY, ['toolsAway', 'unmount', 'toolsBack', 'prepare']],
  // They stand where they stood: nothing of the machine was touched.
  ['toolsAway', BUSY, ['toolsAway', 'prepare']],
] as const)('a machine whose %s fails is used on, and the person is told', async (step, failure, expected) => {
  const { keeper, said } = used({ [step]: failure });
  await keeper.save(() => undefined);
  expect(said).toEqual(expected);
  expect(keeper.takeProblem()).toBe(String(failure));
  expect(keeper.takeProblem()).toBeNull();
});

test('what failed is tried again the next time', async () => {
  const { keeper, said } = used({ unmount: BUSY });
  await keeper.save(() => undefined);
  await keeper.save(() => undefined);
  expect(said.filter((each) => each === 'unmount')).toHaveLength(2);
});

test.each(['mount', 'unmount'] as const)(
  'a machine in which the files are perhaps not after %s is ended, and nothing of it is kept',
  async (step) => {
    const { keeper, said } = used({ [step]: SILENT });
    await keeper.save(() => undefined);
    expect(said).toContain(`lose: ${String(SILENT)}`);
    expect(said).not.toContain('keep');
    expect(keeper.takeProblem()).toBe(String(SILENT));
  },
);

test('a machine that is lost meanwhile says so itself', async () => {
  const { keeper, said } = used({ zeroFree: LOST, mount: LOST });
  await keeper.save(() => undefined);
  expect(said).toEqual(['toolsAway', 'unmount', 'zeroFree', 'mount', 'toolsBack', 'prepare']);
});

test('who waits for the state hears that it was taken before what a shell begins with is read again, and only then', async () => {
  const { keeper, said } = used({});
  await keeper.save(() => void said.push('taken'));
  expect(said).toEqual(['toolsAway', 'unmount', 'zeroFree', 'save', 'mount', 'toolsBack', 'taken', 'prepare']);
  const failing = used({ save: BUSY });
  await failing.keeper.save(() => void failing.said.push('taken'));
  expect(failing.said).not.toContain('taken');
});
