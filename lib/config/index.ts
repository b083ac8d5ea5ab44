/**
 * Settings of the service, read once when a container starts: those of the deployment's file, as JSON, and what the
 * environment knows. Wrong ones stop the container with a line for each.
 */
import { checked, WrongSettings, wrong } from './issues.ts';
import { type Settings, serviceSettings } from './service.ts';

export type { AuthSettings, GatewaySettings } from './auth.ts';
export type { CorsSettings } from './cors.ts';
export type { Settings } from './service.ts';

/** Variables of a function. */
export type Environment = Readonly<Record<string, string | undefined>>;

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/** What JSON holds. Throws `WrongSettings` that quotes nothing of it, as the parser's own message would. */
function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongSettings(`${source} is not JSON.`, []);
  }
}

/** The settings with the table that the environment names, unless they name one themselves. */
function withTable(input: unknown, { OCCI_TABLE: name }: Environment): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || 'table' in input) return input;
  return name === undefined ? input : { ...input, table: { kind: 'dynamodb', name } };
}

/** The settings with the parameters of the query that the deployment's authorizer reads. */
function withAuthorizer(input: unknown, { OCCI_AUTHORIZER_PARAMETERS: names }: Environment): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || !names) return input;
  return { authorizerParameters: names.split(','), ...input };
}

/** What is wrong in the environment itself. */
function environmentLines({ table, local }: Partial<Settings>, env: Environment): string[] {
  const lines: string[] = [];
  if (local && env.AWS_LAMBDA_FUNCTION_NAME !== undefined) lines.push('local: is true, must be false in a deployment');
  const needsRegion = table?.kind === 'dynamodb' && table.endpoint === undefined;
  if (needsRegion && !REGION.test(env.AWS_REGION ?? '')) {
    lines.push(wrong(['AWS_REGION'], env.AWS_REGION, 'must be the region of the table, such as eu-central-1'));
  }
  return lines;
}

/** In the words of whoever set it: what comes from a variable is called by its name. */
const named = (line: string, env: Environment): string =>
  env.OCCI_TABLE === undefined
    ? line.replace(/^table: is missing, .*/, 'OCCI_TABLE: is missing, must be the name of the DynamoDB table')
    : line.replace(/^table\.name: /, 'OCCI_TABLE: ');

/** Settings, or what is wrong with them. */
export function checkedSettings(input: unknown, env: Environment): { value: Settings } | { lines: string[] } {
  const result = checked(serviceSettings, withAuthorizer(withTable(input, env), env));
  if ('lines' in result) return { lines: result.lines.map((line) => named(line, env)) };
  const lines = environmentLines(result.value, env);
  return lines.length > 0 ? { lines } : result;
}

/** What `text` holds, not yet checked. `source` is what it is called in a message. */
export function inputFrom(text: string | undefined, source = 'OCCI_CONFIG'): unknown {
  if (!text) throw new WrongSettings(`${source} is not set: it holds the settings of the service as JSON.`, []);
  return parsed(text, source);
}

/** The settings in `text`. Throws `WrongSettings`, which lists every wrong one. */
export function readSettings(text: string | undefined, env: Environment = {}): Settings {
  const result = checkedSettings(inputFrom(text), env);
  if ('value' in result) return result.value;
  throw new WrongSettings('The settings are wrong:', result.lines);
}
