import { describe, expect, test } from 'vitest';
import { archiveAddress } from './debian/mirror.ts';
import { importTable } from './import-table.ts';
import { storeObjections } from './manifest.ts';

const file = (name: string, bytes: number) => ({ name, bytes, rawBytes: bytes, sha256: '' });

describe('what a store would refuse', () => {
  test('is a script of 5 MB and anything that looks like an archive', () => {
    const files = [
      file('a.js', 5_000_000),
      file('b.js', 4_999_999),
      file('stdlib.zip', 1),
      file('x.whl', 1),
      file('c.heap.gz', 1),
    ];
    expect(storeObjections(files)).toEqual([
      'a.js is a script of 5000000 bytes',
      'stdlib.zip looks like an archive',
      'x.whl looks like an archive',
    ]);
  });
});

describe('import table', () => {
  const bundled = {
    name: 'beautifulsoup4',
    version: '4',
    licence: 'MIT',
    modules: ['bs4', '_private'],
    size: 1,
    images: [],
    requires: [],
  };

  test('merges both lists sorted, and what ships wins', () => {
    const rows = [
      { needs: 'native', imports: ['scipy', 'bs4'], why: 'w', instead: ['`json.loads`, or `bs4`'] },
      { needs: 'pure', imports: ['pptx', 'nltk'], names: { pptx: 'python-pptx' }, why: 'v', instead: [] },
    ] as const;
    const table = importTable([bundled], rows);
    expect(table).toEqual({
      bs4: { status: 'bundled', package: 'beautifulsoup4' },
      nltk: { status: 'unavailable', package: 'nltk', install: true, why: 'v', instead: [] },
      pptx: { status: 'unavailable', package: 'python-pptx', install: true, why: 'v', instead: [] },
      scipy: {
        status: 'unavailable',
        package: 'scipy',
        install: false,
        why: 'w',
        instead: ['json.loads, or bs4'],
      },
    });
    expect(Object.keys(table)).toEqual(['bs4', 'nltk', 'pptx', 'scipy']);
  });

  test.each(['`pandas`', 'either `json` or `pandas.merge`', '`scipy`', '`lzma`'])(
    'refuses advice that is not here: %s',
    (advice) => {
      const imports = ['scipy', 'lzma'];
      const row = { needs: 'native', imports, why: 'w', instead: [advice] } as const;
      expect(() => importTable([bundled], [row])).toThrow('which is not here');
    },
  );

  test('refuses a name that is listed twice', () => {
    const row = { needs: 'native', imports: ['cv2'], why: 'w', instead: [] } as const;
    expect(() => importTable([], [row, row])).toThrow('cv2 twice');
  });
});

describe('address of the Debian archive', () => {
  test('is read from either form of apt sources', () => {
    expect(archiveAddress('Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\n')).toBe(
      'http://mirror.example/debian',
    );
    expect(archiveAddress('deb [arch=amd64] https://mirror.example/debian/ trixie main\n')).toBe(
      'https://mirror.example/debian',
    );
  });

  test('is never the security archive or another vendor', () => {
    expect(
      archiveAddress('URIs: http://mirror.example/debian-security\ndeb https://apt.example/node_20.x nodistro main\n'),
    ).toBeNull();
  });
});
