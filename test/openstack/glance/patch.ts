/** `PATCH /v2/images/ID` with a JSON patch of Glance's own kind. */
import { isAdmin, type ServiceRequest, type TokenOwner } from '../service.ts';
import type { Image, Visibility } from './image.ts';
import { badRequest, conflict, denied, plainly, readOnly, unsupportedType } from './refusals.ts';
import { cannotRemove, checkValue, isField, READ_ONLY } from './schema.ts';

const TYPES = ['application/openstack-images-v2.0-json-patch', 'application/openstack-images-v2.1-json-patch'] as const;

interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly name: string;
  readonly value: unknown;
}

function operationIn(said: unknown): Operation {
  const { op, path, value } = said as Readonly<Record<string, unknown>>;
  if (op !== 'add' && op !== 'remove' && op !== 'replace')
    throw badRequest(`Invalid operation: \`${op}\`. It must be one of the following: add, remove, replace.`);
  if (op !== 'remove' && value === undefined) throw badRequest(`Operation "${op}" requires a member named "value".`);
  const name = String(path).replace(/^\//, '');
  if (name === 'id' || READ_ONLY.some((one) => one === name)) throw readOnly(name);
  return { op, name, value };
}

/** The operations of a request, checked. */
export function operationsIn({ headers, text }: ServiceRequest): readonly Operation[] {
  const type = headers['content-type']?.split(';')[0] ?? '';
  if (!TYPES.some((one) => one === type)) {
    const all = TYPES.join(', ');
    throw unsupportedType(type, `Image PATCH expects Content-Type one of: ${all}`, { 'accept-patch': all });
  }
  const said: unknown = JSON.parse(text);
  if (!Array.isArray(said)) throw badRequest('Request body must be a JSON array of operation objects.');
  return said.map(operationIn);
}

export const uniqueTags = (value: unknown): string[] => [...new Set(value as string[])].sort();

/** Sets a field of the schema. */
export function setField(image: Image, name: string, value: unknown): void {
  switch (name) {
    case 'name':
      image.name = value as string;
      break;
    case 'disk_format':
      image.diskFormat = value as string;
      break;
    case 'container_format':
      image.containerFormat = value as string;
      break;
    case 'visibility':
      image.visibility = value as Visibility;
      break;
    case 'protected':
      image.isProtected = value as boolean;
      break;
    case 'os_hidden':
      image.isHidden = value as boolean;
      break;
    case 'min_ram':
      image.minRamMib = value as number;
      break;
    case 'min_disk':
      image.minDiskGib = value as number;
      break;
    case 'tags':
      image.tags = uniqueTags(value);
      break;
  }
}

export function apply(image: Image, { op, name, value }: Operation, owner: TokenOwner): void {
  const isMissing = !isField(name) && !Object.hasOwn(image.properties, name);
  if (op === 'remove') {
    if (isField(name)) throw cannotRemove(name);
    if (isMissing) throw conflict(`Property ${name} does not exist.`);
    const { [name]: _, ...rest } = image.properties;
    image.properties = rest;
    return;
  }
  if (op === 'replace' && isMissing) throw conflict(`Property ${name} does not exist.`);
  checkValue(name, value);
  if (name === 'visibility' && value === 'public' && !isAdmin(owner)) throw denied('publicize_image');
  if ((name === 'disk_format' || name === 'container_format') && image.status !== 'queued')
    throw plainly(403, `Attribute ${name} can be only replaced for a queued image.`);
  if (isField(name)) setField(image, name, value);
  else image.properties = { ...image.properties, [name]: value as string };
}
