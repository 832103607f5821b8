import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LoopbackServer, type SeenRequest, startLoopback } from './loopback-server.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const ME = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
const HEAD_ENDS = Buffer.from('\r\n\r\n');

/** The repository `repo.git` behind git's own server of smart HTTP, on the loopback. */
export interface GitServer {
  readonly loopback: LoopbackServer;
  /** Runs git in the repository's work tree. */
  git(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

/** What `git http-backend` answers to a request, as a CGI program. */
async function answerOf(root: string, { method, path, headers, bytes }: SeenRequest) {
  const { pathname, search } = new URL(path, 'http://loopback');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(bytes.length),
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const pieces: Buffer[] = [];
  backend.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  // One that refuses a request may end before it has read all of it; what it answered says why.
  backend.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  backend.stdin.end(bytes);
  await once(backend, 'close');
  const all = Buffer.concat(pieces);
  const end = all.indexOf(HEAD_ENDS);
  const lines = all.subarray(0, end).toString().split('\r\n');
  const fields = new Map(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  return { fields, body: all.subarray(end + HEAD_ENDS.length) };
}

/** `branches`: so many beside `main`, each with a commit of its own. */
export async function startGitServer(branches: number): Promise<GitServer> {
  const root = createTemporaryFolder('git-server');
  const tree = join(root.path, 'repo');
  const git = async (...words: string[]): Promise<string> =>
    (await promisify(execFile)('git', [...ME, ...words], { cwd: tree })).stdout;
  await promisify(execFile)('git', [...ME, 'init', '-q', tree]);
  await git('commit', '-q', '--allow-empty', '-m', 'first');
  for (let at = 1; at <= branches; at += 1) {
    await git('checkout', '-q', '-b', `branch-${String(at)}`);
    await git('commit', '-q', '--allow-empty', '-m', `commit ${String(at)}`);
  }
  await git('checkout', '-q', 'main');
  const loopback = await startLoopback((request, response) => {
    // Its work tree's own folder is the repository.
    const path = request.path.replace('/repo.git/', '/repo/.git/');
    void answerOf(root.path, { ...request, path }).then(({ fields, body }) => {
      for (const [name, value] of fields) if (name !== 'Status') response.setHeader(name, value);
      response.statusCode = Number((fields.get('Status') ?? '200').slice(0, 3));
      response.end(body);
    });
  });
  return {
    loopback,
    git,
    close: async () => {
      await loopback.close();
      await root.remove();
    },
  };
}
