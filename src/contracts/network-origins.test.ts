import { describe, expect, test } from 'vitest';
import { isAllowed, isPrivateHost, originsOf, ownOrigins, shownOrigin } from './network-origins.ts';

describe('the origin a person names', () => {
  test.each([
    ['api.example.org', 'https://api.example.org'],
    [' Example.ORG ', 'https://example.org'],
    ['example.org:8443', 'https://example.org:8443'],
    ['https://example.org/', 'https://example.org'],
    ['http://localhost:8000', 'http://localhost:8000'],
    ['münchen.example', 'https://xn--mnchen-3ya.example'],
    ['http://0x7f.1', 'http://127.0.0.1'],
  ])('%s is %s', (typed, origin) => {
    expect(originsOf(typed)).toEqual({ ok: true, value: [origin] });
  });

  test.each(['', '*', '*.example.org', 'https://', 'file:///etc/passwd', 'chrome-extension://abc', 'data:,x'])(
    '%j is none',
    (typed) => expect(originsOf(typed)).toMatchObject({ ok: false, error: { code: 'settings/bad-value' } }),
  );

  test.each(['example.org/path', 'example.org?x', 'user@example.org', 'https://a:b@example.org', 'a b', 'ftp://a.org'])(
    '%j holds more than an origin',
    (typed) => expect(originsOf(typed).ok).toBe(false),
  );

  test('a host of the own network speaks http as well, and may have all its ports', () => {
    expect(originsOf('localhost:8000')).toEqual({
      ok: true,
      value: ['https://localhost:8000', 'http://localhost:8000'],
    });
    expect(originsOf('http://127.0.0.1:*')).toEqual({ ok: true, value: ['http://127.0.0.1:*'] });
    expect(originsOf('localhost:*')).toEqual({ ok: true, value: ['https://localhost:*', 'http://localhost:*'] });
    for (const bad of ['example.org:*', 'localhost:80:*', '*:*', ':*', '*.local:*']) {
      expect(originsOf(bad).ok, bad).toBe(false);
    }
    expect(isAllowed(['http://127.0.0.1:*'], new URL('http://127.0.0.1:81/x'))).toBe(true);
    expect(isAllowed(['http://127.0.0.1:*'], new URL('https://127.0.0.1:81/'))).toBe(false);
    expect(isAllowed(['http://127.0.0.1:*'], new URL('http://127.0.0.1.example.org/'))).toBe(false);
    expect(shownOrigin('http://127.0.0.1:*')).toEqual({ text: 'http://127.0.0.1:*', isPrivate: true });
    expect(shownOrigin('https://example.org')).toEqual({ text: 'example.org', isPrivate: false });
  });

  test('each is kept once, one bad one refuses all, and so do too many', () => {
    expect(ownOrigins(['a.org', 'https://a.org:443', 'b.org'])).toEqual({
      ok: true,
      value: ['https://a.org', 'https://b.org'],
    });
    expect(ownOrigins(['a.org', '*']).ok).toBe(false);
    expect(ownOrigins(Array.from({ length: 21 }, (_, at) => `a${at}.org`)).ok).toBe(false);
  });
});

describe('a private host', () => {
  const hostOf = (host: string): string => new URL(`http://${host}/`).hostname;

  test.each([
    'localhost',
    'a.localhost',
    'printer.local',
    'router',
    'nas.home.arpa',
    '127.0.0.1',
    '127.8.8.8',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[fe80::1]',
    '[fd00::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '127.0.0.1.nip.io',
    '192-168-1-1.sslip.io',
    'app.10.0.0.1.nip.io',
    'localhost.',
  ])('%s', (host) => expect(isPrivateHost(hostOf(host))).toBe(true));

  test.each([
    'example.org',
    'pypi.org',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.169.1.1',
    '[2606:4700::1111]',
    'v10.example.org',
    'local.example.org',
    'area-127.org',
  ])('%s is none', (host) => expect(isPrivateHost(hostOf(host))).toBe(false));
});
