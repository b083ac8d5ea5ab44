import * as z from 'zod';
import { connectSite, oneClient } from '../../../adapters/opennebula/api/client.ts';
import { settings } from '../../../adapters/opennebula/index.ts';
import type { Wanted } from '../../lib/operations/payloads.ts';
import { copyOf } from '../../oned/copy.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';
import type { Site } from '../../oned/site.ts';
import type { NativeCall, NativeRequest } from '../relay.ts';
import type { Cloud } from './cloud.ts';

/** A VM that oned has ended stays in its pool for ever. */
const ENDED = 6;

const MIXIN = 'http://schemas.ogf.org/occi/infrastructure/network#ipnetwork';
const POOLS = 'http://schemas.opennebula.org/occi/infrastructure/floatingippool#';
/** A template of the seeded site whose machines have a disk. */
const WITH_DISK = 'http://schemas.opennebula.org/occi/infrastructure/os_tpl#template-0000000';
const READS = /^(?:one\.\w+\.(?:info\w*|monitoring)|system\.version)$/;

function callOf({ body }: NativeRequest): NativeCall {
  const all = [...body.matchAll(/(?:<methodName>|<string>)((?:one|system)\.\w+\.?\w*)</g)].map(([, name]) => name!);
  const [first = '', ...within] = all;
  const methods = first === 'system.multicall' ? within : [first];
  const changing = methods.filter((method) => !READS.test(method));
  return { name: changing.join(' + ').replaceAll('one.', ''), changes: changing.length > 0 };
}

const needsOf =
  (pool: number) =>
  (kind: string): Partial<Wanted> => {
    if (kind === 'ipreservation') return { mixins: [`${POOLS}pool-${String(pool).padStart(7, '0')}`] };
    if (kind === 'storage') return { attributes: { 'occi.storage.size': 1 } };
    if (kind !== 'network') return {};
    const given = { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' };
    return { mixins: [MIXIN], attributes: given };
  };

/** A template with neither disk nor NIC, and a network to reserve addresses from; everybody may use them. */
async function publish(endpoint: string) {
  const site = connectSite(settings.parse({ endpoint }));
  const client = oneClient(site, { session: 'oneadmin:password', deadline: Date.now() + 60_000 });
  const make = (method: string, ...params: (string | number)[]) => client.call(method, params, z.int());
  const text = '<T><NAME>neither disk nor NIC</NAME><CPU>0.1</CPU><MEMORY>64</MEMORY></T>';
  const template = await make('one.template.allocate', text);
  await make('one.template.chmod', template, 1, 1, 0, 0, 0, 0, 1, 0, 0);
  const range = '<AR><TYPE>IP4</TYPE><IP>10.64.0.1</IP><SIZE>200</SIZE></AR>';
  const pool = `<T><NAME>to reserve from</NAME><VN_MAD>dummy</VN_MAD><BRIDGE>br9</BRIDGE>${range}</T>`;
  return { template, pool: await make('one.vn.allocate', pool, -1) };
}

const count = (site: Site) => ({
  computes: site.vms.ascending().filter(({ state }) => state !== ENDED).length,
  images: site.images.ascending().length,
  networks: site.networks.ascending().length,
  groups: site.securityGroups.ascending().length,
  templates: site.templates.ascending().length,
});

type Published = Awaited<ReturnType<typeof publish>>;
type Count = ReturnType<typeof count>;

function cloudOf(one: OpenNebula, { template, pool }: Published, before: Count): Cloud {
  const { site } = one;
  return {
    name: 'opennebula',
    endpoint: one.endpoint,
    settings: (endpoint) => ({
      endpoint,
      defaultOsTemplate: template,
      floatingIpPools: [pool],
      network: { vnMad: 'dummy', bridge: 'br0' },
    }),
    auth: 'basic',
    headers: { Authorization: `Basic ${Buffer.from('alice:password').toString('base64')}` },
    callOf,
    needs: needsOf(pool),
    savable: { mixins: [WITH_DISK] },
    async inventory() {
      site.steps.settle();
      return Object.fromEntries(
        Object.entries(count(site)).map(([name, now]) => [name, now - before[name as keyof Count]]),
      );
    },
    later: () => site.steps.settle(),
    copy: async () => cloudOf(await startOpenNebula({ step: 1, site: copyOf(site) }), { template, pool }, before),
    stop: () => one.close(),
  };
}

/** The stand-in for oned, with a user who may make everything. */
export async function startOpenNebulaCloud(): Promise<Cloud> {
  const one = await startOpenNebula({ step: 1 });
  one.site.anyoneMakesNetworks = true;
  const published = await publish(one.endpoint);
  one.site.steps.settle();
  return cloudOf(one, published, count(one.site));
}
