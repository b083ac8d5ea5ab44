/** The adapter for OpenNebula keeps the contract, against the stand-in that is held against recordings of the real one. */
import * as z from 'zod';
import { connectSite, oneClient } from '../../adapters/opennebula/api/client.ts';
import { connect, settings } from '../../adapters/opennebula/index.ts';
import type { AdapterContext } from '../../lib/adapter/contract.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { adapterContract } from '../contract/adapter.ts';
import { startOpenNebula } from '../oned/index.ts';
import { addUser } from '../oned/methods/users.ts';
import { COMMON, callerOf } from './opennebula/contract.ts';

/** A template with one disk and no NIC, and a network with more addresses than the suite takes; everybody may use them. */
async function published(endpoint: string) {
  const site = connectSite(settings.parse({ endpoint }));
  const client = oneClient(site, { session: 'oneadmin:password', deadline: Date.now() + 60_000 });
  const make = (method: string, ...params: (string | number)[]) => client.call(method, params, z.int());
  const template = await make(
    'one.template.allocate',
    '<T><NAME>one disk</NAME><CPU>0.1</CPU><MEMORY>64</MEMORY><DISK><IMAGE_ID>0</IMAGE_ID></DISK></T>',
  );
  await make('one.template.chmod', template, 1, 1, 0, 0, 0, 0, 1, 0, 0);
  const range = '<AR><TYPE>IP4</TYPE><IP>10.64.0.1</IP><SIZE>20000</SIZE></AR>';
  const vnet = `<T><NAME>wide</NAME><VN_MAD>dummy</VN_MAD><BRIDGE>br9</BRIDGE>${range}</T>`;
  const network = await make('one.vn.allocate', vnet, -1);
  return { template, network };
}

adapterContract({
  ...COMMON,
  name: 'opennebula',
  patience: 10,
  // Pages are of 50 here; the bench lists 10,000.
  sizes: [1, 60, 240],
  async start() {
    const one = await startOpenNebula({ step: 2 });
    one.site.anyoneMakesNetworks = true;
    const { template, network } = await published(one.endpoint);
    const configured = {
      endpoint: one.endpoint,
      defaultOsTemplate: template,
      floatingIpPools: [network],
      network: { vnMad: 'dummy', bridge: 'br0' },
      page: 50,
    };
    const make = (change: Readonly<Record<string, unknown>> = {}) =>
      connect({
        settings: settings.parse({ ...configured, ...change }),
        site: 'test',
        table: memoryTable(),
        local: true,
      });
    const adapter = make();
    const users = new Map<string, string>();
    /** Each caller of the suite is a user of its own. */
    const sessionOf = (name: string): string => {
      let session = users.get(name);
      if (!session) {
        const user = `user-${users.size}`;
        addUser(one.site, { name: user, password: 'password', gid: 1 });
        session = `${user}:password`;
        users.set(name, session);
      }
      return session;
    };
    const nobody = (context: AdapterContext) => make({ endpoint: 'http://127.0.0.1:1/RPC2' })(context);
    return {
      adapter: (name = 'anne') => adapter(callerOf(sessionOf(name))),
      refused: () => adapter(callerOf('anne:wrong')),
      down: () => nobody(callerOf(sessionOf('anne'))),
      calls: () => one.calls(),
      stop: () => one.close(),
    };
  },
});
