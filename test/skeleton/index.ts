/** `example`: a cloud with a JSON API whose machines can be read. Callers send their own user name and password. */
import type { Adapter, AdapterContext } from '../../lib/adapter/contract.ts';
import type { AdapterEnvironment, SchemeSupport } from '../../lib/adapter/module.ts';
import { clientFor } from './api/client.ts';
import { compute } from './compute/compute.ts';
import { type Settings, settings } from './config.ts';
import { account } from './native/index.ts';

export { settings };

/** The cloud accepts only the caller's own password, so the endpoint must ask for it. */
const NEEDS_PASSWORD = 'the cloud needs the password of each caller: use `basic`';

export const schemes = {
  basic: true,
  users: NEEDS_PASSWORD,
  token: NEEDS_PASSWORD,
  oidc: NEEDS_PASSWORD,
  keystone: NEEDS_PASSWORD,
  'cloud-token': NEEDS_PASSWORD,
  x509: NEEDS_PASSWORD,
  gateway: NEEDS_PASSWORD,
  anonymous: NEEDS_PASSWORD,
} as const satisfies SchemeSupport;

/** `npm start` asks callers for their user name and password. */
export const localAuth = 'basic';

/** Sets up the adapter once per container; the function that it returns makes the adapter of one request. */
export const connect =
  ({ settings: configured, site }: AdapterEnvironment<Settings>) =>
  (context: AdapterContext): Adapter => {
    const get = clientFor(configured, context);
    return {
      name: 'example',
      site,
      kinds: { compute: compute(get) },
      mixins: [],
      identify: async () => (await get('me', account)).account,
      catalogue: async () => ({ mixins: [] }),
    };
  };
