/** `ec2`: an AWS account over the EC2 API, with the function's own role or one per tenant. */
import type { Adapter, AdapterContext } from '../../lib/adapter.ts';
import type { AdapterEnvironment } from '../index.ts';
import { Tokens } from '../tokens.ts';
import { accountsOf } from './accounts.ts';
import { readCatalogue } from './catalogue.ts';
import { connections, ec2 } from './client.ts';
import type { Cloud } from './cloud.ts';
import { compute } from './compute.ts';
import { accepts, type Ec2Settings, settings } from './config.ts';
import { ipreservation } from './ipreservation.ts';
import { ACTS_ON } from './mixins.ts';
import { network } from './network.ts';
import { networkinterface } from './networkinterface.ts';
import { securitygroup } from './securitygroup.ts';
import { securitygrouplink } from './securitygrouplink.ts';
import { storage } from './storage.ts';
import { storagelink } from './storagelink.ts';
import { InstanceTypes } from './types.ts';

export { probe } from './health.ts';
export { accepts, settings };

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
