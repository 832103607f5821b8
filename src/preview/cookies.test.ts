import { describe, expect, it } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import type { HeaderList } from '../contracts/preview.ts';
import { Cookies } from './cookies.ts';

const given = (...lines: readonly string[]): HeaderList => lines.map((line) => ['set-cookie', line]);
const open = () => new Cookies('http://localhost:8000');
const sent = async (cookies: Cookies, path: string): Promise<string | undefined> =>
  (await cookies.sentWith([], path)).find(([name]) => name === 'cookie')?.[1];

describe('the cookies of a server', () => {
  it('go back with requests for their path, and those of scripts are the ones that are not the server’s alone', async () => {
    const cookies = open();
    await cookies.take(
      given(
        'a=1; HttpOnly; Path=/',
        'b=2; Path=/admin',
        'c=3; Secure; SameSite=Strict',
        'd=4; Domain=elsewhere.example',
      ),
      '/login',
    );
    expect(await sent(cookies, '/')).toBe('a=1; c=3');
    expect(await sent(cookies, '/admin/users')).toBe('b=2; a=1; c=3');
    expect(await cookies.visible('/')).toBe('c=3');
  });

  it('are changed by a script, but for those that it does not see', async () => {
    const cookies = open();
    await cookies.take(given('a=1; HttpOnly; Path=/', 'b=2; Path=/'), '/');
    await cookies.set('a=forged; path=/', '/');
    await cookies.set('b=; max-age=0; path=/', '/');
    await cookies.set('no cookie at all; path=/', '/');
    expect(await sent(cookies, '/')).toContain('a=1');
    expect(await sent(cookies, '/')).not.toContain('b=');
    // One of a value alone, as browsers take it.
    expect(await cookies.visible('/')).toBe('no cookie at all');
  });

  it('are in the order of what was done: a request has what was set before it', async () => {
    const cookies = open();
    const set = cookies.set('a=1', '/');
    const first = sent(cookies, '/');
    void cookies.set('a=2', '/');
    const second = sent(cookies, '/');
    await set;
    expect(await Promise.all([first, second])).toEqual(['a=1', 'a=2']);
  });

  it('are none that a page names itself', async () => {
    const cookies = open();
    const asked: HeaderList = [
      ['cookie', 'a=forged'],
      ['accept', '*/*'],
    ];
    expect(await cookies.sentWith(asked, '/')).toEqual([['accept', '*/*']]);
  });

  it('are so many, and of such a size', async () => {
    const cookies = open();
    const most = LIMITS.previewCookies.standard;
    await cookies.take(given(...Array.from({ length: most + 20 }, (_, at) => `c${String(at)}=1`)), '/');
    expect((await sent(cookies, '/'))?.split('; ')).toHaveLength(most);
    await cookies.set('c0=2', '/');
    expect(await sent(cookies, '/')).toContain('c0=2');
    // One at another path is another.
    await cookies.set('c0=3; path=/deep', '/');
    expect(await sent(cookies, '/deep')).not.toContain('c0=3');
    const small = open();
    await small.set('name=\u65e5\u672c', '/');
    expect(await sent(small, '/')).toBeUndefined();
    const large = open();
    await large.set(`a=${'x'.repeat(LIMITS.previewCookieUtf16.standard)}`, '/');
    expect(await sent(large, '/')).toBeUndefined();
    await large.take(given(...Array.from({ length: 100 }, (_, at) => `c${String(at)}=${'x'.repeat(4000)}`)), '/');
    expect((await sent(large, '/'))?.length).toBeLessThanOrEqual(LIMITS.previewCookieHeaderUtf16.standard);
  });
});
