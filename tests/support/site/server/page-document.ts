import { randomBytes } from 'node:crypto';
import type { SiteOptions } from '../options.ts';
import { scenes } from '../scenes/index.ts';

export interface ServedDocument {
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/** What the server tells the page's script; everything else it learns from the endpoints. */
export interface PageConfig {
  readonly renderer: SiteOptions['renderer'];
  readonly language: SiteOptions['language'];
  readonly theme: SiteOptions['theme'];
  readonly behaviour: Pick<
    SiteOptions,
    | 'hydrationMs'
    | 'replacesFetch'
    | 'reads'
    | 'listens'
    | 'pasteLimit'
    | 'refusesUntrustedPaste'
    | 'refusesMarkup'
    | 'layout'
    | 'composer'
    | 'unitKeys'
    | 'bodiesHaveId'
    | 'turnTag'
    | 'refusesFiles'
    | 'codeBlocks'
    | 'legacyBlocks'
    | 'blocksHaveRawText'
    | 'replacesEndedTurn'
    | 'renamesTurns'
    | 'abortsWhenComplete'
    | 'transport'
    | 'shape'
    | 'turnBase'
    | 'topicPatienceMs'
  >;
  readonly isGuest: boolean;
  readonly hasSceneBar: boolean;
  readonly scenes: readonly { readonly name: string; readonly prompt: string }[];
}

export function pageDocument(options: SiteOptions, isGuest: boolean): ServedDocument {
  const nonce = randomBytes(16).toString('base64');
  const config: PageConfig = {
    renderer: options.renderer,
    language: options.language,
    theme: options.theme,
    behaviour: {
      hydrationMs: options.hydrationMs,
      replacesFetch: options.replacesFetch,
      reads: options.reads,
      listens: options.listens,
      pasteLimit: options.pasteLimit,
      refusesUntrustedPaste: options.refusesUntrustedPaste,
      refusesMarkup: options.refusesMarkup,
      layout: options.layout,
      composer: options.composer,
      unitKeys: options.unitKeys,
      bodiesHaveId: options.bodiesHaveId,
      turnTag: options.turnTag,
      refusesFiles: options.refusesFiles,
      codeBlocks: options.codeBlocks,
      legacyBlocks: options.legacyBlocks,
      blocksHaveRawText: options.blocksHaveRawText,
      replacesEndedTurn: options.replacesEndedTurn,
      renamesTurns: options.renamesTurns,
      abortsWhenComplete: options.abortsWhenComplete,
      transport: options.transport,
      shape: options.shape,
      turnBase: options.turnBase,
      topicPatienceMs: options.topicPatienceMs,
    },
    isGuest,
    hasSceneBar: options.hasSceneBar,
    scenes: options.hasSceneBar
      ? scenes.filter((scene) => scene.isShown).map(({ name, prompt }) => ({ name, prompt }))
      : [],
  };
  const direction = options.language === 'ar' ? 'rtl' : 'ltr';
  const json = JSON.stringify(config).replaceAll('<', '\\u003c');
  const script = (how: string) => `<script src="/assets/${options.renderer}.js" nonce="${nonce}"${how}></script>`;
  // What is deferred waits for the end of the document.
  const [head, end] = options.holdsDocument ? ['', script('')] : [`${script(' defer')}\n`, '</body>\n</html>'];
  const html = `<!doctype html>
<html lang="${options.language}" dir="${direction}" data-theme="${options.theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ChatGPT (stand-in)</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/site.css">
<script type="application/json" id="page-config" nonce="${nonce}">${json}</script>
${head}</head>
<body><div id="root"></div>${end}
`;
  return { headers: pageHeaders(nonce, options.trustedTypes), html };
}

function pageHeaders(nonce: string, trustedTypes: boolean): Record<string, string> {
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'self' 'wasm-unsafe-eval'`,
    "connect-src 'self' https://*.chatgpt.com wss://*.chatgpt.com https://*.oaiusercontent.com",
    "img-src 'self' data: blob: https:",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "frame-src 'self' https://*.chatgpt.com",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'self'",
    ...(trustedTypes ? ["require-trusted-types-for 'script'"] : []),
    'report-uri /__page/csp-report',
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin-allow-popups',
    'x-frame-options': 'SAMEORIGIN',
    'cache-control': 'no-store',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
}
