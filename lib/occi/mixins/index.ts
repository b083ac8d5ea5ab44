/** MIXINS: every mixin that is known without asking a cloud. An adapter says which of them it acts on. */
import type { Mixin } from '../types.ts';
import { ipnetwork } from './ipnetwork.ts';
import { ipnetworkinterface } from './ipnetworkinterface.ts';
import { osTpl } from './os-tpl.ts';
import { availabilityZone, floatingIpPool, region } from './place.ts';
import { CRTP_TEMPLATES, resourceTpl } from './resource-tpl.ts';
import { publicKey, sshKey } from './ssh-key.ts';
import { openstackUserData, userData } from './user-data.ts';

export const MIXINS = {
  os_tpl: osTpl,
  resource_tpl: resourceTpl,
  ipnetwork,
  ipnetworkinterface,
  ssh_key: sshKey,
  user_data: userData,
  public_key: publicKey,
  openstack_user_data: openstackUserData,
  availability_zone: availabilityZone,
  region,
  floatingippool: floatingIpPool,
} as const satisfies Record<string, Mixin>;

export type MixinName = keyof typeof MIXINS;

export { CRTP_TEMPLATES };
