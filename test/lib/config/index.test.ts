import { describe, expect, test } from '@jest/globals';
import { type Environment, readSettings } from '../../../lib/config/index.ts';
import { WrongSettings } from '../../../lib/config/issues.ts';

const SETTINGS = { adapter: { name: 'dummy', site: 'here' }, auth: ['basic'] };
const LAMBDA: Environment = { OCCI_TABLE: 'serverless-occi-prod', AWS_REGION: 'eu-central-1' };

const read = (more: object = {}, env: Environment = LAMBDA) =>
  readSettings(JSON.stringify({ ...SETTINGS, ...more }), env);
const linesOf = (more: object, env?: Environment): readonly string[] => {
  try {
    read(more, env);
  } catch (error) {
    if (error instanceof WrongSettings) return error.lines;
    throw error;
  }
  return [];
};

describe('The settings of a function', () => {
  test('are those of the file, with the table that the environment names', () => {
    expect(read()).toEqual({
      ...SETTINGS,
      adapter: { ...SETTINGS.adapter, settings: {} },
      table: { kind: 'dynamodb', name: 'serverless-occi-prod' },
      trustProxy: false,
      discovery: 'callers',
      states: 'extended',
      limits: { bodyBytes: 1_048_576, responseHeaderBytes: 10_240, deleteAll: false },
      clients: { jocci: false },
      local: false,
    });
  });

  test('have the parameters of the query that the authorizer of the deployment reads', () => {
    const env = { OCCI_TABLE: 'serverless-occi-prod', AWS_REGION: 'eu-central-1' };
    expect(read({}, { ...env, OCCI_AUTHORIZER_PARAMETERS: 'token,tenant' }).authorizerParameters).toEqual([
      'token',
      'tenant',
    ]);
    expect(read({}, { ...env, OCCI_AUTHORIZER_PARAMETERS: '' })).not.toHaveProperty('authorizerParameters');
  });

  test('have their defaults inside too', () => {
    const auth = [{ gateway: { from: 'jwt' } }];
    const {
      auth: schemes,
      cors,
      publicUrl,
    } = read({
      auth,
      cors: { origins: ['https://a.example.org'] },
      publicUrl: 'https://occi.example.org/',
    });
    expect(schemes).toEqual([{ gateway: { from: 'jwt', claim: 'sub', everybody: false } }]);
    expect(cors).toEqual({ origins: ['https://a.example.org'], credentials: false, headers: [], maxAge: 600 });
    expect(publicUrl).toBe('https://occi.example.org');
  });

  test('may name the table themselves, as npm start does', () => {
    const table = { kind: 'dynamodb', name: 'mine', endpoint: 'http://127.0.0.1:4567' };
    expect(read({ table }, { AWS_REGION: 'local' }).table).toEqual(table);
    expect(read({ table: { kind: 'memory' } }, {}).table).toEqual({ kind: 'memory' });
  });

  test('take a table of another account by its ARN', () => {
    const name = 'arn:aws:dynamodb:eu-central-1:123456789012:table/occi';
    expect(read({}, { ...LAMBDA, OCCI_TABLE: name }).table).toEqual({ kind: 'dynamodb', name });
  });
});

describe('What only the place of a function knows is checked too', () => {
  test.each<[object, Environment, string]>([
    [{}, { AWS_REGION: 'eu-central-1' }, 'OCCI_TABLE: is missing, must be the name of the DynamoDB table'],
    [
      {},
      { ...LAMBDA, OCCI_TABLE: 'a b' },
      'OCCI_TABLE: is "a b", must be the name or the ARN of a DynamoDB table. Table in which the service keeps its records.',
    ],
    [
      {},
      { ...LAMBDA, OCCI_TABLE: '' },
      'OCCI_TABLE: is "", must be the name or the ARN of a DynamoDB table. Table in which the service keeps its records.',
    ],
    [{}, { OCCI_TABLE: 'occi' }, 'AWS_REGION: is missing, must be the region of the table, such as eu-central-1'],
    [
      {},
      { OCCI_TABLE: 'occi', AWS_REGION: 'mars' },
      'AWS_REGION: is "mars", must be the region of the table, such as eu-central-1',
    ],
    [
      { table: { kind: 'disk' } },
      {},
      'table.kind: is "disk", must be one of memory, dynamodb. Where the table is: in the memory of the process, or in DynamoDB.',
    ],
    [
      { local: true, auth: ['anonymous'] },
      { ...LAMBDA, AWS_LAMBDA_FUNCTION_NAME: 'occi-prod-compute' },
      'local: is true, must be false in a deployment',
    ],
  ])('%j in %j', (more, env, line) => {
    expect(linesOf(more, env)).toEqual([line]);
  });

  test('anonymous callers are let in by a local run only', () => {
    expect(linesOf({ auth: ['anonymous'] })).toEqual([
      expect.stringMatching(
        /^auth: must not hold anonymous, which is for npm start: anyone could use the cloud\. How callers are /,
      ),
    ]);
    expect(linesOf({ auth: ['anonymous'], local: true })).toEqual([]);
  });
});

describe('OCCI_CONFIG', () => {
  test.each([
    [undefined, 'OCCI_CONFIG is not set: it holds the settings of the service as JSON.'],
    ['', 'OCCI_CONFIG is not set: it holds the settings of the service as JSON.'],
    ['{"password": s3cret}', 'OCCI_CONFIG is not JSON.'],
    ['{', 'OCCI_CONFIG is not JSON.'],
    ['[]', 'The settings are wrong:\n  (top): is a list, must be a map'],
    ['null', 'The settings are wrong:\n  (top): is missing, must be a map'],
  ])('that is %j is refused without quoting it', (text, message) => {
    const attempt = () => readSettings(text, LAMBDA);
    expect(attempt).toThrow(WrongSettings);
    expect(attempt).toThrow(expect.objectContaining({ message }));
  });
});
