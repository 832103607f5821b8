// The wall around a page of a guest's server: a frame of opaque origin, and who carries what it asks for.
export { Courier, type CourierOptions, type Fetched, originOf } from './courier.ts';
export { type PreviewFrame, type PreviewFrameOptions, PreviewFrames } from './frame.ts';
export { Kept } from './kept.ts';
