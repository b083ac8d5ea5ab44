/** `/v2/images/ID/members`: projects that an image is shared with. */
import { isAdmin, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import { seconds } from '../site.ts';
import type { Image, Member } from './image.ts';
import { conflict, denied, methodNotAllowed, NO_CONTENT, plainly } from './refusals.ts';

const viewOf = (image: Image, { project, status, created, updated }: Member): object => ({
  member_id: project,
  image_id: image.id,
  status,
  created_at: seconds(created),
  updated_at: seconds(updated),
  schema: '/v2/schemas/member',
});

interface Asked {
  readonly request: ServiceRequest;
  readonly owner: TokenOwner;
  /** Undefined for the list. */
  readonly project: string | undefined;
  readonly now: number;
}

export function answerForMembers(image: Image, { request, owner, project, now }: Asked): ServiceAnswer {
  const { method, text } = request;
  const isOwner = isAdmin(owner) || image.owner === owner.projectId;
  if (project === undefined) {
    if (method === 'GET') {
      const members = [...image.members.values()].map((one) => viewOf(image, one));
      return { status: 200, body: { members, schema: '/v2/schemas/members' } };
    }
    if (method !== 'POST') throw methodNotAllowed(method);
    if (!isOwner) throw denied('add_member');
    if (image.visibility !== 'shared') throw plainly(403, 'Only shared images have members.');
    const { member } = JSON.parse(text) as { member: string };
    if (image.members.has(member)) throw conflict(`Image member ${member} already exists for image ${image.id}`);
    const added = { project: member, status: 'pending', created: now, updated: now };
    image.members.set(member, added);
    return { status: 200, body: viewOf(image, added) };
  }
  const known = image.members.get(project);
  if (!known) throw plainly(404, `${project} not found in the member list of the image ${image.id}.`);
  if (method === 'DELETE' && isOwner) {
    image.members.delete(project);
    return NO_CONTENT;
  }
  if (method === 'PUT') {
    if (owner.projectId !== project && !isAdmin(owner)) throw denied('modify_member');
    Object.assign(known, { status: (JSON.parse(text) as { status: string }).status, updated: now });
  } else if (method !== 'GET') throw denied('delete_member');
  return { status: 200, body: viewOf(image, known) };
}
