// Run buttons under the code blocks of an answer, and what a press makes of them.
export { type ChatBlocks, createChatBlocks } from './chat-blocks.ts';
