import { expect, test } from 'vitest';
import { BUILD_FLAGS, flagsOf } from './build-flags.ts';

test('production has everything off, and so has code without a build and a mode that nobody knows', () => {
  const off = { telemetry: false, debug: false, containerNetworking: false, encryptedExports: false };
  expect(flagsOf('production')).toEqual(off);
  expect(flagsOf('prodution')).toEqual(off);
  expect(BUILD_FLAGS).toEqual(off);
});

test('no build sends telemetry or gives the container a network', () => {
  for (const mode of ['development', 'staging']) {
    expect(flagsOf(mode)).toMatchObject({ debug: true, telemetry: false, containerNetworking: false });
  }
});
