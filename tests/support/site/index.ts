// A local replica of the site's wire and pages, for tests and for `npm start`.
export { defaultOptions, type SiteOptions } from './options.ts';
export { findScene, scenes } from './scenes/index.ts';
export { type AwkwardBlock, awkwardAnswer, awkwardBlocks } from './scenes/blocks.ts';
export { hostilePieces, nestedPieces } from './scenes/hostile-markup.ts';
export type { Scene, Step } from './scenes/scene.ts';
export { type Site, startSite } from './start-site.ts';
export { longConversation } from './wire/long-conversation.ts';
export { manyBlocks, twoHundredBlocks } from './wire/many-blocks.ts';
export { codeContent, textContent, type WireMessage, wireMessage } from './wire/message.ts';
