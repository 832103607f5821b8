// Servers of a session's machine at the host: their list, requests and websockets to them, for pages that preview them.
export { PreviewService } from './preview-service.ts';
export { servePreviews } from './serve-previews.ts';
