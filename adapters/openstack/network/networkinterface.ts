/** Network interfaces: ports of servers, and reserved addresses on them. */
import { addressOf } from '../../../lib/adapter/addresses.ts';
import { changedAttributes, requireNoOther } from '../../../lib/adapter/changes.ts';
import type { Change, KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { ifUnchanged } from '../api/revisions.ts';
import { type Cloud, linkId, linkParts } from '../cloud.ts';
import { linkListings } from '../machine/link-listings.ts';
import { type Machine, readMachine, readPorts } from '../machine/machine.ts';
import { sweepPorts } from '../machine/own-ports.ts';
import { poolAmong } from '../mixins.ts';
import { type FloatingIp, type Port, portAnswer } from '../native/port.ts';
import { attachToAddress } from './address-attach.ts';
import { OnExternalNetwork } from './external.ts';
import { findAddressOfLink, readAddress } from './floating-addresses.ts';
import { releaseAddress, takeAddress } from './give-address.ts';
import { attachToNetwork, findPort, type LinkOrder } from './interface-attach.ts';
import { detach } from './interface-detach.ts';
import { ADDRESS, ALLOCATION, GATEWAY, INTERFACE, MAC, toNetworkinterfaces } from './interface-links.ts';
import { isHeld } from './texts.ts';

export { toNetworkinterfaces } from './interface-links.ts';

type Link = Native<'networkinterface'>;

/** A detach is accepted and may fail, or take a while: the link is then seen again. */
const LINGER_SECONDS = 60;

const noSuchLink = (): OcciError => new OcciError('notFound', 'There is no such networkinterface.');

/** Values that Neutron cannot keep: it gives out every address itself, also one that was asked for. */
const cannotHoldOfInterface = (name: string, value: AttributeValue): boolean =>
  (name === ALLOCATION && value === 'static') || (name === INTERFACE && !isHeld(value));

/** The floating address that a link is for. */
const floatingOf = (id: NativeId): NativeId | undefined => linkParts(id)?.[2];

export const networkinterface = (cloud: Cloud): KindAdapter<'networkinterface'> => {
  const { client, tokens } = cloud;

  /** The address of a link: 1 call. Nova shows it a second late, and the machine was read by what Nova shows. */
  const lateAddress = async (id: NativeId, { id: port }: Port): Promise<readonly FloatingIp[]> => {
    const address = floatingOf(id);
    if (address === undefined) return [];
    const found = await readAddress(cloud, address).catch((error) => {
      if (!isFailure(error, 'notFound')) throw error;
    });
    return found?.port_id === port ? [found] : [];
  };

  /** A link with its machine: the calls of `readMachine`, 1 more for an address that Nova does not show. Throws `notFound`. */
  const read = async (
    id: NativeId,
  ): Promise<{ readonly machine: Machine; readonly link: Link; readonly port: Port }> => {
    const [server, portId] = linkParts(id) ?? [];
    if (server === undefined) throw noSuchLink();
    const machine = await readMachine(cloud, server).catch((error) => {
      throw isFailure(error, 'notFound') ? noSuchLink() : error;
    });
    const port = machine.ports.find((one) => one.id === portId);
    if (!port) throw noSuchLink();
    const linkIn = (one: Machine) => toNetworkinterfaces(one).find((link) => link.id === id);
    const link = linkIn(machine) ?? linkIn({ ...machine, floatingIps: await lateAddress(id, port) });
    if (!link) throw noSuchLink();
    return { machine, link, port };
  };

  const get = async (id: NativeId): Promise<Link> => {
    try {
      return (await read(id)).link;
    } catch (error) {
      if (isFailure(error, 'notFound')) await sweepPorts(cloud);
      throw error;
    }
  };

  /** The link that a token made: 2 calls at most. Throws every failure. */
  const findLink = async (token: string): Promise<NativeId | undefined> => {
    const port = await findPort(cloud, token);
    if (port) return port.device_owner.startsWith('compute:') ? linkId(port.device_id, port.id) : undefined;
    const address = await findAddressOfLink(cloud, token);
    if (!address?.port_id) return undefined;
    const [holder] = await readPorts(cloud, { id: address.port_id });
    return holder && linkId(holder.device_id, holder.id, address.id);
  };

  /** A port on a network; on an external one, which lets members have none, an address of it. */
  const attach = async (order: LinkOrder, token: string): Promise<Link> => {
    const attachToExternal = async () => (await import('./external-attach.ts')).attachToExternal(cloud, order, token);
    if (poolAmong(order.mixins) !== undefined) return attachToExternal();
    return attachToNetwork(cloud, order, token).catch((error) => {
      if (!(error instanceof OnExternalNetwork)) throw error;
      return attachToExternal();
    });
  };

  /** The addresses of a port with another one of the same IP version: Neutron changes them while the machine runs. */
  const changeAddress = async (port: Port, wanted: string) => {
    const { id, fixed_ips: present } = port;
    const is6 = wanted.includes(':');
    const others = present.filter(({ ip_address: one }) => one.includes(':') !== is6);
    const body = { port: { fixed_ips: [{ ip_address: wanted }, ...others] } };
    const { value } = await translateErrors('networkinterface', () =>
      client.call('network', 'PUT', path`ports/${id}`, portAnswer, {
        body,
        ...ifUnchanged(port),
      }),
    );
    return value.port;
  };

  return {
    /** The calls of a listing of machines: a link is part of its machine. */
    ...linkListings(cloud, 'network', toNetworkinterfaces),
    get,

    /** 2 calls if it finds nothing, else those of `get` too. A link to a reservation is found by the create itself. */
    async findByToken(token) {
      const id = await findLink(token);
      if (id === undefined) return undefined;
      return get(id).catch((error) => {
        if (isFailure(error, 'notFound')) return undefined;
        throw error;
      });
    },

    /** 5 calls for a network, 4 for an ipreservation; 10 for an external network, 5 if a mixin names its pool. */
    async create(draft, token) {
      const { source, target } = draft;
      if (source?.kind !== 'compute' || (target?.kind !== 'network' && target?.kind !== 'ipreservation')) {
        throw new OcciError(
          'invalid',
          'A networkinterface starts at a compute and ends at a network or an ipreservation.',
        );
      }
      const { projectId } = await cloud.session();
      const order = { ...draft, source, target };
      let fresh: Link | undefined;
      const id = await tokens.createOnce(`networkinterface ${projectId}`, token, async () => {
        fresh = await (target.kind === 'network' ? attach(order, token) : attachToAddress(cloud, order));
        return fresh.id;
      });
      return fresh ?? get(id);
    },

    /** The calls of `get`, and 1 for another address. Throws `notImplemented` for what an interface keeps. */
    async update(id, change: Change<'networkinterface'>) {
      const { machine, link, port } = await read(id);
      const isPort = floatingOf(id) === undefined;
      requireNoOther(link, change, isPort ? [ADDRESS] : []);
      const wanted = change.set[ADDRESS] as string | undefined;
      if (!changedAttributes(link, change).includes(ADDRESS)) return link;
      if (wanted === undefined) {
        throw new OcciError('conflict', `An interface needs an address (${ADDRESS}): give it another one instead.`);
      }
      if (addressOf(wanted)?.first === addressOf(link.attributes[ADDRESS] as string | undefined)?.first) return link;
      const now = await changeAddress(port, wanted);
      const ports = machine.ports.map((one) => (one.id === now.id ? now : one));
      return toNetworkinterfaces({ ...machine, ports }).find((one) => one.id === id)!;
    },

    /**
     * The calls of `get`, 2 for an ipreservation or an external network; 1 for another network, and 2 more for each floating
     * address that leads to it.
     */
    async remove(id) {
      const { machine, link, port } = await read(id);
      const floating = floatingOf(id);
      if (floating === undefined) await detach(cloud, machine, port);
      else if (link.target?.kind === 'network') await releaseAddress(cloud, floating, port.id);
      else await takeAddress(cloud, floating, port.id);
      tokens.forget(id);
    },

    lingers: LINGER_SECONDS,
    givesAnyway: [MAC],
    cannotHold: ['occi.core.title', GATEWAY],
    cannotHoldValue: cannotHoldOfInterface,
  };
};
