/** The VLAN of a network, which its provider chooses: Neutron lets no user choose it, nor see it. */
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import type { Network } from '../native/network.ts';

const VLAN = 'occi.network.vlan';
/** Highest number that OCCI's attribute has: other kinds of networks have higher ones. */
const HIGHEST = 4095;

/** The attribute of a network, where the caller is told its number. */
export const vlanOf = ({ 'provider:network_type': type, 'provider:segmentation_id': number }: Network): Attributes =>
  type === 'vlan' && typeof number === 'number' && number <= HIGHEST ? { [VLAN]: number } : {};

/** Throws `forbidden` for a VLAN in a request. */
export function requireNoVlan(attributes: Attributes): void {
  if (attributes[VLAN] === undefined) return;
  throw new OcciError('forbidden', `Only the provider may choose the VLAN of a network (${VLAN}): leave it out.`);
}
