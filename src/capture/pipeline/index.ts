// In the content script: envelopes in, turns, messages and calls out.
export { createCapture, type Capture, type CaptureOptions, type MessageText } from './capture.ts';
export { createHistoryImport, type HistoryImport, type ImportOptions } from './import.ts';
