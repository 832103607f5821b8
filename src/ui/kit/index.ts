// Tokens and parts: button, dialog, failure panel, virtual list, focus, theme.
export { createAnsiReader, type AnsiPiece } from './ansi.ts';
export { createBatch, type Batch } from './batch.ts';
export { Button } from './button.tsx';
export { Check, Choice } from './choices.tsx';
export { toCsv } from './csv.ts';
export { Dialog } from './dialog.tsx';
export { FailurePanel } from './failure-panel.tsx';
export { askForFailures, awaitWordsOf, learnFailures, sentenceOf, wordsOf } from './failure-words.ts';
export { formatBytes, formatDuration } from './format.ts';
export { useLeftFocus } from './left-focus.ts';
export { hideDeed, hideDownload } from './page-shield.ts';
export { renderSafeHtml } from './safe-html.ts';
export { copyText, saveBytes } from './save.ts';
export { Sparkline } from './sparkline.tsx';
export { drawSurface } from './draw-surface.ts';
export { isSurface, openSurface } from './surface.ts';
export { THEME } from './theme.ts';
export { isTrustedPress, watchControl } from './trusted-press.ts';
