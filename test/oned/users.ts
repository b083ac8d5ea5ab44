import { createHash } from 'node:crypto';
import { PoolObject } from './pool-object.ts';
import { EMPTY_QUOTAS, type Quotas, quotasXml } from './quotas.ts';
import { vector, vectorXml } from './template.ts';
import { cdata, ids, plain } from './xml.ts';

export interface LoginToken {
  readonly token: string;
  /** Epoch seconds; −1 never. */
  readonly expires: number;
  /** The one group that its holder has; −1 for all. */
  readonly egid: number;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export class User extends PoolObject {
  readonly kind = 'user';
  protected override readonly showsOthers = true;
  /** In the clear for `core`; the distinguished name for `x509`. */
  password = '';
  driver: 'core' | 'server_cipher' | 'x509' = 'core';
  enabled = true;
  /** The primary one included. */
  readonly groups = new Set<number>();
  tokens: LoginToken[] = [];
  quotas: Quotas = EMPTY_QUOTAS;

  /** What `one.user.info` answers: with quotas, which a pool shows beside the users. */
  info(): string {
    return this.xml(quotasXml(this.site, 'user', this) + defaultQuotas('USER'));
  }

  render(): string {
    return this.xml('');
  }

  private xml(quotas: string): string {
    const { site, id, gid, name, driver, enabled, tokens } = this;
    const secret = driver === 'x509' ? this.password : digest(this.password);
    const template = this.template.copy();
    template.set('TOKEN_PASSWORD', digest(`${id}:${name}`));
    const logins = tokens.map(({ token, expires, egid }) =>
      plain('LOGIN_TOKEN', plain('TOKEN', token) + plain('EXPIRATION_TIME', expires) + plain('EGID', egid)),
    );
    const head = [plain('ID', id), plain('GID', gid), ids('GROUPS', this.groups)].join('');
    const called = plain('GNAME', site.groups.get(gid)?.name ?? '') + plain('NAME', name);
    const login = cdata('PASSWORD', secret) + cdata('AUTH_DRIVER', driver) + plain('ENABLED', enabled ? 1 : 0);
    return plain('USER', head + called + login + logins.join('') + template.xml('TEMPLATE') + quotas);
  }
}

export class Group extends PoolObject {
  readonly kind = 'group';
  protected override readonly showsOthers = true;
  quotas: Quotas = EMPTY_QUOTAS;

  info(): string {
    return this.xml(quotasXml(this.site, 'group', this) + defaultQuotas('GROUP'));
  }

  render(): string {
    return this.xml('');
  }

  private xml(quotas: string): string {
    const members = this.site.users.ascending().filter(({ groups }) => groups.has(this.id));
    const views = vector({
      DEFAULT_VIEW: 'cloud',
      GROUP_ADMIN_DEFAULT_VIEW: 'groupadmin',
      GROUP_ADMIN_VIEWS: 'groupadmin,cloud',
      VIEWS: 'cloud',
    });
    const template = this.id === 1 ? plain('TEMPLATE', vectorXml('SUNSTONE', views)) : this.template.xml('TEMPLATE');
    const who =
      ids(
        'USERS',
        members.map(({ id }) => id),
      ) + ids('ADMINS', []);
    return plain('GROUP', plain('ID', this.id) + plain('NAME', this.name) + template + who + quotas);
  }
}

const NO_QUOTAS = ['DATASTORE', 'NETWORK', 'VM', 'IMAGE'].map((what) => plain(`${what}_QUOTA`, '')).join('');

export const defaultQuotas = (whose: 'USER' | 'GROUP'): string => plain(`DEFAULT_${whose}_QUOTAS`, NO_QUOTAS);
