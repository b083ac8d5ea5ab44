import { PoolObject } from './pool-object.ts';
import { Template, vector, vectorXml } from './template.ts';
import { cdata, ids, plain } from './xml.ts';

export class Cluster extends PoolObject {
  readonly kind = 'cluster';
  protected override readonly showsOthers = true;
  override template = Template.of({ RESERVED_CPU: '', RESERVED_MEM: '' });

  render(): string {
    const { hosts, datastores, networks } = this.site;
    const within = (objects: readonly PoolObject[]): number[] =>
      objects.filter(({ clusters }) => clusters.includes(this.id)).map(({ id }) => id);
    const lists = [ids('HOSTS', within(hosts.ascending())), ids('DATASTORES', within(datastores.ascending()))];
    const vnets = ids('VNETS', within(networks.ascending()));
    return plain(
      'CLUSTER',
      [plain('ID', this.id), plain('NAME', this.name), ...lists, vnets, this.template.xml('TEMPLATE')].join(''),
    );
  }
}

export class Datastore extends PoolObject {
  readonly kind = 'datastore';
  protected override readonly showsOthers = true;
  /** 0 images, 1 system, 2 files. */
  type: 0 | 1 | 2 = 0;
  /** MiB. */
  total = 0;
  free = 0;

  render(): string {
    const images = this.site.images.ascending().filter(({ datastore }) => datastore === this.id);
    const driver = cdata('DS_MAD', this.type === 1 ? '-' : 'dummy') + cdata('TM_MAD', 'dummy');
    const path = cdata('BASE_PATH', `/var/lib/one//datastores/${this.id}`);
    const numbers = [
      plain('TYPE', this.type),
      plain('DISK_TYPE', 0),
      plain('STATE', 0),
      ids('CLUSTERS', this.clusters),
    ];
    const space = [plain('TOTAL_MB', this.total), plain('FREE_MB', this.free), plain('USED_MB', this.total ? 9720 : 0)];
    const rest = [
      ...space,
      ids(
        'IMAGES',
        images.map(({ id }) => id),
      ),
      this.template.xml('TEMPLATE'),
    ];
    return plain('DATASTORE', [this.head(), this.permissionsXml(), driver, path, ...numbers, ...rest].join(''));
  }
}

/** Only administrators see hosts, so of their inner life there is what tells one from another. */
export class Host extends PoolObject {
  readonly kind = 'host';
  protected override readonly showsOthers = true;

  render(): string {
    const mads = cdata('IM_MAD', 'dummy') + cdata('VM_MAD', 'dummy');
    const share = [plain('MEM_USAGE', 0), plain('CPU_USAGE', 0), plain('TOTAL_MEM', 16777216), plain('TOTAL_CPU', 800)];
    const head = [plain('ID', this.id), plain('NAME', this.name), plain('STATE', 2), plain('PREV_STATE', 2), mads];
    const cluster = this.clusters[0] ?? -1;
    const where = plain('CLUSTER_ID', cluster) + plain('CLUSTER', this.site.clusters.get(cluster)?.name ?? '');
    const vms = this.site.vms.ascending().filter((vm) => vm.state === 3 && vm.history.at(-1)?.host.id === this.id);
    const monitoring = vectorXml('MONITORING', vector({ TIMESTAMP: 0, ID: this.id }));
    const template = Template.of({ ARCH: 'x86_64', HOSTNAME: this.name, HYPERVISOR: 'dummy' }).xml('TEMPLATE');
    const body = [
      plain('HOST_SHARE', share.join('')),
      ids(
        'VMS',
        vms.map(({ id }) => id),
      ),
      template,
      monitoring,
    ];
    return plain('HOST', [...head, where, ...body].join(''));
  }
}
