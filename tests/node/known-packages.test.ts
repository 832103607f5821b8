import { expect, test } from 'vitest';
import { BUILTIN_MODULES, javascriptPackages } from '../../src/runners/javascript/known-packages.ts';
import { nodeSource } from '../support/kit/node-source.ts';

test('what is told of JavaScript packages is what its engine has', async () => {
  const blob = await nodeSource('javascript').load('packages.json');
  const built = Object.keys(JSON.parse(await blob.text()) as object);
  const own = built.filter((name) => !/^(?:node|late):/u.test(name)).map((name) => name.split('/')[0]);
  expect(own.length).toBeGreaterThan(0);
  for (const name of own) expect(javascriptPackages[name ?? '']?.status).toBe('bundled');
  const told = Object.keys(javascriptPackages).filter((name) => javascriptPackages[name]?.status === 'bundled');
  const builtins = new Set(BUILTIN_MODULES.map((name) => name.split('/')[0]));
  expect(told.filter((name) => !builtins.has(name)).sort()).toEqual([...new Set(own)].sort());
  expect(javascriptPackages['fs']?.status).toBe('bundled');
  expect(javascriptPackages['express']?.status).toBe('unavailable');
});
