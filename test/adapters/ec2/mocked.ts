/** A cloud whose client is mocked: for what no emulator of EC2 does. Everything else is tried against one (`test/peers/`). */
import { EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { accountsOf } from '../../../adapters/ec2/api/accounts.ts';
import { connections, ec2 } from '../../../adapters/ec2/api/client.ts';
import type { Cloud } from '../../../adapters/ec2/cloud.ts';
import { settings } from '../../../adapters/ec2/config.ts';
import { InstanceTypes } from '../../../adapters/ec2/machine/types.ts';
import { Tokens } from '../../../lib/adapter/tokens.ts';

/** Never used: the mock answers before anything is signed. */
process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

/** The mock of every client that is made while it stands; `reset()` it before each test. */
export const mocked = () => mockClient(EC2Client);

/** A cloud for one caller, with these settings beside a region. */
export function cloudOf(change: Readonly<Record<string, unknown>> = {}, name = 'anne'): Cloud {
  const configured = settings.parse({ region: 'us-east-1', ...change });
  const account = accountsOf(configured)({ name });
  const context = { role: account.role, deadline: Date.now() + 20_000, onCall: undefined };
  return {
    settings: configured,
    account,
    ec2: ec2(connections(configured), context),
    tokens: new Tokens(),
    types: new InstanceTypes(),
  };
}

/** An error as the SDK throws it for a code of EC2's. */
export const refusedWith = (code: string, message = code, status = 400): Error =>
  Object.assign(new Error(message), { name: code, $fault: 'client', $metadata: { httpStatusCode: status } });
