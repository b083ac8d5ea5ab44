/** `GET /v2/images`: filters, order and pages. */
import { isAdmin, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import { type Image, isVisible, viewOf } from './image.ts';
import { badRequest } from './refusals.ts';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;
const PAGING = ['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'visibility', 'tag', 'os_hidden', 'member_status'];

const SORT_KEYS = {
  name: ({ name }: Image) => name ?? '',
  status: ({ status }: Image) => status,
  container_format: ({ containerFormat }: Image) => containerFormat ?? '',
  disk_format: ({ diskFormat }: Image) => diskFormat ?? '',
  size: ({ sizeBytes }: Image) => sizeBytes ?? 0,
  id: ({ id }: Image) => id,
  created_at: ({ created }: Image) => created,
  updated_at: ({ updated }: Image) => updated,
} as const;

const VISIBILITIES = ['public', 'private', 'shared', 'community', 'all'];

/**
 * What a listing holds when nothing is said of visibility: no community images of others, shared ones once accepted. An
 * administrator gets the private and shared ones of all projects (seen on 2026.2, whatever `member_status` says).
 */
function isListed(image: Image, reader: TokenOwner): boolean {
  if (image.owner === reader.projectId || image.visibility === 'public') return true;
  if (isAdmin(reader)) return image.visibility !== 'community';
  return image.visibility === 'shared' && image.members.get(reader.projectId ?? '')?.status === 'accepted';
}

function hasVisibility(image: Image, wanted: string, reader: TokenOwner): boolean {
  if (wanted === 'all') return isVisible(image, reader);
  if (image.visibility !== wanted) return false;
  return wanted === 'community' || isListed(image, reader);
}

/** `in:a,b` or a value alone. */
const choices = (value: string): readonly string[] =>
  value.startsWith('in:')
    ? value
        .slice(3)
        .split(',')
        .map((one) => one.replace(/^"|"$/g, ''))
    : [value];

function matches(image: Image, name: string, value: string): boolean {
  if (name === 'size_min') return (image.sizeBytes ?? 0) >= Number(value);
  if (name === 'size_max') return (image.sizeBytes ?? 0) <= Number(value);
  const view = viewOf(image) as Readonly<Record<string, unknown>>;
  // A filter that is no field is one by a property.
  return choices(value).includes(String(view[name]));
}

type Order = (one: Image, other: Image) => number;

function orderIn(query: URLSearchParams): Order {
  const sort = query.get('sort');
  const keys = sort === null ? query.getAll('sort_key') : sort.split(',').map((one) => one.split(':')[0]!);
  const directions =
    sort === null ? query.getAll('sort_dir') : sort.split(',').map((one) => one.split(':')[1] ?? 'desc');
  const unknown = keys.find((key) => !Object.hasOwn(SORT_KEYS, key));
  if (unknown !== undefined) {
    const all = Object.keys(SORT_KEYS).join(', ');
    throw badRequest(`Invalid sort key: ${unknown}. It must be one of the following: ${all}.`);
  }
  const asked = keys.map((key, index) => [key as keyof typeof SORT_KEYS, directions[index] ?? 'desc'] as const);
  const all = [...asked, ['created_at', 'desc'] as const, ['id', 'desc'] as const];
  return (one, other) => {
    for (const [key, direction] of all) {
      const [left, right] = [SORT_KEYS[key](one), SORT_KEYS[key](other)];
      if (left !== right) return left < right === (direction === 'asc') ? -1 : 1;
    }
    return 0;
  };
}

function limitIn(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return DEFAULT_LIMIT;
  if (!/^-?\d+$/.test(text)) throw badRequest('limit param must be an integer');
  if (Number(text) < 0) throw badRequest('limit param must be positive');
  return Math.min(Number(text), MAX_LIMIT);
}

function afterMarker(sorted: readonly Image[], marker: string | null): readonly Image[] {
  if (marker === null) return sorted;
  const at = sorted.findIndex(({ id }) => id === marker);
  if (at < 0) throw badRequest(`No image found with ID ${marker}`);
  return sorted.slice(at + 1);
}

export function listed(images: Iterable<Image>, { query, path }: ServiceRequest, reader: TokenOwner): ServiceAnswer {
  const visibility = query.get('visibility');
  if (visibility !== null && !VISIBILITIES.includes(visibility))
    throw badRequest(`Invalid visibility value: ${visibility}`);
  const [tags, hidden] = [query.getAll('tag'), query.get('os_hidden') === 'true'];
  const others = [...query].filter(([name]) => !PAGING.includes(name));
  const found = [...images].filter(
    (image) =>
      (visibility === null ? isListed(image, reader) : hasVisibility(image, visibility, reader)) &&
      image.isHidden === hidden &&
      tags.every((tag) => image.tags.includes(tag)) &&
      others.every(([name, value]) => matches(image, name, value)),
  );
  const limit = limitIn(query);
  const rest = afterMarker(found.sort(orderIn(query)), query.get('marker'));
  const page = rest.slice(0, limit);
  const link = (marker?: string): string => {
    const all = [...query].filter(([name]) => name !== 'marker');
    const text = new URLSearchParams(marker === undefined ? all : [...all, ['marker', marker]]).toString();
    return text === '' ? path : `${path}?${text}`;
  };
  const body = {
    images: page.map(viewOf),
    first: link(),
    schema: '/v2/schemas/images',
    // Glance gives a next page whenever this one is full.
    ...(limit > 0 && page.length === limit && { next: link(page.at(-1)!.id) }),
  };
  return { status: 200, body };
}
