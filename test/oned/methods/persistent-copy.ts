import { IMAGE } from '../image.ts';
import { CODE } from '../refusal.ts';
import type { Caller } from '../session.ts';
import { Image, type Site, type VmTemplate } from '../site.ts';
import type { Template } from '../template.ts';
import { imageOf } from '../vm-disks.ts';
import { addTemplate } from './template-add.ts';

/** The copy that `persistent` asks for: each image is cloned and stays, and the template with it. */
export const persistentCopy = (site: Site, who: Caller, name: string, template: Template): VmTemplate => {
  const copy = template.copy();
  for (const [index, disk] of copy.vectors('DISK').entries()) {
    const source = imageOf(site, who, disk, CODE.allocate);
    if (!source) continue;
    const clone = site.make(site.images, Image, `${name}-disk-${index}`);
    const { type, path, format, size, datastore } = source;
    Object.assign(clone, { uid: who.uid, gid: who.gid, registered: site.now(), type, path, format, size, datastore });
    Object.assign(clone, { persistent: true, cloneOf: source.id, template: source.template.copy() });
    source.clones.add(clone.id);
    source.rest();
    site.steps.start(clone, [
      () => {
        const failure = site.fails('registerImage');
        if (failure !== undefined) {
          source.clones.delete(clone.id);
          source.rest();
          clone.template.set('ERROR', failure);
          clone.goTo(IMAGE.error);
          return;
        }
        clone.source = source.source;
        clone.cloneOf = -1;
        source.clones.delete(clone.id);
        source.rest();
        clone.goTo(clone.vms.size > 0 ? IMAGE.usedPersistent : IMAGE.ready);
      },
    ]);
    disk.set('IMAGE_ID', String(clone.id));
  }
  return addTemplate(site, who, name, copy);
};
