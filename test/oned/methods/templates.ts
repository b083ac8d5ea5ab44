import type { Method, Methods } from '../method.ts';
import { checkName } from '../names.ts';
import { authorize, authorizeCreate } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import { CODE, Refusal } from '../refusal.ts';
import { refuseRestricted, refuseRestrictedMerge } from '../restricted.ts';
import type { Caller } from '../session.ts';
import { type Site, VmTemplate } from '../site.ts';
import { parseTemplate, storable } from '../template-parser.ts';
import { createVm } from '../vm-create.ts';
import { fromImage, imageOf } from '../vm-disks.ts';
import { chmod, chown, info, lock, merged, object, rename, unlock, update } from './objects.ts';
import { persistentCopy } from './persistent-copy.ts';
import { addTemplate } from './template-add.ts';

const templates = ({ templates: pool }: Site): Pool<VmTemplate> => pool;
const PREFIX = 'Error allocating a new virtual machine template. ';

const allocate: Method = {
  takes: ['s'],
  run: (call) => {
    const template = parseTemplate(call.text(0), CODE.internal);
    authorizeCreate(call.site, call.who, 'TEMPLATE');
    refuseRestricted(call.who, template, 'VM');
    const [name = ''] = template.remove('NAME');
    checkName(String(name), CODE.internal);
    call.site.templates.refuseTaken(String(name), call.who.uid, CODE.internal);
    const stored = storable(template);
    if (!stored) throw new Refusal(CODE.internal, 'Error transforming the Template to XML.');
    return addTemplate(call.site, call.who, String(name), stored).id;
  },
};

const instantiate: Method = {
  takes: ['is', 'bs', 'b'],
  run: (call) => {
    const { site, who } = call;
    const source = object(call, templates, 'USE');
    const extra = parseTemplate(call.text(3), CODE.internal);
    refuseRestrictedMerge(who, extra, 'User Template');
    if (!extra.empty) authorizeCreate(site, who, 'TEMPLATE');
    const name = call.text(1);
    if (name !== '') checkName(name, CODE.allocate, PREFIX);
    const template = source.template.copy();
    template.merge(extra);
    const copy = call.flag(4) ? persistentCopy(site, who, name || `${source.name}-copy`, template) : undefined;
    const wanted = copy ? copy.template.copy() : template;
    if (name === '') wanted.remove('NAME');
    else wanted.set('NAME', name);
    wanted.set('TEMPLATE_ID', (copy ?? source).id);
    if (copy) wanted.set('CLONING_TEMPLATE_ID', source.id);
    return createVm(site, who, {
      template: wanted,
      hold: call.flag(2),
      unnamed: source.name,
      code: CODE.allocate,
      prefix: PREFIX,
    }).id;
  },
};

/** With the data of the images that it names, as a VM's disks would have them. */
const extended = (found: VmTemplate, who: Caller): string => {
  const shown = new VmTemplate(found.site, found.id, found.name);
  Object.assign(shown, found, { template: found.template.copy() });
  const disks = shown.template.vectors('DISK').map((disk, index) => {
    const image = imageOf(found.site, who, disk, CODE.action);
    return image ? new Map([...fromImage(image), ...disk, ['IMAGE', image.name], ['DISK_ID', String(index)]]) : disk;
  });
  shown.template.replaceVectors('DISK', disks);
  return shown.render();
};

const clone: Method = {
  takes: ['is', 'b'],
  run: (call) => {
    const source = object(call, templates, 'USE');
    const name = call.text(1);
    checkName(name, CODE.allocate, PREFIX);
    call.site.templates.refuseTaken(name, call.who.uid, CODE.allocate, PREFIX);
    return addTemplate(call.site, call.who, name, source.template.copy()).id;
  },
};

const remove: Method = {
  takes: ['i', 'b'],
  run: (call) => {
    const found = object(call, templates, 'MANAGE');
    call.site.templates.delete(found);
    if (!call.flag(1)) return found.id;
    for (const disk of found.template.vectors('DISK')) {
      const image = imageOf(call.site, call.who, disk, CODE.action);
      if (!image) continue;
      authorize(call.who, 'MANAGE', image);
      if (image.vms.size === 0) call.site.images.delete(image);
    }
    return found.id;
  },
};

export const templateMethods: Methods = {
  'one.template.allocate': allocate,
  'one.template.info': info(templates, (found, call) => (call.flag(1) ? extended(found, call.who) : found.render()), [
    'i',
    'b',
    'b',
  ]),
  'one.template.instantiate': instantiate,
  'one.template.clone': clone,
  'one.template.delete': remove,
  'one.template.rename': rename(templates, true),
  'one.template.update': update(templates, (found, template, mode) => {
    found.template = merged(found.template, template, mode);
  }),
  'one.template.chmod': chmod(templates),
  'one.template.chown': chown(templates),
  'one.template.lock': lock(templates),
  'one.template.unlock': unlock(templates),
};
