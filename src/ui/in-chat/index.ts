// Cards, drawer and Run buttons in a shadow root. Never a style or listener that outlives its signal.
export { startInChat } from './start.ts';
export { openCoverCheck } from '../kit/index.ts';
