/** Network interfaces (INF-11, INF-12): a slot of the compute, a MAC and, if the target has addresses, one of them. */
import { randomBytes } from 'node:crypto';
import type { Change, KindAdapter, NativeId } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { typeId } from '../../lib/occi/types.ts';
import { canonical } from './addresses.ts';
import { changed } from './changes.ts';
import { type Attachment, type Cloud, findRow, notThere } from './cloud.ts';
import {
  changeAttachment,
  computeIn,
  computeOf,
  freeSlot,
  holderOf,
  linkKind,
  type Take,
} from './links/attachments.ts';
import { ADDRESS, grantOfNetwork, grantOfReservation, textOf } from './links/grants.ts';
import { letGo } from './links/targets.ts';
import { keptAttributes } from './resources.ts';

const IP_INTERFACE = typeId(MIXINS.ipnetworkinterface);
const MAC = 'occi.networkinterface.mac';
const INTERFACE = 'occi.networkinterface.interface';

const macOf = (present: readonly Attachment[], wanted: string | undefined): string => {
  const used = new Set(present.map((link) => String(link.attributes[MAC]).toLowerCase()));
  if (wanted === undefined) return `02:${randomBytes(5).toString('hex').match(/../g)!.join(':')}`;
  if (used.has(wanted.toLowerCase()))
    throw new OcciError('conflict', `The MAC address ${wanted} is that of another interface of this compute.`);
  return wanted;
};

function interfaceOf(present: readonly Attachment[], wanted: string | undefined): string {
  const used = new Set(present.map((link) => link.attributes[INTERFACE]));
  if (wanted !== undefined && used.has(wanted))
    throw new OcciError('conflict', `The interface ${wanted} of this compute is in use.`);
  let number = 0;
  while (used.has(`eth${number}`)) number++;
  return wanted ?? `eth${number}`;
}

/** Throws `conflict` if another link has the same grant: two interfaces of one request can ask for the same address. */
function requireOwn(present: readonly Attachment[], target: Attachment['target'], claim: string | undefined): void {
  const same = (link: Attachment) =>
    claim === undefined ? link.target.kind === target.kind && link.target.id === target.id : link.claim === claim;
  if (!present.some(same)) return;
  throw new OcciError('conflict', `Another interface of this compute has that address of the ${target.kind}.`);
}

/** Takes an address of a network or reservation for a new interface. */
export const takeInterface: Take<'networkinterface'> = async (cloud, holder, draft) => {
  const { kind, id } = draft.target;
  if (kind !== 'network' && kind !== 'ipreservation') {
    throw new OcciError('invalid', `A networkinterface ends at a network or an ipreservation, not at a ${kind}.`);
  }
  const target = { kind, id };
  const grant = await (kind === 'network' ? grantOfNetwork : grantOfReservation)(cloud, holder, draft);
  const { [ADDRESS]: address } = grant.attributes;
  const claim = grant.claim === undefined ? {} : { claim: grant.claim };
  return {
    target,
    ...claim,
    release: grant.release,
    attach(present) {
      requireOwn(present, target, grant.claim);
      const wanted = keptAttributes(draft.attributes);
      return {
        id: `${computeOf(holder)}:nic${freeSlot(present, 'nic', 0)}:${id}`,
        kind: 'networkinterface',
        target,
        attributes: {
          ...grant.attributes,
          ...wanted,
          ...(address !== undefined && { [ADDRESS]: address }),
          [INTERFACE]: interfaceOf(present, textOf(wanted, INTERFACE)),
          [MAC]: macOf(present, textOf(wanted, MAC)),
        },
        mixins: [...new Set([...draft.mixins.map(typeId), ...(address === undefined ? [] : [IP_INTERFACE])])],
        token: holder.token,
        ...claim,
      };
    },
  };
};

/** The new address that a change asks for, if it differs. Throws `conflict` if the address cannot be changed. */
function otherAddress(link: Attachment, change: Change): string | undefined {
  if (link.attributes[ADDRESS] !== undefined && change.removeMixins.includes(IP_INTERFACE)) {
    throw new OcciError(
      'conflict',
      `The interface has an address from its ${link.target.kind}, so it must keep the mixin ipnetworkinterface.`,
    );
  }
  const wanted = textOf(change.set, ADDRESS);
  const present = textOf(link.attributes, ADDRESS);
  if (wanted === undefined || (present !== undefined && canonical(wanted) === canonical(present))) return undefined;
  if (link.target.kind !== 'ipreservation') return wanted;
  throw new OcciError('conflict', 'An interface of an ipreservation has the address that is reserved.');
}

/** Claims the new address before the interface is changed, and releases the old one afterwards. */
async function update(cloud: Cloud, id: NativeId, change: Change): Promise<void> {
  const compute = computeIn(id);
  const before = (await findRow(cloud, 'compute', compute))?.links?.find((link) => link.id === id);
  if (!before) throw notThere('networkinterface');
  const holder = holderOf(cloud, compute, before.token);
  const wanted = otherAddress(before, change);
  const granted =
    wanted === undefined
      ? undefined
      : await grantOfNetwork(cloud, holder, { target: before.target, attributes: { [ADDRESS]: wanted } });
  try {
    await changeAttachment(cloud, 'networkinterface', id, (link, row) => {
      if (link.claim !== before.claim) throw new OcciError('conflict', 'Another request has changed this interface.');
      const others = (row.links ?? []).filter((one) => one !== link);
      const { attributes, mixins } = changed('networkinterface', link, change);
      const mac = macOf(others, textOf(attributes, MAC) ?? textOf(link.attributes, MAC));
      if (granted) requireOwn(others, link.target, granted.claim);
      const address = granted?.attributes[ADDRESS] ?? wanted ?? link.attributes[ADDRESS];
      const shown = {
        ...attributes,
        ...granted?.attributes,
        ...keptAttributes(change.set),
        [MAC]: mac,
        ...(address !== undefined && { [ADDRESS]: address }),
      };
      return { ...link, attributes: shown, mixins, ...(granted && { claim: granted.claim }) };
    });
  } catch (error) {
    await granted?.release();
    throw error;
  }
  if (granted) await letGo(cloud, compute, before);
}

export const networkinterface = (cloud: Cloud): KindAdapter<'networkinterface'> =>
  linkKind(cloud, 'networkinterface', takeInterface, (id, change) => update(cloud, id, change));
