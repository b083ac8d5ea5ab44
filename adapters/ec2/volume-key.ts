/** The setting `volumeKey`: a key of AWS KMS, in each form that EC2 takes (EC2 API Reference, CreateVolume, KmsKeyId). */
import * as z from 'zod';

const ID = '(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const ALIAS = 'alias/[A-Za-z0-9/_-]{1,250}';
const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:/;
const KEY = new RegExp(`^(${ID}|${ALIAS}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:(key/${ID}|${ALIAS}))$`);

export const volumeKey = z
  .string()
  .regex(KEY, 'must be the ARN or the id of a key, or an alias: alias/volumes')
  .optional()
  .describe(
    'Key of AWS KMS that encrypts new volumes, those of machines included: ARN, id, or alias (`alias/volumes`), which each ' +
      "account of `roles` may have. By default the account's default key for EBS.",
  );

/** False for the ARN of a key in another region, which EC2 cannot use. */
export function isKeyOfRegion(key: unknown, region: unknown): boolean {
  const [, ofKey] = typeof key === 'string' ? (ARN.exec(key) ?? []) : [];
  return ofKey === undefined || ofKey === region;
}
