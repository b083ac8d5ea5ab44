import { DEFAULT_DOMAIN } from '../people.ts';
import { USERS } from '../seed.ts';
import type { Scene, Stage } from '../stage.ts';
import { newToken } from './issue.ts';

const OCCI = '1b208422ef1c4f8f8315871a6b374247';
const NARROW = 'b5e5bee8288241358ac5541f6d7a001a';
const CREDENTIALS = `/v3/users/${USERS.alice}/application_credentials`;
const RULES = [{ service: 'compute', path: '/v2.1/servers', method: 'GET' }];

const create = (stage: Stage, body: object) =>
  stage.call('alice', 'identity', 'POST', CREDENTIALS, { body: { application_credential: body } });

/** The credential `occi` of the recorded site. */
const occi = async (stage: Stage): Promise<void> => {
  stage.ids(OCCI).secrets = ['s'];
  await create(stage, { name: 'occi', secret: 's', description: 'for the OCCI endpoint' });
};

const narrow = async (stage: Stage): Promise<void> => {
  stage.ids(NARROW).secrets = ['s'];
  const expires_at = '2030-01-01T00:00:00.000000';
  const wish = { name: 'narrow', secret: 's', expires_at, roles: [{ name: 'reader' }], access_rules: RULES };
  await create(stage, wish);
};

/** A token got with a credential. */
const tokenWith = async (stage: Stage, id: string): Promise<string> => {
  const identity = { methods: ['application_credential'], application_credential: { id, secret: 's' } };
  const answer = await fetch(`${stage.stand.endpoint}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity } }),
  });
  return answer.headers.get('x-subject-token')!;
};

const deleted = async (stage: Stage): Promise<void> => {
  await occi(stage);
  stage.token = await tokenWith(stage, OCCI);
  await stage.call('alice', 'identity', 'DELETE', `${CREDENTIALS}/${OCCI}`);
};

const unscoped = (stage: Stage): string =>
  newToken(stage.stand.site, { userId: USERS.alice, methods: ['password'] }).text;

/** The login of carol, of whom the web server says who she is. */
const carol = async (stage: Stage): Promise<string> => {
  const path = `${stage.stand.endpoint}/OS-FEDERATION/identity_providers/egi/protocols/openid/auth`;
  const headers = { 'oidc-sub': 'sub-of-carol@example.org', 'oidc-iss': 'https://aai.example.org/oidc' };
  const answer = await fetch(path, { method: 'POST', headers });
  return answer.headers.get('x-subject-token')!;
};

const revoked = (stage: Stage): string => {
  const text = stage.stand.token('alice');
  stage.stand.site.people.tokens.get(text)!.revoked = true;
  return text;
};

const CAROL = 'cf0fdb07d55988a485cf9943e2cb00119becbf601928e96b6d4e3e9aab121020';

export const scenes: Readonly<Record<string, Scene>> = {
  'keystone.application_credentials.create--duplicate-409': occi,
  'keystone.application_credentials.create--federated-user': async (stage) => {
    const { site } = stage.stand;
    const provider = site.people.identityProviders.get('egi')!;
    const federated = { identityProvider: 'egi', protocol: 'openid', groupId: provider.groupId };
    const domain = { id: provider.domainId, name: provider.domainId };
    site.people.users.set(CAROL, { id: CAROL, name: 'carol', password: '', domain, enabled: true, federated });
    site.people.grant(CAROL, provider.projectId!, 'member');
    stage.token = newToken(site, { userId: CAROL, methods: ['openid', 'token'], projectId: provider.projectId }).text;
  },
  'keystone.application_credentials.delete--own': occi,
  'keystone.application_credentials.list--foreign': (stage) => stage.as('bob'),
  'keystone.application_credentials.list--own': async (stage) => {
    await occi(stage);
    await narrow(stage);
  },
  'keystone.auth.domains--unscoped': (stage) => {
    stage.token = unscoped(stage);
  },
  'keystone.auth.projects--access-rules-token': async (stage) => {
    await narrow(stage);
    stage.token = await tokenWith(stage, NARROW);
  },
  'keystone.auth.projects--federated-unscoped': async (stage) => {
    stage.token = await carol(stage);
  },
  'keystone.auth.projects--revoked-token-401': (stage) => {
    stage.token = revoked(stage);
  },
  'keystone.auth.projects--token-of-deleted-application-credential': deleted,
  'keystone.auth.projects--unscoped': (stage) => {
    stage.token = unscoped(stage);
  },
  'keystone.tokens.create--application-credential': occi,
  'keystone.tokens.create--application-credential-access-rules': narrow,
  'keystone.tokens.create--application-credential-by-name': occi,
  'keystone.tokens.create--application-credential-deleted': deleted,
  'keystone.tokens.create--domain-scoped-admin': (stage) => stage.as('admin'),
  'keystone.tokens.create--federated-rescope': async (stage) => {
    stage.secrets = [await carol(stage)];
  },
  'keystone.tokens.create--password-admin': (stage) => stage.as('admin'),
  'keystone.tokens.create--password-project-scoped-bob': (stage) => stage.as('bob'),
  'keystone.tokens.create--rescope-from-application-credential': async (stage) => {
    await occi(stage);
    stage.secrets = [await tokenWith(stage, OCCI)];
  },
  'keystone.tokens.create--rescope-unscoped-to-project': (stage) => {
    stage.secrets = [unscoped(stage)];
  },
  'keystone.tokens.create--system-scoped': (stage) => stage.as('admin'),
  'keystone.tokens.create--token-method-keeps-expiry': (stage) => {
    stage.secrets = [stage.stand.token('alice')];
  },
  'keystone.tokens.create--wrong-password-401': (stage) => {
    stage.secrets = ['wrong'];
  },
  'keystone.tokens.revoke--foreign': (stage) => {
    stage.subject = stage.stand.token('bob');
  },
  'keystone.tokens.revoke--unknown': (stage) => {
    stage.subject = 'gAAAAAnonsense';
  },
  'keystone.tokens.validate--bad-caller-401': (stage) => {
    stage.token = 'gAAAAAnonsense';
  },
  'keystone.tokens.validate--foreign-by-admin': (stage) => {
    stage.as('admin').subject = stage.stand.token('bob');
  },
  'keystone.tokens.validate--foreign-by-member': (stage) => {
    stage.subject = stage.stand.token('bob');
  },
  'keystone.tokens.validate--revoked-404': (stage) => {
    stage.subject = revoked(stage);
  },
  'keystone.tokens.validate--unknown-404': (stage) => {
    stage.subject = 'gAAAAAnonsense';
  },
  'keystone.users.list--limit-2': (stage) => {
    stage.as('admin');
    const { users } = stage.stand.site.people;
    const others = [...users.values()];
    users.clear();
    for (const name of ['glance', 'cinder'])
      users.set(name, { id: stage.stand.site.ids.hex(), name, password: 's', domain: DEFAULT_DOMAIN, enabled: true });
    for (const one of others) users.set(one.id, one);
  },
};
