// What a message of the site says: its text, whether it is a call, whether it is a result.
export { callCode, isPythonCall, isPythonTool } from './call.ts';
export { messageKey, readGrown, readMessage } from './message.ts';
export { readSiteResult, type SiteResult } from './site-result.ts';
