import type { NetworkUse, ParsedLanguage } from '../../contracts/analysis.ts';
import type { CallFact, ImportFact } from '../tree/facts.ts';

const names = (text: string): readonly string[] => text.split(' ');

/** Calls that reach a network: whole names, or the beginnings that end with a point. */
const PYTHON_CALLS = names(
  'requests. urllib.request. urllib3. http.client. http.server. socketserver. socket. aiohttp. httpx. websockets. websocket. smtplib. ftplib. imaplib. poplib. nntplib. telnetlib. paramiko. boto3. botocore. discord. telegram. slack_sdk. twilio. pywhatkit. instaloader. newspaper. feedparser.parse geopy. webbrowser.open micropip.install yfinance. openai. anthropic. tweepy. selenium. playwright. gspread. praw. pymongo. redis. psycopg2.connect psycopg.connect mysql.connector.connect pymysql.connect sqlalchemy.create_engine uvicorn.run flask.Flask().run nltk.download sklearn.datasets.fetch_ seaborn.load_dataset datasets.load_dataset huggingface_hub. wikipedia. pyodide.http. pyodide_http. xmlrpc. asyncio.open_connection asyncio.start_server asyncio.create_server js.fetch torch.hub.load pandas_datareader. googletrans. kafka. pika. scrapy. pip.main transformers. sentence_transformers. diffusers. langchain langchain_openai. langchain_anthropic. litellm. cohere. mistralai. groq. replicate. ollama. google.generativeai. google.genai. google.cloud. googleapiclient. stripe. notion_client. github. dropbox. elasticsearch. httplib2. cloudscraper. curl_cffi. asyncpg.connect aioredis. aiobotocore. azure. pyodbc.connect snowflake.connector.connect clickhouse_connect. neo4j. ccxt. spotipy. pytube. yt_dlp. kaggle. wandb. mlflow.set_tracking_uri duckduckgo_search. arxiv.',
);
const PYTHON_NOT = names(
  'socket.gethostname socket.inet_aton socket.inet_ntoa socket.htons socket.ntohs requests.exceptions. requests.utils. requests.structures. aiohttp.ClientTimeout urllib3.disable_warnings urllib3.util. http.client.responses',
);
const PYTHON_METHODS = names('.from_pretrained .urlretrieve');
const PYTHON_READERS = names('pandas.read_ polars.read_ numpy.loadtxt numpy.genfromtxt imageio.imread');

const SCRIPT_CALLS = names(
  'fetch XMLHttpRequest WebSocket EventSource WebTransport RTCPeerConnection navigator.sendBeacon importScripts axios axios. http. https. http2. net. tls. dgram. dns. undici. got got. superagent superagent. request request. node-fetch node-fetch. ws. ws socket.io-client socket.io ky ky. express().listen fastify().listen Deno.serve Deno.listen Deno.connect Bun.serve Bun.connect $.ajax $.get $.post $.getJSON jQuery.ajax jQuery.get jQuery.post nodemailer. mongoose.connect mongodb. pg. mysql. puppeteer. playwright. openai openai. @anthropic-ai/sdk @anthropic-ai/sdk. stripe stripe. ioredis ioredis. redis redis. needle needle. ofetch ofetch. cross-fetch isomorphic-fetch graphql-request graphql-request. @aws-sdk. @supabase/supabase-js. @supabase. firebase. @google-cloud. twilio. @octokit. telegraf. discord.js. mysql2. kafkajs. amqplib.',
);
const SCRIPT_NOT = names('http.STATUS_CODES http.Agent net.isIP');
const LUA_CALLS = names('socket socket. ssl. copas. http.request http.request. resty. luasocket.');

/** Whether a name is on a list. */
type IsOn = (name: string) => boolean;

/** What stands before the first point. Every beginning on the lists has one: only names with the same top can begin so. */
function topOf(name: string): string {
  const point = name.indexOf('.');
  return point < 0 ? name : name.slice(0, point);
}

function listed(all: readonly string[]): IsOn {
  const isStart = (name: string): boolean => name.endsWith('.') || name.endsWith('_');
  const whole = new Set(all.filter((name) => !isStart(name)));
  const starts = Map.groupBy(all.filter(isStart), topOf);
  return (name) => whole.has(name) || (starts.get(topOf(name))?.some((start) => name.startsWith(start)) ?? false);
}

const script = { isCall: listed(SCRIPT_CALLS), isNot: listed(SCRIPT_NOT) };
const TABLES: Readonly<Record<ParsedLanguage, { readonly isCall: IsOn; readonly isNot: IsOn }>> = {
  python: { isCall: listed(PYTHON_CALLS), isNot: listed(PYTHON_NOT) },
  javascript: script,
  typescript: script,
  lua: { isCall: listed(LUA_CALLS), isNot: listed([]) },
  shell: { isCall: listed([]), isNot: listed([]) },
};

const ADDRESS = /^(https?|wss?|ftp|s3):\/\//u;

/** Where something of the network lies, as far as it is written out. */
export type NetworkPlace = Pick<NetworkUse, 'host' | 'origin'>;

const NOWHERE: NetworkPlace = { host: null, origin: null };

/** The place of an address that is written out; null for others. */
export function placeOf(text: string): NetworkPlace | null {
  const scheme = ADDRESS.exec(text)?.[1];
  if (scheme === undefined) return null;
  const start = text.indexOf('//') + 2;
  const rest = text.slice(start, start + 260);
  const end = rest.search(/[/?#\s'"]/u);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1);
  const host = hostAndPort.split(':')[0] ?? '';
  if (host === '') return null;
  const address = `${scheme}://${hostAndPort}`;
  const isWeb = (scheme === 'http' || scheme === 'https') && URL.canParse(address);
  return { host: host.toLowerCase(), origin: isWeb ? new URL(address).origin : null };
}

function placeIn(call: CallFact): NetworkPlace | null {
  for (const { literal, words } of call.args) {
    const place = literal ? placeOf(literal.text) : null;
    if (place !== null) return place;
    const first = words?.[0];
    if (typeof first === 'string' && first.includes('.') && !first.includes('/')) return { host: first, origin: null };
  }
  return null;
}

/** The dotted name of a call without the calls of its chain: `requests.get().json` is `requests.get`. */
const rootOf = (name: string): string => {
  const open = name.indexOf('()');
  return open < 0 ? name : name.slice(0, open);
};

/** How calls of a name reach the network: by themselves, only with an address, or not at all. */
function reachOf(language: ParsedLanguage, name: string): 'always' | 'with an address' | 'never' {
  const { isCall, isNot } = TABLES[language];
  if (isNot(name)) return 'never';
  if (isCall(name)) return 'always';
  if (language !== 'python') return 'never';
  if (PYTHON_METHODS.some((method) => name.endsWith(method))) return 'always';
  return PYTHON_READERS.some((wanted) => name.startsWith(wanted)) ? 'with an address' : 'never';
}

/** Whether calls of a name may reach the network. */
export const mayReachNetwork = (language: ParsedLanguage, name: string): boolean => reachOf(language, name) !== 'never';

/** How a call reaches the network; null where it does not, as far as can be seen. */
export function networkUseOf(language: ParsedLanguage, call: CallFact): Omit<NetworkUse, 'at'> | null {
  const reach = reachOf(language, call.name);
  if (reach === 'never') return null;
  const place = placeIn(call);
  if (reach === 'always') return { by: rootOf(call.name), ...(place ?? NOWHERE) };
  return place === null ? null : { by: call.name, ...place };
}

/** Modules that are loaded from an address. */
export function networkImport(module: ImportFact): NetworkPlace | null {
  return placeOf(module.module);
}
