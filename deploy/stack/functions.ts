/** The functions of serverless.yml with their routes, and what the packager calls what belongs to them. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { DeployedFunction } from './stack.ts';

/** The part of serverless.yml that is read; the packager checks it. */
interface Serverless {
  readonly functions: Readonly<Record<string, { readonly events: readonly { readonly httpApi: string }[] }>>;
}

/** The functions in the order of the file, which is that of the folder of the process. */
export const readFunctions = (
  text = readFileSync('serverless.yml', 'utf8'),
): readonly Pick<DeployedFunction, 'name' | 'routeKeys'>[] =>
  Object.entries((parse(text) as Serverless).functions).map(([name, { events }]) => ({
    name,
    routeKeys: events.map(({ httpApi }) => (httpApi === '*' ? '$default' : httpApi)),
  }));

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The name of a function in AWS, and what the logical ids of its resources begin with. */
export const functionNames = (name: string, prefix: string): Pick<DeployedFunction, 'functionName' | 'logicalId'> => ({
  functionName: `${prefix}-${name}`,
  logicalId: capital(name),
});

const MAX_NAME_CHARS = 64;

/**
 * Lambda takes names of 64 characters.
 * @throws {Error} naming both parts that are too long together
 */
export const checkFunctionNames = (
  functions: readonly Pick<DeployedFunction, 'functionName'>[],
  name: string,
  stage: string,
): void => {
  const [longest = ''] = functions
    .map(({ functionName }) => functionName)
    .sort((one, other) => other.length - one.length);
  if (longest.length <= MAX_NAME_CHARS) return;
  const rest = longest.length - name.length - stage.length;
  throw new Error(
    `name: ${name} and the stage ${stage} have ${name.length} and ${stage.length} characters; together they must have at most ` +
      `${MAX_NAME_CHARS - rest}, since a function's name has ${MAX_NAME_CHARS}: ${longest}`,
  );
};

/** The logical id of a route, as the packager makes it of its key: `HttpApiRouteAnyComputeProxyVar`. */
export const routeLogicalId = (routeKey: string): string => {
  if (routeKey === '$default') return 'HttpApiRouteDefault';
  const part = (text: string): string =>
    capital(
      text
        .toLowerCase()
        .replace(/-/g, 'Dash')
        .replace(/\{(.*)\}/g, '$1Var')
        .replace(/[^0-9A-Za-z]/g, ''),
    );
  return `HttpApiRoute${routeKey.split('/').map(part).join('')}`;
};

/** The routes without an authorizer: they are open to callers without an account. */
export const HEALTH: readonly string[] = ['GET /.well-known/health', 'HEAD /.well-known/health'];
