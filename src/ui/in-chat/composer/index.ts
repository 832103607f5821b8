export { attachFiles } from './attach.ts';
export { findComposer, insertText } from './insert.ts';
export { createTypingWatch, type TypingWatch } from './typing-watch.ts';
