/** External networks: members see them, and may have floating addresses of them but no ports on them. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';

const idsAnswer = z.object({ networks: z.array(z.object({ id: z.string() })) });

const isAnyExternal = async ({ client }: Cloud, networks: readonly NativeId[]): Promise<boolean> => {
  const query = { id: networks, 'router:external': 'true', fields: 'id' };
  return (await client.read('network', path`networks`, idsAnswer, { query })).networks.length > 0;
};

/** A port on an external network. A compute that is there can have an address of it: `external-attach.ts`. */
export class OnExternalNetwork extends OcciError {
  constructor(cause: unknown) {
    super(
      'forbidden',
      'The network is external: link the new compute to a network of the project, and to this one when it is there.',
      {
        cause,
      },
    );
  }
}

/**
 * Says of ports that a policy forbids whether it is for their network, which Neutron does not tell from a caller's role: 1
 * call, after a refusal only.
 */
export const onNetworks = <T>(cloud: Cloud, networks: readonly NativeId[], made: Promise<T>): Promise<T> =>
  made.catch(async (error) => {
    const isExternal = isFailure(error, 'forbidden') && (await isAnyExternal(cloud, networks).catch(() => false));
    if (!isExternal) throw error;
    throw new OnExternalNetwork(error);
  });
