import { describe, expect, it } from 'vitest';
import { renameLocation } from './scripts.ts';

describe('the variable location of a page', () => {
  it.each([
    ['location.href = "/x"', 'previewLocation.href = "/x"'],
    [
      'window.location = a; document.location.reload()',
      'window.previewLocation = a; document.previewLocation.reload()',
    ],
    [
      'const { location } = props; f({ location })',
      'const { location: previewLocation } = props; f({ location: previewLocation })',
    ],
    ['({ location = 1 }) => location', '({ location: previewLocation = 1 }) => previewLocation'],
    [
      'function f(location) { return location.pathname }',
      'function f(previewLocation) { return previewLocation.pathname }',
    ],
    ['const { location } = window', 'const { previewLocation } = window'],
    ['const { location: at, open } = window', 'const { previewLocation: at, open } = window'],
    ['return location', 'return previewLocation'],
  ])('has another name in %s', (source, renamed) => {
    expect(renameLocation(source, 'script')).toBe(renamed);
  });

  it.each([
    'router.location = { location: 1 }',
    '"location" // location',
    'class A { location = 1; get location() {} }',
    'location: for (;;) break location',
    'location = = broken',
  ])('is none in %s', (source) => {
    expect(renameLocation(source, 'script')).toBe(source);
  });

  it.each([
    'import { location } from "./a.js"; export { location }',
    'export const location = 1',
    'export function location() {}',
  ])('stays where a module trades it: %s', (source) => {
    expect(renameLocation(source, 'module')).toBe(source);
  });
});
