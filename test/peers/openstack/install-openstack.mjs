// What a control plane is made of, once: programs of Debian, a virtual environment, and a cloud to copy.
import { installOnce, installPython, Missing, run } from '../installed.mjs';
import { PREPARED, PROGRAMS, programPath, REQUIREMENTS, VENV } from './paths.mjs';
import { prepare } from './prepare.mjs';

/** Installs packages without starting their services: Debian asks policy-rc.d whether it may. */
const INSTALL = `
  policy=/usr/sbin/policy-rc.d
  if ! test -e $policy; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\\nexit 101\\n' > $policy
    chmod +x $policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq -o DPkg::Lock::Timeout=480 update
  apt-get -qq -o DPkg::Lock::Timeout=480 install --yes --no-install-recommends "$@"
`;

const installPrograms = async () => {
  const missing = Object.keys(PROGRAMS).filter((name) => !programPath(name));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))];
  const where = `there is no ${missing.join(', ')} here`;
  const wanted = `apt-get install ${packages.join(' ')}`;
  // A server of databases is not for a test to put on somebody's machine.
  if (!process.env.CI) throw new Missing(`${where}; ${wanted} brings it`);
  if (process.getuid?.() !== 0) throw new Missing(`${where}, and only root may install it`);
  console.error(`Installing ${packages.join(', ')}, once …`);
  await run('sh', ['-ec', INSTALL, 'install', ...packages]).catch((error) => {
    throw new Missing(`${where}, and ${wanted} fails (${error.message})`);
  });
  const left = missing.filter((name) => !programPath(name));
  if (left.length > 0) throw new Missing(`the packages of Debian have brought no ${left.join(', ')}`);
};

/** Nothing is done where all is there; 6 min or so otherwise. Throws `Missing`. */
export const installOpenStack = async () => {
  const python = installPython({ name: 'OpenStack', folder: VENV, requirements: REQUIREMENTS });
  await Promise.all([installPrograms(), python]);
  await installOnce({ name: 'a cloud of OpenStack', folder: PREPARED, whole: 'db/mysql', make: prepare });
};
