import { IMAGE, IMAGE_STATE, IMAGE_TYPE } from '../image.ts';
import type { Method, Methods } from '../method.ts';
import { authorize } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import { CODE, Refusal } from '../refusal.ts';
import { refuseRestrictedUpdate } from '../restricted.ts';
import type { Image, Site } from '../site.ts';
import { addImage, allocate, PREFIX } from './image-allocate.ts';
import { chmod, chown, info, lock, merged, object, rename, unlock, update } from './objects.ts';

const images = ({ images: pool }: Site): Pool<Image> => pool;
const clone: Method = {
  takes: ['is', 'i'],
  run: (call) => {
    const source = object(call, images, 'USE');
    const { type, path, format, size, fs, persistent } = source;
    const datastore = call.number(2) < 0 ? source.datastore : call.site.datastores.must(call.number(2)).id;
    const usable: readonly number[] = [IMAGE.ready, IMAGE.used, IMAGE.clone];
    if (!usable.includes(source.state)) {
      throw new Refusal(CODE.allocate, `${PREFIX}Cannot clone image in state: ${IMAGE_STATE[source.state]}`);
    }
    const fields = {
      type,
      path: source.source || path,
      format,
      size,
      fs,
      datastore,
      persistent,
      template: source.template.copy(),
    };
    const made = addImage(call.site, call.who, call.text(1), { ...fields, cloneOf: source.id });
    source.clones.add(made.id);
    source.rest();
    call.site.steps.start(made, [
      () => {
        Object.assign(made, { source: 'dummy_path', cloneOf: -1, state: IMAGE.ready });
        source.clones.delete(made.id);
        source.rest();
        made.rest();
      },
    ]);
    return made.id;
  },
};

const enable: Method = {
  takes: ['ib'],
  run: (call) => {
    const image = object(call, images, 'MANAGE');
    const on = call.flag(1);
    const allowed: readonly number[] = [IMAGE.ready, IMAGE.disabled, IMAGE.error];
    if (!allowed.includes(image.state)) {
      const what = on ? 'enable' : 'disable';
      throw new Refusal(
        CODE.internal,
        `Could not ${what} image: Image cannot be in state ${IMAGE_STATE[image.state]}.`,
      );
    }
    if (on) image.state = IMAGE.ready;
    else image.goTo(IMAGE.disabled);
    image.rest();
    return image.id;
  },
};

const remove: Method = {
  takes: ['i', 'b'],
  run: (call) => {
    const image = call.site.images.must(call.number(0));
    if (image.state === IMAGE.deleting) return image.id;
    if (image.state === IMAGE.locked && !call.flag(1)) {
      const risk = 'Force delete may leave some files on Datastore';
      throw new Refusal(CODE.internal, `Image locked, use --force flag to remove the image. ${risk}`, image.id);
    }
    authorize(call.who, 'MANAGE', image);
    if (image.vms.size > 0)
      throw new Refusal(CODE.action, `Cannot delete image. There are ${image.vms.size} VMs using it.`);
    if (image.clones.size > 0)
      throw new Refusal(CODE.action, `Cannot delete image. There are ${image.clones.size} active clone operations.`);
    call.site.steps.stop(image);
    image.goTo(IMAGE.deleting);
    call.site.steps.start(image, [() => call.site.images.delete(image)]);
    return image.id;
  },
};

const persistent: Method = {
  takes: ['ib'],
  run: (call) => {
    const image = object(call, images, 'MANAGE');
    if (image.vms.size > 0) {
      throw new Refusal(
        CODE.internal,
        `Image cannot be made persistent: Image is already in use by ${image.vms.size} VMs`,
      );
    }
    image.persistent = call.flag(1);
    image.touch();
    return image.id;
  },
};

const changeType: Method = {
  takes: ['is'],
  run: (call) => {
    const image = object(call, images, 'MANAGE');
    const type = (IMAGE_TYPE as readonly string[]).indexOf(call.text(1).toUpperCase());
    if (type < 0) throw new Refusal(CODE.internal, 'known type ');
    image.type = type;
    image.touch();
    return image.id;
  },
};

export const imageMethods: Methods = {
  'one.image.allocate': allocate,
  'one.image.info': info(images),
  'one.image.clone': clone,
  'one.image.enable': enable,
  'one.image.persistent': persistent,
  'one.image.chtype': changeType,
  'one.image.delete': remove,
  'one.image.rename': rename(images, true),
  'one.image.update': update(images, (image, template, mode, call) => {
    refuseRestrictedUpdate(call.who, template, 'image');
    image.template = merged(image.template, template, mode);
  }),
  'one.image.chmod': chmod(images),
  'one.image.chown': chown(images),
  'one.image.lock': lock(images),
  'one.image.unlock': unlock(images),
};
