import {
  isAdmin,
  isMember,
  type Service,
  type ServiceAnswer,
  type ServiceRequest,
  type TokenOwner,
} from '../service.ts';
import type { Site } from '../site.ts';
import { answerForData } from './data.ts';
import { type Image, isVisible, viewOf } from './image.ts';
import { imagesForNova } from './images-for-nova.ts';
import { listed } from './listing.ts';
import { answerForMembers } from './members.ts';
import { apply, operationsIn, setField } from './patch.ts';
import { badRequest, denied, forbidden, methodNotAllowed, NO_CONTENT, noImage, plainly } from './refusals.ts';
import { checkValue, isField } from './schema.ts';
import { seed } from './seed.ts';
import { Store } from './store.ts';

const NEWEST = 17;
/** In the order of the recorded document. */
const MINORS = [15, 13, 12, 11, 10, 9, 8, NEWEST, 7, 6, 5, 4, 3, 2, 1, 0];

const versions = ({ origin, path }: ServiceRequest): ServiceAnswer => ({
  status: path === '/versions' ? 200 : 300,
  body: {
    versions: MINORS.map((minor) => ({
      id: `v2.${minor}`,
      status: minor === NEWEST ? 'CURRENT' : 'SUPPORTED',
      links: [{ rel: 'self', href: `${origin}/v2/` }],
    })),
  },
  withoutRequestId: true,
});

const UNAUTHORIZED = {
  message:
    'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.<br /><br />\n\n\n',
  code: '401 Unauthorized',
  title: 'Unauthorized',
};

function saidIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('Malformed JSON in request body.');
  }
}

function created(store: Store, { text, origin }: ServiceRequest, owner: TokenOwner): ServiceAnswer {
  const said = saidIn(text);
  if (Array.isArray(said)) {
    const message = 'The server has either erred or is incapable of performing the requested operation.';
    const body = {
      message: `${message}<br /><br />\n\n\n`,
      code: '500 Internal Server Error',
      title: 'Internal Server Error',
    };
    return { status: 500, body };
  }
  for (const [name, value] of Object.entries(said)) checkValue(name, value);
  if (!isMember(owner)) throw denied('add_image');
  const { id, owner: wanted = owner.projectId, visibility } = said;
  if (wanted !== owner.projectId && !isAdmin(owner))
    throw forbidden(`You are not permitted to create images owned by '${wanted}'`);
  if (visibility === 'public' && !isAdmin(owner)) throw denied('publicize_image');
  if (store.images.has(id as string)) throw plainly(409, `Image ID ${id} already exists!`);
  const properties = Object.fromEntries(Object.entries(said).filter(([name]) => !isField(name))) as Record<
    string,
    string
  >;
  const image = store.add({ owner: wanted as string, properties, ...(id !== undefined && { id: id as string }) });
  for (const [name, value] of Object.entries(said)) setField(image, name, value);
  const headers = {
    location: `${origin}/v2/images/${image.id}`,
    'openstack-image-import-methods': 'glance-direct,web-download,copy-image',
    'openstack-image-store-ids': 'file,os_glance_staging_store,os_glance_tasks_store',
  };
  return { status: 201, headers, body: viewOf(image) };
}

const mayChange = (image: Image, owner: TokenOwner): boolean =>
  isAdmin(owner) || (isMember(owner) && image.owner === owner.projectId);

function answerForOne(store: Store, image: Image, { request, owner }: Asked): ServiceAnswer {
  const { method } = request;
  if (method === 'GET') return { status: 200, body: viewOf(image) };
  if (method === 'PATCH') {
    const operations = operationsIn(request);
    if (!mayChange(image, owner)) throw denied('modify_image');
    const before = { ...image };
    try {
      for (const one of operations) apply(image, one, owner);
    } catch (cause) {
      const { stateName: _, ...fields } = before;
      Object.assign(image, fields);
      throw cause;
    }
    image.updated = store.site.now();
    return { status: 200, body: viewOf(image) };
  }
  if (method !== 'DELETE') throw methodNotAllowed(method);
  if (!mayChange(image, owner)) throw denied('delete_image');
  if (image.isProtected) throw plainly(403, `Image ${image.id} is protected and cannot be deleted.`);
  store.site.steps.stop(image);
  store.images.delete(image.id);
  return NO_CONTENT;
}

const MOVES = {
  deactivate: { to: 'deactivated', from: ['active', 'deactivated'] },
  reactivate: { to: 'active', from: ['active', 'deactivated'] },
} as const;

function moved(image: Image, action: keyof typeof MOVES, owner: TokenOwner): ServiceAnswer {
  if (!mayChange(image, owner)) throw denied(action);
  const { to, from } = MOVES[action];
  if (!from.some((one) => one === image.status))
    throw plainly(403, `Not allowed to ${action} image in status '${image.status}'`);
  image.status = to;
  return NO_CONTENT;
}

function tagged(image: Image, tag: string, { request: { method }, owner }: Asked): ServiceAnswer {
  if (!mayChange(image, owner)) throw denied('modify_image');
  if (method === 'DELETE' && !image.tags.includes(tag)) throw plainly(404, 'The resource could not be found.');
  image.tags = method === 'DELETE' ? image.tags.filter((one) => one !== tag) : [...new Set([...image.tags, tag])];
  return NO_CONTENT;
}

interface Asked {
  readonly request: ServiceRequest;
  readonly owner: TokenOwner;
}

/** Glance 33, as far as clients of images go. */
export function glance(site: Site, seeded: boolean): Service {
  const store = new Store(site);
  if (seeded) seed(store);
  site.between.images = imagesForNova(store);

  const imageOf = (id: string, { request: { method, path }, owner }: Asked): Image => {
    const image = store.images.get(id);
    if (image && isVisible(image, owner)) return image;
    throw method === 'DELETE' && path.endsWith(id) ? plainly(404, `Failed to find image ${id} to delete`) : noImage(id);
  };

  const below = (image: Image, [what, which]: readonly string[], asked: Asked): ServiceAnswer | undefined => {
    if (what === 'file' && which === undefined)
      return answerForData(store, image, { ...asked, mayChange: mayChange(image, asked.owner) });
    if (what === 'members') return answerForMembers(image, { ...asked, project: which, now: site.now() });
    if (what === 'tags' && which !== undefined) return tagged(image, which, asked);
    if (what === 'actions' && which !== undefined && Object.hasOwn(MOVES, which))
      return moved(image, which as keyof typeof MOVES, asked.owner);
    return undefined;
  };

  return {
    isOpen: ({ path }) => !path.startsWith('/v2'),
    unauthorized: () => ({ status: 401, body: UNAUTHORIZED, withoutRequestId: true }),
    answer(request, owner) {
      if (!owner) return versions(request);
      const [, , collection, id, ...rest] = request.path.split('/').map(decodeURIComponent);
      if (collection !== 'images') throw plainly(404, 'The resource could not be found.');
      if (owner.projectId === undefined) throw denied('get_images');
      if (!id) {
        if (request.method === 'GET') return listed(store.images.values(), request, owner);
        if (request.method === 'POST') return created(store, request, owner);
        throw methodNotAllowed(request.method);
      }
      const asked = { request, owner };
      const image = imageOf(id, asked);
      const answer = rest.length === 0 ? answerForOne(store, image, asked) : below(image, rest, asked);
      if (answer) return answer;
      throw plainly(404, 'The resource could not be found.');
    },
  };
}
