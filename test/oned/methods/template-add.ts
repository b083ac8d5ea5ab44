import type { Caller } from '../session.ts';
import { type Site, VmTemplate } from '../site.ts';
import type { Template } from '../template.ts';

export const addTemplate = (site: Site, who: Caller, name: string, template: Template): VmTemplate => {
  const made = site.make(site.templates, VmTemplate, name);
  Object.assign(made, { uid: who.uid, gid: who.gid, registered: site.now(), template });
  return made;
};
