/** The functions of a package, each in a container of its own that starts with its first event. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouter, readFunctions } from '../../../local/routes.ts';
import { type Choices, packaged } from '../../deploy/packaging.ts';
import { unzip } from '../../deploy/zip.ts';
import { startDynalite, TABLE_NAME } from '../../lib/mapping/dynalite-table.ts';
import { type Container, startContainer } from './container.ts';

const ROOT = new URL('../../../', import.meta.url);
const route = createRouter(readFunctions(readFileSync(new URL('serverless.yml', ROOT), 'utf8')));

/** The event of an HTTP API whose authorizer proves tokens, as AWS documents it. */
const EVENT = JSON.parse(readFileSync(new URL('test/fixtures/events/jwt.json', ROOT), 'utf8'));

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The event of a request, with the route and the function that it takes. */
function eventOf(method: string, path: string, { headers = {}, body }: Asked) {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const match = route(method, rawPath)!;
  const { routeKey, proxy } = match;
  const http = { ...EVENT.requestContext.http, method, path: rawPath };
  const event = {
    ...EVENT,
    routeKey,
    rawPath,
    rawQueryString,
    headers: { ...EVENT.headers, ...headers },
    requestContext: { ...EVENT.requestContext, http, routeKey },
    pathParameters: { proxy },
    body,
  };
  return { name: match.function, event };
}

export interface Functions {
  /** What the gateway gets for a request; throws what it would make a 500 of. */
  send(method: string, path: string, asked?: Asked): Promise<Result>;
  /** The payload of the answer to an event that need not be one. */
  invoke(name: string, payload: string): Promise<string>;
  /** What the containers of a function have written. */
  log(name: string): string;
  stop(): Promise<void>;
}

interface Changes {
  /** In place of the template's. */
  readonly timeoutSeconds?: number;
  /** A module beside the functions whose export `handler` is called in place of theirs. */
  readonly instead?: string;
}

/** Packages as `npm run package` does and unpacks that, in front of a table in dynalite. */
export async function startFunctions(choices: Choices, { timeoutSeconds, instead }: Changes = {}): Promise<Functions> {
  const { archive, template } = await packaged({ functions: process.env.BUILT!, ...choices });
  const folder = mkdtempSync(join(tmpdir(), 'occi-task-'));
  for (const [path, content] of unzip(archive)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  if (instead) cpSync(fileURLToPath(new URL(instead, import.meta.url)), join(folder, instead));
  const { endpoint, stop } = await startDynalite();
  const containers = new Map<string, Promise<Container>>();
  const start = (name: string): Promise<Container> => {
    const { Handler, Environment, MemorySize, Timeout } =
      template.Resources[`${name[0]!.toUpperCase()}${name.slice(1)}LambdaFunction`].Properties;
    const variables = Object.entries(Environment.Variables).filter(([, value]) => typeof value === 'string');
    return startContainer({
      folder,
      handler: instead ? `${instead.replace('.mjs', '')}.handler` : Handler,
      environment: {
        ...(Object.fromEntries(variables) as Record<string, string>),
        OCCI_TABLE: TABLE_NAME,
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      },
      memoryMiB: MemorySize,
      timeoutSeconds: timeoutSeconds ?? Timeout,
    });
  };
  const of = (name: string): Promise<Container> => {
    const container = containers.get(name) ?? start(name);
    containers.set(name, container);
    return container;
  };
  const logs = new Map<string, () => string>();
  const invoke = async (name: string, payload: string) => {
    const container = await of(name);
    logs.set(name, container.log);
    return await container.invoke(payload);
  };
  return {
    invoke,
    async send(method, path, asked = {}) {
      const { name, event } = eventOf(method, path, asked);
      const answer = JSON.parse(await invoke(name, JSON.stringify(event)));
      if (answer.statusCode === undefined) throw new Error(`${answer.errorType}: ${answer.errorMessage}`);
      return answer;
    },
    log: (name) => logs.get(name)?.() ?? '',
    async stop() {
      for (const container of containers.values()) await (await container).stop();
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
