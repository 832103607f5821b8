import type { Tree } from './tree.ts';

/** Where programs for Linux look for fonts. */
const FOLDER = '/usr/share/fonts';
const IN_MATPLOTLIB = /^matplotlib\/mpl-data\/fonts\/ttf\/(DejaVu[\w-]*\.ttf)$/;

const STYLES = ['Regular', 'Bold', 'Italic', 'BoldItalic'] as const;

/** Files by the names of other families, each of the same widths as one that is here: first what Debian's installer of Microsoft's fonts writes. */
const SAME_WIDTHS: Readonly<Record<string, Readonly<Record<(typeof STYLES)[number], readonly string[]>>>> = {
  LiberationSans: {
    Regular: ['msttcorefonts/Arial', 'msttcorefonts/arial', 'freefont/FreeSans'],
    Bold: ['msttcorefonts/Arial_Bold', 'msttcorefonts/arialbd', 'freefont/FreeSansBold'],
    Italic: ['msttcorefonts/Arial_Italic', 'msttcorefonts/ariali', 'freefont/FreeSansOblique'],
    BoldItalic: ['msttcorefonts/Arial_Bold_Italic', 'msttcorefonts/arialbi', 'freefont/FreeSansBoldOblique'],
  },
  LiberationSerif: {
    Regular: ['msttcorefonts/Times_New_Roman', 'msttcorefonts/times', 'freefont/FreeSerif'],
    Bold: ['msttcorefonts/Times_New_Roman_Bold', 'msttcorefonts/timesbd', 'freefont/FreeSerifBold'],
    Italic: ['msttcorefonts/Times_New_Roman_Italic', 'msttcorefonts/timesi', 'freefont/FreeSerifItalic'],
    BoldItalic: ['msttcorefonts/Times_New_Roman_Bold_Italic', 'msttcorefonts/timesbi', 'freefont/FreeSerifBoldItalic'],
  },
  LiberationMono: {
    Regular: ['msttcorefonts/Courier_New', 'msttcorefonts/cour', 'freefont/FreeMono'],
    Bold: ['msttcorefonts/Courier_New_Bold', 'msttcorefonts/courbd', 'freefont/FreeMonoBold'],
    Italic: ['msttcorefonts/Courier_New_Italic', 'msttcorefonts/couri', 'freefont/FreeMonoOblique'],
    BoldItalic: ['msttcorefonts/Courier_New_Bold_Italic', 'msttcorefonts/courbi', 'freefont/FreeMonoBoldOblique'],
  },
};

/** Usual places of fonts with Chinese, Japanese and Korean letters. */
const EAST_ASIAN = [
  ...[
    'opentype/noto/NotoSansCJK-Regular.ttc',
    'opentype/noto/NotoSansCJK-Bold.ttc',
    'truetype/noto/NotoSansCJK-Regular.ttc',
  ],
  ...[
    'opentype/noto/NotoSansCJKjp-Regular.otf',
    'opentype/noto/NotoSansCJKsc-Regular.otf',
    'opentype/noto/NotoSerifCJK-Regular.ttc',
  ],
  ...['truetype/wqy/wqy-zenhei.ttc', 'truetype/arphic/uming.ttc', 'truetype/arphic/ukai.ttc'],
  ...[
    'truetype/droid/DroidSansFallbackFull.ttf',
    'truetype/nanum/NanumGothic.ttf',
    'truetype/nanum/NanumGothicBold.ttf',
  ],
  ...['truetype/fonts-japanese-gothic.ttf', 'opentype/ipafont-gothic/ipag.ttf', 'opentype/ipaexfont-gothic/ipaexg.ttf'],
  ...[
    'truetype/takao-gothic/TakaoGothic.ttf',
    'truetype/takao-gothic/TakaoPGothic.ttf',
    'truetype/vlgothic/VL-Gothic-Regular.ttf',
  ],
];
const EAST_ASIAN_FILE = `${FOLDER}/truetype/wqy/wqy-microhei.ttc`;

/**
 * The places where programs look for fonts, beside those where Debian's packages in `trees` have theirs: DejaVu out of
 * matplotlib, and what stands for others. The bytes are the same, so the image holds them once.
 */
export function makeFontPlaces(trees: readonly Tree[]): Tree {
  const tree: Tree = new Map();
  const all = new Map(trees.flatMap((one) => [...one]));
  for (const [path, contents] of all) {
    const name = IN_MATPLOTLIB.exec(path)?.[1];
    if (name !== undefined) tree.set(`${FOLDER}/truetype/dejavu/${name}`, contents);
  }
  const add = (from: string, to: string): void => {
    const contents = all.get(from);
    if (contents === undefined) throw new Error(`no font ${from}`);
    tree.set(to, contents);
  };
  for (const [family, styles] of Object.entries(SAME_WIDTHS)) {
    for (const style of STYLES) {
      const from = `${FOLDER}/truetype/liberation/${family}-${style}.ttf`;
      add(from, `${FOLDER}/truetype/liberation2/${family}-${style}.ttf`);
      for (const name of styles[style]) add(from, `${FOLDER}/truetype/${name}.ttf`);
    }
  }
  for (const place of EAST_ASIAN) add(EAST_ASIAN_FILE, `${FOLDER}/${place}`);
  return tree;
}
