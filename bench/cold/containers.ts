/** Containers of functions: a fresh process for one request. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Build } from './builds.ts';
import type { World } from './world.ts';

/** Milliseconds since the container began. */
interface Passed {
  readonly cpu: number;
  readonly wall: number;
}

export interface First {
  /** When the function was imported. */
  readonly imported: Passed;
  /** When it had answered. */
  readonly answered: Passed;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Asked {
  readonly function: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CONTAINER = fileURLToPath(new URL('../../bench/cold/container.mjs', import.meta.url));

/** What the gateway's authorizer has found in a token. */
const AUTHORIZER = { jwt: { claims: { sub: 'alice' }, scopes: null } };

/** An event of the gateway. */
const eventOf = ({ method, path, headers, body }: Asked, world: World) => ({
  version: '2.0',
  rawPath: path,
  rawQueryString: '',
  headers: { host: 'occi.example.org', accept: 'text/plain', ...world.headers, ...headers },
  ...(body !== undefined && { body }),
  isBase64Encoded: false,
  requestContext: {
    requestId: randomUUID(),
    domainName: 'occi.example.org',
    authorizer: AUTHORIZER,
    http: { method, path },
  },
});

/**
 * The first request of a container.
 * @throws {Error} if it is not answered with 2xx
 */
export const firstRequest = async (node: string, { functions }: Build, world: World, asked: Asked): Promise<First> => {
  const url = pathToFileURL(join(functions, `${asked.function}.mjs`)).href;
  const args = [CONTAINER, url, JSON.stringify(eventOf(asked, world))];
  const { stderr } = await promisify(execFile)(node, args, { env: world.env, cwd: functions });
  const found = JSON.parse(stderr.slice(stderr.lastIndexOf('{"imported"'))) as First;
  if (found.statusCode >= 200 && found.statusCode < 300) return found;
  throw new Error(`${world.cloud}: ${asked.method} ${asked.path}: ${found.statusCode} ${found.body}\n${stderr}`);
};
