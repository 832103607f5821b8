// Cards, drawer and Run buttons in a shadow root. Never a style or listener that outlives its signal.
export { beforePage, startBeforePage } from './before-page.ts';
export { startInChat } from './start.ts';
