/** `/v2/images/ID/file`. */
import type { ServiceAnswer, ServiceRequest } from '../service.ts';
import type { Image } from './image.ts';
import { badRequest, denied, methodNotAllowed, NO_CONTENT, plainly, unsupportedType } from './refusals.ts';
import type { Store } from './store.ts';

const TYPE = 'application/octet-stream';

interface Asked {
  readonly request: ServiceRequest;
  readonly mayChange: boolean;
}

export function answerForData(store: Store, image: Image, { request, mayChange }: Asked): ServiceAnswer {
  const { method, headers, text } = request;
  if (method === 'GET') {
    if (image.status === 'deactivated')
      throw plainly(403, 'The requested image has been deactivated. Image data download is forbidden.');
    if (!image.data) return { status: 204 };
    return {
      status: 200,
      headers: { 'content-type': TYPE, 'content-md5': image.checksum! },
      body: image.data.toString('latin1'),
    };
  }
  if (method !== 'PUT') throw methodNotAllowed(method);
  const type = headers['content-type']?.split(';')[0] ?? '';
  if (type !== TYPE) throw unsupportedType(type, `Invalid content type ${type}`);
  if (!mayChange) throw denied('upload_image');
  if (image.status !== 'queued')
    throw plainly(409, `Image status transition from ${image.status} to saving is not allowed`);
  const missing = [
    ...(image.diskFormat === null ? ['disk_format'] : []),
    ...(image.containerFormat === null ? ['container_format'] : []),
  ];
  if (missing.length > 0) throw badRequest(`Properties ${missing.join(', ')} must be set prior to saving data.`);
  store.fill(image, Buffer.from(text, 'latin1'));
  return NO_CONTENT;
}
