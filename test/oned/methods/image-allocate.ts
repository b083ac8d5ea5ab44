import { IMAGE, IMAGE_TYPE } from '../image.ts';
import type { Method } from '../method.ts';
import { checkName } from '../names.ts';
import { authorize, authorizeCreate } from '../permissions.ts';
import { refuseOverQuota } from '../quotas.ts';
import { CODE, notAuthorized, Refusal } from '../refusal.ts';
import { refuseRestricted } from '../restricted.ts';
import type { Caller } from '../session.ts';
import { Image, type Site } from '../site.ts';
import { parseTemplate, storable } from '../template-parser.ts';
import { dated } from '../vm-walk.ts';

export const PREFIX = 'Error allocating a new image. ';
/** Attributes of the object itself, not of its template. */
const OWN = ['NAME', 'TYPE', 'PATH', 'SIZE', 'PERSISTENT', 'FORMAT', 'DRIVER', 'FS', 'SOURCE', 'DISK_TYPE'];
/** MiB that the driver finds behind every path. */
const FOUND_SIZE = 1024;

/** LOCKED until the driver has made it. */
const register = (image: Image): void => {
  image.site.steps.start(image, [
    () => {
      const failure = image.site.fails('registerImage');
      if (failure !== undefined) {
        image.template.set('ERROR', `${dated()} : ${failure}`);
        return image.goTo(IMAGE.error);
      }
      image.source = 'dummy_path';
      image.format ||= image.path === '' ? 'raw' : 'dummy_format';
      if (image.path !== '') image.format = 'dummy_format';
      image.state = IMAGE.ready;
      image.rest();
    },
  ]);
};

export const addImage = (site: Site, who: Caller, name: string, fields: Partial<Image>): Image => {
  checkName(name, CODE.allocate, PREFIX);
  site.images.refuseTaken(name, who.uid, CODE.allocate, PREFIX);
  const image = site.make(site.images, Image, name);
  Object.assign(image, { uid: who.uid, gid: who.gid, registered: site.now(), ...fields });
  return image;
};

export const allocate: Method = {
  takes: ['si', 'b'],
  run: (call) => {
    const { site, who } = call;
    const template = parseTemplate(call.text(0), CODE.internal);
    const datastore = site.datastores.must(call.number(1));
    authorize(who, 'USE', datastore);
    refuseRestricted(who, template, 'Image');
    authorizeCreate(site, who, 'IMAGE');
    if (datastore.type !== 0)
      throw new Refusal(CODE.allocate, `${PREFIX}New images can only be allocated in a files or image datastore.`);
    const text = (name: string): string => template.text(name) ?? '';
    const path = text('PATH');
    const size = path === '' ? Number(template.text('SIZE')) : FOUND_SIZE;
    if (size < 0) throw notAuthorized(who.uid, `user [${who.uid}] Image size must be a positive integer value.`);
    if (!Number.isInteger(size) || (path === '' && template.text('SIZE') === '')) {
      throw new Refusal(CODE.internal, 'Cannot parse image SIZE: Wrong number or missing SIZE attribute.');
    }
    refuseOverQuota(site, who.user, { DATASTORE: { [datastore.id]: { IMAGES: 1, SIZE: size } } });
    if (datastore.free > 0 && size > datastore.free && !call.flag(2)) {
      throw new Refusal(CODE.action, 'Not enough space in datastore');
    }
    const type = text('TYPE') === '' ? 0 : (IMAGE_TYPE as readonly string[]).indexOf(text('TYPE').toUpperCase());
    if (type < 0) throw new Refusal(CODE.allocate, `${PREFIX}Unknown type `);
    const stored = storable(template);
    if (!stored) throw new Refusal(CODE.allocate, `${PREFIX}Error inserting Image in DB.`);
    const kept = stored.copy();
    for (const name of OWN) kept.remove(name);
    if (!kept.has('DEV_PREFIX')) kept.set('DEV_PREFIX', type === 1 ? 'hd' : 'sd');
    const persistent = /^(YES|TRUE|1)$/i.test(text('PERSISTENT'));
    const given = path === '' ? text('FORMAT') || 'raw' : '';
    const fields = {
      type,
      path,
      size,
      persistent,
      fs: text('FS'),
      format: given,
      datastore: datastore.id,
      template: kept,
    };
    const image = addImage(site, who, text('NAME'), fields);
    register(image);
    return image.id;
  },
};
