// The page channel: private, ordered and bounded, from the page hook to the isolated content script.
export { connectPage, type ConnectPageOptions, type PageConnection, type PageCounts } from './connect-page.ts';
export { openPageChannel, type PageChannel, type PageChannelOptions } from './open-page-channel.ts';
export { RECEIVER_LIMITS, SENDER_LIMITS, type ReceiverLimits, type SenderLimits } from './wire.ts';
