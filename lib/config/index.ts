/**
 * Settings of the service, read once when a container starts: those of the deployment's file, as JSON, and those that
 * the environment adds. Each error is a line of the `WrongSettings` that stops the container.
 */
import { checked, WrongSettings, wrong } from './issues.ts';
import { MAX_DEPLOYED_RESPONSE_BYTES } from './limits.ts';
import { type Settings, serviceSettings } from './service.ts';

export type { AuthSettings } from './auth/index.ts';
export type { Settings } from './service.ts';

/** Environment variables of a function. */
export type Environment = Readonly<Record<string, string | undefined>>;

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/** Parses JSON. Throws `WrongSettings`, which unlike the parser's own message quotes nothing of the text. */
function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongSettings(`${source} is not JSON.`, []);
  }
}

/** Adds the table that the environment names, unless the settings name one. */
function withTable(input: unknown, { OCCI_TABLE: name }: Environment): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || 'table' in input) return input;
  return name === undefined ? input : { ...input, table: { kind: 'dynamodb', name } };
}

/** Adds the query parameters that the deployment's authorizer reads. */
function withAuthorizer(input: unknown, { OCCI_AUTHORIZER_PARAMETERS: names }: Environment): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || !names) return input;
  return { authorizerParameters: names.split(','), ...input };
}

/** Errors of the environment itself. */
function environmentLines({ table, local, limits }: Partial<Settings>, env: Environment): string[] {
  const lines: string[] = [];
  const { responseBytes = 0 } = limits ?? {};
  if (!local && responseBytes > MAX_DEPLOYED_RESPONSE_BYTES) {
    lines.push(
      wrong(
        ['limits', 'responseBytes'],
        responseBytes,
        `must be at most ${MAX_DEPLOYED_RESPONSE_BYTES} in a deployment`,
      ),
    );
  }
  if (local && env.AWS_LAMBDA_FUNCTION_NAME !== undefined) lines.push('local: is true, must be false in a deployment');
  const needsRegion = table?.kind === 'dynamodb' && table.endpoint === undefined;
  if (needsRegion && !REGION.test(env.AWS_REGION ?? '')) {
    lines.push(wrong(['AWS_REGION'], env.AWS_REGION, 'must be the region of the table, such as eu-central-1'));
  }
  return lines;
}

/** Names the variable instead of the key, where the setting comes from one. */
const named = (line: string, env: Environment): string =>
  env.OCCI_TABLE === undefined
    ? line.replace(/^table: is missing, .*/, 'OCCI_TABLE: is missing, must be the name of the DynamoDB table')
    : line.replace(/^table\.name: /, 'OCCI_TABLE: ');

/** Parses settings: the value, or a line for each error. */
export function checkedSettings(input: unknown, env: Environment): { value: Settings } | { lines: string[] } {
  const result = checked(serviceSettings, withAuthorizer(withTable(input, env), env));
  if ('lines' in result) return { lines: result.lines.map((line) => named(line, env)) };
  const lines = environmentLines(result.value, env);
  return lines.length > 0 ? { lines } : result;
}

/** Parses the JSON in `text`, without checking the settings. `source` is its name in error messages. */
export function inputFrom(text: string | undefined, source = 'OCCI_CONFIG'): unknown {
  if (!text) throw new WrongSettings(`${source} is not set: it holds the settings of the service as JSON.`, []);
  return parsed(text, source);
}

/** The settings in `text`. Throws `WrongSettings`, which lists every error. */
export function readSettings(text: string | undefined, env: Environment = {}): Settings {
  const result = checkedSettings(inputFrom(text), env);
  if ('value' in result) return result.value;
  throw new WrongSettings('The settings are wrong:', result.lines);
}
