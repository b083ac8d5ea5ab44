/** Links of a server that is being made: what Nova does not tell yet. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import type { Attachment } from '../native/attachment.ts';
import { type FloatingIp, floatingIp, type Port } from '../native/port.ts';

const floatingAnswer = z.object({ floatingip: floatingIp });
/** Cinder's short listing of attachments, from 3.27 on: one is there as soon as Nova has accepted a create. */
const attachmentsAnswer = z.object({
  attachments: z.array(z.object({ id: z.string(), volume_id: z.string(), instance: z.string().nullish() })),
});

/** Gives floating addresses to a port: 1 call each. They are free again when the port is deleted. */
export const associate = (
  { client }: Cloud,
  port: Port | undefined,
  addresses: readonly NativeId[],
): Promise<FloatingIp[]> =>
  Promise.all(
    addresses.map((id) =>
      translateErrors('ipreservation', async () => {
        const body = { floatingip: { port_id: port!.id } };
        const { value } = await client.call('network', 'PUT', path`floatingips/${id}`, floatingAnswer, { body });
        return value.floatingip;
      }).catch((error) => {
        throw isFailure(error, 'notFound') ? new OcciError('invalid', error.message, { cause: error }) : error;
      }),
    ),
  );

/**
 * Attachments of a server that Nova has only just accepted: 1 call if there are volumes. Without an answer, and below 3.27,
 * their links have no ids of their own yet; the server exists all the same.
 */
export async function attachmentsOf(
  { client }: Cloud,
  id: NativeId,
  volumes: readonly NativeId[],
): Promise<Attachment[]> {
  if (volumes.length === 0) return [];
  const { attachments } = await client
    .read('volume', path`attachments`, attachmentsAnswer, { microversion: '3.27' })
    .catch(() => ({ attachments: [] }));
  return volumes.map((volume) => ({
    volumeId: volume,
    serverId: id,
    attachment_id: attachments.find((one) => one.volume_id === volume && one.instance === id)?.id,
  }));
}
