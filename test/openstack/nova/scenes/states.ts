import type { Scene } from '../../stage.ts';
import { after, bads, building, resized, small, WEB, web, webB } from './stage.ts';

const medium = ['resize', { flavorRef: '3' }] as const;
const tiny = ['resize', { flavorRef: '1' }] as const;
const debian = ['rebuild', { imageRef: 'ec88847b-f8ea-45b6-9f43-649187aec155' }] as const;

/** Without what stands before every name: `nova.servers.`. */
const named: Readonly<Record<string, Scene>> = {
  'show--building': building,
  'show--active-latest': web,
  'show--active-latest-admin': async (stage) => {
    await web(stage);
    stage.as('admin');
  },
  'show--reader': async (stage) => {
    await web(stage);
    stage.as('rita');
  },
  'show--foreign-404': async (stage) => {
    await web(stage);
    stage.as('bob');
  },
  'show--after-stop--ok': after('os-stop'),
  'show--after-start--ok': after('os-stop', 'os-start'),
  'show--after-suspend--ok': after('suspend'),
  'show--after-resume--ok': after('suspend', 'resume'),
  'show--after-pause--ok': after('pause'),
  'show--after-unpause--ok': after('pause', 'unpause'),
  'show--after-lock--2.73': after('lock'),
  'show--after-unlock--ok': after('lock', 'unlock'),
  'show--after-resize--to-small': resized,
  'show--after-confirmResize--ok': small(),
  'show--after-resize--to-medium': small(medium),
  'show--after-revertResize--ok': small(medium, 'revertResize'),
  'show--after-resize--disk-smaller': small(tiny),
  'show--after-revertResize--second': small(tiny, 'revertResize'),
  'show--after-shelve--ok': small('shelve'),
  'show--after-unshelve--ok': small('shelve', 'unshelve'),
  'show--after-createImage--2.1': small(['createImage', { name: 'snap-1' }]),
  'show--after-createImage--2.45': small(['createImage', { name: 'snap-2' }]),
  'show--after-rebuild--ok': small(debian),
  'show--after-rescue--ok': small(['rescue', {}]),
  'show--after-unrescue--ok': small(['rescue', {}], 'unrescue'),
  'show--after-get-console-output--ok': small(),
  'action.start--while-active-409': webB,
  'action.start--ok': after('os-stop'),
  'action.stop--while-shutoff-409': after('os-stop'),
  'action.stop--while-suspended-409': after('suspend'),
  'action.stop--while-shelved-409': small('shelve'),
  'action.stop--foreign-404': async (stage) => {
    await web(stage);
    stage.as('bob');
  },
  'action.stop--deleted-404': async (stage) => {
    await webB(stage);
    await stage.call('alice', 'compute', 'DELETE', `/v2.1/servers/${WEB}`);
    stage.settle();
  },
  'action.reboot-soft--ok': webB,
  'action.reboot-soft--while-shutoff': after('os-stop'),
  'action.reboot-hard--ok': webB,
  'action.reboot--unknown-type-400': webB,
  'action.suspend--ok': webB,
  'action.suspend--while-shutoff-409': after('os-stop'),
  'action.resume--ok': after('suspend'),
  'action.resume--while-active-409': webB,
  'action.unlock--ok': after('lock'),
  'action.confirmResize--ok': resized,
  'action.confirmResize--while-active-409': webB,
  'action.resize--to-small': webB,
  'action.resize--to-medium': small(),
  'action.resize--disk-smaller': small(),
  'action.resize--same-flavor-400': webB,
  'action.resize--unknown-flavor': webB,
  'action.resize--over-quota-403': async (stage) => {
    await webB(stage);
    await bads(stage);
  },
  'action.resize--while-verify-resize-409': resized,
  'action.revertResize--ok': small(medium),
  'action.revertResize--second': small(tiny),
  'action.shelve--ok': small(),
  'action.unshelve--ok': small('shelve'),
  'action.createImage--2.45': small(),
  'action.createImage--no-name-400': small(),
  'action.rebuild--ok': small(),
  'action.rescue--ok': small(),
  'action.migrate--member-403': small(),
  'action.get-console-output--ok': small(),
  'action.two-actions-400': small(),
  'action.unknown-action-400': small(),
  'action.addFloatingIp--2.44': webB,
  'update--empty-name-400': web,
  'update--flavor-400': web,
  'update--rename': after(),
};

export const stateScenes: Readonly<Record<string, Scene>> = Object.fromEntries(
  Object.entries(named).map(([name, scene]) => [`nova.servers.${name}`, scene]),
);
