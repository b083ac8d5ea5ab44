/** `/v3/attachments`, from 3.27 on: of volumes to servers, those that are only reserved too. */
import type { ServiceAnswer } from '../service.ts';
import type { Asked } from './context.ts';
import { noPath, refused } from './refusals.ts';
import type { Volume } from './store.ts';

const SINCE = 27;

const rowsOf = ({ id, reservation, attachments }: Volume): readonly { readonly id: string }[] => [
  ...(reservation ? [{ ...reservation, status: 'reserved' }] : []).map((one) => row(one, id)),
  ...attachments.map((one) => row({ ...one, status: 'attached' }, id)),
];

const row = (one: { readonly id: string; readonly serverId: string; readonly status: string }, volume: string) => ({
  id: one.id,
  status: one.status,
  instance: one.serverId,
  volume_id: volume,
});

export function answerForAttachments({ store, owner, request, minor }: Asked, [id]: readonly string[]): ServiceAnswer {
  if (minor < SINCE || request.method !== 'GET') throw noPath();
  const own = [...store.volumes.values()].filter(({ projectId }) => projectId === owner.projectId);
  const attachments = own.flatMap(rowsOf);
  if (id === undefined) return { status: 200, body: { attachments } };
  const found = attachments.find((one) => one.id === id);
  if (!found) throw refused(404, `Volume attachment could not be found with filter: attachment_id = ${id}.`);
  return { status: 200, body: { attachment: found } };
}
