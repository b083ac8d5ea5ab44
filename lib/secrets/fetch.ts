/** Reads secrets from Parameter Store and Secrets Manager, each with an SDK that is loaded lazily. */
import { nameOf, type ParameterReference, type Reference, type SecretReference } from '../config/secret.ts';
import { OcciError } from '../errors.ts';

/** In milliseconds. Kept short, because a request waits for it. */
const CONNECTION = { requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true } };

async function parameterText({ parameter }: ParameterReference): Promise<string | undefined> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(CONNECTION);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
    return Parameter?.Value;
  } finally {
    client.destroy();
  }
}

async function secretText({ secret, field }: SecretReference): Promise<string | undefined> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  // A secret may be in another region than the function; its ARN names the region.
  const client = new SecretsManagerClient({ ...CONNECTION, region: secret.split(':')[3]! });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    return field === undefined || SecretString === undefined ? SecretString : fieldOf(SecretString, field);
  } finally {
    client.destroy();
  }
}

/** A field of a JSON secret. Error messages never contain any of its text. */
function fieldOf(text: string, field: string): string | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON, so it has no fields');
  }
  const isMap = typeof fields === 'object' && fields !== null && Object.hasOwn(fields, field);
  const value = isMap ? (fields as Record<string, unknown>)[field] : undefined;
  if (typeof value !== 'string') throw new Error('it has no such field with a text');
  return value;
}

/** The text of a secret. Throws `unavailable` with a cause that names the reference and nothing of the secret. */
export async function fetchSecret(reference: Reference): Promise<string> {
  try {
    const text = await ('parameter' in reference ? parameterText(reference) : secretText(reference));
    if (!text) throw new Error('it is empty');
    return text;
  } catch (error) {
    const { name, message } = error as Error;
    const cause = new Error(
      `${nameOf(reference)} cannot be read: ${name === 'Error' ? message : `${name}: ${message}`}`,
    );
    throw new OcciError('unavailable', 'A part of this service cannot be reached at present.', {
      cause,
      headers: { 'Retry-After': '5' },
    });
  }
}
