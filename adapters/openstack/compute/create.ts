/** Makes a compute with its links, once per token. */
import type { Draft, LinkDraft, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { inOrder } from '../../../lib/adapter/link-order.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { portsOfToken } from '../machine/left-ports.ts';
import { type Machine, readMachine, readServer } from '../machine/machine.ts';
import { deletePorts, makePorts, sweepPorts } from '../machine/own-ports.ts';
import type { FloatingIp, Port } from '../native/port.ts';
import { refusedAsDefault } from '../network/default-network.ts';
import { onNetworks } from '../network/external.ts';
import { known, toCompute } from './entity.ts';
import { findServer } from './find.ts';
import { associate, unusedAddresses } from './new-links.ts';
import { planOf } from './plan.ts';
import { mayExist, post } from './post.ts';
import { abilitiesOf, bodyOf } from './server-body.ts';

/** What a create has made itself, so that its answer need not read it. */
interface Parts {
  readonly ports: readonly Port[];
  readonly floatingIps: readonly FloatingIp[];
}

/** Makes the server; what was made for it goes again if Nova refuses it. Returns its id. */
async function make(
  cloud: Cloud,
  draft: Draft<'compute'>,
  token: string,
  made: (parts: Parts) => void,
): Promise<NativeId> {
  const planning = planOf(cloud, draft);
  const [can, found, earlier] = await Promise.all([
    abilitiesOf(cloud),
    findServer(cloud, token),
    draft.links.length > 0 || cloud.settings.defaultNetwork !== undefined ? portsOfToken(cloud, token) : [],
    sweepPorts(cloud),
    planning.catch(() => undefined),
  ]);
  // What was right when the server was made may not be so any more: the project may have got another network.
  if (found) return found.id;
  const plan = await planning;
  // After the sweep, which sets the addresses of left-over ports free.
  const addresses = await unusedAddresses(cloud, plan.addresses, earlier);
  const networks = plan.ports.map(({ network_id: id }) => id);
  const making = onNetworks(cloud, networks, makePorts(cloud, plan.ports, token, earlier));
  const ports = await (plan.isDefaultNetwork ? refusedAsDefault(making) : making);
  try {
    const floatingIps = await associate(cloud, ports, addresses);
    const id = await post(cloud, plan, bodyOf(draft, token, plan, ports, can));
    made({ ports, floatingIps });
    return id;
  } catch (error) {
    if (!mayExist(error)) {
      await deletePorts(cloud, ports);
    }
    throw toOcciError(error, 'compute');
  }
}

/** The volume of a link, if it is one to a volume. */
const volumeOf = ({ target }: LinkDraft): NativeId[] => (target.kind === 'storage' ? [target.id] : []);

/** The server exists but cannot be read now; a repeated create finds it by its token. */
const notReadYet = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The compute was made but cannot be shown at the moment; try again.', {
    cause,
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });

/**
 * Makes a compute, once per token. Calls: 1 that looks for an earlier attempt, 1 that makes the server and 1 that reads it;
 * with networks 1 that looks for ports and 1 that makes them; 2 for each floating address, and 1 for a key that this process
 * has not imported.
 */
export async function createCompute(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Native<'compute'>> {
  const { projectId } = await cloud.session();
  let parts: Parts | undefined;
  const id = await cloud.tokens.createOnce(`compute ${projectId}`, token, () =>
    make(cloud, draft, token, (made) => {
      parts = made;
    }),
  );
  try {
    const [server, facts] = await Promise.all([readServer(cloud, id), known(cloud)]);
    const machine: Machine = parts
      ? { server, ...parts, attachments: draft.links.flatMap(volumeOf).map((volumeId) => ({ volumeId, serverId: id })) }
      : await readMachine(cloud, id);
    return inOrder(toCompute(facts, machine), draft.links, 'start');
  } catch (error) {
    cloud.tokens.forget(id);
    if (isFailure(error, 'unauthenticated')) throw error;
    throw parts || isFailure(error, 'notFound') ? notReadYet(error) : error;
  }
}
