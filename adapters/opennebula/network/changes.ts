/** What can be changed of a network: its texts. */
import * as z from 'zod';
import type { Change, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type AttributeValue, typeId } from '../../../lib/occi/types.ts';
import type { Call } from '../api/client.ts';
import type { Vnet } from '../native/index.ts';
import { describing, removing, UPDATE } from '../template/descriptions.ts';
import { written } from '../template/write.ts';
import { ADDRESS, ALLOCATION, GATEWAY, IP_NETWORK } from './network-addresses.ts';

export const VLAN = 'occi.network.vlan';
export const LABEL = 'occi.network.label';

/** What a network has for as long as it is there. */
const FIXED = [VLAN, ADDRESS, GATEWAY, ALLOCATION];

/** Throws `notImplemented` for what OpenNebula never changes; what is said to be as it is already is no change. */
export function requireChangeable(
  present: Native<'network'>,
  { set, unset, addMixins, removeMixins }: Change<'network'>,
): void {
  const other = FIXED.find((name) => {
    const now: AttributeValue | undefined = present.attributes[name];
    return (set[name] !== undefined && set[name] !== now) || (unset.includes(name) && now !== undefined);
  });
  const mixin =
    (removeMixins.includes(IP_NETWORK) && present.mixins.includes(IP_NETWORK)) ||
    (addMixins.some((one) => typeId(one) === IP_NETWORK) && !present.mixins.includes(IP_NETWORK));
  if (other === undefined && !mixin) return;
  throw new OcciError(
    'notImplemented',
    `${other === undefined ? 'Whether a network has addresses' : `The attribute ${other} of a network`} cannot be changed in this cloud; make another network instead.`,
  );
}

/** Calls that change title, summary and label. */
export function textChanges(vnet: Vnet, change: Change<'network'>): Call<number>[] {
  const calls = describing('vn', 'network', vnet, change);
  const label = change.set[LABEL];
  if (label === undefined && !change.unset.includes(LABEL)) return calls;
  const template = label === undefined ? removing(['OCCI_LABEL']) : written({ OCCI_LABEL: label });
  return [...calls, { method: 'one.vn.update', params: [vnet.ID, template, UPDATE.append], shape: z.int() }];
}
