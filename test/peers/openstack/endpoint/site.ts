/** An endpoint in front of a control plane, with tenants of its own. */
import { type Endpoint, startEndpoint } from '../../../endpoint.ts';
import { FEDERATION } from '../openstack.mjs';
import { openStack } from '../peer.ts';
import { login, type Session } from '../rest.mjs';
import { makeTenants, type Tenants } from './tenants.ts';

export interface Site {
  readonly endpoint: Endpoint;
  readonly tenants: Tenants;
  readonly keystone: string;
  /** A login at Keystone itself. */
  readonly session: (tenant: string) => Promise<Session>;
  /** Another process, that knows nothing of the first. */
  readonly another: () => Promise<Endpoint>;
  stop(): Promise<void>;
}

/** The header of Basic credentials. */
export const basic = (credentials: string) => ({
  Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
});

/** Starts an endpoint whose default image is small and that takes bearer tokens, and makes a tenant for each name. */
export async function startSite(names: readonly [string, ...string[]]): Promise<Site> {
  const cloud = await openStack();
  const { keystone } = cloud;
  const tenants = await makeTenants(keystone, names);
  const session = (tenant: string) => login(keystone, tenants.user(tenant));
  const { images } = await (await session(names[0])).ask('image', 'GET', '/v2/images?name=cirros-tiny');
  const { provider: identityProvider, protocol } = FEDERATION;
  const settings = {
    endpoint: keystone,
    defaultOsTemplate: images[0].id,
    federation: { identityProvider, protocol },
  };
  const another = () =>
    startEndpoint({
      settings: { adapter: { name: 'openstack', site: 'test', settings }, auth: ['basic', 'cloud-token'] },
    });
  const endpoint = await another();
  return {
    endpoint,
    tenants,
    keystone,
    session,
    another,
    async stop() {
      await endpoint.stop();
      await tenants.remove();
      await cloud.stop();
    },
  };
}
