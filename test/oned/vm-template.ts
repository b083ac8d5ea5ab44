import { PoolObject } from './pool-object.ts';
import { plain } from './xml.ts';

export class VmTemplate extends PoolObject {
  readonly kind = 'template';
  /** Epoch seconds. */
  registered = 0;

  render(): string {
    const registered = plain('REGTIME', this.registered);
    const written = [this.head(), this.permissionsXml(), this.lockXml(), registered, this.template.xml('TEMPLATE')];
    return plain('VMTEMPLATE', written.join(''));
  }
}
