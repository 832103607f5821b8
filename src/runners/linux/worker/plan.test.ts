import { expect, test } from 'vitest';
import { FAILURES } from '../../../contracts/failures.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { type MachineProfile, PROFILES } from '../../../contracts/machine-spec.ts';
import { readMachineSpec } from '../../../contracts/read-machine-spec.ts';
import type { Image } from './image.ts';
import { type MachinePlan, planMachine } from './plan.ts';
import { memoryError } from './program-error.ts';

const imageOf = (profile: MachineProfile): Image => {
  const { image, memoryMB } = PROFILES[profile];
  return {
    name: image,
    id: 'this',
    otherId: 'other',
    memoryMB,
    vgaMemoryMB: 2,
    packedState: () => Promise.reject(new Error('not restored here')),
    state: () => Promise.reject(new Error('not restored here')),
    disk: null,
    diskUsedBytes: 0,
    tools: null,
    boot: null,
  };
};
const usual = (profile: MachineProfile): MachinePlan => planMachine(null, imageOf(profile));

function own(profile: MachineProfile, memory: string): MachinePlan {
  const read = readMachineSpec({ name: 'own', image: profile, resources: { memory } });
  if (!read.ok) throw new Error(read.error.detail);
  return planMachine(read.value.spec, imageOf(profile));
}

const { smallest, standard, largest } = LIMITS.otherMemoryMB;

test.each([
  ['the usual full one', usual('python-data'), [smallest, standard, 179, 179]],
  ['the usual small one', usual('alpine-dev'), [smallest, 89, 89, 89]],
  ['a full one by spec', own('python-data', '890MB'), [623, 623, 623, 623]],
  ['a small one by spec', own('alpine-dev', '96MB'), [67, 67, 67, 67]],
])('a program that is full in %s is told what it had, and twice the limit is offered where that is more', (...row) => {
  const [, plan, given] = row;
  for (const [at, askedMB] of [smallest, standard, 179, largest].entries()) {
    const bound = plan.boundOf(askedMB);
    const { code, message } = memoryError(bound);
    expect(bound.memoryMB).toBe(given[at]);
    expect(message).toContain(` ${given[at]} MB`);
    const isOffered = FAILURES[code].actions.includes('raise-memory');
    expect(isOffered, `${askedMB} MB`).toBe(plan.boundOf(2 * askedMB).memoryMB > bound.memoryMB);
  }
});
