// What a message of the site says: its text, whether it is a call, whether it is a result.
export { callCode, isPythonCall, isPythonTool, pythonSign } from './call.ts';
export { isKnownContent } from './content.ts';
export { messageKey, readGrown, readMessage } from './message.ts';
export { readSiteResult, type SiteResult } from './site-result.ts';
