import { describe, expect, it } from 'vitest';
import { Cookies } from '../cookies.ts';
import { withCookie } from './cookie.ts';

describe('cookies that a script sets', () => {
  it.each([
    'word',
    'word; path=/',
    '=word',
    '==x',
    '=a=b',
    '=',
    '',
    '; path=/',
    'a = 3 ',
    'a=',
    'a',
    'ab=1',
    'b=1; max-age=0',
    'b=3; max-age=',
    'b=3; max-age=soon',
    'other; max-age=0',
    'a=1=2',
  ])('are shown at once as the jar will say them: %s', async (text) => {
    const jar = new Cookies('http://localhost:8000');
    let shown = '';
    for (const each of ['a=1', 'b=2', 'plain', text]) {
      shown = withCookie(shown, each);
      await jar.set(each, '/');
    }
    const parts = (cookies: string): readonly string[] => cookies.split('; ').sort();
    expect(parts(shown)).toEqual(parts(await jar.visible('/')));
  });

  it('leave the others shown where one has no name', () => {
    expect(withCookie('a=1; b=2', 'word')).toBe('a=1; b=2; word');
    expect(withCookie('a=1; word', 'another')).toBe('a=1; another');
  });
});
