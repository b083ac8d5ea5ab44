/** The routes of serverless.yml, matched as an HTTP API matches them: the most specific key that accepts the method. */
import { parse } from 'yaml';

/** A function of serverless.yml: `dist/functions/compute.handler` is the export `handler` of that module. */
export interface FunctionEntry {
  name: string;
  /** Path of its module, relative to the project. */
  module: string;
  /** Name of the export in that module. */
  handler: string;
  /** Route keys in the gateway's form: `ANY /compute/{proxy+}`, `$default`. */
  routeKeys: string[];
}

/** The route of a request. */
export interface Match {
  routeKey: string;
  /** Name of its function. */
  function: string;
  /** The part of the path that a greedy key matched: empty for `/compute/`, `a/b` for `/compute/a/b`. */
  proxy?: string;
}

/** Finds the route of a request, by method and decoded path. */
export type Router = (method: string, path: string) => Match | undefined;

interface ServerlessFile {
  functions: Record<string, { handler: string; events: { httpApi: string }[] }>;
}

/** Reads the functions and their route keys from the text of serverless.yml. */
export const readFunctions = (serverlessYml: string): FunctionEntry[] =>
  Object.entries((parse(serverlessYml) as ServerlessFile).functions).map(([name, { handler, events }]) => {
    const dot = handler.lastIndexOf('.');
    return {
      name,
      module: `${handler.slice(0, dot)}.mjs`,
      handler: handler.slice(dot + 1),
      routeKeys: events.map(({ httpApi }) => (httpApi === '*' ? '$default' : httpApi)),
    };
  });

const GREEDY = '{proxy+}';

/**
 * Creates the router of these functions. Precedence is the gateway's: the whole path, the longest greedy path,
 * `$default`; within each, the method itself, then ANY. A greedy key also matches the empty rest of `/compute/`.
 * @throws {Error} for a key that would not deploy, that appears twice, or that this router does not understand
 */
export const createRouter = (functions: FunctionEntry[]): Router => {
  const exact: RouteTable = new Map();
  const greedy: RouteTable = new Map();
  let fallback: Match | undefined;
  for (const { name, routeKeys } of functions) {
    for (const routeKey of routeKeys) {
      const match = { routeKey, function: name };
      if (routeKey === '$default') fallback = match;
      else add(routeKey.endsWith(GREEDY) ? greedy : exact, match);
    }
  }
  return (method, path) => choose(exact.get(path), method) ?? matchGreedy(greedy, method, path) ?? fallback;
};

/** By path (for a greedy key, up to its last slash), then by method. */
type RouteTable = Map<string, Map<string, Match>>;

const add = (table: RouteTable, match: Match): void => {
  const [, method = '', path = '', rest] = /^([A-Z]+) (\/[^{}]*)(\{proxy\+\})?$/.exec(match.routeKey) ?? [];
  if (!method || (!rest && path.endsWith('/'))) throw new Error(`serverless.yml: "${match.routeKey}" cannot be served`);
  const methods = table.get(path) ?? new Map<string, Match>();
  if (methods.has(method)) throw new Error(`serverless.yml: the route "${match.routeKey}" stands twice`);
  table.set(path, methods.set(method, match));
};

const choose = (methods: Map<string, Match> | undefined, method: string): Match | undefined =>
  methods?.get(method) ?? methods?.get('ANY');

const matchGreedy = (greedy: RouteTable, method: string, path: string): Match | undefined => {
  for (let end = path.lastIndexOf('/'); end >= 0; end = end > 0 ? path.lastIndexOf('/', end - 1) : -1) {
    const match = choose(greedy.get(path.slice(0, end + 1)), method);
    if (match) return { routeKey: match.routeKey, function: match.function, proxy: path.slice(end + 1) };
  }
  return undefined;
};
