import { expect, test } from 'vitest';
import { nodeSource } from '../../tests/support/kit/node-source.ts';
import { LANGUAGES } from '../contracts/run.ts';
import { createRunners } from './registry.ts';

test('the languages that the product offers are those of the registry', () => {
  const runners = createRunners({ sourceOf: nodeSource, pythonStart: () => 'base', isMemoryShort: () => false });
  const spoken = new Set(runners.flatMap(({ manifest }) => manifest.languages));
  expect([...spoken].sort()).toEqual([...LANGUAGES].sort());
});
