/** The subnet of the settings, for instances without a network. It is the same for all tenants of an account. */
import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { subnets } from '../native/index.ts';

/** The error for an id in the settings that EC2 does not know. */
export const lacking = (): OcciError =>
  new OcciError('internal', "The provider's configuration names a resource that does not exist.");

/** The scope of facts about the settings, which are the same for all tenants of an account and never change. */
export const memoryOfSettings = ({ account }: Cloud): string => `vpc ${account.role?.arn ?? ''}`;

const facts = z.object({ vpc: z.string(), ipv6Only: z.boolean() });

/** Its VPC, and whether it has no IPv4: 1 call per process. Undefined where the settings name no subnet. */
export async function presetSubnet(cloud: Cloud): Promise<z.infer<typeof facts> | undefined> {
  const { subnet } = cloud.settings;
  if (subnet === undefined) return undefined;
  const known = await cloud.tokens.createOnce(memoryOfSettings(cloud), subnet, async () => {
    const input = { Filters: [{ Name: 'subnet-id', Values: [subnet] }] };
    const { items } = await translateErrors('network', () => cloud.ec2.call('DescribeSubnets', input, subnets));
    const [found] = items;
    if (!found) throw lacking();
    return JSON.stringify({ vpc: found.VpcId, ipv6Only: found.Ipv6Native });
  });
  return facts.parse(JSON.parse(known));
}
