/** `example`: a cloud with a JSON API whose machines can be read. Callers send their own user name and password. */
import type { Adapter, AdapterContext } from '../../lib/adapter/contract.ts';
import type { AdapterEnvironment } from '../../lib/adapter/module.ts';
import { clientFor } from './api/client.ts';
import { compute } from './compute/compute.ts';
import { accepts, type Settings, settings } from './config.ts';
import { account } from './native/index.ts';

export { accepts, settings };

/** `npm start` asks callers for their user name and password. */
export const localAuth = ['basic'] as const;

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
