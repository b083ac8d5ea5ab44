import type { AddressRange } from '../address-range.ts';
import type { Call } from '../method.ts';
import { checkName } from '../names.ts';
import { NETWORK } from '../network.ts';
import { authorize } from '../permissions.ts';
import { CODE, Refusal } from '../refusal.ts';
import { Network } from '../site.ts';
import { type Template, type Vector, vector } from '../template.ts';

const refuse = (sentence: string): never => {
  throw new Refusal(CODE.action, sentence);
};

interface Place {
  readonly range: AddressRange;
  readonly from: number;
}

/** Where so many addresses stand free in a row: from the one that is asked for, in the range that is asked for. */
const placeFor = (parent: Network, template: Template, size: number): Place | undefined => {
  const wanted = template.text('AR_ID');
  for (const range of parent.ranges.filter(({ id }) => wanted === undefined || id === Number(wanted))) {
    const ip = template.text('IP');
    const from = ip === undefined ? range.firstFree(size) : range.indexOf({ ip });
    if (from === undefined) continue;
    const free = Array.from({ length: size }, (_, offset) => from + offset).every(
      (index) => index < range.size && !range.leases.has(index),
    );
    if (free) return { range, from };
  }
  return undefined;
};

const partOf = ({ range, from }: Place, size: number): Vector => {
  const addresses = range.at(from);
  const part = new Map([...range.attributes].filter(([name]) => !['AR_ID', 'IP', 'MAC', 'SIZE'].includes(name)));
  const own = { IP: addresses.get('IP'), MAC: addresses.get('MAC'), SIZE: size, PARENT_NETWORK_AR_ID: range.id };
  return new Map([...part, ...vector(own)]);
};

/** A network of the caller's own with addresses of another, or more addresses for one that there is. */
export const reserve = (call: Call, parent: Network, template: Template): number => {
  const { site, who } = call;
  const size = Number(template.text('SIZE'));
  if (!Number.isInteger(size) || size <= 0) refuse('Reservation SIZE must be a greater than 0');
  if (parent.parent !== undefined) refuse('Cannot reserve addresses from a reserved VNET');
  const existing = template.text('NETWORK_ID');
  const target = existing === undefined ? undefined : site.networks.must(Number(existing));
  if (target) authorize(who, 'MANAGE', target);
  if (target && target.parent !== parent.id) refuse('Cannot add addresses from another network');
  if ((template.has('IP') || template.has('MAC')) && !template.has('AR_ID')) {
    refuse('AR_ID must be specified for IP/MAC based reservations');
  }
  const name = template.text('NAME') ?? '';
  if (!target) {
    if (name === '') refuse('NAME for reservation has to be set');
    checkName(name, CODE.action);
    site.networks.refuseTaken(name, who.uid, CODE.internal);
  }
  const place = placeFor(parent, template, size);
  if (!place) return refuse('Not enough free addresses in an address range');
  const network = target ?? site.make(site.networks, Network, name);
  for (let offset = 0; offset < size; offset += 1)
    place.range.leases.set(place.from + offset, { type: 'VNET', id: network.id });
  parent.touch();
  const part = partOf(place, size);
  if (target) target.addRange(part);
  else {
    const { clusters } = parent;
    Object.assign(network, {
      uid: who.uid,
      gid: who.gid,
      clusters: [...clusters],
      parent: parent.id,
      template: parent.template.copy(),
    });
    network.template.remove('ERROR');
    network.addRange(part);
    network.goTo(NETWORK.ready);
  }
  return network.id;
};
