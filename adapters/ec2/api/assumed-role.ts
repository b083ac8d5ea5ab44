/** Credentials of a role that the function assumes; read when the first caller with a role comes. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import type { Ec2Settings } from '../config.ts';
import type { Account } from './accounts.ts';

/** Longest life of credentials that were got with those of a role: an hour, in seconds. */
const DURATION = 3600;

const shape = z.object({
  Credentials: z.object({
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    SessionToken: z.string(),
    Expiration: z.date(),
  }),
});

/**
 * A provider for the SDK, which asks it again five minutes before the credentials expire and keeps them until then: one
 * per role, so that no tenant works with another's. Rejects with what STS says.
 */
export function assumed(settings: Ec2Settings, role: NonNullable<Account['role']>) {
  const endpoint = settings.stsEndpoint;
  const client = new STSClient({
    region: settings.region,
    maxAttempts: settings.attempts,
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout: settings.timeout * 1000,
      throwOnRequestTimeout: true,
    },
    ...(endpoint !== undefined && { endpoint }),
  });
  return async () => {
    const { Credentials: given } = shape.parse(
      await client.send(
        new AssumeRoleCommand({
          RoleArn: role.arn,
          RoleSessionName: role.session,
          DurationSeconds: DURATION,
          ...(role.externalId !== undefined && { ExternalId: role.externalId }),
        }),
      ),
    );
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    };
  };
}
