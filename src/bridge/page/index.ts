// The page channel: private, ordered and bounded, from the page hook to the isolated content script.
export { connectPage, type ConnectPageOptions, type PageConnection, type PageCounts } from './connect-page.ts';
export { openPageChannel, type PageChannel, type PageChannelOptions } from './open-page-channel.ts';
export type { ReceiverLimits } from './receiver-limits.ts';
export type { SenderLimits } from './wire.ts';
