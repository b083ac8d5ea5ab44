/** What the services list of a whole project, for listings of machines: in a fixed number of calls. */
import * as z from 'zod';
import { translateErrors } from '../api/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { path } from '../api/path.ts';
import { linksNext, readAll } from '../catalogue/pages.ts';
import type { Cloud } from '../cloud.ts';
import type { Attachment } from '../native/attachment.ts';
import { type FloatingIp, floatingIpsAnswer, type Port, portsAnswer } from '../native/port.ts';

const links = z.array(z.object({ rel: z.string() })).default([]);
const portsPage = portsAnswer.extend({ ports_links: links });
const floatingPage = floatingIpsAnswer.extend({ floatingips_links: links });
const volumesPage = z.object({
  volumes: z.array(
    z.object({
      id: z.string(),
      status: z.string().optional(),
      attachments: z.array(z.object({ server_id: z.string(), device: z.string().nullish() })).default([]),
    }),
  ),
  volumes_links: links,
});

/**
 * All ports of the project: 1 call, and more only where Neutron limits its pages. Whole, since Neutron takes longer to leave
 * fields out (2.5 ms of its CPU a port, and 3 to 4.5 with `fields`, measured on 2026.2 with 405 ports).
 */
const readAllPorts = (cloud: Cloud, projectId: string): Promise<readonly Port[]> =>
  translateErrors('network', () =>
    readAll(cloud, {
      service: 'network',
      path: path`ports`,
      shape: portsPage,
      itemsOf: ({ ports }) => ports,
      hasNext: ({ ports_links }) => linksNext(ports_links),
      // Administrators would get those of all projects.
      query: { project_id: projectId },
      isWhole: true,
    }),
  );

/** All floating addresses of the project, as `readAllPorts`; none where the cloud has no such addresses. */
async function readAllFloating(cloud: Cloud): Promise<readonly FloatingIp[]> {
  const { endpoints, projectId } = await cloud.session();
  if (endpoints.network === undefined) return [];
  const read = () =>
    readAll(cloud, {
      service: 'network',
      path: path`floatingips`,
      shape: floatingPage,
      itemsOf: ({ floatingips }) => floatingips,
      hasNext: ({ floatingips_links }) => linksNext(floatingips_links),
      query: { project_id: projectId },
      isWhole: true,
    });
  return await translateErrors('ipreservation', () => ifOffered(read(), []));
}

/**
 * All attachments of the project's volumes: 1 call per page of Cinder; Nova lists them only server by server. Reserved
 * volumes, of which Cinder does not say for whom, have an empty server.
 */
async function readAllAttachments(cloud: Cloud): Promise<readonly Attachment[]> {
  const { endpoints } = await cloud.session();
  if (endpoints.volume === undefined) return [];
  const volumes = await translateErrors('storage', () =>
    readAll(cloud, {
      service: 'volume',
      path: path`volumes/detail`,
      shape: volumesPage,
      itemsOf: (answer) => answer.volumes,
      hasNext: ({ volumes_links }) => linksNext(volumes_links),
      isWhole: true,
    }),
  );
  return volumes.flatMap(({ id, status, attachments }) => {
    const isReserved = attachments.length === 0 && (status === 'reserved' || status === 'attaching');
    const told = isReserved ? [{ server_id: '', device: undefined }] : attachments;
    return told.map(({ server_id, device }) => ({ volumeId: id, serverId: server_id, device, volumeStatus: status }));
  });
}

/** Items by a key of theirs, in their order. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** What a request has read of a project, so that each page of its listing need not read it again. */
export class Whole {
  readonly #cloud: Cloud;
  #ports: Promise<ReadonlyMap<string, readonly Port[]>> | undefined;
  #byId: Promise<ReadonlyMap<string, Port>> | undefined;
  #floating: Promise<ReadonlyMap<string, readonly FloatingIp[]>> | undefined;
  #attachments: Promise<ReadonlyMap<string, readonly Attachment[]>> | undefined;
  #all: Promise<readonly Port[]> | undefined;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  async #allPorts(): Promise<readonly Port[]> {
    const { endpoints, projectId } = await this.#cloud.session();
    this.#all ??= endpoints.network === undefined ? Promise.resolve([]) : readAllPorts(this.#cloud, projectId);
    return this.#all;
  }

  /** Ports by their server. */
  ports(): Promise<ReadonlyMap<string, readonly Port[]>> {
    this.#ports ??= this.#allPorts().then((all) => grouped(all, ({ device_id }) => device_id));
    return this.#ports;
  }

  portsById(): Promise<ReadonlyMap<string, Port>> {
    this.#byId ??= this.#allPorts().then((all) => new Map(all.map((port) => [port.id, port])));
    return this.#byId;
  }

  /** Floating addresses by their port. */
  floating(): Promise<ReadonlyMap<string, readonly FloatingIp[]>> {
    this.#floating ??= readAllFloating(this.#cloud).then((all) => grouped(all, ({ port_id }) => port_id ?? ''));
    return this.#floating;
  }

  /** Attachments by their server. */
  attachments(): Promise<ReadonlyMap<string, readonly Attachment[]>> {
    this.#attachments ??= readAllAttachments(this.#cloud).then((all) => grouped(all, ({ serverId }) => serverId));
    return this.#attachments;
  }
}
