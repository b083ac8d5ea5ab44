/** Rights on the secrets that the settings name, and on the keys that these and the stack are encrypted with. */
import { arn, REGION, sub } from '../stack/names.ts';
import type { Stack, Statement, Text } from '../stack/stack.ts';

/** The secrets themselves, by name in Parameter Store and by ARN in Secrets Manager. */
export const secretStatements = ({
  secrets: { parameters, secrets },
}: Pick<Stack, 'secrets'>): readonly Statement[] => {
  const names = parameters.map((name) => arn('ssm', `parameter/${name.replace(/^\//, '')}`));
  const reads = (Action: readonly string[], Resource: readonly Text[]): readonly Statement[] =>
    Resource.length > 0 ? [{ Effect: 'Allow', Action, Resource }] : [];
  return [...reads(['ssm:GetParameter'], names), ...reads(['secretsmanager:GetSecretValue'], secrets)];
};

/** What decides about keys. */
type KeyUse = Pick<Stack, 'secrets'> & { readonly parameters: Pick<Stack['parameters'], 'kmsKey' | 'secretKeys'> };

const KEY_READS = ['kms:Decrypt', 'kms:DescribeKey'];
const KEY_WRITES = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

const via = (services: readonly Text[]) => ({ StringEquals: { 'kms:ViaService': services } });
const here = (service: string) => sub(`${service}.${REGION}.amazonaws.com`);

/** What secrets are read through: Parameter Store of the stack's region, Secrets Manager where the secret's ARN says. */
const readers = ({ secrets: { parameters, secrets } }: Pick<Stack, 'secrets'>): readonly Text[] => {
  const regions = [...new Set(secrets.map((secret) => secret.split(':')[3]))];
  return [
    ...(parameters.length > 0 ? [here('ssm')] : []),
    ...regions.map((region) => `secretsmanager.${region}.amazonaws.com`),
  ];
};

/** A key of one's own is used through the services that it is for; the function's environment is encrypted with it too. */
const stackKey = (stack: KeyUse): readonly Statement[] => {
  const { kmsKey } = stack.parameters;
  if (kmsKey === undefined) return [];
  const Resource = [kmsKey];
  return [
    { Effect: 'Allow', Action: [...KEY_READS, ...KEY_WRITES], Resource, Condition: via([here('dynamodb')]) },
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource, Condition: via([here('lambda'), ...readers(stack)]) },
  ];
};

/** Keys that are for secrets only. */
const secretKeys = (stack: KeyUse): readonly Statement[] => {
  const { secretKeys: keys } = stack.parameters;
  if (keys === undefined) return [];
  const services = readers(stack);
  if (services.length === 0) throw new Error(`secretKeys: ${keys.join(', ')}: the service's settings name no secret`);
  return [{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: keys, Condition: via(services) }];
};

/** @throws {Error} for keys of secrets when the settings name no secret */
export const keyStatements = (stack: KeyUse): readonly Statement[] => [...stackKey(stack), ...secretKeys(stack)];
