const HIDDEN = '[REDACTED]';
const SECRET_KEYS =
  'token|accessToken|access_token|refresh_token|resume_token|conduit_token|authorization|cookie|set-cookie|verify|websocket_url|wss_url|signature|sig|openai-sentinel-[a-z-]+';
const SECRET_PARAMETERS = 'verify|sig|signature|token|access_token|se|sv|skoid|X-Amz-[A-Za-z-]+';

// \2 are the backslashes before the key's quotes: how deep it is escaped. The value ends at a quote with as many of them,
// behind any number of backslashes of its own (each twice as many, plus two), or where the text was cut off.
const KEYED = new RegExp(String.raw`((\\*)"(?:${SECRET_KEYS})\2"\s*:\s*\2")[^]*?(?:(?<!\\)(?:\2\2\\\\)*(\2")|$)`, 'gi');
const WEB_TOKEN = /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g;
const PARAMETER = new RegExp(String.raw`([?&](?:${SECRET_PARAMETERS})=)[^&"'\s\\]+`, 'gi');
const BEARER = /\b(Bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi;
const HEADER = /^((?:cookie|set-cookie|authorization|openai-sentinel-[a-z-]+):(?![ \t]*Bearer\b)[ \t]*).+$/gim;

/**
 * Takes out of a raw capture what must never be stored, shown or sent (rule P1), also inside text that is escaped
 * within other text. What a person wrote stays.
 */
export function redact(text: string): string {
  return text
    .replace(KEYED, `$1${HIDDEN}$3`)
    .replace(WEB_TOKEN, HIDDEN)
    .replace(PARAMETER, `$1${HIDDEN}`)
    .replace(BEARER, `$1${HIDDEN}`)
    .replace(HEADER, `$1${HIDDEN}`);
}
