/** The functions of serverless.yml with their routes, and what the packager calls what belongs to them. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/**
 * @returns {{ name: string, routeKeys: string[] }[]} in the order of the file, which is that of the folder we are
 * called in
 */
export const readFunctions = (text = readFileSync('serverless.yml', 'utf8')) =>
  Object.entries(parse(text).functions).map(([name, { events }]) => ({
    name,
    routeKeys: events.map(({ httpApi }) => (httpApi === '*' ? '$default' : httpApi)),
  }));

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** @returns {{ functionName: string, logicalId: string }} `logicalId` is what all its resources begin with */
export const functionNames = (name, prefix) => ({ functionName: `${prefix}-${name}`, logicalId: capital(name) });

const LONGEST = 64;

/**
 * Lambda takes names of 64 characters.
 * @throws {Error} naming both parts that are too long together
 */
export const checkFunctionNames = (functions, name, stage) => {
  const [longest] = functions.map(({ functionName }) => functionName).sort((one, other) => other.length - one.length);
  if (longest.length <= LONGEST) return;
  const rest = longest.length - name.length - stage.length;
  throw new Error(
    `name: ${name} and the stage ${stage} have ${name.length} and ${stage.length} characters; together they must have at most ` +
      `${LONGEST - rest}, since a function's name has ${LONGEST}: ${longest}`,
  );
};

/** The logical id of a route, as the packager makes it of its key: `HttpApiRouteAnyComputeProxyVar`. */
export const routeLogicalId = (routeKey) => {
  if (routeKey === '$default') return 'HttpApiRouteDefault';
  const part = (text) =>
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
export const HEALTH = ['GET /.well-known/health', 'HEAD /.well-known/health'];
