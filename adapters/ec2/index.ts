/** `ec2`: an AWS account over the EC2 API, with the function's own role or one per tenant. */
import type { Adapter, AdapterContext } from '../../lib/adapter/contract.ts';
import type { AdapterEnvironment, SchemeSupport } from '../../lib/adapter/module.ts';
import { Tokens } from '../../lib/adapter/tokens.ts';
import { accountsOf } from './api/accounts.ts';
import { connections, ec2 } from './api/client.ts';
import { readCatalogue } from './catalogue.ts';
import type { Cloud } from './cloud.ts';
import { compute } from './compute/compute.ts';
import { accepts, type Ec2Settings, settings } from './config.ts';
import { InstanceTypes } from './machine/types.ts';
import { ACTS_ON } from './mixins.ts';
import { ipreservation } from './network/ipreservation.ts';
import { network } from './network/network.ts';
import { networkinterface } from './network/networkinterface.ts';
import { securitygroup } from './securitygroup/securitygroup.ts';
import { securitygrouplink } from './securitygroup/securitygrouplink.ts';
import { storage } from './storage/storage.ts';
import { storagelink } from './storage/storagelink.ts';

export { probe } from './health.ts';
export { accepts, settings };

/** The AWS credentials are those of the process: EC2 learns the name of a caller only. */
export const schemes = {
  basic: 'EC2 cannot check passwords; `users` checks those of the settings',
  users: true,
  token: true,
  oidc: true,
  keystone: true,
  'cloud-token': 'EC2 has no tokens of this kind',
  x509: true,
  gateway: true,
  anonymous: true,
} as const satisfies SchemeSupport;

export const localAuth = 'anonymous';

/** The SDK's client, which is most of what a first request reads. */
export const readAhead = (): Promise<unknown> => import('./api/sdk.ts');

/**
 * Joins the files for one container; what comes back makes the adapter of one request. No call is made before one is
 * needed.
 */
export function connect(environment: AdapterEnvironment<Ec2Settings>): (context: AdapterContext) => Adapter {
  const { settings: configured, site } = environment;
  const connected = connections(configured);
  const accountOf = accountsOf(configured);
  const tokens = new Tokens();
  const types = new InstanceTypes();

  return ({ caller, deadline, onNativeCall }) => {
    const cloud: Cloud = {
      settings: configured,
      deadline,
      tokens,
      types,
      get account() {
        return accountOf(caller);
      },
      get ec2() {
        return ec2(connected, { role: accountOf(caller).role, deadline, onCall: onNativeCall });
      },
    };
    return {
      name: 'ec2',
      site,
      mixins: ACTS_ON,
      kinds: {
        compute: compute(cloud),
        storage: storage(cloud),
        network: network(cloud),
        securitygroup: securitygroup(cloud),
        ipreservation: ipreservation(cloud),
        networkinterface: networkinterface(cloud),
        storagelink: storagelink(cloud),
        securitygrouplink: securitygrouplink(cloud),
      },
      identify: async () => accountOf(caller).tenant,
      catalogue: () => readCatalogue(cloud),
    };
  };
}
