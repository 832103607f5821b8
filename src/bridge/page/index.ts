// The page channel: private, ordered and bounded, from the page hook to the isolated content script.
export { connectPage, type ConnectPageOptions, type PageConnection, type PageCounts } from './connect-page.ts';
export { openPageChannel, type PageChannel, type PageChannelOptions } from './open-page-channel.ts';
export { RECEIVER_LIMITS, type ReceiverLimits } from './receiver-limits.ts';
export { SENDER_LIMITS, type SenderLimits } from './wire.ts';
