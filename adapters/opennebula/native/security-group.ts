import * as z from 'zod';
import type { PoolShape } from '../api/shape.ts';
import { ids, integer, looseNumber, looseText, pool, root, several, text, vector } from './fields.ts';

const rule = {
  /** TCP, UDP, ICMP, ICMPV6, IPSEC or ALL, in the case that its author used. */
  PROTOCOL: looseText,
  /** inbound or outbound, in the case that its author used. */
  RULE_TYPE: looseText,
  /** Ports: `80,443,8000:8100`; absent for all. */
  RANGE: looseText,
  /** First address; absent for any. */
  IP: looseText,
  /** Number of addresses. */
  SIZE: looseNumber,
  ICMP_TYPE: looseNumber,
  ICMPV6_TYPE: looseNumber,
  /** A network instead of addresses. */
  NETWORK_ID: looseNumber,
};

const securityGroupElement = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  NAME: text,
  /** Machines, by whether the current rules have reached them. */
  UPDATED_VMS: ids,
  OUTDATED_VMS: ids,
  UPDATING_VMS: ids,
  ERROR_VMS: ids,
  /** Description and rules; OCCI_NAME and OCCI_TITLE are ours. */
  TEMPLATE: vector({ DESCRIPTION: looseText, OCCI_NAME: looseText, OCCI_TITLE: looseText, RULE: several(rule) }),
});

export type SecurityGroup = z.infer<typeof securityGroupElement>;
export type Rule = SecurityGroup['TEMPLATE']['RULE'][number];

/** Answer to one.secgroup.info. */
export const securityGroup: z.ZodType<SecurityGroup> = root('SECURITY_GROUP', securityGroupElement);
/** Answer to one.secgrouppool.info. */
export const securityGroupPool: PoolShape<SecurityGroup> = pool(
  'SECURITY_GROUP_POOL',
  'SECURITY_GROUP',
  securityGroupElement,
);
