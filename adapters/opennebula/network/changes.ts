/** Changes of a network: title, summary and label. */
import * as z from 'zod';
import { changedAttributes, changedMixins } from '../../../lib/adapter/changes.ts';
import type { Change, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Call } from '../api/client.ts';
import type { Vnet } from '../native/index.ts';
import { describing, removing, UPDATE } from '../template/descriptions.ts';
import { encodeTemplate } from '../template/write.ts';
import { ADDRESS, ALLOCATION, GATEWAY, IP_NETWORK } from './network-addresses.ts';

export const VLAN = 'occi.network.vlan';
export const LABEL = 'occi.network.label';

/** Attributes that a network keeps as long as it exists. */
const IMMUTABLE = [VLAN, ADDRESS, GATEWAY, ALLOCATION];

/** Throws `notImplemented` for a change of what OpenNebula cannot change. */
export function requireChangeable(present: Native<'network'>, change: Change<'network'>): void {
  const attribute = changedAttributes(present, change).find((name) => IMMUTABLE.includes(name));
  if (attribute === undefined && !changedMixins(present, change).includes(IP_NETWORK)) return;
  throw new OcciError(
    'notImplemented',
    `${attribute === undefined ? 'Whether a network has addresses' : `The attribute ${attribute} of a network`} cannot be changed in this cloud; make another network instead.`,
  );
}

/** Calls that change title, summary and label. */
export function textChanges(vnet: Vnet, change: Change<'network'>): Call<number>[] {
  const calls = describing('vn', 'network', vnet, change);
  const label = change.set[LABEL];
  if (label === undefined && !change.unset.includes(LABEL)) return calls;
  const template = label === undefined ? removing(['OCCI_LABEL']) : encodeTemplate({ OCCI_LABEL: label });
  return [...calls, { method: 'one.vn.update', params: [vnet.ID, template, UPDATE.append], shape: z.int() }];
}
