/** What a part of a rich output is named by; apart from the protocol, as workers need it and not what checks messages. */
export const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:;[\w=+.\- ]*)?$/u;
