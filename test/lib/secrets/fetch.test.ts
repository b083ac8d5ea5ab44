import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { OcciError } from '../../../lib/errors.ts';
import { fetchSecret } from '../../../lib/secrets/fetch.ts';

process.env.AWS_REGION ??= 'eu-central-1';

const ARN = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:one-AbCdEf';
const ssm = mockClient(SSMClient);
const manager = mockClient(SecretsManagerClient);
beforeEach(() => {
  ssm.reset();
  manager.reset();
});

const failure = async (attempt: Promise<string>): Promise<OcciError> => {
  const error = await attempt.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OcciError);
  return error as OcciError;
};

describe('A secret', () => {
  test('comes from Parameter Store, decrypted', async () => {
    ssm
      .on(GetParameterCommand, { Name: '/occi/one', WithDecryption: true })
      .resolves({ Parameter: { Value: 's3cret' } });
    expect(await fetchSecret({ parameter: '/occi/one' })).toBe('s3cret');
  });

  test('comes from Secrets Manager, in the region that its ARN says', async () => {
    manager.on(GetSecretValueCommand, { SecretId: ARN }).resolves({ SecretString: 's3cret' });
    expect(await fetchSecret({ secret: ARN })).toBe('s3cret');
    const client = manager.call(0).thisValue as SecretsManagerClient;
    expect(await client.config.region()).toBe('us-west-2');
  });

  test('may be a field of a secret', async () => {
    manager.on(GetSecretValueCommand).resolves({ SecretString: '{"user":"a","password":"s3cret"}' });
    expect(await fetchSecret({ secret: ARN, field: 'password' })).toBe('s3cret');
  });
});

describe('A secret that cannot be read', () => {
  const denied = Object.assign(new Error('User is not authorized'), { name: 'AccessDeniedException' });

  test('is 503 for the client; the log has its name', async () => {
    ssm.on(GetParameterCommand).rejects(denied);
    const error = await failure(fetchSecret({ parameter: '/occi/one' }));
    expect(error).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    expect(error.message).not.toContain('/occi/one');
    expect((error.cause as Error).message).toBe(
      'parameter /occi/one cannot be read: AccessDeniedException: User is not authorized',
    );
  });

  test.each([
    ['s3cret', 'it is not JSON, so it has no fields'],
    ['"s3cret"', 'it has no such field with a text'],
    ['{"other":"s3cret"}', 'it has no such field with a text'],
    ['{"password":["s3cret"]}', 'it has no such field with a text'],
    ['null', 'it has no such field with a text'],
    ['{"password":""}', 'it is empty'],
    [undefined, 'it is empty'],
  ])('because it holds %s is reported without any of its text', async (SecretString, why) => {
    manager.on(GetSecretValueCommand).resolves({ ...(SecretString !== undefined && { SecretString }) });
    const { cause } = await failure(fetchSecret({ secret: ARN, field: 'password' }));
    expect((cause as Error).message).toBe(`secret ${ARN} field password cannot be read: ${why}`);
    expect((cause as Error).cause).toBeUndefined();
  });
});
