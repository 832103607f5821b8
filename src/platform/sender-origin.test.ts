import { expect, test } from 'vitest';
import { originOf } from './sender-origin.ts';

test('takes the stamped origin, also of schemes that have none by the URL standard', () => {
  expect(originOf({ url: 'https://chatgpt.com/c/1?x#y' })).toBe('https://chatgpt.com');
  expect(originOf({ origin: 'https://chatgpt.com', url: 'https://other.example/' })).toBe('https://chatgpt.com');
  expect(originOf({ url: 'chrome-extension://abcdef/popup.html' })).toBe('chrome-extension://abcdef');
  expect(originOf({ url: 'moz-extension://abc-def/popup.html' })).toBe('moz-extension://abc-def');
});

test('names no origin where the browser stamped none or nonsense', () => {
  expect(originOf(undefined)).toBeNull();
  expect(originOf({})).toBeNull();
  expect(originOf({ origin: 'null' })).toBeNull();
  expect(originOf({ url: 'not a url' })).toBeNull();
});
