import type { Scene, Stage } from './stage.ts';

/** Alice in a second group, 100. */
const projectX = (stage: Stage): Stage =>
  stage.done('oneadmin', 'one.group.allocate', 'projectx').done('oneadmin', 'one.user.addgroup', 2, 100);

const TOKEN = 'client-chosen-token-value';
export const scoped = (stage: Stage): Stage =>
  projectX(stage).done('alice', 'one.user.login', 'alice', TOKEN, 300, 100);

/** A template of alice's own, 3. */
const ownTemplate = (stage: Stage): Stage =>
  stage.done('alice', 'one.template.allocate', 'NAME = "alice-private"\nCPU = "1"\nMEMORY = "128"');

const copied = (stage: Stage): Stage => ownTemplate(stage).done('alice', 'one.template.clone', 0, 'small-copy', false);

/** User 4, known by a certificate. */
const x509: Scene = (stage) => {
  stage.call('oneadmin', 'one.user.allocate', 'grid_user_1', '/DC=org/DC=example/CN=Grid_User_1', 'x509');
};

const limited =
  (quota: string, ...names: string[]): Scene =>
  (stage) => {
    for (const name of names) stage.done('bob', 'one.template.instantiate', 2, name, true, '', false);
    stage.done('oneadmin', 'one.user.quota', 3, quota);
  };

export const peopleScenes: Readonly<Record<string, Scene>> = {
  'one.group.info--own': (stage) => stage.done('bob', 'one.template.instantiate', 2, 'b', false, '', false),
  'one.grouppool.info--alice': (stage) => stage.done('bob', 'one.template.instantiate', 2, 'b', false, '', false),
  'one.userpool.info--oneadmin': (stage) => stage.done('bob', 'one.template.instantiate', 2, 'b', false, '', false),
  'one.user.addgroup--alice-to-projectx': (stage) => stage.done('oneadmin', 'one.group.allocate', 'projectx'),
  'one.user.enable--disable': (stage) => {
    stage.one.site.users.next = 5;
    stage.done('oneadmin', 'one.user.allocate', 'dave', 'secret', '');
  },
  'one.user.info--with-login-token': (stage) =>
    projectX(stage)
      .done('alice', 'one.user.update', 2, 'OCCI_NOTE = "first"', 1)
      .done('alice', 'one.user.login', 'alice', 'a1'.repeat(20), 3600, -1),
  'one.user.info--server-cipher-alice': (stage) =>
    projectX(stage).done('alice', 'one.user.update', 2, 'OCCI_NOTE = "first"', 1),
  'one.user.info--server-cipher-x509-user': x509,
  'one.vnpool.info--server-cipher-egid': projectX,
  'one.user.login--full-token-from-scoped': scoped,
  'one.user.login--max-tokens': (stage) => {
    for (let token = 0; token < 10; token += 1) stage.done('bob', 'one.user.login', 'bob', `token-${token}`, 900, -1);
  },
  'one.user.login--reset-one': scoped,
  'one.user.login--scoped-to-group-100': projectX,
  'one.template.allocate--duplicate-name': ownTemplate,
  'one.template.delete--delete': copied,
  'one.template.info--not-authorised': ownTemplate,
  'one.template.rename--rename': copied,
  'one.template.instantiate--quota-leases': limited('NETWORK = [ ID = "1", LEASES = "1" ]'),
  'one.template.instantiate--quota-memory': limited('VM = [ MEMORY = "4000" ]'),
  'one.template.instantiate--quota-vms': limited('VM = [ VMS = "3" ]', 'b1', 'b2', 'b3'),
};
