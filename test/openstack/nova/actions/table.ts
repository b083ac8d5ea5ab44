import { randomBytes } from 'node:crypto';
import { invalid } from '../create/wish.ts';
import { checkState } from '../find.ts';
import { repr } from '../python.ts';
import { type Action, walk, walking } from './action.ts';
import { addGroup, removeGroup } from './groups.ts';
import { createImage } from './image.ts';
import { leaveHost, reachHost } from './move-volumes.ts';
import { rebuild } from './rebuild.ts';
import { confirmResize, resize, revertResize } from './resize.ts';

const REBOOT_TYPES = ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'];
const REBOOTABLE = [
  null,
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'resuming',
  'rebooting_hard',
  'unpausing',
  'pausing',
  'suspending',
];

const reboot: Action['run'] = (acting) => {
  const { server, owner, value } = acting;
  const { type } = (value ?? {}) as { type?: string };
  if (type === undefined || !REBOOT_TYPES.includes(type))
    throw invalid('type', type, `${repr(type)} is not one of ${repr(REBOOT_TYPES)}`);
  const isHard = type.toUpperCase() === 'HARD';
  checkState(server, owner, {
    name: 'reboot',
    vm: isHard ? ['active', 'stopped', 'paused', 'suspended', 'error'] : ['active'],
    tasks: isHard ? REBOOTABLE : [null],
  });
  acting.state.site.steps.stop(server);
  walk(acting, [isHard ? 'rebooting_hard' : 'rebooting'], { vm: 'active', power: 1 });
  return undefined;
};

const rescue: Action['run'] = (acting) => {
  walk(acting, ['rescuing'], { vm: 'rescued', power: 4 });
  return { status: 200, body: { adminPass: randomBytes(9).toString('base64url') } };
};

const lock: Action['run'] = ({ state, server, value }) => {
  server.isLocked = true;
  server.lockedReason = (value as { locked_reason?: string } | null)?.locked_reason ?? null;
  server.touch(state.site.now());
  return undefined;
};

const unlock: Action['run'] = ({ state, server }) => {
  server.isLocked = false;
  server.lockedReason = null;
  server.touch(state.site.now());
  return undefined;
};

/** To the state from which it was shelved is not how it goes: a server always comes back running. */
const shelve: Action['run'] = (acting) => {
  const { server } = acting;
  walk(acting, ['shelving', 'shelving_image_pending_upload', 'shelving_image_uploading'], { vm: 'shelved' });
  server.steps.pop();
  const { site } = acting.state;
  site.steps.start(server, [
    () => server.goTo(site.now(), 'shelved', 'shelving_offloading', 4),
    () => {
      server.host = '';
      server.zone = '';
      leaveHost(acting.state, server);
      server.goTo(site.now(), 'shelved_offloaded', null, 4);
    },
  ]);
  return undefined;
};

const unshelve: Action['run'] = (acting) => {
  const onHost = (): void => {
    acting.server.host = 'fake1';
    acting.server.zone = acting.server.wishedZone || 'nova';
    acting.server.launched = acting.state.site.now();
    reachHost(acting.state, acting.server);
  };
  walk(acting, ['unshelving', 'spawning'], { vm: 'active', power: 1, before: onHost });
  return undefined;
};

const consoleOutput: Action['run'] = () => ({
  status: 200,
  body: { output: 'FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE' },
});

/** Who may do what to a server, in which states, and what follows. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  'os-start': {
    name: 'start',
    policy: 'servers:start',
    needsHost: true,
    vm: ['stopped'],
    run: walking(['powering-on'], 'active', 1),
  },
  'os-stop': {
    name: 'stop',
    policy: 'servers:stop',
    needsHost: true,
    vm: ['active', 'error'],
    run: walking(['powering-off'], 'stopped', 4),
  },
  reboot: { name: 'reboot', policy: 'servers:reboot', tasks: null, run: reboot },
  suspend: {
    name: 'suspend',
    policy: 'os-suspend-server:suspend',
    vm: ['active'],
    run: walking(['suspending'], 'suspended'),
  },
  resume: {
    name: 'resume',
    policy: 'os-suspend-server:resume',
    vm: ['suspended'],
    run: walking(['resuming'], 'active', 1),
  },
  pause: { name: 'pause', policy: 'os-pause-server:pause', vm: ['active'], run: walking(['pausing'], 'paused') },
  unpause: {
    name: 'unpause',
    policy: 'os-pause-server:unpause',
    vm: ['paused'],
    run: walking(['unpausing'], 'active', 1),
  },
  shelve: { name: 'shelve', policy: 'os-shelve:shelve', vm: ['active', 'stopped', 'paused', 'suspended'], run: shelve },
  unshelve: { name: 'unshelve', policy: 'os-shelve:unshelve', vm: ['shelved', 'shelved_offloaded'], run: unshelve },
  rescue: { name: 'rescue', policy: 'os-rescue', vm: ['active', 'stopped', 'error'], run: rescue },
  unrescue: { name: 'unrescue', policy: 'os-unrescue', vm: ['rescued'], run: walking(['unrescuing'], 'active', 1) },
  resize: { name: 'resize', policy: 'servers:resize', vm: ['active', 'stopped'], run: resize },
  confirmResize: { name: 'confirmResize', policy: 'servers:confirm_resize', vm: ['resized'], run: confirmResize },
  revertResize: { name: 'revertResize', policy: 'servers:revert_resize', vm: ['resized'], run: revertResize },
  rebuild: { name: 'rebuild', policy: 'servers:rebuild', vm: ['active', 'stopped', 'error'], run: rebuild },
  createImage: {
    name: 'createImage',
    policy: 'servers:create_image',
    vm: ['active', 'stopped', 'paused', 'suspended'],
    run: createImage,
  },
  lock: { name: 'lock', policy: 'os-lock-server:lock', tasks: null, run: lock },
  unlock: { name: 'unlock', policy: 'os-lock-server:unlock', tasks: null, run: unlock },
  addSecurityGroup: { name: 'addSecurityGroup', policy: 'os-security-groups:add', tasks: null, run: addGroup },
  removeSecurityGroup: {
    name: 'removeSecurityGroup',
    policy: 'os-security-groups:remove',
    tasks: null,
    run: removeGroup,
  },
  'os-getConsoleOutput': {
    name: 'os-getConsoleOutput',
    policy: 'os-console-output',
    tasks: null,
    needsHost: true,
    run: consoleOutput,
  },
  migrate: { name: 'migrate', policy: 'os-migrate-server:migrate', isForAdmins: true, run: () => undefined },
  addFloatingIp: {
    name: 'addFloatingIp',
    policy: 'os-floating-ips:add',
    tasks: null,
    until: '2.44',
    run: () => undefined,
  },
};
