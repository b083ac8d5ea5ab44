/** Rights on the secrets that the settings name, and on the keys that these and the stack are encrypted with. */
import { arn, REGION, sub } from '../stack/names.mjs';

/** The secrets themselves, by name in Parameter Store and by ARN in Secrets Manager. */
export const secretStatements = ({ secrets: { parameters, secrets } }) => {
  const names = parameters.map((name) => arn('ssm', `parameter/${name.replace(/^\//, '')}`));
  return [
    ...(names.length > 0 ? [{ Effect: 'Allow', Action: ['ssm:GetParameter'], Resource: names }] : []),
    ...(secrets.length > 0 ? [{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: secrets }] : []),
  ];
};

const KEY_READS = ['kms:Decrypt', 'kms:DescribeKey'];
const KEY_WRITES = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

const via = (services) => ({ StringEquals: { 'kms:ViaService': services } });
const here = (service) => sub(`${service}.${REGION}.amazonaws.com`);

/** What secrets are read through: Parameter Store of the stack's region, Secrets Manager where the secret's ARN says. */
const readers = ({ secrets: { parameters, secrets } }) => {
  const regions = [...new Set(secrets.map((secret) => secret.split(':')[3]))];
  return [
    ...(parameters.length > 0 ? [here('ssm')] : []),
    ...regions.map((region) => `secretsmanager.${region}.amazonaws.com`),
  ];
};

/** A key of one's own is used through the services that it is for; the function's environment is encrypted with it too. */
const stackKey = (stack) => {
  const { kmsKey } = stack.parameters;
  if (kmsKey === undefined) return [];
  const Resource = [kmsKey];
  return [
    { Effect: 'Allow', Action: [...KEY_READS, ...KEY_WRITES], Resource, Condition: via([here('dynamodb')]) },
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource, Condition: via([here('lambda'), ...readers(stack)]) },
  ];
};

/** Keys that are for secrets only. */
const secretKeys = (stack) => {
  const { secretKeys: keys } = stack.parameters;
  if (keys === undefined) return [];
  const services = readers(stack);
  if (services.length === 0) throw new Error(`secretKeys: ${keys.join(', ')}: the service's settings name no secret`);
  return [{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: keys, Condition: via(services) }];
};

/** @throws {Error} for keys of secrets that there are none of */
export const keyStatements = (stack) => [...stackKey(stack), ...secretKeys(stack)];
